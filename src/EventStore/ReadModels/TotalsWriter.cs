using Crm.EventModel;
using Npgsql;
using NpgsqlTypes;

namespace Crm.EventStore.ReadModels;

/// <summary>Writes what rows add up to, inside the follower's transaction: every change with its two times, and the totals of now.</summary>
internal sealed class TotalsWriter(ModelTables tables, Totals totals, NpgsqlConnection connection)
{
    private readonly RowShape shape = new(totals.GroupType);

    private string Columns => string.Join(", ", shape.Columns.Select(c => c.Name));

    /// <summary>Adds changes, and what they come to.</summary>
    public async Task Write(IReadOnlyList<(string Tenant, TotalChange Change)> changes, CancellationToken ct)
    {
        await AddChanges(changes, ct);

        // What the page comes to, group by group.
        var net = changes.GroupBy(c => (c.Tenant, c.Change.Group))
            .Select(g => (g.Key.Tenant, g.Key.Group, Count: g.Sum(c => c.Change.Count), Amount: g.Sum(c => c.Change.Amount)))
            .Where(g => g.Count != 0 || g.Amount != 0).ToList();
        if (net.Count == 0)
        {
            return;
        }

        var arguments = string.Join(", ", Enumerable.Range(1, shape.Columns.Count + 3).Select(i => $"${i}"));
        await using var add = new NpgsqlCommand($"""
            insert into {tables.TotalsTable(totals)} as t (tenant_id, {Columns}, count, amount)
            select * from unnest({arguments})
            on conflict (tenant_id, {Columns}) do update set count = t.count + excluded.count, amount = t.amount + excluded.amount;
            """, connection);
        add.Parameters.AddWithValue(net.Select(g => g.Tenant).ToArray());
        foreach (var column in shape.Columns)
        {
            add.Parameters.AddWithValue(net.Select(g => (string?)column.Get(g.Group)).ToArray());
        }

        add.Parameters.AddWithValue(net.Select(g => g.Count).ToArray());
        add.Parameters.AddWithValue(net.Select(g => g.Amount).ToArray());
        await add.ExecuteNonQueryAsync(ct);
        await using var leave = new NpgsqlCommand($"delete from {tables.TotalsTable(totals)} where count = 0 and amount = 0", connection);
        await leave.ExecuteNonQueryAsync(ct);
    }

    public async Task AddChanges(IEnumerable<(string Tenant, TotalChange Change)> changes, CancellationToken ct)
    {
        await using var copy = await connection.BeginBinaryImportAsync(
            $"copy {tables.ChangesTable(totals)} (tenant_id, at, position, {Columns}, count, amount) from stdin (format binary)", ct);
        foreach (var (tenant, change) in changes)
        {
            copy.StartRow();
            copy.Write(tenant, NpgsqlDbType.Text);
            copy.Write(change.At.ToUniversalTime(), NpgsqlDbType.TimestampTz);
            copy.Write(change.Position, NpgsqlDbType.Bigint);
            foreach (var column in shape.Columns)
            {
                if (column.Get(change.Group) is { } text)
                {
                    copy.Write((string)text, NpgsqlDbType.Text);
                }
                else
                {
                    copy.WriteNull();
                }
            }

            copy.Write(change.Count, NpgsqlDbType.Bigint);
            copy.Write(change.Amount, NpgsqlDbType.Numeric);
        }

        await copy.CompleteAsync(ct);
    }
}
