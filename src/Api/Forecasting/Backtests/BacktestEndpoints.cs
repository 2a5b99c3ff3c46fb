using Crm.Api.Access;
using Crm.Api.Exports;
using Crm.Api.Http;
using Crm.Api.Http.Document;
using Crm.Api.Imports.Runs;
using Crm.Domain.Access;
using Microsoft.Net.Http.Headers;

namespace Crm.Api.Forecasting.Backtests;

/// <summary>Engines tried on history, over HTTP: as a job, with a report for programs, spreadsheets and people.</summary>
internal static class BacktestEndpoints
{
    public static void MapBacktests(this IEndpointRouteBuilder app)
    {
        var tests = app.MapGroup("/forecast-backtests").WithTags("Forecasts");

        tests.MapPost("/", async (Body<BacktestRequest> body, HttpContext context, Caller by, BacktestDesk desk, CancellationToken ct) =>
            JobAnswer.Accepted(await desk.Ask(by, body.Value, ct), context, "/api/v1/forecast-backtests"))
            .Produces<JobAnswer>(StatusCodes.Status202Accepted).AnswersWith(HeaderNames.Location).MayFail(409).Costs(20)
            .Needs(Functions.ForecastsRun).WithName("backtestForecasts").WithSummary("Have engines tried on history, beside what anybody could say");

        tests.MapGet("/", async (Caller by, BacktestDesk desk, CancellationToken ct) =>
        {
            ForecastDesk.MustSeeFields(by);
            return new BacktestList([.. (await desk.All(by, ct)).Select(job => JobAnswer.Of(job with { Result = null }))]);
        })
            .HasNoVersion().Needs(Functions.ForecastsRead).WithName("listBacktests").WithSummary("Back-tests that were asked for, newest first");

        tests.MapGet("/{id:guid}", async (Guid id, Caller by, BacktestDesk desk, CancellationToken ct) =>
        {
            ForecastDesk.MustSeeFields(by);
            return JobAnswer.Of(await desk.Find(by, id, ct) with { Result = null });
        })
            .HasNoVersion().MayFail(404).Needs(Functions.ForecastsRead).WithName("getBacktest").WithSummary("How far a back-test is");

        tests.MapGet("/{id:guid}/report", async (
            Guid id, Query<ReportQuestion> query, HttpContext context, Caller by, BacktestDesk desk, CancellationToken ct) =>
        {
            ForecastDesk.MustSeeFields(by);
            var report = await desk.Report(by, id, ct);
            switch (query.Value.Format)
            {
                case ReportFormat.Csv:
                    context.Response.ContentType = CsvSheet.ContentType;
                    await BacktestSheet.Write(report, context.Response.Body, ct);
                    return Results.Empty;
                case ReportFormat.Html:
                    return Results.Content(BacktestPage.Of(report), "text/html; charset=utf-8");
                default:
                    return TypedResults.Json(report, AnswerJson.Options);
            }
        })
            .Produces<BacktestReport>().AlsoCsv().AlsoPage().HasNoVersion().MayFail(404).MayFail(409).Costs(5).Needs(Functions.ForecastsRead)
            .WithName("getBacktestReport").WithSummary("What came of a back-test, as JSON, CSV, or a page with plots");

        tests.MapPost("/{id:guid}/cancellation", async (
            Guid id, Body<StartRequest> _, Caller by, BacktestDesk desk, CancellationToken ct) => JobAnswer.Of(await desk.Cancel(by, id, ct)))
            .MayFail(404).Needs(Functions.ForecastsRun).WithName("cancelBacktest").WithSummary("Have a back-test end without a report");
    }
}
