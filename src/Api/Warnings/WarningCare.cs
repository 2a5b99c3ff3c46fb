using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Api.Automations;
using Crm.Api.Http;
using Crm.Api.Opportunities.Care;
using Crm.Domain;
using Crm.Domain.Access;
using Crm.Domain.Opportunities;
using Crm.Domain.Playbooks;
using Crm.Domain.Tasks;
using Crm.Domain.Warnings;
using Crm.Domain.Warnings.Learning;
using Crm.EventModel;
using Crm.EventStore;
using Npgsql;

namespace Crm.Api.Warnings;

/// <summary>
/// Tells people of signs that opportunities may be lost, when these begin. Who is told of what since when makes the alert's id, so each is
/// told once, however often it is looked at.
/// </summary>
internal sealed class WarningCare(Engine engine, AutomationTable table) : IDealCare
{
    public const string Actor = "early-warning";
    public const string Progress = "automations:warnings";
    public const string Due = "crm.warning_due";

    private static readonly OpportunityDues Noted = new(Due, TellOfWarning.Automation);

    public string Automation => TellOfWarning.Automation;

    string IDealCare.Progress => Progress;

    public OpportunityDues Dues => Noted;

    // Of contacts hears ContactDuty, which may have to wait.
    public IReadOnlyList<Type> AlsoHeard => [typeof(IWarningLearningEvent)];

    // Of marks nothing is warned by; who has a deal is asked by rules, and told.
    public IReadOnlyList<Type> Unheard { get; } =
        [typeof(OpportunityMarked), typeof(OpportunityMarkEscalated), typeof(OpportunityMarkCleared), typeof(OpportunityEntryActed)];

    public bool Begins(Recorded e) => e.Data is OpportunityOpened;

    public async Task<AutomationMode?> ModeOf(string tenant, CancellationToken ct)
    {
        var history = await engine.Playbooks.History(tenant, ct);
        return history.Published.Exists(version => version.Document.Warnings is { Rules.Count: > 0 })
            || (await Learning(tenant, ct)).Count > 0 ? history.ModeOf(Automation) : null;
    }

    public async Task<IReadOnlyList<OpportunityCause>?> Causes(
        NpgsqlConnection connection, string tenant, IReadOnlyList<Recorded> events, CancellationToken ct)
    {
        if (await ModeOf(tenant, ct) is null)
        {
            return [];
        }

        // Other rules, and what is learned or accepted, may warn of any of them.
        if (events.Any(e => e.Data is IPlaybookEvent or IWarningLearningEvent))
        {
            var now = engine.Store.Clock.GetUtcNow();
            var all = await engine.Store.Streams(tenant, OpportunityDecider.Instance.StreamType, ct);
            await Dues.Note(engine.Followers, tenant, all.ToDictionary(id => id, _ => (DateTimeOffset?)now), ct);
        }

        return OpportunityCause.Of([.. events.Where(e => e.Data is not IWarningLearningEvent)]);
    }

    public async Task Act(string tenant, IReadOnlyList<OpportunityCause> causes, AutomationMode mode, CancellationToken ct)
    {
        var plan = await Decide(tenant, causes, ct);
        if (mode == AutomationMode.On && plan.Told.Count > 0)
        {
            var call = new Call(
                new Caller(tenant, Actor), OccurredAt: null, IfMatch: null, Key: null, RequestId: null, Source: "automation");
            await engine.Commands.Send(call, async fresh => new Decision(0, await Parts(tenant, plan.Told, fresh, ct)), plan.Playbook, ct);
        }
        else if (mode == AutomationMode.DryRun && plan.Told.Count > 0)
        {
            await Try(tenant, plan.Told, ct);
        }

        // What was not told is still due: it is when the program acts again.
        await Dues.Note(engine.Followers, tenant, mode == AutomationMode.On ? plan.Next : plan.NextBefore, ct);
    }

