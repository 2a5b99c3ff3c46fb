using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Api.Automations;
using Crm.Api.Http;
using Crm.Domain;
using Crm.Domain.Commitments;
using Crm.Domain.Playbooks;
using Crm.Domain.Tasks;
using Crm.EventModel;
using Crm.EventStore;
using Npgsql;

namespace Crm.Api.Commitments;

/// <summary>
/// One leader's time in the watch over promises: follows the log, and after each promise and each plan tells those concerned of the
/// clashes that it is part of by then. Whoever was told of one is not told of it again.
/// </summary>
internal sealed class ClashDuty(Engine engine, Clashes clashes, AutomationTable table, NpgsqlConnection connection) : IDuty
{
    public const string Automation = "watch-commitments";
    public const string Actor = "commitment-watch";
    public const string Progress = "automations:commitments";

    private const int PageSize = 500;

    private static readonly Type[] Triggers =
        [typeof(CommitmentMade), typeof(CommitmentMoved), typeof(DeliveryPlanned), typeof(AutomationSwitched)];

    private readonly LogPlace place = new(connection, Progress);
    private readonly string[] types = [.. Triggers.SelectMany(engine.Store.Types.AliasesOf)];
    private long position;

    /// <summary>Takes up where the last one stood; the very first begins at the head.</summary>
    public async Task Begin(CancellationToken ct) => position = await place.Open(ct);

    /// <summary>Does what there is to do now.</summary>
    /// <returns>Whether there may be more.</returns>
    public async Task<bool> Step(CancellationToken ct)
    {
        foreach (var failure in await AutomationTable.Wanted(connection, Automation, ct))
        {
            await Look(failure.Tenant, new(failure.Subject, failure.Cause ?? Guid.Empty, failure.DueAt), position, ct);
            await table.Done(failure, ct);
        }

        var (events, seen) = await LogReader.ReadOn(connection, engine.Store.Types, new LogSpan(position, long.MaxValue, [], [], types),
            PageSize, ct);
        foreach (var e in events)
        {
            if (e.Data is AutomationSwitched)
            {
                engine.Playbooks.Forget(e.Tenant);
            }
            else
            {
                await Look(e.Tenant, new(e.StreamId, e.EventId, e.RecordedAt), e.Position, ct);
            }
        }

        if (seen > position)
        {
            await place.Advance(position, seen, [], ct);
            position = seen;
        }

        return events.Count == PageSize;
    }

    // What came after the cause is looked at by itself: seen here too, it would be told twice.
    private async Task Look(string tenant, Cause cause, long position, CancellationToken ct)
    {
        var mode = (await engine.Playbooks.History(tenant, ct)).ModeOf(Automation);
        if (mode == AutomationMode.Off || await ProductOf(tenant, cause.Subject, ct) is not { } product)
        {
            return;
        }

        try
        {
            var (found, _) = await clashes.Of(tenant, [product], new Lens(AsOf: null, KnownAt: null, position), least: null, ct);
            var notices = found.SelectMany(clash => TellOfClash.React(clash, cause.Subject)).ToList();
            if (notices.Count > 0)
            {
                await Tell(tenant, cause, notices, mode, ct);
            }
        }
        catch (Exception error) when (!error.IsPassing())
        {
            // One that cannot be told keeps no other back.
            await table.Note(new AutomationFailure(
                tenant, Automation, cause.Subject, cause.Event, cause.At, default, 0,
                $"{error.GetType().Name}: {error.Message.Split('\n')[0]}", Again: false), ct);
        }
    }

    private async Task<string?> ProductOf(string tenant, Guid subject, CancellationToken ct) =>
        (await LogReader.Streams(connection, engine.Store.Types, [(tenant, subject)], long.MaxValue, ct)).Select(e => e.Data switch
        {
            CommitmentMade made => made.Product,
            DeliveryPlanned planned => planned.Product,
            _ => null
        }).FirstOrDefault(product => product is not null);

    private async Task Tell(string tenant, Cause cause, IReadOnlyList<ClashNotice> notices, AutomationMode mode, CancellationToken ct)
    {
        var organisation = await engine.Organisations.Of(tenant, ct);
        var alerts = notices.SelectMany(notice => organisation.ActiveMembersOf(notice.Rep).Select(member => (
            Stream: StreamId.From(tenant, "alert", $"{notice.Kind} {notice.Key} {member}"),
            Command: new RaiseAlert(
                member, notice.Kind, AlertSeverity.Warning, new AlertCause(Automation, cause.Event),
                new About(AboutKind.Customer, notice.CustomerId), notice.Params))))
            .DistinctBy(alert => alert.Stream).ToList();
        if (mode == AutomationMode.DryRun)
        {
            var trial = Trial(alerts.Select(one => one.Command));
            await table.Tried(
                tenant, Automation, [new(Guid.CreateVersion7(), Automation, cause.Subject, cause.Event, cause.At, trial)], ct);
            return;
        }

        var call = new Call(new Caller(tenant, Actor), OccurredAt: null, IfMatch: null, Key: null, RequestId: null, Source: "automation");
        await engine.Commands.Send(call, async fresh =>
        {
            var parts = new List<Part>();
            foreach (var (stream, command) in alerts)
            {
                var (_, known) = await engine.Commands.State(AlertDecider.Instance, tenant, stream, default(IAlertCommand)!,
                    occurredAt: null, ct, fresh);
                parts.Add(new(stream, AlertDecider.Instance.StreamType, known, AlertDecider.Decide((Alert)known.State, command),
                    (state, e) => Alert.Evolve((Alert)state, (IAlertEvent)e)));
            }

            return new Decision(0, [.. parts.Where(part => part.Events.Count > 0)]);
        }, playbookVersion: null, ct);
    }

    private JsonArray Trial(IEnumerable<RaiseAlert> commands) =>
        new([.. commands.SelectMany(command => AlertDecider.Decide(Alert.None, command)).Select(Told)]);

    private JsonNode Told(IAlertEvent fact) => new JsonObject
    {
        ["type"] = engine.Store.Types.AliasOf(fact),
        ["data"] = JsonSerializer.SerializeToNode(fact, fact.GetType(), AnswerJson.Options)
    };

    /// <param name="Subject">The promise or the plan.</param>
    private sealed record Cause(Guid Subject, Guid Event, DateTimeOffset At);
}
