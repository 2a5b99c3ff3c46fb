using Crm.Api.Access;
using Crm.Api.Http;
using Crm.Domain.Access;
using Crm.Projections;

namespace Crm.Api.Commitments;

/// <summary>Clashes of promises over HTTP.</summary>
public static class ClashEndpoints
{
    private const int Most = 1000;

    public static void MapClashes(this IEndpointRouteBuilder commitments) =>
        commitments.MapGet("/clashes", async (
            Query<ClashQuestion> query, Caller by, Headers headers, IfNoneMatch held, Clashes clashes, Queries queries,
            CancellationToken ct) =>
        {
            var q = query.Value;
            FigureSight.MustSee(by, ["commitment"], [], "customerId", "kind", "product", "quantity", "terms", "rep", "beside");
            var lens = await queries.Lens(q.Times, by.Zone, ct);
            var (found, shown) = await clashes.Of(by.Tenant, q.Product is null ? null : [q.Product], lens, headers.MinPosition, ct);
            var asked = found.Where(q.Holds).ToList();
            var (position, items) = (queries.Token(shown), asked.Take(Most).Select(ClashAnswer.Of));
            var answer = new ClashesAnswer(lens.AsOf, lens.KnownAt, shown, Catalog.Commitments.Version, asked.Count, [.. items]);
            return new Positioned(answer, position, WeakTag.Of(held.Request, by, position), held);
        })
        .Produces<ClashesAnswer>().Needs(Functions.CommitmentsRead).Costs(5).WithName("listCommitmentClashes")
        .WithSummary("Promises of which not all can be kept, and why, now or as of any moment");
}
