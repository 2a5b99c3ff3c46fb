using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Api.Automations;
using Crm.Api.Http;
using Crm.Domain;
using Crm.Domain.MetricAlerts;
using Crm.Domain.Playbooks;
using Crm.Domain.Tasks;
using Crm.EventStore;
using Npgsql;

namespace Crm.Api.MetricAlerts;

/// <summary>One leader's time in the watch over figures: asks each once a day, and days that were missed one after another, as each would have been asked then.</summary>
internal sealed class MetricDuty(Engine engine, MetricReader reader, AutomationTable table, NpgsqlConnection connection) : IDuty
{
    public const string Automation = "watch-metrics";
    public const string Actor = "metric-watch";
    public const string Progress = "automations:metrics";

    private const int PageSize = 500;

    private readonly LogPlace place = new(connection, Progress);
    private readonly MetricDays days = new(connection);
    private readonly string[] types = [.. engine.Store.Types.AliasesOf(typeof(PlaybookPublished))];
    private long position;

    /// <summary>Takes up where the last one stood; the very first begins at the head.</summary>
    public async Task Begin(CancellationToken ct) => position = await place.Open(ct);

    /// <summary>Does what there is to do now.</summary>
    /// <returns>Whether there may be more.</returns>
    public async Task<bool> Step(CancellationToken ct)
    {
        var hasMore = await Follow(ct);
        await TryAgain(ct);
        var now = await days.Now(ct);
        foreach (var (tenant, last) in await days.All(ct))
        {
            hasMore |= await Watch(tenant, last.AddDays(1), now, ct);
        }

        return hasMore;
    }

    // From the day on which a playbook first names figures they are asked.
    private async Task<bool> Follow(CancellationToken ct)
    {
        var (events, seen) = await LogReader.ReadOn(connection, engine.Store.Types, new LogSpan(position, long.MaxValue, [], [], types), PageSize, ct);
        var begun = new List<NpgsqlBatchCommand>();
        foreach (var e in events)
        {
            engine.Playbooks.Forget(e.Tenant);
            if (e.Data is PlaybookPublished { Document.Alerts: not null })
            {
                var zone = engine.Organisations.ZoneOf(await engine.Organisations.Of(e.Tenant, ct));
                begun.Add(MetricDays.Begin(e.Tenant, MetricDays.Of(e.RecordedAt, zone)));
            }
        }

        if (seen > position)
        {
            await place.Advance(position, seen, begun, ct);
            position = seen;
        }

        return events.Count == PageSize;
    }

    private async Task TryAgain(CancellationToken ct)
    {
        foreach (var failure in await AutomationTable.Wanted(connection, Automation, ct))
        {
            var zone = engine.Organisations.ZoneOf(await engine.Organisations.Of(failure.Tenant, ct));
            await Ask(failure.Tenant, MetricDays.Of(failure.DueAt, zone), failure.DueAt, only: failure.Subject, ct);
            await table.Done(failure, ct);
        }
    }

    // By the rules that were in force when the day began: what is published during a day is asked from the next one on.
    private async Task<bool> Watch(string tenant, DateOnly day, DateTimeOffset now, CancellationToken ct)
    {
        var zone = engine.Organisations.ZoneOf(await engine.Organisations.Of(tenant, ct));
        var begin = Moment.OfDay(day).In(zone);
        if (begin > now)
        {
            return false;
        }

        var alerts = (await engine.Playbooks.History(tenant, ct)).PublishedAt(begin)?.Document.Alerts;
        var moment = alerts is null ? begin : MetricDays.At(day, alerts.At, zone);
        if (moment > now)
        {
            return false;
        }

        if (alerts is not null)
        {
            await Ask(tenant, day, moment, only: null, ct);
        }

        await days.Done(tenant, day, ct);
        return true;
    }

