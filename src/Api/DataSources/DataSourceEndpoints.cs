using Crm.Api.Access;
using Crm.Api.Http;
using Crm.Api.Lists;
using Crm.Domain.Access;
using Crm.Domain.DataSources;

namespace Crm.Api.DataSources;

/// <summary>Data sources over HTTP: registered, watched, told by; and readings that somebody has to look at.</summary>
public static class DataSourceEndpoints
{
    public static void MapDataSources(this IEndpointRouteBuilder app)
    {
        var sources = app.MapGroup("/data-sources").WithTags("Data sources");

        sources.MapPost("/", async (
            Body<RegisterSourceRequest> body, Incoming incoming, SourceDesk desk, Writes writes, CancellationToken ct) => writes.Answer(
                await desk.Register(body.Value, incoming.Call(body, occurredAt: null, StatusCodes.Status201Created), ct),
                "/api/v1/data-sources"))
            .Creates().Needs(Functions.SourcesManage).WithName("registerDataSource")
            .WithSummary("Register a source of figures about customers");

        sources.MapPut("/{id:guid}/terms", async (
            Guid id, Body<SourceTermsRequest> body, Incoming incoming, SourceDesk desk, Writes writes, CancellationToken ct) =>
            writes.Answer(await desk.Change(id, body.Value, incoming.Call(body, occurredAt: null), ct), createdUnder: null))
            .Changes().Needs(Functions.SourcesManage).WithName("changeDataSource").WithSummary("Change what is expected of a data source");

        sources.MapPost("/{id:guid}/pause", async (
            Guid id, Body<PauseSourceRequest> body, Incoming incoming, SourceDesk desk, Writes writes, CancellationToken ct) =>
            writes.Answer(
                await desk.Send(id, new PauseSource(body.Value.Reason), incoming.Call(body, occurredAt: null), ct), createdUnder: null))
            .Changes().Needs(Functions.SourcesManage).WithName("pauseDataSource")
            .WithSummary("Expect nothing of a data source for a while");

        sources.MapPost("/{id:guid}/resumption", async (
            Guid id, Body<ResumeSourceRequest> body, Incoming incoming, SourceDesk desk, Writes writes, CancellationToken ct) =>
            writes.Answer(
                await desk.Send(id, new ResumeSource(desk.Now), incoming.Call(body, occurredAt: null), ct), createdUnder: null))
            .Changes().Needs(Functions.SourcesManage).WithName("resumeDataSource").WithSummary("Expect readings of a data source again");

        sources.MapPost("/{id:guid}/retirement", async (
            Guid id, Body<RetireSourceRequest> body, Incoming incoming, SourceDesk desk, Writes writes, CancellationToken ct) =>
            writes.Answer(
                await desk.Send(id, new RetireSource(body.Value.Reason), incoming.Call(body, occurredAt: null), ct), createdUnder: null))
            .Changes().Needs(Functions.SourcesManage).WithName("retireDataSource")
            .WithSummary("Use a data source no more; its readings stay");

        sources.MapPost("/{id:guid}/readings", async (
            Guid id, Body<PushReadingRequest> body, Incoming incoming, SourceDesk desk, Writes writes, CancellationToken ct) =>
        {
            // Refused here where it lies ahead; what is dated is the reading alone.
            _ = incoming.Call(body, body.Value.MeasuredAt);
            var written = await desk.Take(
                id, body.Value, "push", due: null, incoming.Call(body, occurredAt: null, StatusCodes.Status201Created), ct);
            return writes.Answer(written, written.Status == StatusCodes.Status201Created ? "/api/v1/source-readings" : null);
        }).Creates().Needs(Functions.SourcesPush).WithName("pushSourceReading").WithSummary("Send what a data source says of customers");

        sources.MapGet("/{id:guid}", (
            Guid id, Query<RecordQuestion> query, Caller by, IfNoneMatch held, Records records, CancellationToken ct) =>
            records.One(DataSourceAnswer.List, by, id, query.Value, held, DataSourceDecider.Unknown(), ct))
            .Produces<DataSourceAnswer>().Needs(Functions.SourcesRead).WithName("getDataSource")
            .WithSummary("One data source and how it does, now or as of any moment");

        sources.MapGet("/", (
            Query<Paged<DataSourceQuestion>> query, Caller by, Headers headers, IfNoneMatch held, ListReader lists, CancellationToken ct) =>
            lists.Page(DataSourceAnswer.List, by, query.Value.Asked, headers.MinPosition, held, ct))
            .Produces<PageOf<DataSourceAnswer>>().Needs(Functions.SourcesRead).WithName("listDataSources")
            .WithSummary("Data sources and how they do, newest first, now or as of any moment");

        app.MapReadings();
    }

    private static void MapReadings(this IEndpointRouteBuilder app)
    {
        var readings = app.MapGroup("/source-readings").WithTags("Data sources");

        readings.MapGet("/{id:guid}", async (
            Guid id, Caller by, IfNoneMatch held, Queries queries, Commands commands, CancellationToken ct) =>
        {
            var lens = new Lens(null, null, null);
            if (await queries.One(SourceReadingAnswer.List.Rows.Model, by.Tenant, id, lens, ct) is not var (row, version)
                || (await commands.Latest(SourceReadingDecider.Instance, by.Tenant, id, ct)).State.Taken is not { } taken)
            {
                throw SourceReadingDecider.Unknown();
            }

            return new Found(new SourceReadingDetailAnswer(
                SourceReadingAnswer.Of(row), taken.Values.ToDictionary(one => one.Key.ToString(), one => one.Value)), version, held);
        })
            .Produces<SourceReadingDetailAnswer>().MayFail(404).Needs(Functions.SourcesRead).WithName("getSourceReading")
            .WithSummary("One reading of a data source with its values");

        readings.MapPost("/{id:guid}/acceptance", async (
            Guid id, Body<SettleReadingRequest> body, Incoming incoming, SourceDesk desk, Writes writes, CancellationToken ct) =>
            writes.Answer(await desk.Settle(
                id, isAccepted: true, body.Value.Reason, incoming.Call(body, occurredAt: null), ct), createdUnder: null))
            .Changes().Needs(Functions.SourcesManage).WithName("acceptSourceReading").WithSummary("Use a reading that is held");

        readings.MapPost("/{id:guid}/rejection", async (
            Guid id, Body<SettleReadingRequest> body, Incoming incoming, SourceDesk desk, Writes writes, CancellationToken ct) =>
            writes.Answer(await desk.Settle(
                id, isAccepted: false, body.Value.Reason, incoming.Call(body, occurredAt: null), ct), createdUnder: null))
            .Changes().Needs(Functions.SourcesManage).WithName("rejectSourceReading").WithSummary("Not use a reading that is held");

        readings.MapGet("/", (
            Query<Paged<SourceReadingQuestion>> query, Caller by, Headers headers, IfNoneMatch held, ListReader lists,
            CancellationToken ct) => lists.Page(SourceReadingAnswer.List, by, query.Value.Asked, headers.MinPosition, held, ct))
            .Produces<PageOf<SourceReadingAnswer>>().Needs(Functions.SourcesRead).WithName("listSourceReadings")
            .WithSummary("Readings of data sources, the last measured first, without their values");
    }
}
