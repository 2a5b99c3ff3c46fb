using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Api.Automations;
using Crm.Api.Http;
using Crm.Domain.Access;
using Crm.Domain.Approvals;
using Crm.Domain.Playbooks;
using Crm.EventModel;
using Crm.EventStore;
using Crm.EventStore.ReadModels;
using Crm.Projections;
using Npgsql;

namespace Crm.Api.Approvals;

/// <summary>One leader's time in the watch over approvals: what falls due happens, and where somebody left or is away others are
/// asked.</summary>
internal sealed class ApprovalDuty(Engine engine, ApprovalDesk desk, AutomationTable table, NpgsqlConnection connection) : IDuty
{
    public const string Actor = "approval-watch";
    public const string Progress = "automations:approvals";

    private const int PageSize = 500;
    private const int MostDue = 500;

    // Where nothing had to be written the row is behind; should it not be, it is looked at again.
    private static readonly TimeSpan Behind = TimeSpan.FromSeconds(2);
    private static readonly Type[] Triggers = [typeof(MemberSuspended), typeof(ApprovalsDelegated)];

    private readonly LogPlace place = new(connection, Progress);
    private readonly DueStreams dues = new(Catalog.Approvals, ApprovalDesk.Automation);
    private readonly string[] types = [.. Triggers.SelectMany(engine.Store.Types.AliasesOf)];
    private readonly Dictionary<(string, Guid), (long Position, long At)> answered = [];
    private readonly IdleTenants idle = new(engine.Playbooks, ApprovalDesk.Automation);
    private long position;

    /// <summary>Takes up where the last one stood; the very first begins at the head.</summary>
    public async Task Begin(CancellationToken ct) => position = await place.Open(ct);

    /// <summary>Does what there is to do now.</summary>
    /// <returns>Whether there may be more.</returns>
    public async Task<bool> Step(CancellationToken ct)
    {
        foreach (var failure in await AutomationTable.Wanted(connection, ApprovalDesk.Automation, ct))
        {
            await Act(failure.Tenant, failure.Subject, failure.DueAt, terms => new TimeOutApproval(terms), ct);
            await table.Done(failure, ct);
        }

        return await Follow(ct) | await Ring(ct);
    }

    private async Task<bool> Follow(CancellationToken ct)
    {
        var (events, seen) = await LogReader.ReadOn(connection, engine.Store.Types, new LogSpan(position, long.MaxValue, [], [], types),
            PageSize, ct);

        // Whom approvals wait for is known by their rows: those that were asked for before have to be there.
        if (events.Count > 0 && await Reached(ct) < events[^1].Position)
        {
            return false;
        }

        foreach (var e in events)
        {
            engine.Organisations.Forget(e.Tenant);
            engine.ApprovalDelegations.Forget(e.Tenant);
            var member = e.Data switch { MemberSuspended x => x.Member, ApprovalsDelegated x => x.Member, _ => "" };
            foreach (var id in await WaitingFor(e.Tenant, member, ct))
            {
                await Act(e.Tenant, id, e.RecordedAt, terms => new ReviseApprovers(terms), ct);
            }
        }

        if (seen > position)
        {
            await place.Advance(position, seen, [], ct);
            position = seen;
        }

        return events.Count == PageSize;
    }

    private async Task<bool> Ring(CancellationToken ct)
    {
        await idle.Wake(ct);
        var due = await dues.Look(connection, MostDue, idle.All, ct);
        foreach (var gone in answered.Keys.Except(due.Select(one => (one.Tenant, one.Stream)))
            .Where(one => !idle.All.Contains(one.Item1)).ToList())
        {
            answered.Remove(gone);
        }

        var fresh = due.Where(IsFresh).ToList();
        foreach (var one in fresh)
        {
            // A program that nobody asks anything learns nowhere else how late it is.
            await engine.Store.Head(ct);
            await Act(one.Tenant, one.Stream, one.DueAt, terms => new TimeOutApproval(terms), ct);
            answered[(one.Tenant, one.Stream)] = (one.Position, TimeProvider.System.GetTimestamp());
        }

        await idle.Rest(due.Select(one => one.Tenant), ct);
        return fresh.Count > 0;
    }

    private bool IsFresh(DueStream one) => !answered.TryGetValue((one.Tenant, one.Stream), out var last)
        || one.Position > last.Position || TimeProvider.System.GetElapsedTime(last.At) > Behind;

    private async Task Act(string tenant, Guid id, DateTimeOffset at, Func<ApprovalTerms, IApprovalCommand> make, CancellationToken ct)
    {
        var mode = (await engine.Playbooks.History(tenant, ct)).ModeOf(ApprovalDesk.Automation);
        try
        {
            if (mode == AutomationMode.On)
            {
                await desk.Send(id, make,
                    new Call(new Caller(tenant, Actor), OccurredAt: null, IfMatch: null, Key: null, RequestId: null, Source: "automation"),
                    ct);
            }
            else if (mode == AutomationMode.DryRun && !answered.ContainsKey((tenant, id)))
            {
                await Try(tenant, id, at, await desk.Rehearse(tenant, id, make, ct), ct);
            }
        }
        catch (Exception error) when (!error.IsPassing())
        {
            // One that cannot be done keeps no other back.
            await table.Note(new AutomationFailure(
                tenant, ApprovalDesk.Automation, id, Cause: null, at, default, 0, $"{error.GetType().Name}: {error.Message.Split('\n')[0]}",
                    Again: false), ct);
        }
    }

    private async Task Try(string tenant, Guid id, DateTimeOffset at, IReadOnlyList<IApprovalEvent> facts, CancellationToken ct)
    {
        if (facts.Count > 0)
        {
            await table.Tried(tenant, ApprovalDesk.Automation,
                [new AutomationTrial(Guid.CreateVersion7(), ApprovalDesk.Automation, id, Cause: null, at,
                    new JsonArray([.. facts.Select(fact => (JsonNode)new JsonObject
            {
                ["type"] = engine.Store.Types.AliasOf(fact),
                ["data"] = JsonSerializer.SerializeToNode(fact, fact.GetType(), AnswerJson.Options)
            })]))], ct);
        }
    }

    private async Task<long> Reached(CancellationToken ct)
    {
        await using var command =
            new NpgsqlCommand("select coalesce(max(last_seq_id), 0) from public.mt_event_progression where name = $1", connection);
        command.Parameters.AddWithValue(Catalog.Approvals.Progress);
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    private async Task<IReadOnlyList<Guid>> WaitingFor(string tenant, string member, CancellationToken ct)
    {
        var rows = ModelTables.Of(Catalog.Approvals).Rows;
        await using var command = new NpgsqlCommand(
            $"select approval_id from {rows} where tenant_id = $1 and $2 = any(asked) order by approval_id", connection);
        command.Parameters.AddWithValue(tenant);
        command.Parameters.AddWithValue(member);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var ids = new List<Guid>();
        while (await reader.ReadAsync(ct))
        {
            ids.Add(reader.GetGuid(0));
        }

        return ids;
    }
}
