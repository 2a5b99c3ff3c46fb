using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Api.Automations;
using Crm.Api.Http;
using Crm.Domain;
using Crm.Domain.Access;
using Crm.Domain.Opportunities;
using Crm.Domain.Playbooks;
using Crm.Domain.Tasks;
using Crm.EventModel;
using Crm.EventStore;
using Crm.EventStore.ReadModels;
using Crm.Projections;
using Npgsql;

namespace Crm.Api.FollowUps;

/// <summary>
/// One leader's time in the watch over deals that lie still: of each that came to do so within the last week he opens a task and raises
/// an alert, once for each time that it does. What lay still before the playbook said so, or was told of late, is in the lists and is not told of.
/// </summary>
internal sealed class FollowUpDuty(Engine engine, AutomationTable table, NpgsqlConnection connection) : IDuty
{
    public const string Actor = "follow-up-watch";

    private const int MostAtOnce = 200;

    private static readonly TimeSpan Fresh = TimeSpan.FromDays(7);

    private static readonly string Tenants = $"""
        with recursive tenants as (
            (select tenant_id from {ModelTables.Of(Catalog.Opportunities).Rows} order by tenant_id limit 1)
            union all
            select (select x.tenant_id
                from {ModelTables.Of(Catalog.Opportunities).Rows} x where x.tenant_id > t.tenant_id order by x.tenant_id limit 1)
            from tenants t where t.tenant_id is not null)
        select tenant_id, crm.clock() from tenants where tenant_id is not null
        """;

    private static readonly string Still = $"""
        select r.opportunity_id, r.idle_since from {ModelTables.Of(Catalog.Opportunities).Rows} r
        where r.tenant_id = $1 and r.idle_since > $2 and r.idle_since < $3 and r.pipeline = $4 and r.flag is null
          and (r.rep is not null or r.team is not null)
          and not exists (select from {ModelTables.Of(Catalog.Tasks).Rows} t
                          where t.tenant_id = $1 and t.about_id = r.opportunity_id and t.automation = $5 and t.opened_at > r.idle_since)
          and not exists (select from crm.automation_failure f
                          where f.tenant_id = $1 and f.automation = $5 and f.subject_id = r.opportunity_id and not f.again)
        order by r.idle_since desc limit {MostAtOnce}
        """;

    // What was looked at and lies there still: it was only tried, or its task is not seen yet.
    private readonly Dictionary<(string Tenant, string Pipeline, AutomationMode Mode), HashSet<(Guid, DateTimeOffset)>> seen = [];

    public async Task<bool> Step(CancellationToken ct)
    {
        var wanted = await AutomationTable.Wanted(connection, OfferFollowUp.Automation, ct);
        var (tenants, now) = await All(ct);
        foreach (var tenant in tenants)
        {
            var history = await engine.Playbooks.History(tenant, ct);
            var mode = history.ModeOf(OfferFollowUp.Automation);
            foreach (var pipeline in mode == AutomationMode.Off ? [] : history.At(now).Pipelines.Values
                .Where(one => one.Section?.FollowUp is not null))
            {
                await Look(tenant, pipeline.Key, pipeline.Section!.FollowUp!, history, mode, now, ct);
            }

            // They lay there with the others; what failed again is wanted no more.
            foreach (var failure in mode == AutomationMode.On ? wanted.Where(one => one.Tenant == tenant) : [])
            {
                await table.Done(failure, ct);
            }
        }

        return false;
    }

    private async Task Look(
        string tenant, string pipeline, FollowUpSection section, PlaybookHistory history, AutomationMode mode, DateTimeOffset now,
            CancellationToken ct)
    {
        var span = TimeSpan.FromDays(section.IdleDays);
        var lying = await Lying(tenant, pipeline, now - span - Fresh, now - span, ct);
        var before = seen.GetValueOrDefault((tenant, pipeline, mode), []);
        var known = seen[(tenant, pipeline, mode)] = [.. lying];

        // Those that are to be told of by the rules that were in force when they came to lie still.
        foreach (var (deal, since) in lying
            .Where(one => !before.Contains(one) && history.At(one.Since + span).Road(pipeline)?.FollowUp is not null))
        {
            try
            {
                await Act(tenant, deal, since, section, mode, now, ct);
            }
            catch (Exception error) when (!error.IsPassing())
            {
                // One that cannot be told of keeps no other back, and is new when somebody wants it tried again.
                known.Remove((deal, since));
                await table.Note(new AutomationFailure(
                    tenant, OfferFollowUp.Automation, deal, Cause: null, since + span, default, 0,
                        $"{error.GetType().Name}: {error.Message.Split('\n')[0]}",
                    Again: false), ct);
            }
        }
    }

