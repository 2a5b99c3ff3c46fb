using Crm.EventStore.ReadModels;
using Crm.Projections;
using Crm.Projections.Activities;
using Npgsql;

namespace Crm.Api.Customers.Overview;

/// <summary>Touches of some records, the newest first, as of any moment.</summary>
internal static class CustomerTouches
{
    // The history of a record, read by when what was done, is all that was done: of each the newest are looked at, and no more.
    private static readonly string Sql = $"""
        select h.fact_id, h.at, h.record, h.record_id, h.kind, h.is_ours, h.seconds, h.rep
        from unnest($2) own (record_id) cross join lateral (
            select * from {ModelTables.Of(Catalog.Activity).History} s
            where s.tenant_id = $1 and s.record_id = own.record_id and s.at < $3 and ($5::timestamptz is null or s.at <= $5)
              and s.from_position <= $4 and (s.to_position is null or s.to_position > $4) and s.is_there
              and s.deed = '{ActivityBoard.Touch}'
              and ($5 is null or (s.at, s.fact_id) < ($5, $6))
            order by s.at desc, s.fact_id desc limit $7) h
        order by h.at desc, h.fact_id desc limit $7
        """;

    /// <param name="before">The last that is known already; null for none.</param>
    public static async Task<IReadOnlyList<TouchAnswer>> Of(
        string tenant, IReadOnlyCollection<Guid> records, (DateTimeOffset At, Guid Id)? before, int most, Lens lens,
        NpgsqlConnection connection, long known,
        CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(Sql, connection);
        object?[] values = [tenant, records.ToArray(), lens.Until.ToUniversalTime(), known, before?.At.ToUniversalTime(),
            before?.Id ?? Guid.Empty, most];
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
        }

        var touches = new List<TouchAnswer>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            touches.Add(new(
                reader.GetGuid(0), reader.GetFieldValue<DateTimeOffset>(1), reader.GetString(2), reader.GetGuid(3), reader.GetString(4),
                reader.GetBoolean(5),
                reader.GetInt32(6), reader.IsDBNull(7) ? null : reader.GetString(7)));
        }

        return touches;
    }
}
