using Crm.Api.Access;
using Crm.Api.Http;
using Crm.Domain.Access;
using Crm.Domain.Opportunities;

namespace Crm.Api.Conversion;

/// <summary>The funnel over HTTP: from lead to opportunity to win, and from stage to stage.</summary>
public static class ConversionEndpoints
{
    public static void MapConversion(this IEndpointRouteBuilder app) =>
        app.MapGet("/conversion", async (Query<ConversionQuestion> query, Caller by, Headers headers, IfNoneMatch held, ConversionReport report, Queries queries, CancellationToken ct) =>
        {
            var q = query.Value;
            FigureSight.MustSee(
                by, ["opportunity", "lead"], [.. q.Groups.Select(g => ("by", g)), .. q.Filters.Where(f => f.Value is not null).Select(f => (f.Column, f.Column))],
                Moments(q.Win));
            var lens = await queries.Lens(query.Value.Times, by.Zone, ct);
            var answer = await report.Of(by, query.Value, lens, headers.MinPosition, ct);
            var position = queries.Token(answer.Position);
            return new Positioned(answer, position, WeakTag.Of(held.Request, by, position), held);
        })
        .Produces<ConversionAnswer>().WithTags("Conversion").Needs(Functions.ConversionRead).Costs(5).WithName("getConversion")
        .WithSummary("How many went on, stage by stage: of those who came in, or of what moved, in any time and as of any moment");

    // That a deal is won its status tells too.
    private static string[] Moments(WonState win) => win switch
    {
        WonState.Paid => ["signedAt", "paidAt"],
        WonState.Delivered => ["signedAt", "deliveredAt"],
        _ => []
    };
}
