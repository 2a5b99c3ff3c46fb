using Crm.Api.Access;
using Crm.Api.Customers;
using Crm.Api.CustomFields;
using Crm.Api.Exports;
using Crm.Api.Http;
using Crm.Api.Lists;
using Crm.Domain;
using Crm.Domain.Access;
using Crm.Domain.Opportunities;
using Crm.Domain.Playbooks;
using Crm.EventStore.Sealing;
using Crm.Projections;

namespace Crm.Api.Opportunities;

/// <summary>Opportunities over HTTP: open, move, win, lose, reopen, and put right what was recorded wrongly.</summary>
public static class OpportunityEndpoints
{
    public static void MapOpportunities(this IEndpointRouteBuilder app)
    {
        var deals = app.MapGroup("/opportunities").WithTags("Opportunities").ChangedByThoseWhoSee("opportunity");

        deals.MapPost("/", async (
            Body<OpenOpportunityRequest> body, Incoming incoming, CurrentPlaybook playbooks, KnownCustomers customers, FieldsInForce fields, Writes writes, CancellationToken ct) =>
        {
            var r = body.Value;
            var playbook = await playbooks.Of(incoming.By.Tenant, ct);
            await customers.MustExist(incoming.By.Tenant, r.CustomerId, ct);
            var (rep, team) = Ownership.Of(incoming.By, r.Rep, r.Team, Functions.OpportunitiesAssign);
            var custom = await fields.OfNew(incoming.By.Tenant, FieldRecord.Opportunity, r.Custom, ct);
            var command = new OpenOpportunity(
                r.Name, r.Type ?? OpportunityType.New, r.Amount, r.Pipeline ?? "standard", playbook, r.Stage, r.Source, r.CustomerId, LeadId: null,
                rep, team, r.Region, r.Product, r.ExpectedClose, r.Competitor, r.Tags, r.ExternalId, custom);
            return await writes.Send(OpportunityDecider.Instance, Guid.CreateVersion7(), command,
                incoming.Call(body, r.OccurredAt, StatusCodes.Status201Created), ct, playbook.Version, createdUnder: "/api/v1/opportunities");
        }).Creates().Needs(Functions.OpportunitiesWrite).WithName("openOpportunity").WithSummary("Open an opportunity");

        deals.MapPatch("/{id:guid}", async (
            Guid id, Patch<ChangeOpportunityRequest> patch, Incoming incoming, KnownCustomers customers, FieldsInForce fields, Commands commands,
            AmountChanges amounts, CancellationToken ct) =>
        {
            await customers.MustExist(incoming.By.Tenant, patch.Value.CustomerId, ct);
            var known = (await commands.Latest(OpportunityDecider.Instance, incoming.By.Tenant, id, ct)).State.Details?.Custom;
            var (custom, cleared) = await fields.OfChange(incoming.By.Tenant, FieldRecord.Opportunity, patch.Value.Custom, patch.Cleared, known, ct);
            return await amounts.Send(id, (playbook, approval) => patch.Value.Command(playbook, cleared, custom, approval),
                incoming.Call(patch.Body, patch.Value.OccurredAt), ct);
        }).Changes().Needs(Functions.OpportunitiesWrite).WithName("changeOpportunity").WithSummary("Change what is known of an opportunity, member by member");

        deals.MapPost("/{id:guid}/assignment", (Guid id, Body<AssignOpportunityRequest> body, Incoming incoming, Writes writes, CancellationToken ct) =>
            writes.Send(OpportunityDecider.Instance, id, new AssignOpportunity(body.Value.Rep, body.Value.Team, body.Value.Region), incoming.Call(body, body.Value.OccurredAt), ct))
            .Changes().Needs(Functions.OpportunitiesAssign).WithName("assignOpportunity").WithSummary("Give an opportunity to a rep, a team or a region");

        deals.MapPost("/{id:guid}/stage", async (Guid id, Body<EnterStageRequest> body, Incoming incoming, CurrentPlaybook playbooks, Writes writes, CancellationToken ct) =>
        {
            var playbook = await playbooks.Of(incoming.By.Tenant, ct);
            return await writes.Send(OpportunityDecider.Instance, id, new EnterOpportunityStage(body.Value.Stage, playbook),
                incoming.Call(body, body.Value.OccurredAt), ct, playbook.Version);
        }).Changes().Needs(Functions.OpportunitiesWrite).WithName("enterStage").WithSummary("Move an opportunity to a stage of its pipeline");

        deals.MapPost("/{id:guid}/amount", (Guid id, Body<ChangeAmountRequest> body, Incoming incoming, AmountChanges amounts, CancellationToken ct) =>
            amounts.Send(id, (playbook, approval) => new ChangeOpportunityAmount(body.Value.Amount, playbook, approval), incoming.Call(body, body.Value.OccurredAt), ct))
            .Changes().Needs(Functions.OpportunitiesWrite).WithName("changeAmount").WithSummary("Change what an opportunity is worth");

        deals.MapPost("/{id:guid}/close-date", (Guid id, Body<ChangeCloseDateRequest> body, Incoming incoming, Writes writes, CancellationToken ct) =>
            writes.Send(OpportunityDecider.Instance, id, new ChangeOpportunityCloseDate(body.Value.ExpectedClose), incoming.Call(body, body.Value.OccurredAt), ct))
            .Changes().Needs(Functions.OpportunitiesWrite).WithName("changeCloseDate").WithSummary("Change when an opportunity is expected to close");

        deals.MapPost("/{id:guid}/touches", async (
            Guid id, Body<OpportunityTouchRequest> body, Incoming incoming, Sealer sealer, Writes writes, CancellationToken ct) =>
        {
            var r = body.Value;
            var call = incoming.Call(body, r.OccurredAt);
            var seal = new Seal(sealer, incoming.By.Tenant, person: id, isNew: false, ct);
            var command = new TouchOpportunity(
                r.Id ?? call.NewId("touch"), r.Kind, r.Direction, r.Channel, r.Outcome, r.DurationSeconds, await seal.Of(r.Summary),
                Topics: r.Topics);
            return await writes.Send(OpportunityDecider.Instance, id, command, call with { PersonKeys = seal.Made }, ct);
        }).Changes().Needs(Functions.OpportunitiesWrite).WithName("touchOpportunity").WithSummary("Record a call, visit, mail or other touch, now or back-dated");

        deals.MapPost("/{id:guid}/notes", async (Guid id, Body<NoteRequest> body, Incoming incoming, Sealer sealer, Writes writes, CancellationToken ct) =>
        {
            var call = incoming.Call(body, body.Value.OccurredAt);
            var seal = new Seal(sealer, incoming.By.Tenant, person: id, isNew: false, ct);
            var command = new NoteOpportunity(body.Value.Id ?? call.NewId("note"), await seal.Required(body.Value.Text));
            return await writes.Send(OpportunityDecider.Instance, id, command, call with { PersonKeys = seal.Made }, ct);
        }).Changes().Needs(Functions.OpportunitiesWrite).WithName("noteOpportunity").WithSummary("Write a note");

        deals.MapPost("/{id:guid}/win", async (Guid id, Body<WinRequest> body, Incoming incoming, CurrentPlaybook playbooks, Writes writes, CancellationToken ct) =>
        {
            var playbook = await playbooks.Of(incoming.By.Tenant, ct);
            return await writes.Send(OpportunityDecider.Instance, id, new WinOpportunity(
                playbook, body.Value.Amount, body.Value.Reference, incoming.By.Sight.Hides("opportunity", "reference")),
                incoming.Call(body, body.Value.OccurredAt), ct, playbook.Version);
        }).Changes().Needs(Functions.OpportunitiesClose).WithName("winOpportunity").WithSummary("Win an opportunity; the signed amount becomes its amount");

        foreach (var (path, state, voucher, name, summary) in new[]
        {
            ("payment", WonState.Paid, "paymentReference", "confirmPayment", "Say that what was won is paid, with its voucher"),
            ("delivery", WonState.Delivered, "deliveryReference", "confirmDelivery", "Say that what was won is delivered, with its voucher")
        })
        {
            deals.MapPost($"/{{id:guid}}/{path}", async (
                Guid id, Body<ConfirmRequest> body, Incoming incoming, CurrentPlaybook playbooks, Writes writes, CancellationToken ct) =>
            {
                var playbook = await playbooks.Of(incoming.By.Tenant, ct);
                var command = new ConfirmOpportunity(state, playbook, body.Value.Reference, incoming.By.Sight.Hides("opportunity", voucher));
                return await writes.Send(OpportunityDecider.Instance, id, command,
                    incoming.Call(body, body.Value.OccurredAt), ct, playbook.Version);
            }).Changes().Needs(Functions.OpportunitiesClose).WithName(name).WithSummary(summary);
        }

        deals.MapPost("/{id:guid}/loss", async (
            Guid id, Body<LossRequest> body, Incoming incoming, CurrentPlaybook playbooks, Sealer sealer, Writes writes, CancellationToken ct) =>
        {
            var playbook = await playbooks.Of(incoming.By.Tenant, ct);
            var seal = new Seal(sealer, incoming.By.Tenant, person: id, isNew: false, ct);
            var command = new LoseOpportunity(body.Value.Reason, playbook, await seal.Of(body.Value.Comment), body.Value.Competitor);
            return await writes.Send(OpportunityDecider.Instance, id, command,
                incoming.Call(body, body.Value.OccurredAt) with { PersonKeys = seal.Made }, ct, playbook.Version);
        }).Changes().Needs(Functions.OpportunitiesClose).WithName("loseOpportunity").WithSummary("Lose an opportunity, with the reason");

        deals.MapPost("/{id:guid}/reopening", async (Guid id, Body<ReopenRequest> body, Incoming incoming, CurrentPlaybook playbooks, Writes writes, CancellationToken ct) =>
        {
            var playbook = await playbooks.Of(incoming.By.Tenant, ct);
            return await writes.Send(OpportunityDecider.Instance, id, new ReopenOpportunity(playbook, body.Value.Reason, body.Value.Stage),
                incoming.Call(body, body.Value.OccurredAt), ct, playbook.Version);
        }).Changes().Needs(Functions.OpportunitiesClose).WithName("reopenOpportunity").WithSummary("Reopen an opportunity that was won or lost");

        deals.MapPost("/{id:guid}/corrections", (Guid id, Body<CorrectionRequest> body, Incoming incoming, Correction correction, CancellationToken ct) =>
            correction.Send(id, body, incoming, ct))
            .Changes().MayFail(StatusCodes.Status428PreconditionRequired).Needs(Functions.OpportunitiesCorrect).WithName("correctOpportunity").WithSummary("Put right an earlier fact; the past shows it so from now on, and what was known stays known");

        deals.MapPost("/{id:guid}/flag", (Guid id, Body<FlagRecordRequest> body, Incoming incoming, Writes writes, CancellationToken ct) =>
            writes.Send(OpportunityDecider.Instance, id, new FlagOpportunity(body.Value.Flag, body.Value.Reason),
                incoming.Call(body, occurredAt: null), ct))
            .Changes().Needs(Functions.RecordsFlag).WithName("flagOpportunity")
            .WithSummary("Say that an opportunity is a test or junk, and always was");

        deals.MapPost("/{id:guid}/flag/withdrawal", (
            Guid id, Body<WithdrawFlagRequest> body, Incoming incoming, Writes writes, CancellationToken ct) =>
            writes.Send(OpportunityDecider.Instance, id, new WithdrawOpportunityFlag(body.Value.Reason),
                incoming.Call(body, occurredAt: null), ct))
            .Changes().Needs(Functions.RecordsFlag).WithName("withdrawOpportunityFlag")
            .WithSummary("Say that an opportunity is business after all");

        deals.MapGet("/{id:guid}", (Guid id, Query<RecordQuestion> query, Caller by, IfNoneMatch held, Records records, CancellationToken ct) =>
            records.One(OpportunityAnswer.List, by, id, query.Value, held, Missing(), ct))
            .Produces<OpportunityAnswer>().Needs(Functions.OpportunitiesRead).WithName("getOpportunity").WithSummary("One opportunity, now or as of any moment");

        deals.MapGet("/{id:guid}/gates", (Guid id, Query<GatesQuestion> query, Caller by, IfNoneMatch held, GatesAhead gates, CancellationToken ct) =>
            gates.Of(by, id, query.Value, held, ct))
            .Produces<GatesAnswer>().HasVersion().MayFail(StatusCodes.Status422UnprocessableEntity).Needs(Functions.OpportunitiesRead).WithName("getOpportunityGates")
            .WithSummary("What the gates before an opportunity ask for, and what of it is there, now or as of any moment");

        deals.MapGet("/{id:guid}/events", (Guid id, Query<OneQuestion> query, Caller by, IfNoneMatch held, Records records, CancellationToken ct) =>
            records.Events<IOpportunityEvent>(OpportunityAnswer.List, by, id, query.Value.Times, held, Missing(), ct))
            .Produces<EventList>().Needs(Functions.OpportunitiesRead).WithName("getOpportunityEvents").WithSummary("What happened to an opportunity, in the order of recording");

        deals.MapGet("/", (Query<OpportunityPage> query, Caller by, Headers headers, IfNoneMatch held, ListReader lists, CancellationToken ct) =>
            lists.Page(OpportunityAnswer.List, by, query.Value.Asked, headers.MinPosition, held, ct))
            .Produces<PageOf<OpportunityAnswer>>().Needs(Functions.OpportunitiesRead).WithName("listOpportunities").WithSummary("Opportunities, newest first, now or as of any moment");

        deals.MapSearch(OpportunityAnswer.List, Functions.OpportunitiesRead).WithName("searchOpportunities").WithSummary("Opportunities that a filter describes, now or as of any moment");

        deals.MapExport("opportunities", OpportunityAnswer.List, Functions.OpportunitiesRead, (OpportunityQuestion q) => q.Asked)
            .WithName("exportOpportunities").WithSummary("All opportunities that are asked for, as a file, now or as of any moment");
    }

    internal static Rejection Missing() => Rejection.Unknown("opportunity.unknown", "There is no such opportunity.");
}
