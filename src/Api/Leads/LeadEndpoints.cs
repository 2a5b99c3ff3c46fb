using Crm.Api.Access;
using Crm.Api.Automations;
using Crm.Api.CustomFields;
using Crm.Api.Exports;
using Crm.Api.Http;
using Crm.Api.Http.Shapes;
using Crm.Api.Lists;
using Crm.Domain;
using Crm.Domain.Access;
using Crm.Domain.Leads;
using Crm.Domain.Playbooks;
using Crm.EventStore;
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

        leads.MapPost("/", async (
            Body<CaptureLeadRequest> body, Incoming incoming, Captures captures, Policies policies, FieldsInForce fields, Sealer sealer,
            Store store, CancellationToken ct) =>
        {
            var r = body.Value;
            var id = Guid.CreateVersion7();
            if (r.Rep is null && r.Team is not null && incoming.By.Sight.Owners is null)
            {
                throw Problem.Invalid([Fault.InBody("/rep", Code.Missing, "A lead is given to a rep, with or without a team: send rep, too.")]);
            }

            var (rep, team) = Ownership.Of(incoming.By, r.Rep, r.Team, Functions.LeadsAssign);
            var seal = new Seal(sealer, incoming.By.Tenant, person: id, isNew: true, ct);
            var custom = await fields.OfNew(incoming.By.Tenant, FieldRecord.Lead, r.Custom, ct);
            var said = r.Said.Normal(NormalForm.CountryOf(incoming.By.Zone.Id)) with { Custom = custom };
            var call = incoming.Call(body, r.OccurredAt, StatusCodes.Status201Created);
            var terms = rep is null ? null : await policies.ByHand(incoming.By, rep, call, ct);
            var written = await captures.Send(id, await said.Command(seal, rep, team) with { Terms = terms }, said.Signature, call with { PersonKeys = seal.Made }, ct);
            return CaptureAnswer.Of(written, store.Epoch);
        }).Creates<CaptureAnswer>().Needs(Functions.LeadsWrite).WithName("captureLead").WithSummary("Capture a lead; one that is known already is attached to the first");

        leads.MapPatch("/{id:guid}", async (Guid id, Patch<ChangeLeadRequest> patch, Incoming incoming, LeadChanges changes, Writes writes, CancellationToken ct) =>
            writes.Answer(await changes.Send(id, patch, incoming, ct), createdUnder: null))
            .Changes().Needs(Functions.LeadsWrite).WithName("changeLead").WithSummary("Change what is known of a lead, member by member");

        leads.MapPost("/{id:guid}/merge", async (Guid id, Body<MergeLeadRequest> body, Incoming incoming, Merges merges, Writes writes, CancellationToken ct) =>
            writes.Answer(await merges.Merge(id, body.Value.Into, incoming.Call(body, occurredAt: null), ct), createdUnder: null))
            .Changes().Needs(Functions.LeadsMerge).WithName("mergeLead").WithSummary("Make a lead part of another; both histories are kept");

        leads.MapPost("/{id:guid}/unmerge", async (Guid id, Body<UnmergeLeadRequest> body, Incoming incoming, Merges merges, Writes writes, CancellationToken ct) =>
            writes.Answer(await merges.Unmerge(id, incoming.Call(body, occurredAt: null), ct), createdUnder: null))
            .Changes().Needs(Functions.LeadsMerge).WithName("unmergeLead").WithSummary("Take a merge back, with all that came in through that lead since");

        leads.MapGet("/{id:guid}/duplicates", async (Guid id, Caller by, Headers headers, HttpRequest request, Duplicates duplicates, CancellationToken ct) =>
            await duplicates.Of(id, by, headers.MinPosition, request, ct))
            .Produces<LeadDuplicates>().Needs(Functions.LeadsRead).WithName("getLeadDuplicates").WithSummary("Which leads are, were or may be the same as this one, and why");

        leads.MapPost("/{id:guid}/assignment", async (Guid id, Body<AssignLeadRequest> body, Incoming incoming, Policies policies, Writes writes, CancellationToken ct) =>
        {
            var (r, call) = (body.Value, incoming.Call(body, body.Value.OccurredAt));
            return await writes.Send(LeadDecider.Instance, id, new AssignLead(r.Rep, r.Team, await policies.ByHand(incoming.By, r.Rep, call, ct)), call, ct);
        })
            .Changes().Needs(Functions.LeadsAssign).WithName("assignLead").WithSummary("Give a lead to a rep");

        leads.MapPost("/{id:guid}/touches", async (Guid id, Body<TouchRequest> body, Incoming incoming, Captures captures, Sealer sealer, Writes writes, CancellationToken ct) =>
        {
            var r = body.Value;
            var call = incoming.Call(body, r.OccurredAt);
            var seal = new Seal(sealer, incoming.By.Tenant, person: id, isNew: false, ct);
            var command = new TouchLead(
                r.Id ?? call.NewId("touch"), r.Kind, r.Direction, r.Channel, r.Outcome, r.DurationSeconds, await seal.Of(r.Summary));
            return writes.Answer(await captures.Touch(id, command, call with { PersonKeys = seal.Made }, ct), createdUnder: null);
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

        leads.MapPost("/{id:guid}/flag", async (
            Guid id, Body<FlagRecordRequest> body, Incoming incoming, Flags flags, Writes writes, CancellationToken ct) =>
        {
            var written = await flags.Send(id, body.Value.Flag, body.Value.Reason, incoming.Call(body, occurredAt: null), ct);
            return writes.Answer(written, createdUnder: null);
        }).Changes().Needs(Functions.RecordsFlag).WithName("flagLead").WithSummary("Say that a lead is a test or junk, and always was");

        leads.MapPost("/{id:guid}/flag/withdrawal", (
            Guid id, Body<WithdrawFlagRequest> body, Incoming incoming, Writes writes, CancellationToken ct) =>
            writes.Send(LeadDecider.Instance, id, new WithdrawLeadFlag(body.Value.Reason), incoming.Call(body, occurredAt: null), ct))
            .Changes().Needs(Functions.RecordsFlag).WithName("withdrawLeadFlag").WithSummary("Say that a lead is business after all");

        leads.MapGet("/{id:guid}", (Guid id, Query<RecordQuestion> query, Caller by, IfNoneMatch held, Records records, CancellationToken ct) =>
            records.One(LeadAnswer.List, by, id, query.Value, held, Rejection.Unknown("lead.unknown", "There is no such lead."), ct))
            .Produces<LeadAnswer>().Needs(Functions.LeadsRead).WithName("getLead").WithSummary("One lead, now or as of any moment");

        leads.MapGet("/{id:guid}/events", async (Guid id, Query<OneQuestion> query, Caller by, IfNoneMatch held, Records records, CancellationToken ct) =>
            await records.Events<ILeadEvent>(LeadAnswer.List, by, id, query.Value.Times, held, Rejection.Unknown("lead.unknown", "There is no such lead."), ct))
            .Produces<EventList>().Needs(Functions.LeadsRead).WithName("getLeadEvents").WithSummary("What happened to a lead, in the order of recording");

        leads.MapGet("/", (Query<Paged<LeadQuestion>> query, Caller by, Headers headers, IfNoneMatch held, ListReader lists, CancellationToken ct) =>
            lists.Page(LeadAnswer.List, by, query.Value.Asked, headers.MinPosition, held, ct))
            .Produces<PageOf<LeadAnswer>>().Needs(Functions.LeadsRead).WithName("listLeads").WithSummary("Leads, newest first, now or as of any moment");

        leads.MapLevels();

        leads.MapSilent();

        leads.MapSearch(LeadAnswer.List, Functions.LeadsRead).WithName("searchLeads").WithSummary("Leads that a filter describes, now or as of any moment");

        leads.MapExport("leads", LeadAnswer.List, Functions.LeadsRead, (LeadQuestion q) => q.Asked)
            .WithName("exportLeads").WithSummary("All leads that are asked for, as a file, now or as of any moment");
    }
}

