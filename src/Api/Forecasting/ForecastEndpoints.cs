using System.Globalization;
using Crm.Api.Access;
using Crm.Api.Forecasting.Backtests;
using Crm.Api.Http;
using Crm.Api.Lists;
using Crm.Domain.Access;
using Crm.Domain.Forecasting;

namespace Crm.Api.Forecasting;

/// <summary>Forecasts over HTTP: run, looked at down to each opportunity, and computed again.</summary>
public static class ForecastEndpoints
{
    public static void MapForecasts(this IEndpointRouteBuilder app)
    {
        app.MapBacktests();
        var forecasts = app.MapGroup("/forecasts").WithTags("Forecasts");

        forecasts.MapPost("/", async (
            Body<RunForecastRequest> body, Incoming incoming, ForecastDesk desk, Writes writes, CancellationToken ct) => writes.Answer(
                await desk.Run(body.Value, incoming.Call(body, occurredAt: null, StatusCodes.Status201Created), ct), "/api/v1/forecasts"))
            .Creates().Needs(Functions.ForecastsRun).Costs(20).WithName("runForecast")
            .WithSummary("Forecast what is open, for weeks, a month or a quarter, as of any moment");

        forecasts.MapGet("/{id:guid}", async (
            Guid id, Caller by, IfNoneMatch held, ForecastDesk desk, Queries queries, CancellationToken ct) =>
        {
            ForecastDesk.MustSeeFields(by);
            var known = await desk.Known(by, id, ct);
            var (row, version) = (await queries.One(ForecastAnswer.List.Rows.Model, by.Tenant, id, new Lens(null, null, null), ct))!.Value;
            return new Found(ForecastDetailAnswer.Of(ForecastAnswer.Of(row), known), version, held);
        })
            .Produces<ForecastDetailAnswer>().MayFail(404).Needs(Functions.ForecastsRead).WithName("getForecast")
            .WithSummary("One forecast: totals, parts, and all that it is a function of");

        forecasts.MapGet("/current", (
            Query<CurrentForecastQuestion> query, Caller by, Headers headers, IfNoneMatch held, CurrentForecasts current,
            CancellationToken ct) =>
        {
            ForecastDesk.MustSeeFields(by);
            return current.Of(query.Value.Schedule, by, headers.MinPosition, held, ct);
        })
            .Produces<CurrentForecastAnswer>().MayFail(404).Needs(Functions.ForecastsRead).WithName("getCurrentForecast")
            .WithSummary("What a schedule came to last: the forecast that stands, and a later one that is held");

        forecasts.MapGet("/{id:guid}/contributions", async (
            Guid id, Query<ContributionQuestion> query, Caller by, ForecastDesk desk, Cursors cursors, CancellationToken ct) =>
        {
            ForecastDesk.MustSeeFields(by);
            var run = await desk.Find(by, id, ct);
            return Page(id, query.Value.Page, by, run, await desk.Again(by.Tenant, run.Manifest, fromEvents: false, ct), cursors);
        })
            .Produces<ContributionPage>().HasNoVersion().MayFail(404).Needs(Functions.ForecastsRead).Costs(5)
            .WithName("listForecastContributions").WithSummary("What each opportunity gives to a forecast, and why, largest first");

        forecasts.MapPost("/{id:guid}/replay", async (
            Guid id, Body<ReplayForecastRequest> body, Caller by, ForecastDesk desk, CancellationToken ct) =>
        {
            ForecastDesk.MustSeeFields(by);
            return await desk.Replay(by, id, body.Value, ct);
        })
            .Produces<ForecastReplayAnswer>().MayFail(404).Needs(Functions.ForecastsRead).Costs(20).WithName("replayForecast")
            .WithSummary("Compute a forecast again: as it was known then, or with all that is known by now");

        forecasts.MapPost("/{id:guid}/restatement", async (
            Guid id, Body<RestateForecastRequest> body, Incoming incoming, ForecastRestatement restatement, Writes writes, CancellationToken ct) =>
        {
            ForecastDesk.MustSeeFields(incoming.By);
            return writes.Answer(await restatement.Restate(
                id, incoming.Call(body, occurredAt: null, StatusCodes.Status201Created), ct), "/api/v1/forecasts");
        })
            .Creates().MayFail(404).MayFail(409).Needs(Functions.ForecastsRun).Costs(20).WithName("restateForecast")
            .WithSummary("Say a forecast anew, with all that is known by now; what was said first stays");

        forecasts.MapPost("/{id:guid}/simulation", async (
            Guid id, Body<SimulateForecastRequest> body, Caller by, WhatIfDesk desk, CancellationToken ct) =>
        {
            ForecastDesk.MustSeeFields(by);
            return await desk.Simulate(by, id, body.Value, ct);
        })
            .Produces<SimulationAnswer>().MayFail(404).Needs(Functions.ForecastsRead).Costs(20).WithName("simulateForecast")
            .WithSummary("Play a forecast many times: what it may come to, and how often");

        forecasts.MapPost("/{id:guid}/what-if", async (
            Guid id, Body<WhatIfRequest> body, Caller by, WhatIfDesk desk, CancellationToken ct) =>
        {
            ForecastDesk.MustSeeFields(by);
            return await desk.Assume(by, id, body.Value, ct);
        })
            .Produces<WhatIfAnswer>().MayFail(404).Needs(Functions.ForecastsRead).Costs(20).WithName("assumeForecast")
            .WithSummary("What a forecast would be if chances, days or opportunities were others");

        forecasts.MapGet("/compare", async (Query<CompareQuestion> query, Caller by, ForecastCompare compare, CancellationToken ct) =>
        {
            ForecastDesk.MustSeeFields(by);
            return await compare.Between(by, query.Value, ct);
        })
            .Produces<ForecastCompareAnswer>().MayFail(404).MayFail(409).MayFail(422).Needs(Functions.ForecastsRead).Costs(20)
            .WithName("compareForecasts").WithSummary("Why two forecasts differ: by cause, opportunity and event, to the cent");

        forecasts.MapGet("/", (
            Query<Paged<ForecastQuestion>> query, Caller by, Headers headers, IfNoneMatch held, ListReader lists, CancellationToken ct) =>
        {
            ForecastDesk.MustSeeFields(by);
            return lists.Page(ForecastAnswer.List, by, query.Value.Asked, headers.MinPosition, held, ct);
        })
            .Produces<PageOf<ForecastAnswer>>().Needs(Functions.ForecastsRead).WithName("listForecasts")
            .WithSummary("Forecasts, newest first, now or as of any moment");
    }

    private static ContributionPage Page(Guid id, Page page, Caller by, ForecastRun run, ForecastResult result, Cursors cursors)
    {
        var bound = $"{by.Tenant} forecast {id} contributions";
        var behind = page.Cursor is { } text
            ? int.Parse(cursors.Read(text, bound, Wrong).Keys[0]!, CultureInfo.InvariantCulture) : 0;
        var items = result.Contributions.OrderByDescending(one => one.Value).ThenBy(one => one.OpportunityId)
            .Skip(behind).Take(page.Limit).ToList();
        var end = behind + items.Count;
        var next = end < result.Contributions.Count
            ? cursors.Write(new Cursor(run.Manifest.Position, [end.ToString(CultureInfo.InvariantCulture)]), bound) : null;
        return new([.. items.Select(one => ContributionAnswer.Of(one, run.Manifest.Currency, by.Sight.Owners))], next, CanonicalForecast.HashOf(result),
            result.Contributions.Count);

        static Fault Wrong(string code, string message) => Fault.InQuery("cursor", code, message);
    }
}
