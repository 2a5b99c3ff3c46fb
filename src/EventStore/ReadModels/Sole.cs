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
    public static async Task<Sole?> Try(NpgsqlDataSource database, string name, CancellationToken ct)
    {
        var connection = await database.OpenConnectionAsync(ct);
        try
        {
            await using var command = new NpgsqlCommand("select pg_try_advisory_lock(hashtextextended($1, 0))", connection);
            command.Parameters.AddWithValue(name);
            if ((bool)(await command.ExecuteScalarAsync(ct))!)
            {
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
            // The pool keeps the connection, and with it the lock, so it has to be given back.
            await using var command = new NpgsqlCommand("select pg_advisory_unlock(hashtextextended($1, 0))", Connection);
            command.Parameters.AddWithValue(name);
            await command.ExecuteNonQueryAsync();
        }
        catch (Exception error) when (error is NpgsqlException or InvalidOperationException)
        {
            // The connection is broken: the server has let go of the lock by itself.
        }

        await Connection.DisposeAsync();
    }
}