/// <param name="Custom">By the fields of the playbook in force: texts, numbers, days as <c>2026-02-28</c>, true or false.</param>
public sealed record CaptureLeadRequest(
    string Source, string? Company = null, string? Contact = null, [Text(254)] string? Email = null, [Text(40)] string? Phone = null,
    string? Role = null, string? Region = null, string? Industry = null, [Between(0, 10_000_000)] int? Employees = null, string? Campaign = null,
    string? Product = null, [Text(4000)] string? Message = null, string? ExternalId = null, DateTimeOffset? OccurredAt = null, string? Rep = null,
    string? Team = null, SizeBand? SizeBand = null, CustomSaid? Custom = null)
{
    internal LeadSaid Said =>
        new(Source, Company, Contact, Email, Phone, Role, Region, Industry, Employees, Campaign, Product, Message, ExternalId, SizeBand);
}

/// <summary>What is absent stays as it is; what is null is not known any more.</summary>
/// <param name="Custom">Of the fields of the playbook those that change, member by member likewise; null for all of them.</param>
public sealed record ChangeLeadRequest(
    string? Source = null, string? Company = null, string? Contact = null, [Text(254)] string? Email = null, [Text(40)] string? Phone = null,
    string? Role = null, string? Region = null, string? Industry = null, [Between(0, 10_000_000)] int? Employees = null, string? Campaign = null,
    string? Product = null, string? ExternalId = null, DateTimeOffset? OccurredAt = null, SizeBand? SizeBand = null,
    CustomSaid? Custom = null)
{
    internal LeadSaid Said =>
        new(Source, Company, Contact, Email, Phone, Role, Region, Industry, Employees, Campaign, Product, Message: null, ExternalId, SizeBand);
}

