using Crm.Api.Access;
using Crm.Api.Http;
using Crm.Domain;
using Crm.Domain.Access;

namespace Crm.Api.Customers.Overview;

/// <summary>A customer in the round over HTTP: all that is known of it in one call.</summary>
public static class OverviewEndpoints
{
    public static void MapOverviews(this IEndpointRouteBuilder app)
    {
        var customers = app.MapGroup("/customers").WithTags("Customers");

        customers.MapGet("/{id:guid}/overview", async (
            Guid id, Query<OverviewQuestion> query, Caller by, Headers headers, IfNoneMatch held, CustomerOverview overview,
            Queries queries, CancellationToken ct) =>
        {
            var lens = await queries.Lens(query.Value.Times, by.Zone, ct);
            var (answer, shown) = await overview.Of(by, id, query.Value, lens, headers.MinPosition, ct);
            var position = queries.Token(shown);
            return answer is null
                ? throw lens.Missing(CustomerEndpoints.Missing())
                : new Positioned(answer, position,
                    WeakTag.Of(held.Request, by, position, by.Rights.Functions.Order(StringComparer.Ordinal)), held);
        }).Produces<OverviewAnswer>().Needs(Functions.CustomersRead).Costs(5).WithName("getCustomerOverview")
            .WithSummary("All that is known of a customer in one call, now or as of any moment");

        customers.MapGet("/{id:guid}/touches", async (
            Guid id, Query<TouchQuestion> query, Caller by, Headers headers, IfNoneMatch held, CustomerOverview overview, Queries queries,
            CancellationToken ct) =>
        {
            var (q, lens) = (query.Value, await queries.Lens(query.Value.Times, by.Zone, ct));
            var before = q.Before is { } at ? (at, q.BeforeId ?? Guid.Empty) : ((DateTimeOffset, Guid)?)null;
            var (touches, shown) = await overview.Touches(by, id, before, q.Limit, lens, headers.MinPosition, ct);
            var position = queries.Token(shown);
            return touches is null
                ? throw lens.Missing(CustomerEndpoints.Missing())
                : new Positioned(new TouchesAnswer(touches, shown), position,
                    WeakTag.Of(held.Request, by, position, by.Rights.Functions.Order(StringComparer.Ordinal)), held);
        }).Produces<TouchesAnswer>().Needs(Functions.CustomersRead).WithName("listCustomerTouches")
            .WithSummary("What happened with a customer, the newest first, now or as of any moment");
    }
}

/// <param name="Limit">How many at most.</param>
/// <param name="Before">Only those that occurred before this; with <c>beforeId</c>, those of the same moment that stand behind that one,
/// too.</param>
/// <param name="BeforeId">The last touch that is known already.</param>
public sealed record TouchQuestion(Times Times, [Between(1, 200)] int Limit = 50, DateTimeOffset? Before = null, Guid? BeforeId = null);

/// <param name="Items">The newest first.</param>
/// <param name="Position">The position that the answer shows.</param>
public sealed record TouchesAnswer(IReadOnlyList<TouchAnswer> Items, long Position);
