using Npgsql;

namespace Crm.EventStore.ReadModels;

/// <summary>The right to do something alone among all processes, held by a connection and gone with it.</summary>
internal sealed class Sole : IAsyncDisposable
{
    private readonly string name;

    private Sole(NpgsqlConnection connection, string name) => (Connection, this.name) = (connection, name);

    /// <summary>Work done on this connection ends when the right does.</summary>
    public NpgsqlConnection Connection { get; }

    /// <summary>Null when another holds it.</summary>
    /// <param name="speaksAlways">Whether a holder that says nothing for ten seconds must be frozen or cut off, and loses the right.</param>
    public static async Task<Sole?> Try(NpgsqlDataSource database, string name, CancellationToken ct, bool speaksAlways = false)
    {
        var connection = await database.OpenConnectionAsync(ct);
        try
        {
            await using var command = new NpgsqlCommand("select pg_try_advisory_lock(hashtextextended($1, 0))", connection);
            command.Parameters.AddWithValue(name);
            if ((bool)(await command.ExecuteScalarAsync(ct))!)
            {
                if (speaksAlways)
                {
                    await using var limit = new NpgsqlCommand("set idle_session_timeout = '10s'; set idle_in_transaction_session_timeout = '10s'", connection);
                    await limit.ExecuteNonQueryAsync(ct);
                }

                return new Sole(connection, name);
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
            // The pool keeps the connection, and with it lock and limits, so they have to be given back.
            await using var command = new NpgsqlCommand("select pg_advisory_unlock(hashtextextended($1, 0))", Connection);
            command.Parameters.AddWithValue(name);
            await command.ExecuteNonQueryAsync();
            await using var reset = new NpgsqlCommand("reset idle_session_timeout; reset idle_in_transaction_session_timeout", Connection);
            await reset.ExecuteNonQueryAsync();
        }
        catch (Exception error) when (error is NpgsqlException or InvalidOperationException)
        {
            // The connection is broken: the server has let go of the lock by itself.
        }

        await Connection.DisposeAsync();
    }
}