/// <param name="Into">The lead that remains.</param>
public sealed record MergeLeadRequest(Guid Into);

public sealed record UnmergeLeadRequest;

/// <param name="Id">The lead to go on with: the new one, or the one that was known already.</param>
/// <param name="Version">Its version now, also the ETag.</param>
/// <param name="Position">Up to where a read has to look to see this write.</param>
/// <param name="CaptureId">Where it was known already: the part of it that this capture is. Unmerging that makes it a lead of its own.</param>
public sealed record CaptureAnswer(Guid Id, long Version, long Position, Guid? CaptureId) : AnswerOfWrite
{
    public static IResult Of(Written written, string epoch) => new WriteResult(
        written, epoch, written.Status == StatusCodes.Status201Created ? $"/api/v1/leads/{written.Id}" : null,
        new CaptureAnswer(written.Id, written.Version, written.Position, written.Streams.Count > 1 ? written.Streams[1].Stream : null));
}

public sealed record AssignLeadRequest(string Rep, string? Team = null, DateTimeOffset? OccurredAt = null);

/// <param name="CustomerId">An existing customer to join; left out, a new one is registered.</param>
/// <param name="Custom">
/// Of the opportunity, by the fields of the playbook in force; what the lead knows by the same names is taken from there.
/// </param>
public sealed record QualifyLeadRequest(
    string OpportunityName, Money Amount, Guid? CustomerId = null, string? CustomerName = null, string? Pipeline = null, string? Stage = null,
    Domain.Opportunities.OpportunityType? Type = null, DateOnly? ExpectedClose = null, string? Rep = null, string? Team = null,
    string? Region = null, string? Product = null, DateTimeOffset? OccurredAt = null, CustomSaid? Custom = null) : ISaysOfNewRecords;

public sealed record DisqualifyLeadRequest([Field("disqualifiedBecause")] string Reason, [Text(4000)] string? Comment = null, DateTimeOffset? OccurredAt = null);

