using Crm.EventModel;
using Npgsql;

namespace Crm.EventStore.ReadModels;

/// <summary>
/// Carries new events to one read model, in order and exactly once. Several processes may run one; the holder of the model's advisory lock
/// leads, and a leader that lost its lock without noticing is stopped by the position it would move.
/// </summary>
public sealed class Follower
{
    public const int PageSize = 1000;

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly NpgsqlDataSource database;
    private readonly Projector projector;
    private readonly ModelTables tables;
    private readonly Wakeup wakeup;
    private readonly int pageSize;

    public Follower(NpgsqlDataSource database, ReadModel model, EventTypes types, Wakeup wakeup, int pageSize = PageSize)
    {
        (this.database, this.wakeup, this.pageSize) = (database, wakeup, pageSize);
        tables = ModelTables.Of(model);
        projector = new Projector(tables, types);
    }

    public ReadModel Model => tables.Model;

    /// <summary>Follows until told to end. PostgreSQL may go and come back; nothing but <paramref name="ct"/> ends it.</summary>
    public async Task Run(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await using var connection = await database.OpenConnectionAsync(ct);
                if (await Lead(connection, ct))
                {
                    try
                    {
                        await Follow(connection, ct);
                    }
                    finally
                    {
                        await Resign(connection);
                    }
                }
                else
                {
                    await Task.Delay(Patience, ct);
                }
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error) when (error is NpgsqlException or OvertakenException or TimeoutException or InvalidOperationException)
            {
                await Task.Delay(Patience, ct).ContinueWith(_ => { }, CancellationToken.None);
            }
        }
    }

    /// <summary>Carries all that is committed now, then returns the position reached; for programs that do not stay.</summary>
    public async Task<long> CatchUp(IProgress<long>? progress, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        while (!await Lead(connection, ct))
        {
            // Another process leads: it will do as well.
            var (position, head) = await Standing(connection, ct);
            progress?.Report(position);
            if (position >= head)
            {
                return position;
            }

            await Task.Delay(Poll, ct);
        }

        try
        {
            while (await Step(connection, ct) is { } position)
            {
                progress?.Report(position);
            }

            return (await Standing(connection, ct)).Position;
        }
        finally
        {
            await Resign(connection);
        }
    }

    private async Task Follow(NpgsqlConnection connection, CancellationToken ct)
    {
        while (true)
        {
            var seen = wakeup.Next;
            while (await Step(connection, ct) is not null)
            {
                // More may have come meanwhile.
            }

            await Task.WhenAny(seen, Task.Delay(Poll, ct));
            ct.ThrowIfCancellationRequested();
        }
    }

    // One page. Null when there is nothing to do: at the head, or stopped at an event until an operator has decided.
    private async Task<long?> Step(NpgsqlConnection connection, CancellationToken ct)
    {
        if (await IsStopped(connection, ct))
        {
            return null;
        }

        var (from, head) = await Standing(connection, ct);
        if (from > head)
        {
            await Stop(connection, from, "", $"This read model has seen position {from}, and the store ends at {head}: the store was set back. Rebuild.", ct);
            return null;
        }

        if (from == head)
        {
            return null;
        }

        try
        {
            var page = await projector.Read(connection, from, head, pageSize, ct);
            try
            {
                await projector.Write(connection, page, from, await Skipped(connection, ct), ct);
                return page.Position;
            }
            catch (PoisonEvent poison)
            {
                var before = page.Events.Where(e => e.Position < poison.Position).ToList();
                if (before.Count > 0)
                {
                    await projector.Write(connection, new Page(before, before[^1].Position), from, await Skipped(connection, ct), ct);
                }

                throw;
            }
        }
        catch (PoisonEvent poison)
        {
            if ((await Skipped(connection, ct)).Contains(poison.Position))
            {
                await projector.Write(connection, new Page([], poison.Position), (await Standing(connection, ct)).Position, new HashSet<long>(), ct);
                return poison.Position;
            }

            await Stop(connection, poison.Position, poison.EventType, poison.Message, ct);
            return null;
        }
    }

    private async Task<bool> Lead(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var begin = new NpgsqlCommand(
            "insert into public.mt_event_progression (name, last_seq_id) values ($1, 0) on conflict do nothing", connection);
        begin.Parameters.AddWithValue(Model.Progress);
        await begin.ExecuteNonQueryAsync(ct);
        await using var command = new NpgsqlCommand("select pg_try_advisory_lock(hashtextextended('crm.follow:' || $1, 0))", connection);
        command.Parameters.AddWithValue(Model.Progress);
        if (!(bool)(await command.ExecuteScalarAsync(ct))!)
        {
            return false;
        }

        // A leader that is frozen or cut off keeps its lock without using it. PostgreSQL ends its session, and another leads.
        await using var limit = new NpgsqlCommand("set idle_session_timeout = '10s'; set idle_in_transaction_session_timeout = '10s'", connection);
        await limit.ExecuteNonQueryAsync(ct);
        return true;
    }

    // A session that goes back to its pool would keep the lock there.
    private static async Task Resign(NpgsqlConnection connection)
    {
        try
        {
            await using var command = new NpgsqlCommand(
                "select pg_advisory_unlock_all(); reset idle_session_timeout; reset idle_in_transaction_session_timeout", connection) { CommandTimeout = 2 };
            await command.ExecuteNonQueryAsync(CancellationToken.None);
        }
        catch (Exception error) when (error is NpgsqlException or InvalidOperationException or TimeoutException)
        {
            // The session is gone, and its lock with it.
        }
    }

    private async Task<(long Position, long Head)> Standing(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            "select p.last_seq_id, l.position from public.mt_event_progression p, crm.lane l where p.name = $1", connection);
        command.Parameters.AddWithValue(Model.Progress);
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? (reader.GetInt64(0), reader.GetInt64(1)) : (0, 0);
    }

    private async Task<bool> IsStopped(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("select exists (select from crm.read_model_stop where name = $1)", connection);
        command.Parameters.AddWithValue(Model.Progress);
        return (bool)(await command.ExecuteScalarAsync(ct))!;
    }

    private async Task<HashSet<long>> Skipped(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("select position from crm.read_model_skip where name = $1", connection);
        command.Parameters.AddWithValue(Model.Progress);
        var skipped = new HashSet<long>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            skipped.Add(reader.GetInt64(0));
        }

        return skipped;
    }

    private async Task Stop(NpgsqlConnection connection, long position, string eventType, string error, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("""
            insert into crm.read_model_stop (name, position, event_type, error) values ($1, $2, $3, $4) on conflict do nothing
            """, connection);
        command.Parameters.AddWithValue(Model.Progress);
        command.Parameters.AddWithValue(position);
        command.Parameters.AddWithValue(eventType);
        command.Parameters.AddWithValue(error);
        await command.ExecuteNonQueryAsync(ct);
    }
}
