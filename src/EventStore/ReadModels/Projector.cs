using Crm.EventModel;
using Npgsql;

namespace Crm.EventStore.ReadModels;

/// <summary>Carries one page of events into one read model: read, fold in memory, write set-wise, move the position, in one transaction.</summary>
internal sealed class Projector(ModelTables tables, EventTypes types)
{
    private readonly NameFilter names = NameFilter.Of(tables.Model, types);

    private ReadModel Model => tables.Model;

    /// <summary>The events of interest after a position, and how far they were looked for.</summary>
    /// <exception cref="PoisonEvent">The first of them cannot even be read.</exception>
    public async Task<Page> Read(NpgsqlConnection connection, long after, long upTo, int most, IReadOnlySet<long> skipped, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand($"""
            select {EventRow.Columns} from public.mt_events
            where seq_id > $1 and seq_id <= $2 and {names.Condition("type", "$3")} and not is_archived order by seq_id limit $4
            """, connection);
        command.Parameters.AddWithValue(after);
        command.Parameters.AddWithValue(upTo);
        command.Parameters.AddWithValue(names.Names);
        command.Parameters.AddWithValue(most);
        var events = new List<Recorded>();
        var (rows, last) = (0, after);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            var position = reader.GetInt64(0);
            try
            {
                if (!skipped.Contains(position))
                {
                    events.Add(EventRow.Read(reader, types));
                }
            }
            catch (Exception error) when (error is not NpgsqlException and not OperationCanceledException)
            {
                // What comes before it is folded first; then the model stops at this one.
                return rows == 0 ? throw new PoisonEvent(position, reader.GetString(5), error) : new Page(events, last);
            }

            (rows, last) = (rows + 1, position);
        }

        return new Page(events, rows == most ? last : upTo);
    }

    /// <exception cref="PoisonEvent">An event that this model cannot fold; nothing was written.</exception>
    /// <exception cref="OvertakenException">Another process was faster; nothing was written.</exception>
    public async Task Write(NpgsqlConnection connection, Page page, long from, IReadOnlySet<long> skipped, CancellationToken ct)
    {
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var writer = new PageWriter(tables, connection);
        // Losing the newest page in a crash of PostgreSQL is harmless: position and rows go back together and the page is folded again.
        await using (var relax = new NpgsqlCommand("set local synchronous_commit = off", connection))
        {
            await relax.ExecuteNonQueryAsync(ct);
        }

        await writer.Advance(from, page.Position, ct);
        if (Model.IsLog)
        {
            await writer.AddLog([.. page.Events.Select(e => (e.Tenant, Row: Guard(e, () => Model.Fold(null, e)))).Where(r => r.Row is not null)!], ct);
        }
        else if (page.Events.Count > 0)
        {
            await Fold(writer, connection, page.Events, skipped, ct);
        }

        await transaction.CommitAsync(ct);
    }

    private async Task Fold(PageWriter writer, NpgsqlConnection connection, IReadOnlyList<Recorded> events, IReadOnlySet<long> skipped, CancellationToken ct)
    {
        var streams = events.GroupBy(e => (e.Tenant, e.StreamId)).ToDictionary(g => g.Key, g => g.ToList());
        var folds = await writer.Load(streams.Keys, types, ct);
        foreach (var ((tenant, stream), earlier) in await Earlier(connection, streams, folds, skipped, ct))
        {
            var fold = new StreamFold(Model, tables.Shape, types);
            Guard(streams[(tenant, stream)][0], () => fold.Resume(earlier));
            folds[(tenant, stream)] = fold;
        }

        var history = new HistoryDraft();
        var changes = new List<(string Tenant, TotalChange Change)>();
        foreach (var e in events)
        {
            if (!folds.TryGetValue((e.Tenant, e.StreamId), out var fold))
            {
                folds.Add((e.Tenant, e.StreamId), fold = new StreamFold(Model, tables.Shape, types));
            }

            var folded = Guard(e, () => fold.Take(e));
            changes.AddRange(folded.Changes.Select(change => (e.Tenant, change)));
            history.Take(e, folded);
        }

        await writer.WriteRows(folds, ct);
        if (Model.KeepsHistory)
        {
            await writer.WriteHistory(history.Closed, history.Opened, ct);
        }

        foreach (var totals in Model.Totals)
        {
            await new TotalsWriter(tables, totals, connection).Write([.. changes.Where(c => c.Change.Totals == totals)], ct);
        }
    }

    // The streams that have to be folded from their beginning: a fact is back-dated or corrects another, or no row was kept to go on from.
    private async Task<Dictionary<(string, Guid), List<Recorded>>> Earlier(
        NpgsqlConnection connection, Dictionary<(string Tenant, Guid Stream), List<Recorded>> streams,
        Dictionary<(string, Guid), StreamFold> folds, IReadOnlySet<long> skipped, CancellationToken ct)
    {
        var whole = streams.Where(s => !FollowsThroughout(s.Value, folds.GetValueOrDefault(s.Key))).Select(s => s.Key).ToList();
        var earlier = whole.ToDictionary(key => ((string, Guid))key, _ => new List<Recorded>());
        if (whole.Count == 0)
        {
            return earlier;
        }

        await using var command = new NpgsqlCommand($"""
            select {EventRow.ColumnsOf("e")}
            from unnest($1, $2, $3) as s (tenant_id, stream_id, before)
            join public.mt_events e on e.tenant_id = s.tenant_id and e.stream_id = s.stream_id and e.seq_id < s.before
            where {names.Condition("e.type", "$4")} and not e.is_archived
            order by e.seq_id
            """, connection);
        command.Parameters.AddWithValue(whole.Select(s => s.Tenant).ToArray());
        command.Parameters.AddWithValue(whole.Select(s => s.Stream).ToArray());
        command.Parameters.AddWithValue(whole.Select(s => streams[s][0].Position).ToArray());
        command.Parameters.AddWithValue(names.Names);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            // Skipped may mean that it cannot be read.
            if (!skipped.Contains(reader.GetInt64(0)))
            {
                var e = EventRow.Read(reader, types);
                earlier[(e.Tenant, e.StreamId)].Add(e);
            }
        }

        return earlier;
    }

    private bool FollowsThroughout(List<Recorded> events, StreamFold? fold)
    {
        if (fold is null && events[0].Version != 1)
        {
            return false;
        }

        var newest = fold?.Newest ?? DateTimeOffset.MinValue;
        foreach (var e in events)
        {
            if (!FoldOrder.Follows(e, newest, types))
            {
                return false;
            }

            newest = e.OccurredAt;
        }

        return true;
    }

    private static void Guard(Recorded e, Action fold) => Guard(e, () =>
    {
        fold();
        return true;
    });

    private static T Guard<T>(Recorded e, Func<T> fold)
    {
        try
        {
            return fold();
        }
        catch (Exception error)
        {
            throw new PoisonEvent(e.Position, e.TypeName, error);
        }
    }
}

/// <param name="Position">How far was looked; everything of interest up to there is in the page.</param>
internal sealed record Page(IReadOnlyList<Recorded> Events, long Position);

/// <summary>An event that a read model cannot fold.</summary>
internal sealed class PoisonEvent(long position, string eventType, Exception inner) : Exception(inner.Message, inner)
{
    public long Position => position;

    public string EventType => eventType;
}
