using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Api.Automations;
using Crm.Api.Http;
using Crm.Api.Playbooks;
using Crm.Domain.Opportunities;
using Crm.Domain.Playbooks;
using Crm.EventModel;
using Crm.EventStore;
using Npgsql;

namespace Crm.Api.Opportunities.Care;

/// <summary>Why an opportunity is looked at: something happened to it, or a moment has come.</summary>
/// <param name="At">When it happened, or was due.</param>
/// <param name="Event">What happened; null where a moment has come.</param>
/// <param name="IsEntry">Whether it came to a stage by that: what the stage asks for is done because of this event and no other.</param>
internal sealed record OpportunityCause(Guid Opportunity, DateTimeOffset At, Guid? Event, bool IsEntry = false)
{
    /// <summary>What happened to opportunities themselves.</summary>
    public static IReadOnlyList<OpportunityCause> Of(IEnumerable<Recorded> events) =>
        [.. events.Where(e => e.Data is IOpportunityEvent).Select(e => new OpportunityCause(e.StreamId, e.RecordedAt, e.EventId))];
}

/// <summary>
/// Has opportunities looked after: does what stages ask for when they come there, marks those that are over a limit, and takes marks away.
/// What is decided for several of a tenant is written as one, in their order, with the tasks, approvals and alerts that go with it.
/// </summary>
internal sealed class OpportunityCare(Engine engine, AutomationTable table, EntryDeeds deeds) : IDealCare
{
    public const string Automation = "look-after-opportunities";
    public const string Actor = "opportunity-care";
    public const string Progress = "automations:opportunities";
    public const string Due = "crm.opportunity_due";

    private static readonly OpportunityDues Noted = new(Due, Automation);

    private static readonly ConditionalWeakTable<PlaybookDocument, StagePolicy> Made = [];

    string IDealCare.Automation => Automation;

    string IDealCare.Progress => Progress;

    public OpportunityDues Dues => Noted;

    public IReadOnlyList<Type> AlsoHeard => [];

    // What it says itself it has thought of; whose an opportunity is says nothing of how it stands.
    public IReadOnlyList<Type> Unheard { get; } =
    [
        typeof(OpportunityMarked), typeof(OpportunityMarkEscalated), typeof(OpportunityMarkCleared), typeof(OpportunityEntryActed),
        typeof(OpportunityAssigned)
    ];

    /// <summary>Those that came to a stage under limits.</summary>
    public bool Begins(Recorded e) =>
        e.Data is OpportunityOpened { Playbook: not null } or OpportunityStageEntered { Playbook: not null }
            or OpportunityReopened { Playbook: not null };

