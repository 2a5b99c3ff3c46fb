using Crm.EventModel;
using Crm.EventStore.ReadModels;
using Crm.Projections;
using Npgsql;

namespace Crm.Api.Automations;

/// <summary>Opens the books of a tenant: counted by read models, from where events are counted on.</summary>
internal static class LeadBookkeeping
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <param name="least">Up to where they have to be at least: read models may be behind.</param>
    /// <exception cref="TimeoutException">They are not, after a while.</exception>
    public static Task<LeadBooks> Open(NpgsqlDataSource database, string tenant, long least, CancellationToken ct) =>
        At(database, least, async (connection, reached) =>
            await Turns(connection, tenant, await Owners(connection, tenant, LeadBooks.Empty with { Position = reached }, ct), ct), ct);

    /// <summary>Leads that the rules were asked about and gave to nobody; at most ten thousand.</summary>
    /// <inheritdoc cref="Open"/>
    public static Task<IReadOnlyList<LeadCause>> Left(NpgsqlDataSource database, string tenant, long least, CancellationToken ct) =>
        At<IReadOnlyList<LeadCause>>(database, least, async (connection, _) =>
        {
            await using var command = new NpgsqlCommand($"""
                select lead_id, crm.clock() from {ModelTables.Of(Catalog.LeadClocks).Rows}
                where tenant_id = $1 and rep is null and left_because is not null and is_captured and not is_closed and not is_merged
                  and not is_flagged
                order by lead_id limit 10000
                """, connection);
            command.Parameters.AddWithValue(tenant);
            await using var reader = await command.ExecuteReaderAsync(ct);
            var left = new List<LeadCause>();
            while (await reader.ReadAsync(ct))
            {
                left.Add(new(reader.GetGuid(0), reader.GetFieldValue<DateTimeOffset>(1), Guid.Empty));
            }

            return left;
        }, ct);

    private static async Task<T> At<T>(NpgsqlDataSource database, long least, Func<NpgsqlConnection, long, Task<T>> read, CancellationToken ct)
    {
        for (var begun = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(begun) < Patience;)
        {
            await using (var connection = await database.OpenConnectionAsync(ct))
            await using (var snapshot = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, ct))
            {
                if (await Reached(connection, ct) is var reached && reached >= least)
                {
                    return await read(connection, reached);
                }
            }

            await Task.Delay(Pause, ct);
        }

        throw new TimeoutException($"{Catalog.LeadClocks.Name} or {Catalog.LeadAssignments.Name} is behind position {least}, or stands still: see the health of read models.");
    }

    private static async Task<long> Reached(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("select coalesce(min(last_seq_id), 0) from public.mt_event_progression where name = any($1) having count(*) = 2", connection);
        command.Parameters.AddWithValue((string[])[Catalog.LeadClocks.Progress, Catalog.LeadAssignments.Progress]);
        return await command.ExecuteScalarAsync(ct) as long? ?? -1;
    }

    private static async Task<LeadBooks> Owners(NpgsqlConnection connection, string tenant, LeadBooks books, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand($"""
            select lead_id, rep from {ModelTables.Of(Catalog.LeadClocks).Rows}
            where tenant_id = $1 and rep is not null and is_captured and not is_closed and not is_merged and not is_flagged
            """, connection);
        command.Parameters.AddWithValue(tenant);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            books = books.Owned(reader.GetGuid(0), reader.GetString(1));
        }

        return books;
    }

    // A model that is ahead of the other knows turns that are counted once more, at the same position.
    private static async Task<LeadBooks> Turns(NpgsqlConnection connection, string tenant, LeadBooks books, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand($"""
            select rule, rep, max(position) from {ModelTables.Of(Catalog.LeadAssignments).Rows} where tenant_id = $1 and rule is not null group by rule, rep
            """, connection);
        command.Parameters.AddWithValue(tenant);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            books = books with { Turns = books.Turns.SetItem((reader.GetString(0), reader.GetString(1)), reader.GetInt64(2)) };
        }

        return books;
    }
}
