using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Api.Automations;
using Crm.Api.Http;
using Crm.Api.MetricAlerts;
using Crm.Api.Playbooks;
using Crm.Domain;
using Crm.Domain.DailyReports;
using Crm.Domain.Playbooks;
using Crm.Domain.Tasks;
using Npgsql;

namespace Crm.Api.DailyReports;

/// <summary>
/// One leader's time in the watch over daily reports: of whomever one was looked for, and is not there when it is due, it is said so, once,
/// with an alert to him and to his superior. Who tells it in the same instant has told it.
/// </summary>
internal sealed class DailyReportDuty(Engine engine, AutomationTable table, NpgsqlConnection connection) : IDuty
{
    public const string Automation = "watch-daily-reports";
    public const string Actor = "daily-report-watch";

    // What was due while no program was there for longer is in the lists, and nobody is told of it but where it is wanted again.
    private static readonly TimeSpan Fresh = TimeSpan.FromHours(12);

    // Days on which everybody was looked at. Should it be forgotten, the reports themselves say who was.
    private readonly HashSet<(string Tenant, DateOnly Day, AutomationMode Mode)> over = [];

    private readonly HashSet<string> troubled = [];

    public async Task<bool> Step(CancellationToken ct)
    {
        var wanted = await AutomationTable.Wanted(connection, Automation, ct);
        over.RemoveWhere(one => wanted.Any(failure => failure.Tenant == one.Tenant));
        var (tenants, now) = await AllTenants.Of(connection, ct);
        foreach (var tenant in tenants)
        {
            try
            {
                await Look(tenant, [.. wanted.Where(one => one.Tenant == tenant)], now, ct);
                troubled.Remove(tenant);
            }
            catch (Exception error) when (!error.IsPassing())
            {
                // One tenant that cannot be looked at stops none of those after it. It is noted once, and again where it is wanted.
                if (troubled.Add(tenant) || wanted.Any(one => one.Tenant == tenant))
                {
                    await Note(tenant, CurrentPlaybook.StreamOf(tenant), now, error, ct);
                }
            }
        }

        over.RemoveWhere(one => one.Day < DateOnly.FromDateTime(now.UtcDateTime).AddDays(-3));

        return false;
    }

    private async Task Look(string tenant, IReadOnlyList<AutomationFailure> wanted, DateTimeOffset now, CancellationToken ct)
    {
        var history = await engine.Playbooks.History(tenant, ct);
        var mode = history.ModeOf(Automation);
        if (mode != AutomationMode.Off && history.Published.Any(one => one.Document.DailyReport?.DueBy is not null))
        {
            await Look(tenant, history, mode, mode == AutomationMode.On ? wanted : [], now, ct);
        }

        // They were looked at with the others; what failed again is wanted no more.
        foreach (var failure in mode == AutomationMode.On ? wanted : [])
        {
            await table.Done(failure, ct);
        }
    }

    private async Task Look(
        string tenant, PlaybookHistory history, AutomationMode mode, IReadOnlyList<AutomationFailure> wanted, DateTimeOffset now,
        CancellationToken ct)
    {
        var organisation = await engine.Organisations.Of(tenant, ct);
        var zone = engine.Organisations.ZoneOf(organisation);
        var today = MetricDays.Of(now, zone);
        var again = wanted.Select(one => one.Subject).ToHashSet();
        foreach (var day in wanted.Select(one => MetricDays.Of(one.DueAt, zone)).Concat([today.AddDays(-1), today]).Distinct())
        {
            var terms = DailyTerms.Of(history, day, zone, now);
            var isFresh = terms.DueAt >= now - Fresh;
            if (terms.DueAt is not { } due || due >= now || (isFresh ? !over.Add((tenant, day, mode)) : again.Count == 0))
            {
                continue;
            }

            var published = history.PublishedAt(due)!;
            var document = published.Document;
            var away = await engine.ApprovalDelegations.Of(tenant, ct);
            foreach (var who in DailyStaff.Expected(document, organisation, away, day, due, Zones.Tzdb)
                .Where(who => isFresh || again.Contains(DailyReportDesk.IdOf(tenant, who.Member, day))))
            {
                await Use(ct);
                var told = DailyStaff.Superior(document, organisation, who.Rep).Except([who.Member]);
                await Look(tenant, new(who.Member, who.Rep, day, due, who.Team, [who.Member, .. told]), mode, published.Number, ct);
            }
        }
    }