    public Task<IReadOnlyList<OpportunityCause>?> Causes(
        NpgsqlConnection connection, string tenant, IReadOnlyList<Recorded> events, CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<OpportunityCause>?>([.. events.Where(e => e.Data is IOpportunityEvent)
            .Select(e => new OpportunityCause(e.StreamId, e.RecordedAt, e.EventId, Begins(e)))]);

    /// <summary>Whether to act for a tenant, or only to say what would be done; null where its rules never asked anything of
    /// opportunities.</summary>
    public async Task<AutomationMode?> ModeOf(string tenant, CancellationToken ct) =>
        await engine.Playbooks.History(tenant, ct) is var history && history.Published.Exists(version => Asks(version.Document))
            ? history.ModeOf(Automation) : null;

    /// <summary>Decides, and writes, or keeps what it would have written; and notes when each is to be looked at next.</summary>
    public async Task Act(string tenant, IReadOnlyList<OpportunityCause> causes, AutomationMode mode, CancellationToken ct)
    {
        var made = mode == AutomationMode.On ? new EntryDeeds.Made() : null;
        var plan = await Decide(tenant, causes, made, ct);
        if (mode == AutomationMode.On && plan.IsAny)
        {
            var call = new Call(new Caller(tenant, Actor), OccurredAt: null, IfMatch: null, Key: null, RequestId: null,
                Source: "automation")
            {
                PersonKeys = made!.Keys
            };
            await engine.Commands.Send(call, async () =>
            {
                plan = await Decide(tenant, causes, made, ct);
                return new Decision(0, [.. plan.Decided.Select(one => one.Value.Part(one.Key, Cause(one.Key))), .. plan.Errands]);
            }, plan.Playbook, ct);
            await deeds.Attached(tenant, made, ct);
        }
        else if (mode == AutomationMode.DryRun && plan.IsAny)
        {
            await table.Tried(tenant, Automation, [.. plan.Decided.Select(one => new AutomationTrial(
                Guid.CreateVersion7(), Automation, one.Key, Cause(one.Key), engine.Store.Clock.GetUtcNow(), Trial(one.Value)))], ct);
        }

        // What was not written is still due: it is when the program acts again.
        await Noted.Note(engine.Followers, tenant, mode == AutomationMode.On ? plan.Next : plan.NextBefore, ct);

        Guid? Cause(Guid opportunity) => causes.Last(cause => cause.Opportunity == opportunity).Event;
    }

    private async Task<Plan> Decide(string tenant, IReadOnlyList<OpportunityCause> causes, EntryDeeds.Made? made, CancellationToken ct)
    {
        await using var connection = await engine.Followers.OpenConnectionAsync(ct);
        var history = await engine.Playbooks.History(tenant, ct);
        var now = causes.Where(cause => cause.Event is null).Select(cause => cause.At).Append(engine.Store.Clock.GetUtcNow()).Max();
        var rules = history.At(now);
        var organisation = await engine.Organisations.Of(tenant, ct);
        var errands = new OpportunityErrands(engine, tenant, organisation, rules.Document?.Reps ?? [], now);
        var ids = causes.Select(cause => cause.Opportunity).Distinct().ToList();
        var streams = (await LogReader.Streams(connection, engine.Store.Types, [.. ids.Select(id => (tenant, id))], long.MaxValue, ct))
            .ToLookup(e => e.StreamId);
        var entries = causes.Select(cause => cause.Event).OfType<Guid>().ToHashSet();
        var cases = new Dictionary<Guid, OpportunityCase>();
        var others = new List<Part>();
        var (next, nextBefore) = (new Dictionary<Guid, DateTimeOffset?>(), new Dictionary<Guid, DateTimeOffset?>());
        foreach (var id in ids)
        {
            var one = OpportunityCase.Of([.. streams[id]], engine.Store.Types);
            var policy = one.Clock.Playbook is { } version && history.Version(version) is { } judging ? Of(judging.Document) : null;
            nextBefore[id] = MarkOpportunity.Next(one.Deal, one.Clock, policy);

            // What a fast clock dated ahead comes first, here as when it is folded.
            var then = one.Known.Newest > now ? one.Known.Newest : now;
            foreach (var action in ActOnEntry.React(
                [.. one.Facts.Select(fact => new OpportunityFact(fact.EventId, (IOpportunityEvent)fact.Data, fact.OccurredAt))], entries,
                    history.Version))
            {
                (one, var parts) = await errands.Do(connection, id, one, action, Of(history.Version(action.Playbook)!.Document), deeds,
                    made, ct);
                others.AddRange(parts);
            }

            foreach (var fact in MarkOpportunity.Decide(one.Deal, one.Clock, policy, then))
            {
                one = await errands.Along(connection, id, one, fact, policy, ct);
            }

            (cases[id], next[id]) = (one, MarkOpportunity.Next(one.Deal, one.Clock, policy));
        }

        return new(rules.Version, cases, [.. await errands.Parts(connection, ct), .. others], next, nextBefore);
    }

    private static StagePolicy Of(PlaybookDocument document) => Made.GetValue(document, static made => StagePolicy.Of(made, Zones.Tzdb));

    private static bool Asks(PlaybookDocument document) => (document.Pipelines ?? []).Any(pipeline =>
        pipeline is { Win.Count: > 0 } or { Paid.Count: > 0 } or { Delivered.Count: > 0 }
        || pipeline.Stages.Any(stage => stage
            is { Entry.Count: > 0 } or { Exit.Count: > 0 } or { Limits.Count: > 0 } or { OnEntry.Count: > 0 }));

    private JsonArray Trial(OpportunityCase decided) => new([.. decided.New.Select(one => (JsonNode)new JsonObject
    {
        ["type"] = engine.Store.Types.AliasOf(one.Fact),
        ["data"] = JsonSerializer.SerializeToNode(one.Fact, one.Fact.GetType(), AnswerJson.Options)
    })]);

    /// <summary>What is to be written, and when what was looked at is to be looked at next: when that is written, and when it is
    /// not.</summary>
    private sealed record Plan(
        long Playbook, IReadOnlyDictionary<Guid, OpportunityCase> Cases, IReadOnlyList<Part> Errands,
        IReadOnlyDictionary<Guid, DateTimeOffset?> Next, IReadOnlyDictionary<Guid, DateTimeOffset?> NextBefore)
    {
        public IEnumerable<KeyValuePair<Guid, OpportunityCase>> Decided => Cases.Where(one => one.Value.New.Count > 0);

        public bool IsAny => Decided.Any();
    }
}