    private async Task<Plan> Decide(string tenant, IReadOnlyList<OpportunityCause> causes, CancellationToken ct)
    {
        await using var connection = await engine.Followers.OpenConnectionAsync(ct);
        var history = await engine.Playbooks.History(tenant, ct);
        var now = causes.Where(cause => cause.Event is null).Select(cause => cause.At).Append(engine.Store.Clock.GetUtcNow()).Max();
        var (rules, organisation) = (history.At(now), await engine.Organisations.Of(tenant, ct));
        var ids = causes.Select(cause => cause.Opportunity).Distinct().ToList();
        var streams = (await Streams(ids)).ToLookup(e => e.StreamId);
        var deals = ids.ToDictionary(id => id, id => DealStories.FactsOf([.. streams[id]], engine.Store.Types));
        var stories = await DealStories.Of(deals, connection, tenant, engine.Store.Types, async contacts => await Streams(contacts), ct);
        var learning = await Learning(tenant, ct);
        var learned = InUse(now);
        var told = new List<Notice>();
        var next = new Dictionary<Guid, DateTimeOffset?>();
        foreach (var id in ids)
        {
            var (deal, warnings) = (stories[id].Deal, WarningRules.Of(rules.Document) is { } policy
                ? DealWarnings.Of(stories[id], policy) : null);
            next[id] = warnings is null && learned is null
                || stories[id].Open is not [.., { To: var end }] || end < DateTimeOffset.MaxValue ? null
                : Earlier(Earlier(warnings?.NextAfter(now), history.NextAfter(now)), After(now, stories[id]));
            told.AddRange(
                from warning in TellOfWarning.Fit(warnings?.At(now) ?? [], now, at => KeysAt(history, at))
                from member in Whom(deal, warning.Rule.Section.Alert)
                select Notice.Of(
                    tenant, id, deal, member, warning.Rule.Section.Key, warning.Rule.Section.Name, warning.Spell.From,
                    warning.Spell.Behind[^1].EventId));
            if (LearnedSigns.Of(stories[id], learned, now) is [var one, ..] && LearnedSigns.Since(stories[id], learned!) is { } since
                && TellOfWarning.Fits(learned!, since, now, InUse))
            {
                var behind = DealReading.Behind(stories[id], learned!.AgeDays, one.Traits);
                told.AddRange(Whom(deal, alert: null).Select(member => Notice.Of(
                    tenant, id, deal, member, WarningsSection.LearnedKey, LearnedSigns.NameOf(one), since, behind[^1].EventId)));
            }
        }

        var known = (await Streams([.. told.Select(one => one.Stream)])).Select(e => e.StreamId).ToHashSet();
        told.RemoveAll(one => known.Contains(one.Stream));
        var untold = told.GroupBy(one => one.Opportunity).ToDictionary(one => one.Key, one => one.Min(notice => notice.Since));
        return new(rules.Version, told, next, next.ToDictionary(
            one => one.Key, one => untold.TryGetValue(one.Key, out var since) ? since : one.Value));

        IEnumerable<string> Whom(Opportunity deal, IReadOnlyList<Whom>? alert) =>
            TellOfWarning.Whom(deal, alert, rep => Superiors.Above(rules.Document?.Reps ?? [], rep))
                .SelectMany(rep => Members(organisation, rep));

        WarningsLearned? InUse(DateTimeOffset at) => learning.Where(e => e.OccurredAt <= at).Select(e => e.Data)
            .OfType<IWarningLearningEvent>().Aggregate(WarningLearning.None, WarningLearning.Evolve)
            .InUse(history.At(at).Document?.Warnings?.Learned?.Use == true);

        DateTimeOffset? After(DateTimeOffset at, DealStory story) =>
            learned is not null && LearnedSigns.Since(story, learned) is { } since && since > at ? since : null;

        Task<IReadOnlyList<Recorded>> Streams(IReadOnlyCollection<Guid> streams) =>
            LogReader.Streams(connection, engine.Store.Types, [.. streams.Select(id => (tenant, id))], long.MaxValue, ct);
    }

    private async Task<IReadOnlyList<Recorded>> Learning(string tenant, CancellationToken ct) => FoldOrder.Of(
        await engine.Store.ReadStream(tenant, WarningReader.LearningOf(tenant), new ReadBound(), ct), engine.Store.Types);

    private async Task<IReadOnlyList<Part>> Parts(string tenant, IReadOnlyList<Notice> notices, bool fresh, CancellationToken ct)
    {
        var parts = new List<Part>();
        foreach (var notice in notices)
        {
            var (_, known) = await engine.Commands.State(
                AlertDecider.Instance, tenant, notice.Stream, notice.Command, occurredAt: null, ct, fresh);
            if (known.Version == 0)
            {
                parts.Add(new(notice.Stream, AlertDecider.Instance.StreamType, known,
                    AlertDecider.Decide(Alert.None, notice.Command).Cast<object>(),
                    (state, e) => Alert.Evolve((Alert)state, (IAlertEvent)e)));
            }
        }

        return parts;
    }

    private Task Try(string tenant, IReadOnlyList<Notice> notices, CancellationToken ct) => table.Tried(tenant, Automation,
    [
        .. notices.Select(notice => new AutomationTrial(
            Guid.CreateVersion7(), Automation, notice.Opportunity, notice.Command.Cause.EventId, engine.Store.Clock.GetUtcNow(),
            new JsonArray([.. AlertDecider.Decide(Alert.None, notice.Command).Select(fact => (JsonNode)new JsonObject
            {
                ["type"] = engine.Store.Types.AliasOf(fact),
                ["data"] = JsonSerializer.SerializeToNode(fact, fact.GetType(), AnswerJson.Options)
            })])))
    ], ct);

    private static IReadOnlyCollection<string> KeysAt(PlaybookHistory history, DateTimeOffset at) =>
        [.. (history.At(at).Document?.Warnings?.Rules ?? []).Select(rule => rule.Key)];

    // Whoever may not come in any more is told nothing.
    private static IEnumerable<string> Members(Organisation organisation, string rep) => organisation.Members
        .Where(one => (one.Value.Rep ?? one.Key) == rep && organisation.Active(one.Key) is not null).Select(one => one.Key);

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) => one < other || other is null ? one : other;

    private sealed record Notice(Guid Opportunity, DateTimeOffset Since, Guid Stream, RaiseAlert Command)
    {
        public static Notice Of(
            string tenant, Guid id, Opportunity deal, string member, string key, string name, DateTimeOffset since, Guid cause) => new(
            id, since, StreamId.From(tenant, "alert", $"{TellOfWarning.Automation} {id} {key} {since.UtcTicks} {member}"),
            TellOfWarning.Alert(member, id, deal, name, since, cause));
    }

    /// <summary>What is to be told, and when what was looked at is to be looked at next: when that is written, and when it is
    /// not.</summary>
    private sealed record Plan(
        long Playbook, IReadOnlyList<Notice> Told, IReadOnlyDictionary<Guid, DateTimeOffset?> Next,
        IReadOnlyDictionary<Guid, DateTimeOffset?> NextBefore);
}
