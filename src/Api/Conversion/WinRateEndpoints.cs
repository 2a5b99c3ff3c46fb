using Crm.Api.Access;
using Crm.Api.Http;
using Crm.Domain.Access;

namespace Crm.Api.Conversion;

/// <summary>How many deals are won, over HTTP: signed, paid and delivered.</summary>
public static class WinRateEndpoints
{
    public static void MapWinRate(this IEndpointRouteBuilder app) =>
        app.MapGet("/win-rate", async (
            Query<WinRateQuestion> query, Caller by, Headers headers, IfNoneMatch held, WinRateReport report, Queries queries,
                CancellationToken ct) =>
        {
            var q = query.Value;
            FigureSight.MustSee(
                by, ["opportunity"],
                [
                    .. q.Groups.Where(g => g != "month").Select(g => ("by", g)),
                    .. q.Filters.Where(f => f.Value is not null).Select(f => (f.Column, f.Column))
                ],
                "closedAt", "signedAt", "paidAt", "deliveredAt", "flag");
            var answer = await report.Of(by, q, await queries.Lens(q.Times, by.Zone, ct), headers.MinPosition, ct);
            var position = queries.Token(answer.Position);
            return new Positioned(answer, position, WeakTag.Of(held.Request, by, position), held);
        })
        .Produces<WinRateAnswer>().WithTags("Conversion").Needs(Functions.ConversionRead).Costs(5).WithName("getWinRate")
        .WithSummary("How many of the deals that were decided were signed, paid and delivered, in any time and as of any moment");
}