    private async Task Ask(string tenant, DateOnly day, DateTimeOffset moment, Guid? only, CancellationToken ct)
    {
        var history = await engine.Playbooks.History(tenant, ct);
        var organisation = await engine.Organisations.Of(tenant, ct);
        var (zone, mode) = (engine.Organisations.ZoneOf(organisation), history.ModeOf(Automation));
        var published = history.PublishedAt(Moment.OfDay(day).In(zone));
        foreach (var rule in mode == AutomationMode.Off ? [] : published?.Document.Alerts?.Rules ?? [])
        {
            var stream = StreamId.From(tenant, MetricAlertDecider.Instance.StreamType, rule.Key);
            if (only is not null && only != stream)
            {
                continue;
            }

            try
            {
                var reading = await reader.Of(tenant, zone, rule, day, moment, ct);
                await Act(tenant, stream, new WatchMetric(rule, reading, TellOfMetric.Of(rule, organisation)), mode, published!.Number, moment, ct);
            }
            catch (Exception error) when (!error.IsPassing())
            {
                // One that cannot be asked keeps no other back.
                await table.Note(new AutomationFailure(
                    tenant, Automation, stream, Cause: null, moment, default, 0, $"{error.GetType().Name}: {error.Message.Split('\n')[0]}", Again: false), ct);
            }
        }
    }

    private async Task Act(string tenant, Guid stream, WatchMetric command, AutomationMode mode, long playbook, DateTimeOffset moment, CancellationToken ct)
    {
        if (mode == AutomationMode.DryRun)
        {
            var (state, _) = await engine.Commands.Latest(MetricAlertDecider.Instance, tenant, stream, ct);
            await Try(tenant, stream, MetricAlertDecider.Decide(state, command), moment, ct);
            return;
        }

        var call = new Call(new Caller(tenant, Actor), OccurredAt: null, IfMatch: null, Key: null, RequestId: null, Source: "automation");
        await engine.Commands.Send(call, async fresh =>
        {
            var (_, known) = await engine.Commands.State(MetricAlertDecider.Instance, tenant, stream, default(IMetricAlertCommand)!, occurredAt: null, ct, fresh);
            var part = Part(MetricAlertDecider.Instance, stream, known, MetricAlertDecider.Decide((MetricAlert)known.State, command));
            return new Decision(known.Version, [part, .. part.Events.OfType<MetricAlertRaised>().SelectMany(said => Alerts(tenant, said, part.EventIds[0]))]);
        }, playbook, ct);
    }

    private async Task Try(string tenant, Guid stream, IReadOnlyList<IMetricAlertEvent> facts, DateTimeOffset moment, CancellationToken ct)
    {
        if (facts.Count > 0)
        {
            await table.Tried(tenant, Automation, [new AutomationTrial(Guid.CreateVersion7(), Automation, stream, Cause: null, moment, new JsonArray([.. facts.Select(fact => (JsonNode)new JsonObject
            {
                ["type"] = engine.Store.Types.AliasOf(fact),
                ["data"] = JsonSerializer.SerializeToNode(fact, fact.GetType(), AnswerJson.Options)
            })]))], ct);
        }
    }

    // Of a rule and a day each is told once.
    private static IEnumerable<Part> Alerts(string tenant, MetricAlertRaised said, Guid cause) => said.Told.Select(member =>
    {
        var command = new RaiseAlert(member, TellOfMetric.Kind, said.Severity, new AlertCause(Automation, cause), Params: TellOfMetric.Params(said));
        var nothing = new Known(Alert.None, 0, LastEvent: null, DateTimeOffset.MinValue);
        return Part(AlertDecider.Instance, StreamId.From(tenant, "alert", $"{TellOfMetric.Kind} {said.Rule} {said.Day:yyyy-MM-dd} {member}"), nothing, AlertDecider.Decide(Alert.None, command));
    });

    private static Part Part<TState, TCommand, TEvent>(Decider<TState, TCommand, TEvent> decider, Guid stream, Known known, IReadOnlyList<TEvent> facts)
        where TState : class where TCommand : notnull where TEvent : notnull =>
        new(stream, decider.StreamType, known, facts.Cast<object>(), (state, e) => decider.Evolve((TState)state, (TEvent)e));
}
