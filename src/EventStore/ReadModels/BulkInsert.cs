using Npgsql;

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

    /// <param name="except">What to do about rows that are there, which is which of the new rows <c>v</c> to take or what to do on conflict; by itself the statement fails.</param>
    public NpgsqlBatchCommand Statement(IReadOnlyCollection<T> items, string except = "")
    {
        var statement = new NpgsqlBatchCommand($"insert into {table} as t ({names}) select {values} from unnest({parameters}) as v ({names}) {except}");
        foreach (var column in columns)
        {
            statement.Parameters.Add(new NpgsqlParameter { Value = column.Type.Array(items.Select(column.Value)) });
        }

        return statement;
    }

    public async Task Copy(NpgsqlConnection connection, IEnumerable<T> items, CancellationToken ct)
    {
        var rows = await CopyRows.Begin(connection, table, names, ct);
        try
        {
            foreach (var item in items)
            {
                Put(item, rows);
                if (rows.IsFull)
                {
                    await rows.Flush(ct);
                }
            }

            await rows.Complete(ct);
        }
        catch
        {
            // If PostgreSQL has refused the rows there is nothing left to give up; what it said is what counts.
            await rows.Cancel().ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            throw;
        }
    }

    private void Put(T item, CopyRows rows)
    {
        rows.Row(columns.Count);
        foreach (var column in columns)
        {
            if (column.Value(item) is { } value)
            {
                column.Type.Put(rows, value);
            }
            else
            {
                rows.Null();
            }
        }
    }
}
