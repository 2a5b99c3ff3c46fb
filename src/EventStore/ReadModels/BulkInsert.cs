using Npgsql;
using NpgsqlTypes;

namespace Crm.EventStore.ReadModels;

/// <param name="Value">What an item has for this column.</param>
internal sealed record BulkColumn<T>(string Name, SqlType Type, Func<T, object?> Value)
{
    public static BulkColumn<T> Of<TValue>(string name, Func<T, TValue> value) => new(name, SqlType.Of(Nullable.GetUnderlyingType(typeof(TValue)) ?? typeof(TValue)), item => value(item));
}

/// <summary>Adds many rows to a table at once: as one statement of a batch, or by COPY where there are more than should be in memory twice.</summary>
internal sealed class BulkInsert<T>(string table, IReadOnlyList<BulkColumn<T>> columns)
{
    private readonly string names = string.Join(", ", columns.Select(c => c.Name));

    private readonly string values = string.Join(", ", columns.Select(c => $"v.{c.Name}::{c.Type.Name}"));

    private readonly string parameters = string.Join(", ", columns.Select((_, i) => $"${i + 1}"));

    /// <param name="onConflict">What to do about rows that are there; by itself the statement fails.</param>
    public NpgsqlBatchCommand Statement(IReadOnlyCollection<T> items, string onConflict = "")
    {
        var statement = new NpgsqlBatchCommand($"insert into {table} as t ({names}) select {values} from unnest({parameters}) as v ({names}) {onConflict}");
        foreach (var column in columns)
        {
            statement.Parameters.Add(new NpgsqlParameter { Value = column.Type.Array(items.Select(column.Value)) });
        }

        return statement;
    }

    // Not awaited value by value: each only goes to a buffer, and there are millions of them.
    public async Task Copy(NpgsqlConnection connection, IEnumerable<T> items, CancellationToken ct)
    {
        await using var copy = await connection.BeginBinaryImportAsync($"copy {table} ({names}) from stdin (format binary)", ct);
        foreach (var item in items)
        {
            copy.StartRow();
            foreach (var column in columns)
            {
                if (column.Value(item) is { } value)
                {
                    column.Type.Put(copy, value);
                }
                else
                {
                    copy.WriteNull();
                }
            }
        }

        await copy.CompleteAsync(ct);
    }
}