public sealed record ReviveLeadRequest(string? Reason = null, DateTimeOffset? OccurredAt = null);

public enum LeadStatus { New, Assigned, Qualified, Disqualified }

public sealed record LeadQuestion(
    Times Times, ListWords Words, string? Q = null, LeadStatus? Status = null, string? Rep = null, string? Team = null, string? Region = null,
    string? Source = null, string? Campaign = null, RecordFlag? Flag = null, string? Level = null) : IListQuestion
{
    public Asked Asked => Asked.Of(Times, Words, ("status", Status is { } status ? ChoiceShape.Spell(status.ToString()) : null),
        ("rep", Rep), ("team", Team), ("region", Region), ("source", Source), ("campaign", Campaign),
        ("flag", Flag is { } flag ? RecordFlags.Word(flag) : null), ("level", Level)).Seeking(Q);
}

/// <param name="Contact">Null where it was never known, or where the person has been forgotten.</param>
/// <param name="Touches">How many there were, its captures among them.</param>
/// <param name="SizeBand">By employees where they are known: <c>small</c> below 50, <c>medium</c> 50 to 199, <c>large</c> 200 to 999, <c>enterprise</c> 1000 and more.</param>
/// <param name="Captures">How often it was captured: once, and once more for each duplicate that is part of it now.</param>
/// <param name="MergedInto">The lead that it is part of: go on with that one, which may itself be part of another. Null while it is one of its own; in lists always.</param>
/// <param name="Flag"><c>test</c> or <c>junk</c>: it counts in no figure, whatever the day. Null while it is business.</param>
/// <param name="AdvancedAt">When something last came of it: the last follow-up, or the first touch where nobody followed up, its revival, or a level more. Null while nobody has touched it.</param>
/// <param name="Level">How ripe it is, by its key in the playbook; null where it has come to no level.</param>
/// <param name="LevelRank">The place of that among the levels, from 1: sort by this.</param>
/// <param name="LevelSince">When it came to that, from below or from above; null where it never had one.</param>
/// <param name="Custom">
/// By the fields of its playbook, each as text: numbers with a point, days as <c>2026-02-28</c>, <c>true</c> or <c>false</c>.
/// </param>
[Sparse]
public sealed record LeadAnswer(
    Guid Id, string Status, DateTimeOffset CapturedAt, string? Company, string? Contact, string? Email, string? Phone, string? Role, string? Region,
    string? Industry, int? Employees, string? Source, string? Campaign, string? Product, string? ExternalId, string? Rep, string? Team,
    Guid? CustomerId, Guid? OpportunityId, string? DisqualifiedBecause, int Touches, DateTimeOffset? LastTouchAt, string? SizeBand, int Captures,
    Guid? MergedInto, string? Flag, DateTimeOffset? AdvancedAt, string? Level, int? LevelRank, DateTimeOffset? LevelSince,
    IReadOnlyDictionary<string, string> Custom)
{
    public static readonly RecordList<LeadList.Row, LeadAnswer> List = new("lead", Catalog.Leads, "capturedAt", Of, LeadList.Unasked, searched: ["company"], known: "heardAt");

    public static async Task<LeadAnswer> Of(LeadList.Row r, Unsealer unsealer, string tenant, CancellationToken ct) => new(
        r.LeadId, r.Status, r.HeardAt!.Value, r.Company, await unsealer.Open(tenant, r.Contact, ct), await unsealer.Open(tenant, r.Email, ct),
        await unsealer.Open(tenant, r.Phone, ct), r.Role, r.Region, r.Industry, r.Employees, r.Source, r.Campaign, r.Product, r.ExternalId, r.Rep,
        r.Team, r.CustomerId, r.OpportunityId, r.DisqualifiedBecause, r.Touches, r.LastTouchAt, r.SizeBand, r.Captures, r.MergedInto, r.Flag, r.AdvancedAt,
        r.Level, r.LevelRank, r.LevelSince, r.Custom ?? CustomAnswer.Nothing);
}
