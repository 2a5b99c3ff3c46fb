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
    public Task<T> Read<T>(string tenant, string sql, IReadOnlyList<object> parameters, Func<NpgsqlDataReader, Task<T>> read, CancellationToken ct) =>
        Read(InNameOf(tenant), sql, parameters, read, ct);

    /// <summary>One statement that looks rows up by their keys, and goes through no table whatever its plan was made on: that one is kept while the table grows.</summary>
    public Task<T> ReadByKeys<T>(string tenant, string sql, IReadOnlyList<object> parameters, Func<NpgsqlDataReader, Task<T>> read, CancellationToken ct) =>
        Read(ByKeysInNameOf(tenant), sql, parameters, read, ct);

    /// <summary>Its first row as a value; the default when there is none.</summary>
    public Task<T?> One<T>(string tenant, string sql, IReadOnlyList<object> parameters, Func<NpgsqlDataReader, T> row, CancellationToken ct) =>
        Read(tenant, sql, parameters, async reader => await reader.ReadAsync(ct) ? row(reader) : default, ct);

    /// <summary>For several statements: the caller begins a transaction and says there in whose name.</summary>
    public ValueTask<NpgsqlConnection> Open(CancellationToken ct) => database.OpenConnectionAsync(ct);

    /// <summary>Says in whose name the rest of a transaction reads.</summary>
    public static NpgsqlBatchCommand InNameOf(string tenant) => Named("select set_config('app.tenant', $1, true)", tenant);

    internal static NpgsqlBatchCommand ByKeysInNameOf(string tenant) =>
        Named("select set_config('app.tenant', $1, true), set_config('enable_seqscan', 'off', true)", tenant);

    private static NpgsqlBatchCommand Named(string sql, string tenant) => new(sql) { Parameters = { new NpgsqlParameter { Value = tenant } } };

    private async Task<T> Read<T>(
        NpgsqlBatchCommand name, string sql, IReadOnlyList<object> parameters, Func<NpgsqlDataReader, Task<T>> read, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var batch = new NpgsqlBatch(connection);

        // A batch is one transaction, and the name holds as long as that.
        batch.BatchCommands.Add(name);
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
}
