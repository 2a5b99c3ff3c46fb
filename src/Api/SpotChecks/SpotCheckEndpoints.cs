using Crm.Api.Access;
using Crm.Api.Http;
using Crm.Api.Lists;
using Crm.Domain.Access;
using Crm.Domain.SpotChecks;
using Crm.EventStore.Sealing;
using Crm.Projections.SpotChecks;

namespace Crm.Api.SpotChecks;

/// <summary>Spot checks over HTTP: some of a day's new leads are drawn, called, and what came of it is published.</summary>
public static class SpotCheckEndpoints
{
    public static void MapSpotChecks(this IEndpointRouteBuilder app)
    {
        var checks = app.MapGroup("/spot-checks").WithTags("Spot checks");

        checks.MapPost("/", async (
            Body<DrawSpotCheckRequest> body, Incoming incoming, SpotCheckDesk desk, Writes writes, CancellationToken ct) =>
        {
            var written = await desk.Draw(body.Value, incoming.Call(body, occurredAt: null, StatusCodes.Status201Created), ct);
            return writes.Answer(written, written.Status == StatusCodes.Status201Created ? "/api/v1/spot-checks" : null);
        }).Creates().Needs(Functions.SpotChecksManage).WithName("drawSpotCheck")
            .WithSummary("Draw some of a day's new leads by lot, to be called");

        checks.MapPost("/{id:guid}/results", async (
            Guid id, Body<CallSpotCheckRequest> body, Incoming incoming, Commands commands, Sealer sealer, Writes writes,
            CancellationToken ct) =>
        {
            var (r, tenant) = (body.Value, incoming.By.Tenant);
            var known = (await commands.Latest(SpotCheckDecider.Instance, tenant, id, ct)).State.Calls.GetValueOrDefault(r.LeadId)?.Note;
            var seal = new Seal(sealer, tenant, person: r.LeadId, isNew: false, ct);
            var note = r.Note is null ? null : await seal.Again(known, r.Note);
            return await writes.Send(SpotCheckDecider.Instance, id, new CallSpotCheck(r.LeadId, r.Reached, r.Genuine, note),
                incoming.Call(body, occurredAt: null) with { PersonKeys = seal.Made }, ct);
        }).Changes().Needs(Functions.SpotChecksManage).WithName("callSpotCheck")
            .WithSummary("Say what came of the call to a lead that was drawn");

        checks.MapPost("/{id:guid}/publication", async (
            Guid id, Body<PublishSpotCheckRequest> body, Incoming incoming, SpotCheckDesk desk, Writes writes, CancellationToken ct) =>
            writes.Answer(await desk.Publish(id, body.Value.To, incoming.Call(body, occurredAt: null), ct), createdUnder: null))
            .Changes().Needs(Functions.SpotChecksManage).WithName("publishSpotCheck").WithSummary("Let all know what came of a spot check");

        checks.MapGet("/{id:guid}", (
            Guid id, Query<RecordQuestion> query, Caller by, IfNoneMatch held, Records records, CancellationToken ct) =>
            records.One(For(by), by, id, query.Value, held, SpotCheckDecider.Unknown(), ct))
            .Produces<SpotCheckAnswer>().Needs(Functions.SpotChecksRead).WithName("getSpotCheck")
            .WithSummary("One spot check, now or as of any moment");

        checks.MapGet("/", (
            Query<Paged<SpotCheckQuestion>> query, Caller by, Headers headers, IfNoneMatch held, ListReader lists, CancellationToken ct) =>
            lists.Page(For(by), by, query.Value.Asked, headers.MinPosition, held, ct))
            .Produces<PageOf<SpotCheckAnswer>>().Needs(Functions.SpotChecksRead).WithName("listSpotChecks")
            .WithSummary("Spot checks, newest first, now or as of any moment");
    }

    private static RecordList<SpotCheckList.Row, SpotCheckAnswer> For(Caller by) =>
        SpotCheckAnswer.List(by.Rights.Functions.Contains(Functions.SpotChecksManage));
}