    private async Task Look(string tenant, DailyReportMissed missed, AutomationMode mode, long playbook, CancellationToken ct)
    {
        var id = DailyReportDesk.IdOf(tenant, missed.Member, missed.Day);
        try
        {
            if (mode == AutomationMode.DryRun)
            {
                await Try(tenant, id, missed, ct);
                return;
            }

            var call = new Call(
                new Caller(tenant, Actor), OccurredAt: null, IfMatch: null, Key: null, RequestId: null, Source: "automation");
            await engine.Commands.Send(call, async fresh =>
            {
                var (_, known) = await engine.Commands.State(
                    DailyReportDecider.Instance, tenant, id, default(IDailyReportCommand)!, occurredAt: null, ct, fresh);
                var part = Part(DailyReportDecider.Instance, id, known,
                    DailyReportDecider.Decide((DailyReport)known.State, new MissDailyReport(missed)));
                return new Decision(known.Version, [part, .. part.Events.Count > 0 ? Alerts(tenant, id, missed, part.EventIds[0]) : []]);
            }, playbook, ct);
        }
        catch (Exception error) when (!error.IsPassing())
        {
            // One that cannot be told of keeps no other back.
            await Note(tenant, id, missed.DueAt, error, ct);
        }
    }

    private Task Note(string tenant, Guid subject, DateTimeOffset dueAt, Exception error, CancellationToken ct) =>
        table.Note(new AutomationFailure(
            tenant, Automation, subject, Cause: null, dueAt, default, 0, $"{error.GetType().Name}: {error.Message.Split('\n')[0]}",
            Again: false), ct);

    // A right to lead that is not used for long is lost.
    private async Task Use(CancellationToken ct)
    {
        await using var used = new NpgsqlCommand("select 1", connection);
        await used.ExecuteNonQueryAsync(ct);
    }

    private async Task Try(string tenant, Guid id, DailyReportMissed missed, CancellationToken ct)
    {
        var (state, _) = await engine.Commands.Latest(DailyReportDecider.Instance, tenant, id, ct);
        var facts = DailyReportDecider.Decide(state, new MissDailyReport(missed));
        if (facts.Count > 0)
        {
            await table.Tried(tenant, Automation,
            [
                new AutomationTrial(Guid.CreateVersion7(), Automation, id, Cause: null, missed.DueAt,
                    new JsonArray([.. facts.Select(fact => (JsonNode)new JsonObject
                {
                    ["type"] = engine.Store.Types.AliasOf(fact),
                    ["data"] = JsonSerializer.SerializeToNode(fact, fact.GetType(), AnswerJson.Options)
                })]))
            ], ct);
        }
    }

    private static IEnumerable<Part> Alerts(string tenant, Guid id, DailyReportMissed missed, Guid cause) => missed.Told!.Select(to =>
    {
        var (kind, parameters) = TellOfDailyReport.Of(missed, to);
        var command = new RaiseAlert(to, kind, AlertSeverity.Warning, new AlertCause(Automation, cause), Params: parameters);
        var nothing = new Known(Alert.None, 0, LastEvent: null, DateTimeOffset.MinValue);
        return Part(AlertDecider.Instance, StreamId.From(tenant, "alert", $"{kind} {id} {to}"), nothing,
            AlertDecider.Decide(Alert.None, command));
    });

    private static Part Part<TState, TCommand, TEvent>(
        Decider<TState, TCommand, TEvent> decider, Guid stream, Known known, IReadOnlyList<TEvent> facts)
        where TState : class where TCommand : notnull where TEvent : notnull =>
        new(stream, decider.StreamType, known, facts.Cast<object>(), (state, e) => decider.Evolve((TState)state, (TEvent)e));
}
