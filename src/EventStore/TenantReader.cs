using Npgsql;

namespace Crm.EventStore;

/// <summary>
/// Reads in the name of one tenant. The database itself holds every row against that name, so a condition that was forgotten shows nothing of
/// others, and a name that was forgotten is an error.
/// </summary>
/// <param name="database">Connections of the role <c>crm_app</c>, which may only read.</param>
public sealed class TenantReader(NpgsqlDataSource database)
{
    /// <summary>One statement, with its parameters in order.</summary>
    public async Task<T> Read<T>(string tenant, string sql, IReadOnlyList<object> parameters, Func<NpgsqlDataReader, Task<T>> read, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var batch = new NpgsqlBatch(connection);

        // A batch is one transaction, and the name holds as long as that.
        batch.BatchCommands.Add(InNameOf(tenant));
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        batch.BatchCommands.Add(command);
        await using var reader = await batch.ExecuteReaderAsync(ct);
        await reader.NextResultAsync(ct);
        return await read(reader);
    }

    /// <summary>Its first row as a value; the default when there is none.</summary>
    public Task<T?> One<T>(string tenant, string sql, IReadOnlyList<object> parameters, Func<NpgsqlDataReader, T> row, CancellationToken ct) =>
        Read(tenant, sql, parameters, async reader => await reader.ReadAsync(ct) ? row(reader) : default, ct);

    /// <summary>For several statements: the caller begins a transaction and says there in whose name.</summary>
    public ValueTask<NpgsqlConnection> Open(CancellationToken ct) => database.OpenConnectionAsync(ct);

    /// <summary>Says in whose name the rest of a transaction reads.</summary>
    public static NpgsqlBatchCommand InNameOf(string tenant) =>
        new("select set_config('app.tenant', $1, true)") { Parameters = { new NpgsqlParameter { Value = tenant } } };
}
