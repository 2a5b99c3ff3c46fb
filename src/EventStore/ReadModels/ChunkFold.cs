using Crm.EventModel;
using Npgsql;

namespace Crm.EventStore.ReadModels;

/// <summary>Folds a run of streams, one after the other, and writes what comes of them in one transaction.</summary>
internal sealed class ChunkFold(NpgsqlDataSource database, ModelTables tables, EventTypes types)
{
    private readonly Dictionary<(string Tenant, Guid Stream), StreamFold> folds = [];
    private readonly List<(string Tenant, object Row)> log = [];
    private readonly HistoryDraft history = new();
    private readonly List<(string Tenant, TotalChange Change)> changes = [];

    public async Task Run(Chunk chunk, long upTo, CancellationToken ct)
    {
        var events = await Read(chunk, upTo, ct);
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var writer = new PageWriter(tables, connection);
        if (tables.Model.IsLog)
        {
            await writer.AddLog(log, ct);
        }
        else
        {
            await writer.AddRows(folds, ct);
        }

        if (tables.Model.KeepsHistory)
        {
            await writer.WriteHistory(history.Closed, history.Opened, ct);
        }

        foreach (var totals in tables.Model.Totals)
        {
            await new TotalsWriter(tables, totals, connection).AddChanges([.. changes.Where(c => c.Change.Totals == totals)], ct);
        }

        await using var done = new NpgsqlCommand("update crm.rebuild_chunk set done = true, events = $3 where name = $1 and number = $2", connection);
        done.Parameters.AddWithValue(tables.Model.Progress);
        done.Parameters.AddWithValue(chunk.Number);
        done.Parameters.AddWithValue(events);
        await done.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
    }

    private async Task<long> Read(Chunk chunk, long upTo, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        var skipped = await SkippedEvents.Of(tables.Model, connection, ct);
        var names = NameFilter.Of(tables.Model, types);
        await using var command = new NpgsqlCommand($"""
            select {EventRow.Columns} from public.mt_events
            where (tenant_id, stream_id) >= ($1, $2) and ($3::text is null or (tenant_id, stream_id) < ($3, $4))
              and seq_id <= $5 and {names.Condition("type", "$6")} and not is_archived
            order by tenant_id, stream_id, version
            """, connection) { CommandTimeout = 0 };
        command.Parameters.AddWithValue(chunk.FromTenant);
        command.Parameters.AddWithValue(chunk.FromStream);
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)chunk.ToTenant ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)chunk.ToStream ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Uuid });
        command.Parameters.AddWithValue(upTo);
        command.Parameters.AddWithValue(names.Names);

        long count = 0;
        var stream = new List<Recorded>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            count++;
            if (skipped.Contains(reader.GetInt64(0)))
            {
                continue;                                       // it may be one that cannot be read
            }

            var e = EventRow.Read(reader, types);
            if (stream.Count > 0 && (stream[0].StreamId != e.StreamId || stream[0].Tenant != e.Tenant))
            {
                Fold(stream);
                stream.Clear();
            }

            stream.Add(e);
        }

        if (stream.Count > 0)
        {
            Fold(stream);
        }

        return count;
    }

    private void Fold(List<Recorded> stream)
    {
        if (tables.Model.IsLog)
        {
            log.AddRange(stream.Select(e => (e.Tenant, Row: tables.Model.Fold(null, e))).Where(r => r.Row is not null)!);
            return;
        }

        var fold = new StreamFold(tables.Model, tables.Shape, types);
        var newest = DateTimeOffset.MinValue;
        if (!stream.TrueForAll(e => FoldOrder.Follows(e, newest, types) && (newest = e.OccurredAt) == e.OccurredAt))
        {
            fold.Resume([]);
        }

        var tenant = stream[0].Tenant;
        foreach (var e in stream)
        {
            var folded = fold.Take(e);
            changes.AddRange(folded.Changes.Select(change => (tenant, change)));
            history.Take(e, folded);
        }

        folds.Add((tenant, stream[0].StreamId), fold);
    }
}