    private async Task Act(
        string tenant, Guid deal, DateTimeOffset since, FollowUpSection section, AutomationMode mode, DateTimeOffset now,
            CancellationToken ct)
    {
        var stream = await LogReader.Streams(connection, engine.Store.Types, [(tenant, deal)], long.MaxValue, ct);
        var facts = FoldOrder.Of(stream, engine.Store.Types);
        var state = facts.Select(fact => fact.Data).OfType<IOpportunityEvent>().Aggregate(Opportunity.None, Opportunity.Evolve);
        var cause = facts.LastOrDefault(fact => fact.OccurredAt == since)?.EventId;
        if (state.IsClosed || cause is not { } last || OfferFollowUp.Task(deal, state, section, last, now) is not { } task)
        {
            return;                                                          // its row was behind
        }

        var organisation = await engine.Organisations.Of(tenant, ct);
        var alerts = Members(organisation, state.Rep).Select(member => OfferFollowUp.Alert(member, deal, state, section, last, since))
            .ToList();
        if (mode == AutomationMode.DryRun)
        {
            await Try(tenant, deal, last, now, task, alerts, ct);
            return;
        }

        var call = new Call(new Caller(tenant, Actor), OccurredAt: null, IfMatch: null, Key: null, RequestId: null, Source: "automation");
        await engine.Commands.Send(call, async fresh =>
        {
            List<Part> parts = [await Part(TaskDecider.Instance, "task", "", task, TaskDecider.Decide, SalesTask.Evolve, fresh)];
            foreach (var alert in alerts)
            {
                parts.Add(await Part(AlertDecider.Instance, "alert", alert.To, alert, AlertDecider.Decide, Alert.Evolve, fresh));
            }

            return new Decision(0, [.. parts.Where(part => part.Events.Count > 0)]);
        }, playbookVersion: null, ct);

        async Task<Part> Part<TState, TCommand, TEvent>(
            Decider<TState, TCommand, TEvent> decider, string kind, string to, TCommand command, Func<TState, TCommand,
                IReadOnlyList<TEvent>> decide,
            Func<TState, TEvent, TState> evolve, bool fresh) where TState : class where TCommand : notnull where TEvent : notnull
        {
            var id = StreamId.From(tenant, kind, $"{OfferFollowUp.Automation} {deal} {since.UtcTicks} {to}");
            var (_, known) = await engine.Commands.State(decider, tenant, id, command, occurredAt: null, ct, fresh);

            // It is told once, by the rules of the day on which it was.
            IEnumerable<object> events = known.Version > 0 ? [] : decide((TState)known.State, command).Cast<object>();
            return new Part(id, decider.StreamType, known, events, (before, e) => evolve((TState)before, (TEvent)e));
        }
    }

    private async Task Try(
        string tenant, Guid deal, Guid cause, DateTimeOffset at, OpenTask task, IEnumerable<RaiseAlert> alerts, CancellationToken ct)
    {
        IEnumerable<object> facts =
            [.. TaskDecider.Decide(SalesTask.None, task), .. alerts.SelectMany(alert => AlertDecider.Decide(Alert.None, alert))];
        await table.Tried(tenant, OfferFollowUp.Automation,
        [
            new(Guid.CreateVersion7(), OfferFollowUp.Automation, deal, cause, at,
                new JsonArray([.. facts.Select(fact => (JsonNode)new JsonObject
            {
                ["type"] = engine.Store.Types.AliasOf(fact),
                ["data"] = JsonSerializer.SerializeToNode(fact, fact.GetType(), AnswerJson.Options)
            })]))
        ], ct);
    }

    // Whoever may not come in any more is told nothing.
    private static IEnumerable<string> Members(Organisation organisation, string? rep) => rep is null ? [] : organisation.Members
        .Where(one => (one.Value.Rep ?? one.Key) == rep).Select(one => one.Key).Where(member => organisation.Active(member) is not null);

    private async Task<(IReadOnlyList<string> Tenants, DateTimeOffset Now)> All(CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(Tenants, connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var (tenants, now) = (new List<string>(), DateTimeOffset.MinValue);
        while (await reader.ReadAsync(ct))
        {
            tenants.Add(reader.GetString(0));
            now = reader.GetFieldValue<DateTimeOffset>(1);
        }

        return (tenants, now);
    }

    private async Task<IReadOnlyList<(Guid Deal, DateTimeOffset Since)>> Lying(
        string tenant, string pipeline, DateTimeOffset after, DateTimeOffset before, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(Still, connection);
        foreach (var value in (object[])[tenant, after.ToUniversalTime(), before.ToUniversalTime(), pipeline, OfferFollowUp.Automation])
        {
            command.Parameters.AddWithValue(value);
        }

        await using var reader = await command.ExecuteReaderAsync(ct);
        var found = new List<(Guid, DateTimeOffset)>();
        while (await reader.ReadAsync(ct))
        {
            found.Add((reader.GetGuid(0), reader.GetFieldValue<DateTimeOffset>(1)));
        }

        return found;
    }
}
