using Crm.EventModel;
using Npgsql;

namespace Crm.EventStore.ReadModels;

/// <summary>Carries one page of events into one read model: read, fold in memory, write set-wise, move the position, in one transaction.</summary>
internal sealed class Projector(ModelTables tables, EventTypes types)
{
    /// <summary>What a connection has to be told on which pages are written.</summary>
    // Losing the newest page in a crash of PostgreSQL is harmless: position and rows go back together and the page is folded again. And a page looks
    // up some rows by their keys, whatever a plan that was made while the tables were small or unknown thinks of going through them.
    public const string Session = "set synchronous_commit = off; set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off";

    private readonly NameFilter names = NameFilter.Of(tables.Model, types);
    private readonly PageWriter writer = new(tables);

    private ReadModel Model => tables.Model;

    /// <summary>Where the model stands, and the next events of interest: at most so many, up to a position if one is named.</summary>
    public async Task<Outlook> Look(NpgsqlConnection connection, int most, long? upTo, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new NpgsqlBatchCommand("""
            select coalesce(p.last_seq_id, 0), least(l.position, $3), s.name is not null,
                   array(select k.position from crm.read_model_skip k where k.name = $1)
            from crm.lane l
            left join public.mt_event_progression p on p.name = $2
            left join crm.read_model_stop s on s.name = $1
            """)
        { Parameters = { Parameter(Model.Progress), Parameter(tables.Progress), Parameter(upTo ?? long.MaxValue) } });
        batch.BatchCommands.Add(new NpgsqlBatchCommand($"""
            select {EventRow.ColumnsFor(Model)} from public.mt_events e
            where seq_id > (select last_seq_id from public.mt_event_progression where name = $1)
              and seq_id <= (select least(position, $2) from crm.lane) and {names.Condition("type", "$3")} and not is_archived
            order by seq_id limit $4
            """)
        { Parameters = { Parameter(tables.Progress), Parameter(upTo ?? long.MaxValue), Parameter(names.Names), Parameter(most) } });

        await using var reader = await batch.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        var (position, end, stopped, skipped) = (reader.GetInt64(0), reader.GetInt64(1), reader.GetBoolean(2), reader.GetFieldValue<long[]>(3).ToHashSet());
        await reader.NextResultAsync(ct);
        return new Outlook(position, end, stopped, skipped, await ReadPage(reader, position, end, most, skipped, ct));
    }

    /// <summary>Writes what comes of a page.</summary>
    /// <exception cref="PoisonEventException">An event that this model cannot fold; nothing was written.</exception>
    /// <exception cref="OvertakenException">Another process was faster; nothing was written.</exception>
    public async Task Write(NpgsqlConnection connection, Page page, long from, IReadOnlySet<long> skipped, CancellationToken ct)
    {
        var advance = writer.Advance(from, page.Position);
        if (page.Events.Count == 0)
        {
            await Send(connection, [advance], ct);
            MustHaveMoved(advance);
            return;
        }

        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (Model.IsLog)
        {
            await Send(connection, [advance, Model.IsSet ? writer.Members(page.Events) : tables.Inserts.Log.Statement([.. page.Events.SelectMany(tables.Given)])], ct);
            MustHaveMoved(advance);
        }
        else
        {
            await Fold(connection, advance, page.Events, skipped, ct);
        }

        await transaction.CommitAsync(ct);
    }

    private async Task Fold(NpgsqlConnection connection, NpgsqlBatchCommand advance, IReadOnlyList<Recorded> events, IReadOnlySet<long> skipped, CancellationToken ct)
    {
        var streams = events.GroupBy(e => (e.Tenant, e.StreamId)).ToDictionary(g => g.Key, g => g.ToList());
        Dictionary<(string, Guid), StreamFold> folds;
        await using (var load = new NpgsqlBatch(connection) { BatchCommands = { advance, writer.Load(streams.Keys) } })
        {
            await using var reader = await load.ExecuteReaderAsync(ct);
            folds = await writer.Folds(reader, types, ct);
        }

        MustHaveMoved(advance);
        foreach (var ((tenant, stream), earlier) in await Earlier(connection, streams, folds, skipped, ct))
        {
            var fold = new StreamFold(Model, tables.Shape, types);
            PoisonEventException.Fold(streams[(tenant, stream)][0], _ =>
            {
                fold.Resume(earlier);
                return fold;
            });
            folds[(tenant, stream)] = fold;
        }

        var history = new HistoryDraft();
        var changes = new List<OwnChange>();
        foreach (var e in events)
        {
            if (!folds.TryGetValue((e.Tenant, e.StreamId), out var fold))
            {
                folds.Add((e.Tenant, e.StreamId), fold = new StreamFold(Model, tables.Shape, types));
            }

            var folded = PoisonEventException.Fold(e, fold.Take);
            changes.AddRange(folded.Changes.Select(change => new OwnChange(e.Tenant, change)));
            history.Take(e, folded);
        }

        await Send(connection,
        [
            .. writer.Rows(folds), .. Model.KeepsHistory ? writer.History(history) : [],
            .. Model.Totals.SelectMany(totals => writer.Changes(totals, [.. changes.Where(c => c.Change.Totals == totals)]))
        ], ct);
    }

    private async Task<Page> ReadPage(NpgsqlDataReader reader, long after, long end, int most, IReadOnlySet<long> skipped, CancellationToken ct)
    {
        var events = new List<Recorded>();
        var (rows, last) = (0, after);
        while (await reader.ReadAsync(ct) && reader.GetInt64(0) is var position && position <= end)
        {
            try
            {
                if (!skipped.Contains(position))
                {
                    events.Add(PoisonEventException.Read(reader, types));
                }
            }
            catch (PoisonEventException poison)
            {
                // What comes before it is folded first; then the model stops at this one.
                return new Page(events, last) { Unreadable = rows == 0 ? poison : null };
            }

            (rows, last) = (rows + 1, position);
        }

        return new Page(events, rows == most ? last : Math.Max(after, end));
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
            select {EventRow.ColumnsFor(Model)}
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
                var e = PoisonEventException.Read(reader, types);
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

    private void MustHaveMoved(NpgsqlBatchCommand advance)
    {
        if (advance.RecordsAffected != 1)
        {
            throw new OvertakenException(Model.Name);
        }
    }

    private static async Task Send(NpgsqlConnection connection, IEnumerable<NpgsqlBatchCommand> statements, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var statement in statements)
        {
            batch.BatchCommands.Add(statement);
        }

        if (batch.BatchCommands.Count > 0)
        {
            await batch.ExecuteNonQueryAsync(ct);
        }
    }

    private static NpgsqlParameter Parameter<T>(T value) => new NpgsqlParameter<T> { TypedValue = value };
}

/// <param name="Position">How far the model has come.</param>
/// <param name="End">How far it can go now.</param>
/// <param name="Stopped">It waits for an operator, at an event that it cannot fold.</param>
/// <param name="Skipped">Positions that an operator told it to pass over.</param>
internal sealed record Outlook(long Position, long End, bool Stopped, IReadOnlySet<long> Skipped, Page Next);

/// <param name="Position">How far was looked; everything of interest up to there is in the page.</param>
internal sealed record Page(IReadOnlyList<Recorded> Events, long Position)
{
    /// <summary>The first event that would have been in the page cannot even be read.</summary>
    public PoisonEventException? Unreadable { get; init; }
}
