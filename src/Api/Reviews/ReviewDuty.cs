using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Api.Automations;
using Crm.Api.Http;
using Crm.Api.Imports;
using Crm.Api.Playbooks;
using Crm.Domain;
using Crm.Domain.Opportunities;
using Crm.Domain.Playbooks;
using Crm.Domain.Tasks;
using Crm.EventModel;
using Crm.EventStore;
using Npgsql;

namespace Crm.Api.Reviews;

/// <summary>
/// One leader's time in the watch over deals that are decided: follows the log, and opens a task for each time that one is won or lost,
/// finishes
/// it when it is answered, and cancels it when the deal is reopened.
/// </summary>
internal sealed class ReviewDuty(Engine engine, AutomationTable table, NpgsqlConnection connection) : IDuty
{
    public const string Actor = "review-watch";
    public const string Progress = "automations:reviews";

    private const int PageSize = 500;

    private static readonly Type[] Triggers =
    [
        typeof(OpportunityWon), typeof(OpportunityLost), typeof(OpportunityReopened), typeof(OpportunityReviewed),
            typeof(OpportunityCorrected),
        typeof(PlaybookPublished), typeof(AutomationSwitched)
    ];

    private readonly LogPlace place = new(connection, Progress);
    private readonly string[] types = [.. Triggers.SelectMany(engine.Store.Types.AliasesOf)];
    private long position;

    /// <summary>Takes up where the last one stood; the very first begins at the head.</summary>
    public async Task Begin(CancellationToken ct) => position = await place.Open(ct);

    /// <summary>Does what there is to do now.</summary>
    /// <returns>Whether there may be more.</returns>
    public async Task<bool> Step(CancellationToken ct)
    {
        foreach (var failure in await AutomationTable.Wanted(connection, AskForReview.Automation, ct))
        {
            // What is not done now stays failed.
            if ((await engine.Playbooks.History(failure.Tenant, ct)).ModeOf(AskForReview.Automation) == AutomationMode.On)
            {
                await Look(failure.Tenant, failure.Subject, failure.Cause ?? Guid.Empty, ct);
                await table.Done(failure, ct);
            }
        }

        var (events, seen) = await LogReader
            .ReadOn(connection, engine.Store.Types, new LogSpan(position, long.MaxValue, [], [], types), PageSize, ct);
        foreach (var e in events)
        {
            if (e.Data is IPlaybookEvent)
            {
                engine.Playbooks.Forget(e.Tenant);
            }
            else
            {
                await Look(e.Tenant, e.StreamId, e.EventId, ct);
            }
        }

        if (seen > position)
        {
            await place.Advance(position, seen, [], ct);
            position = seen;
        }

        return events.Count == PageSize;
    }

    private async Task Look(string tenant, Guid deal, Guid cause, CancellationToken ct)
    {
        var history = await engine.Playbooks.History(tenant, ct);
        var mode = history.ModeOf(AskForReview.Automation);
        var stream = await LogReader.Streams(connection, engine.Store.Types, [(tenant, deal)], long.MaxValue, ct);
        if (mode == AutomationMode.Off || stream.FirstOrDefault(e => e.EventId == cause) is not { } said)
        {
            return;
        }

        try
        {
            await Act(tenant, deal, stream, said, history.At(said.RecordedAt), mode, ct);
        }
        catch (Exception error) when (!error.IsPassing())
        {
            // One that cannot be asked about keeps no other back.
            await table.Note(new AutomationFailure(
                tenant, AskForReview.Automation, deal, cause, said.RecordedAt, default, 0,
                    $"{error.GetType().Name}: {error.Message.Split('\n')[0]}",
                Again: false), ct);
        }
    }

    private async Task Act(
        string tenant, Guid deal, IReadOnlyList<Recorded> stream, Recorded cause, Playbook playbook, AutomationMode mode,
            CancellationToken ct)
    {
        var facts = FoldOrder.Of(stream, engine.Store.Types);
        var state = facts.Select(fact => fact.Data).OfType<IOpportunityEvent>().Aggregate(Opportunity.None, Opportunity.Evolve);
        var closings = Closing.Of(Told(stream), Told(facts));

        // What a file tells was decided long ago, and mostly by people who have gone since.
        if (state.Opened is null || (cause.Metadata.Source is Importer.Source or "sample"
            && cause.Data is OpportunityWon or OpportunityLost))
        {
            return;
        }

        if (mode == AutomationMode.DryRun)
        {
            await Try(tenant, deal, cause, AskForReview.React(
                deal, state, closings, cause.EventId, cause.RecordedAt, playbook, Zones.Tzdb, new HashSet<Guid>()), ct);
            return;
        }

        var call = new Call(new Caller(tenant, Actor), OccurredAt: null, IfMatch: null, Key: null, RequestId: null, Source: "automation");
        await engine.Commands.Send(call, async fresh =>
        {
            var tasks = new Dictionary<Guid, Known>();
            foreach (var closing in closings)
            {
                var (_, known) = await engine.Commands.State(
                    TaskDecider.Instance, tenant, TaskOf(tenant, closing.EventId), default(ITaskCommand)!, occurredAt: null, ct, fresh);
                tasks[closing.EventId] = known;
            }

            var open = tasks.Where(one => (SalesTask)one.Value.State is { Opened: not null, IsClosed: false }).Select(one => one.Key)
                .ToHashSet();
            var parts = AskForReview.React(deal, state, closings, cause.EventId, cause.RecordedAt, playbook, Zones.Tzdb, open)
                .Select(one => new Part(
                TaskOf(tenant, one.Closing), TaskDecider.Instance.StreamType, tasks[one.Closing],
                TaskDecider.Decide((SalesTask)tasks[one.Closing].State, one.Command), (task, e) => SalesTask
                    .Evolve((SalesTask)task, (ITaskEvent)e)));
            return new Decision(0, [.. parts.Where(part => part.Events.Count > 0)]);
        }, playbook.Version, ct);
    }

    private async Task Try(
        string tenant, Guid deal, Recorded cause, IEnumerable<(Guid Closing, ITaskCommand Command)> would, CancellationToken ct)
    {
        JsonArray facts =
        [
            .. would.SelectMany(one => TaskDecider.Decide(SalesTask.None, one.Command)).Select(fact => (JsonNode)new JsonObject
            {
                ["type"] = engine.Store.Types.AliasOf(fact),
                ["data"] = JsonSerializer.SerializeToNode(fact, fact.GetType(), AnswerJson.Options)
            })
        ];
        if (facts.Count > 0)
        {
            await table.Tried(
                tenant, AskForReview.Automation,
                [new(Guid.CreateVersion7(), AskForReview.Automation, deal, cause.EventId, cause.RecordedAt, facts)], ct);
        }
    }

    /// <summary>The task of a closing: asked for however often, it is one.</summary>
    private static Guid TaskOf(string tenant, Guid closing) =>
        StreamId.From(tenant, TaskDecider.Instance.StreamType, $"{AskForReview.Automation} {closing}");

    private static IEnumerable<(Guid, IOpportunityEvent)> Told(IEnumerable<Recorded> events) =>
        events.Where(e => e.Data is IOpportunityEvent).Select(e => (e.EventId, (IOpportunityEvent)e.Data));
}
