using Crm.Api.Access;
using Crm.Api.Http;
using Crm.Api.Http.Shapes;
using Crm.Api.Lists;
using Crm.Domain;
using Crm.Domain.Access;
using Crm.Domain.Leads;
using Crm.EventStore.Sealing;
using Crm.Projections;
using Crm.Projections.Leads;

namespace Crm.Api.Leads;

/// <summary>Leads over HTTP: from capture to a qualified owner.</summary>
public static class LeadEndpoints
{
    public static void MapLeads(this IEndpointRouteBuilder app)
    {
        var leads = app.MapGroup("/leads").WithTags("Leads").ChangedByThoseWhoSee("lead");

        leads.MapPost("/", async (Body<CaptureLeadRequest> body, Incoming incoming, Sealer sealer, Writes writes, CancellationToken ct) =>
        {
            var r = body.Value;
            var id = Guid.CreateVersion7();
            if (r.Rep is null && r.Team is not null && incoming.By.Sight.Owners is null)
            {
                throw Problem.Invalid([Fault.InBody("/rep", Code.Missing, "A lead is given to a rep, with or without a team: send rep, too.")]);
            }

            var (rep, team) = Ownership.Of(incoming.By, r.Rep, r.Team, Functions.LeadsAssign);
            var seal = new Seal(sealer, incoming.By.Tenant, person: id, isNew: true, ct);
            var command = new CaptureLead(
                r.Source, r.Company, await seal.Of(r.Contact), await seal.Of(r.Email), await seal.Of(r.Phone), r.Role, r.Region, r.Industry,
                r.Employees, r.Campaign, r.Product, await seal.Of(r.Message), r.ExternalId, rep, team);
            var call = incoming.Call(body, r.OccurredAt, StatusCodes.Status201Created) with { PersonKeys = seal.Made };
            return await writes.Send(LeadDecider.Instance, id, command, call, ct, createdUnder: "/api/v1/leads");
        }).Creates().Needs(Functions.LeadsWrite).WithName("captureLead").WithSummary("Capture a lead");

        leads.MapPatch("/{id:guid}", async (Guid id, Patch<ChangeLeadRequest> patch, Incoming incoming, Commands commands, Sealer sealer, Writes writes, CancellationToken ct) =>
        {
            var (r, tenant) = (patch.Value, incoming.By.Tenant);
            var known = (await commands.Latest(LeadDecider.Instance, tenant, id, ct)).State.Details;
            var seal = new Seal(sealer, tenant, person: id, isNew: false, ct);
            var command = new ChangeLead(
                r.Source, r.Company, await seal.Again(known?.Contact, r.Contact), await seal.Again(known?.Email, r.Email), await seal.Again(known?.Phone, r.Phone),
                r.Role, r.Region, r.Industry, r.Employees, r.Campaign, r.Product, r.ExternalId, [.. patch.Cleared.Except(["occurredAt"])]);
            return await writes.Send(LeadDecider.Instance, id, command, incoming.Call(patch.Body, r.OccurredAt) with { PersonKeys = seal.Made }, ct);
        }).Changes().Needs(Functions.LeadsWrite).WithName("changeLead").WithSummary("Change what is known of a lead, member by member");

        leads.MapPost("/{id:guid}/assignment", (Guid id, Body<AssignLeadRequest> body, Incoming incoming, Writes writes, CancellationToken ct) =>
            writes.Send(LeadDecider.Instance, id, new AssignLead(body.Value.Rep, body.Value.Team), incoming.Call(body, body.Value.OccurredAt), ct))
            .Changes().Needs(Functions.LeadsAssign).WithName("assignLead").WithSummary("Give a lead to a rep");

        leads.MapPost("/{id:guid}/touches", async (Guid id, Body<TouchRequest> body, Incoming incoming, Sealer sealer, Writes writes, CancellationToken ct) =>
        {
            var r = body.Value;
            var call = incoming.Call(body, r.OccurredAt);
            var seal = new Seal(sealer, incoming.By.Tenant, person: id, isNew: false, ct);
            var command = new TouchLead(
                r.Id ?? call.NewId("touch"), r.Kind, r.Direction, r.Channel, r.Outcome, r.DurationSeconds, await seal.Of(r.Summary));
            return await writes.Send(LeadDecider.Instance, id, command, call with { PersonKeys = seal.Made }, ct);
        }).Changes().Needs(Functions.LeadsWrite).WithName("touchLead").WithSummary("Record a call, visit, mail or other touch, now or back-dated");

        leads.MapPost("/{id:guid}/notes", async (Guid id, Body<NoteRequest> body, Incoming incoming, Sealer sealer, Writes writes, CancellationToken ct) =>
        {
            var call = incoming.Call(body, body.Value.OccurredAt);
            var seal = new Seal(sealer, incoming.By.Tenant, person: id, isNew: false, ct);
            var command = new NoteLead(body.Value.Id ?? call.NewId("note"), await seal.Required(body.Value.Text));
            return await writes.Send(LeadDecider.Instance, id, command, call with { PersonKeys = seal.Made }, ct);
        }).Changes().Needs(Functions.LeadsWrite).WithName("noteLead").WithSummary("Write a note");

        leads.MapPost("/{id:guid}/qualification", async (Guid id, Body<QualifyLeadRequest> body, Incoming incoming, Qualification qualification, CancellationToken ct) =>
            await qualification.Send(id, body.Value, incoming.Call(body, body.Value.OccurredAt), ct))
            .Changes<QualificationAnswer>().Needs(Functions.LeadsQualify).WithName("qualifyLead").WithSummary("Turn a lead into a customer and an opportunity, in one command");

        leads.MapPost("/{id:guid}/disqualification", async (Guid id, Body<DisqualifyLeadRequest> body, Incoming incoming, Sealer sealer, Writes writes, CancellationToken ct) =>
        {
            var seal = new Seal(sealer, incoming.By.Tenant, person: id, isNew: false, ct);
            var command = new DisqualifyLead(body.Value.Reason, await seal.Of(body.Value.Comment));
            return await writes.Send(LeadDecider.Instance, id, command, incoming.Call(body, body.Value.OccurredAt) with { PersonKeys = seal.Made }, ct);
        }).Changes().Needs(Functions.LeadsQualify).WithName("disqualifyLead").WithSummary("Set a lead aside, with the reason");

        leads.MapPost("/{id:guid}/revival", (Guid id, Body<ReviveLeadRequest> body, Incoming incoming, Writes writes, CancellationToken ct) =>
            writes.Send(LeadDecider.Instance, id, new ReviveLead(body.Value.Reason), incoming.Call(body, body.Value.OccurredAt), ct))
            .Changes().Needs(Functions.LeadsQualify).WithName("reviveLead").WithSummary("Take up a lead that was set aside");

        leads.MapGet("/{id:guid}", (Guid id, Query<RecordQuestion> query, Caller by, IfNoneMatch held, Records records, CancellationToken ct) =>
            records.One(LeadAnswer.List, by, id, query.Value, held, Rejection.Unknown("lead.unknown", "There is no such lead."), ct))
            .Produces<LeadAnswer>().Needs(Functions.LeadsRead).WithName("getLead").WithSummary("One lead, now or as of any moment");

        leads.MapGet("/{id:guid}/events", async (Guid id, Query<OneQuestion> query, Caller by, IfNoneMatch held, Records records, CancellationToken ct) =>
            await records.Events<ILeadEvent>(LeadAnswer.List, by, id, query.Value.Times, held, Rejection.Unknown("lead.unknown", "There is no such lead."), ct))
            .Produces<EventList>().Needs(Functions.LeadsRead).WithName("getLeadEvents").WithSummary("What happened to a lead, in the order of recording");

        leads.MapGet("/", (Query<LeadQuestion> query, Caller by, Headers headers, IfNoneMatch held, ListReader lists, CancellationToken ct) =>
            lists.Page(LeadAnswer.List, by, query.Value.Asked, headers.MinPosition, held, ct))
            .Produces<PageOf<LeadAnswer>>().Needs(Functions.LeadsRead).WithName("listLeads").WithSummary("Leads, newest first, now or as of any moment");

        leads.MapSearch(LeadAnswer.List, Functions.LeadsRead).WithName("searchLeads").WithSummary("Leads that a filter describes, now or as of any moment");
    }
}

