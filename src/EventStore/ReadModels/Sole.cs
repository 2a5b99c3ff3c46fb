using Npgsql;

namespace Crm.EventStore.ReadModels;

/// <summary>The right to do something alone among all processes, held by a connection and gone with it.</summary>
public sealed class Sole : IAsyncDisposable
{
    private readonly string name;

    private Sole(NpgsqlConnection connection, string name) => (Connection, this.name) = (connection, name);

    /// <summary>Work done on this connection ends when the right does.</summary>
    public NpgsqlConnection Connection { get; }

    /// <summary>Null when another holds it.</summary>
    /// <param name="useOrLose">
    /// PostgreSQL ends the session when it does nothing for ten seconds, and the next who asks ends one that stopped in the middle of a
    /// statement: a holder that is frozen or cut off would keep others out for ever.
    /// </param>
    public static async Task<Sole?> Try(NpgsqlDataSource database, string name, bool useOrLose, CancellationToken ct)
    {
        var connection = await database.OpenConnectionAsync(ct);
        try
        {
            await using var command = new NpgsqlCommand("select pg_try_advisory_lock(hashtextextended($1, 0))", connection);
            command.Parameters.AddWithValue(name);
            if ((bool)(await command.ExecuteScalarAsync(ct))!)
            {
                if (useOrLose)
                {
                    await using var limit = new NpgsqlCommand("set idle_session_timeout = '10s'; set idle_in_transaction_session_timeout = '10s'", connection);
                    await limit.ExecuteNonQueryAsync(ct);
                }

                return new Sole(connection, name);
            }

            if (useOrLose)
            {
                await EndOneThatStopped(connection, name, ct);
            }
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }

        await connection.DisposeAsync();
        return null;
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            // The pool keeps the connection, and with it the lock, so it has to be given back.
            await using var batch = new NpgsqlBatch(Connection) { Timeout = 2 };
            batch.BatchCommands.Add(new NpgsqlBatchCommand("select pg_advisory_unlock(hashtextextended($1, 0))") { Parameters = { new NpgsqlParameter { Value = name } } });
            batch.BatchCommands.Add(new NpgsqlBatchCommand("reset idle_session_timeout"));
            batch.BatchCommands.Add(new NpgsqlBatchCommand("reset idle_in_transaction_session_timeout"));
            await batch.ExecuteNonQueryAsync();
        }
        catch (Exception error) when (error is NpgsqlException or InvalidOperationException or TimeoutException)
        {
            // The connection is broken: the server has let go of the lock by itself.
        }

        await Connection.DisposeAsync();
    }

    // PostgreSQL counts a session as busy that waits for the rest of a COPY, or for its rows to be taken, so none of its time limits ends it.
    private static async Task EndOneThatStopped(NpgsqlConnection connection, string name, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("""
            select pg_terminate_backend(a.pid)
            from pg_locks l join pg_stat_activity a on a.pid = l.pid
            where l.locktype = 'advisory' and l.granted and l.objsubid = 1
              and l.database = (select oid from pg_database where datname = current_database())
              and ((l.classid::bigint << 32) | l.objid::bigint) = hashtextextended($1, 0)
              and a.state = 'active' and a.wait_event_type = 'Client' and a.state_change < clock_timestamp() - interval '10 seconds'
            """, connection);
        command.Parameters.AddWithValue(name);
        await command.ExecuteNonQueryAsync(ct);
    }
}
