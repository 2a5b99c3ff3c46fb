using System.Collections.Concurrent;
using Crm.EventStore;
using Crm.EventStore.ReadModels;
using Npgsql;

namespace Crm.Api.Events;

/// <summary>
/// Tells those who wait for events of a tenant that there are new ones, so that nobody asks the database over and over: one look for all of them, when
/// something was appended. It tells no more than that; what there is each reads for himself, with his own rights.
/// </summary>
public sealed class Tail(Engine engine, Wakeup wakeup, ILogger<Tail> log) : BackgroundService
{
    private const int Most = 10_000;

    // Many commits become one look.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    // What a lost notice costs.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, TaskCompletionSource> waiting = new();

    /// <summary>Ends when there may be something new for a tenant; take it before looking for events, wait on it after.</summary>
    public Task Next(string tenant) => waiting.GetOrAdd(tenant, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    protected override async Task ExecuteAsync(CancellationToken stop)
    {
        long? seen = null;
        while (!stop.IsCancellationRequested)
        {
            var next = wakeup.Next;
            (seen, var isMore) = waiting.IsEmpty ? (null, false) : await Look(seen, stop);
            if (isMore)
            {
                continue;
            }

            await next.WaitAsync(Longest, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await Task.Delay(Pause, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // Where nobody knows what was seen, everybody is told to look.
    private async Task<(long? Seen, bool IsMore)> Look(long? seen, CancellationToken stop)
    {
        try
        {
            if (seen is not { } after)
            {
                var (head, _) = await engine.Store.Head(stop);
                Tell([.. waiting.Keys]);
                return (head, false);
            }

            var (through, tenants, isMore) = await NewAfter(after, stop);
            Tell(tenants);
            return (through, isMore);
        }
        catch (Exception error) when (error is NpgsqlException or TimeoutException or OperationCanceledException)
        {
            log.LogDebug("New events could not be looked for: {Reason}", error.Message);
            return (null, false);
        }
    }

    private async Task<(long Through, IReadOnlyList<string> Tenants, bool IsMore)> NewAfter(long after, CancellationToken stop)
    {
        await using var command = engine.Followers.CreateCommand("""
            select max(e.seq_id), array_agg(distinct e.tenant_id), count(*) = $2
            from (select seq_id, tenant_id from public.mt_events where seq_id > $1 order by seq_id limit $2) e
            """);
        command.Parameters.AddWithValue(after);
        command.Parameters.AddWithValue(Most);
        await using var row = await command.ExecuteReaderAsync(stop);
        await row.ReadAsync(stop);
        return row.IsDBNull(0) ? (after, [], false) : (row.GetInt64(0), row.GetFieldValue<string[]>(1), row.GetBoolean(2));
    }

    private void Tell(IReadOnlyList<string> tenants)
    {
        foreach (var tenant in tenants)
        {
            if (waiting.TryRemove(tenant, out var told))
            {
                told.TrySetResult();
            }
        }
    }
}
