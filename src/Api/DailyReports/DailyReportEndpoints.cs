using Crm.Api.Access;
using Crm.Api.Http;
using Crm.Domain.Access;

namespace Crm.Api.DailyReports;

/// <summary>Daily reports over HTTP: what the log holds of somebody's day, what he says to it, and who has told his.</summary>
public static class DailyReportEndpoints
{
    private static readonly string[] Records = ["lead", "opportunity", "customer", "task", "help-request"];

    public static void MapDailyReports(this IEndpointRouteBuilder app)
    {
        var members = app.MapGroup("/members/{id}/daily-report").WithTags("Daily reports");

        members.MapGet("/", async (
            string id, Query<DailyReportQuestion> query, Caller by, Headers headers, IfNoneMatch held, DailyReportDesk desk,
            Queries queries, CancellationToken ct) =>
        {
            FigureSight.MustSee(by, Records, [], "rep", "touches");
            var answer = await desk.Read(by, id, query.Value, headers.MinPosition, ct);
            var position = queries.Token(answer.Position);
            return new Positioned(answer, position,
                WeakTag.Of(held.Request, by, position, answer.PlaybookVersion, answer.Day, answer.State, answer.AmendedAt), held);
        }).Produces<DailyReportAnswer>().MayFail(StatusCodes.Status404NotFound).Needs(Functions.DailyReportsRead).Costs(5)
            .WithName("getDailyReport").WithSummary("What somebody's day was, by what the log holds of it and what he said to it");

        members.MapPost("/", async (
            string id, Body<SubmitDailyReportRequest> body, Incoming incoming, DailyReportDesk desk, AccessWrites writes,
            CancellationToken ct) =>
        {
            FigureSight.MustSee(incoming.By, Records, [], "rep", "touches");
            var call = incoming.Call(body, occurredAt: null, StatusCodes.Status201Created);
            var (written, day) = await desk.Submit(id, body.Value, call, ct);
            return writes.Answer(written, written.Status == StatusCodes.Status201Created
                ? $"/api/v1/members/{id}/daily-report?day={day:yyyy-MM-dd}" : null);
        }).Creates().MayFail(StatusCodes.Status404NotFound).Needs(Functions.DailyReportsWrite).Costs(5).WithName("submitDailyReport")
            .WithSummary("Tell what your day was: by ticks and photos, with what the log holds of it");

        app.MapGet("/reports/daily", async (
            Query<DailyTeamQuestion> query, Caller by, Headers headers, IfNoneMatch held, DailyTeamReport report, Queries queries,
            CancellationToken ct) =>
        {
            FigureSight.MustSee(by, Records, [], "rep", "team", "touches");
            var answer = await report.Of(by, query.Value, headers.MinPosition, ct);
            var position = queries.Token(answer.Position);
            return new Positioned(answer, position,
                WeakTag.Of(held.Request, by, position, answer.PlaybookVersion, answer.Day, answer.DueAt, answer.Missing), held);
        }).WithTags("Reports").Produces<DailyTeamAnswer>().Needs(Functions.DailyReportsRead).Costs(5).WithName("getDailyReports")
            .WithSummary("Who has told what his day was, when, and how much it was; and who has not");
    }
}