public sealed record CaptureLeadRequest(
    string Source, string? Company = null, string? Contact = null, [Text(254)] string? Email = null, [Text(40)] string? Phone = null,
    string? Role = null, string? Region = null, string? Industry = null, [Between(0, 10_000_000)] int? Employees = null, string? Campaign = null,
    string? Product = null, [Text(4000)] string? Message = null, string? ExternalId = null, DateTimeOffset? OccurredAt = null, string? Rep = null,
    string? Team = null);

/// <summary>What is absent stays as it is; what is null is not known any more.</summary>
public sealed record ChangeLeadRequest(
    string? Source = null, string? Company = null, string? Contact = null, [Text(254)] string? Email = null, [Text(40)] string? Phone = null,
    string? Role = null, string? Region = null, string? Industry = null, [Between(0, 10_000_000)] int? Employees = null, string? Campaign = null,
    string? Product = null, string? ExternalId = null, DateTimeOffset? OccurredAt = null);

public sealed record AssignLeadRequest(string Rep, string? Team = null, DateTimeOffset? OccurredAt = null);

/// <param name="CustomerId">An existing customer to join; left out, a new one is registered.</param>
public sealed record QualifyLeadRequest(
    string OpportunityName, Money Amount, Guid? CustomerId = null, string? CustomerName = null, string? Pipeline = null, string? Stage = null,
    Domain.Opportunities.OpportunityType? Type = null, DateOnly? ExpectedClose = null, string? Rep = null, string? Team = null,
    string? Region = null, string? Product = null, DateTimeOffset? OccurredAt = null) : ISaysOfNewRecords;

