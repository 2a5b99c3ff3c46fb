using Crm.Api.Access;
using Crm.Api.Http;
using Crm.Domain.Access;

namespace Crm.Api.Activities;

/// <summary>What people did, over HTTP: how much, and who most.</summary>
public static class ActivityEndpoints
{
    public static void MapActivity(this IEndpointRouteBuilder app) =>
        app.MapGet("/reports/activity", async (
            Query<ActivityQuestion> query, Caller by, Headers headers, IfNoneMatch held, ActivityReport report, Queries queries, CancellationToken ct) =>
        {
            var q = query.Value;
            FigureSight.MustSee(by, ["lead", "opportunity", "customer"], [.. q.Groups.Select(g => ("by", g)), .. q.Filters.Where(f => f.Value is not null).Select(f => (f.Column, f.Column))], "touches");
            var answer = await report.Of(by, q, await queries.Lens(q.Times, by.Zone, ct), headers.MinPosition, ct);
            var position = queries.Token(answer.Position);
            return new Positioned(answer, position, WeakTag.Of(held.Request, by, position), held);
        })
        .Produces<ActivityAnswer>().WithTags("Reports").Needs(Functions.ActivityRead).Costs(5).WithName("getActivity")
        .WithSummary("How much was done in a time, by whom and when, and who did most, now or as of any moment");
}
