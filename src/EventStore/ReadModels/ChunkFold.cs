using Crm.EventModel;
using Npgsql;

namespace Crm.EventStore.ReadModels;

/// <summary>
/// Folds a run of streams and writes what comes of them in one transaction. Events come as they lie on the disk, streams interleaved: that reads
/// each page once. A stream in which one does not simply follow is read again by itself, in its order.
/// </summary>
internal sealed class ChunkFold(NpgsqlDataSource database, ModelTables tables, EventTypes types)
{
    private const int ReadAgainAtOnce = 2000;

    private readonly Dictionary<(string Tenant, Guid Stream), StreamDraft> drafts = [];
    private readonly ICollection<LogRow> log = tables.Model.IsSet ? new HashSet<LogRow>() : new List<LogRow>();

    private bool IsLog => tables.Model.IsLog;

    public async Task Run(Chunk chunk, long upTo, CancellationToken ct)
    {
        await Read(chunk, upTo, ct);
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        // Whether the chunk is done and what came of it go back together if PostgreSQL dies.
        await Execute("set local synchronous_commit = off", connection, ct);
        var inserts = tables.Inserts;
        if (IsLog)
        {
            await inserts.Log.Copy(connection, log, ct);
        }
        else
        {
            await inserts.Rows.Copy(connection, drafts.Where(d => d.Value.Fold.Row is not null).Select(d => new KeptRow(d.Key.Tenant, d.Value.Fold)), ct);
        }

        if (tables.Model.KeepsHistory)
        {
            await inserts.History.Copy(connection, drafts.Values.SelectMany(d => d.States), ct);
        }

        foreach (var totals in tables.Model.Totals)
        {
            await inserts.Changes[totals].Copy(
                connection, drafts.SelectMany(d => d.Value.Changes.Where(c => c.Totals == totals).Select(c => new OwnChange(d.Key.Tenant, c))), ct);
        }

        await using var done = new NpgsqlCommand("update crm.rebuild_chunk set done = true where name = $1 and number = $2", connection);
        done.Parameters.AddWithValue(tables.Model.Progress);
        done.Parameters.AddWithValue(chunk.Number);
        await done.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
    }

    private async Task Read(Chunk chunk, long upTo, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        // From the first page to the last, so that each is read once and events come nearly in their order.
        await Execute("set local synchronize_seqscans = off; set local max_parallel_workers_per_gather = 0; set local enable_indexscan = off", connection, ct);
        var skipped = await SkippedEvents.Of(tables.Model, connection, ct);
        var names = NameFilter.Of(tables.Model, types);
        await using (var command = new NpgsqlCommand($"""
            select {EventRow.ColumnsFor(tables.Model)} from public.mt_events e
            where (tenant_id, stream_id) >= ($1, $2) and ($3::text is null or (tenant_id, stream_id) < ($3, $4))
              and seq_id <= $5 and {names.Condition("type", "$6")} and not is_archived
            """, connection) { CommandTimeout = 0 })
        {
            command.Parameters.AddWithValue(chunk.FromTenant);
            command.Parameters.AddWithValue(chunk.FromStream);
            command.Parameters.Add(new NpgsqlParameter { Value = (object?)chunk.ToTenant ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
            command.Parameters.Add(new NpgsqlParameter { Value = (object?)chunk.ToStream ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Uuid });
            command.Parameters.AddWithValue(upTo);
            command.Parameters.AddWithValue(names.Names);
            await foreach (var e in Events(command, skipped, ct))
            {
                Take(e);
            }
        }

        await Execute("set local enable_indexscan = on", connection, ct);
        foreach (var again in drafts.Where(d => d.Value.IsOutOfOrder).Select(d => d.Key).Chunk(ReadAgainAtOnce))
        {
            await ReadAgain(again, upTo, names, skipped, connection, ct);
        }
    }

    private void Take(Recorded e)
    {
        if (IsLog)
        {
            foreach (var row in tables.Given(e))
            {
                log.Add(row);
            }

            return;
        }

        if (!drafts.TryGetValue((e.Tenant, e.StreamId), out var draft))
        {
            drafts.Add((e.Tenant, e.StreamId), draft = new StreamDraft(new StreamFold(tables.Model, tables.Shape, types), tables.Model.KeepsHistory));
        }

        if (!draft.IsOutOfOrder)
        {
            draft.IsOutOfOrder = e.Version <= draft.Fold.Version || !FoldOrder.Follows(e, draft.Fold.Newest, types);
            if (!draft.IsOutOfOrder)
            {
                draft.Take(e);
            }
        }
    }

    private async Task ReadAgain(
        (string Tenant, Guid Stream)[] streams, long upTo, NameFilter names, HashSet<long> skipped, NpgsqlConnection connection, CancellationToken ct)
    {
        foreach (var key in streams)
        {
            var fold = new StreamFold(tables.Model, tables.Shape, types);
            fold.Resume([]);
            drafts[key] = new StreamDraft(fold, tables.Model.KeepsHistory);
        }

        await using var command = new NpgsqlCommand($"""
            select {EventRow.ColumnsFor(tables.Model)} from unnest($1, $2) as s (tenant_id, stream_id)
            join public.mt_events e on e.tenant_id = s.tenant_id and e.stream_id = s.stream_id
            where e.seq_id <= $3 and {names.Condition("e.type", "$4")} and not e.is_archived order by e.seq_id
            """, connection) { CommandTimeout = 0 };
        command.Parameters.AddWithValue(streams.Select(s => s.Tenant).ToArray());
        command.Parameters.AddWithValue(streams.Select(s => s.Stream).ToArray());
        command.Parameters.AddWithValue(upTo);
        command.Parameters.AddWithValue(names.Names);
        await foreach (var e in Events(command, skipped, ct))
        {
            drafts[(e.Tenant, e.StreamId)].Take(e);
        }

        foreach (var key in streams)
        {
            drafts[key].Fold.ForgetStream();
        }
    }

    private async IAsyncEnumerable<Recorded> Events(
        NpgsqlCommand command, HashSet<long> skipped, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            // Skipped may mean that it cannot be read.
            if (!skipped.Contains(reader.GetInt64(0)))
            {
                yield return PoisonEventException.Read(reader, types);
            }
        }
    }

    private static async Task Execute(string sql, NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>What comes of one stream.</summary>
    private sealed class StreamDraft(StreamFold fold, bool keepsHistory)
    {
        private readonly HistoryDraft? history = keepsHistory ? new HistoryDraft() : null;
        private readonly List<TotalChange> changes = [];

        public StreamFold Fold => fold;

        public IReadOnlyList<TotalChange> Changes => changes;

        public IEnumerable<HistoryEntry> States => history?.Opened ?? [];

        /// <summary>One of its events is back-dated, corrects another, or came too early; what follows is left to a second reading.</summary>
        public bool IsOutOfOrder { get; set; }

        public void Take(Recorded e)
        {
            var folded = PoisonEventException.Fold(e, fold.Take);
            changes.AddRange(folded.Changes);
            history?.Take(e, folded);
        }
    }
}