public sealed record DisqualifyLeadRequest([Field("disqualifiedBecause")] string Reason, [Text(4000)] string? Comment = null, DateTimeOffset? OccurredAt = null);

public sealed record ReviveLeadRequest(string? Reason = null, DateTimeOffset? OccurredAt = null);

public enum LeadStatus { New, Assigned, Qualified, Disqualified }

public sealed record LeadQuestion(
    Page Page, Times Times, ListWords Words, string? Q = null, LeadStatus? Status = null, string? Rep = null, string? Team = null, string? Region = null,
    string? Source = null, string? Campaign = null)
{
    public Asked Asked => Asked.Of(Page, Times, Words, expand: null, ("status", Status is { } status ? ChoiceShape.Spell(status.ToString()) : null),
        ("rep", Rep), ("team", Team), ("region", Region), ("source", Source), ("campaign", Campaign)).Seeking(Q);
}

/// <param name="Contact">Null where it was never known, or where the person has been forgotten.</param>
[Sparse]
public sealed record LeadAnswer(
    Guid Id, string Status, DateTimeOffset CapturedAt, string? Company, string? Contact, string? Email, string? Phone, string? Role, string? Region,
    string? Industry, int? Employees, string? Source, string? Campaign, string? Product, string? ExternalId, string? Rep, string? Team,
    Guid? CustomerId, Guid? OpportunityId, string? DisqualifiedBecause, int Touches, DateTimeOffset? LastTouchAt)
{
    public static readonly RecordList<LeadList.Row, LeadAnswer> List = new("lead", Catalog.Leads, "capturedAt", Of, LeadList.Sealed, searched: ["company"]);

    public static async Task<LeadAnswer> Of(LeadList.Row r, Unsealer unsealer, string tenant, CancellationToken ct) => new(
        r.LeadId, r.Status, r.CapturedAt!.Value, r.Company, await unsealer.Open(tenant, r.Contact, ct), await unsealer.Open(tenant, r.Email, ct),
        await unsealer.Open(tenant, r.Phone, ct), r.Role, r.Region, r.Industry, r.Employees, r.Source, r.Campaign, r.Product, r.ExternalId, r.Rep,
        r.Team, r.CustomerId, r.OpportunityId, r.DisqualifiedBecause, r.Touches, r.LastTouchAt);
}
