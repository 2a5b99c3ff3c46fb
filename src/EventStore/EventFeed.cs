using Crm.EventModel;
using Crm.EventStore.ReadModels;
using Npgsql;

namespace Crm.EventStore;

/// <summary>
/// A tenant's events in the order of their positions, for those who carry them on. Since positions rise in the order of commits, whoever goes on from
/// where a look ended meets each event once and misses none. A look goes through so many positions at most, whatever matches.
/// </summary>
public sealed class EventFeed(TenantReader reader, EventTypes types)
{
    private const int Span = 20_000;

    private const string Known = """
        select min(coalesce(p.last_seq_id, 0)) from unnest($1::text[]) m (name) left join public.mt_event_progression p on p.name = m.name
        """;

    /// <summary>Up to <paramref name="most"/> events after a position. One that cannot be read comes as an <see cref="UnknownEvent"/>.</summary>
    public Task<Look<Recorded>> Events(string tenant, FeedWanted wanted, long after, int most, CancellationToken ct)
    {
        // The events of one stream are found by its index, however far they lie apart.
        var bounds = new Bounds(after, wanted.Stream is null ? End(after) : long.MaxValue, most);
        var sql = new Statement(tenant);
        var text = $"""
            select {EventRow.Columns} from public.mt_events e
            where {sql.Within(bounds)} and not e.is_archived and {sql.Of(wanted)} order by e.seq_id limit {sql.Add(most)}
            """;
        return Read(tenant, wanted, bounds, sql.Command(text), row => (EventRow.Read(row, types, lenient: true), row.GetInt64(0)), ct);
    }

    /// <summary>One of them; null when there is none, or it is not wanted.</summary>
    public async Task<Recorded?> Event(string tenant, Guid id, FeedWanted wanted, CancellationToken ct)
    {
        var sql = new Statement(tenant);
        var text = $"select {EventRow.Columns} from public.mt_events e where e.tenant_id = $1 and e.id = {sql.Add(id)} and not e.is_archived and {sql.Of(wanted)}";
        var look = await Read(
            tenant, wanted, new Bounds(0, long.MaxValue, 1), sql.Command(text), row => (EventRow.Read(row, types, lenient: true), row.GetInt64(0)), ct);
        return look.Found.SingleOrDefault();
    }

    /// <summary>The streams whose newest event comes after a position, in the order of those events: each once, however often it has changed.</summary>
    public Task<Look<ChangedStream>> Streams(string tenant, FeedWanted wanted, long after, int most, CancellationToken ct)
    {
        var bounds = new Bounds(after, End(after), most);
        var sql = new Statement(tenant);
        var text = $"""
            select e.seq_id, e.stream_id, e.version, e.id, e.type, e.timestamp, s.type, coalesce(s.is_archived, false)
            from public.mt_events e join public.mt_streams s on s.tenant_id = e.tenant_id and s.id = e.stream_id
            where {sql.Within(bounds)} and e.version = s.version and {sql.Of(wanted)} order by e.seq_id limit {sql.Add(most)}
            """;
        return Read(tenant, wanted, bounds, sql.Command(text), row => (new ChangedStream(
            row.GetGuid(1), row.GetInt64(2), row.GetInt64(0), row.GetGuid(3), row.GetString(4), row.GetFieldValue<DateTimeOffset>(5),
            row.IsDBNull(6) ? null : row.GetString(6), row.GetBoolean(7)), row.GetInt64(0)), ct);
    }

    private static long End(long after) => after < long.MaxValue - Span ? after + Span : long.MaxValue;

    private async Task<Look<T>> Read<T>(
        string tenant, FeedWanted wanted, Bounds bounds, NpgsqlBatchCommand found, Func<NpgsqlDataReader, (T One, long Position)> row, CancellationToken ct)
    {
        await using var connection = await reader.Open(ct);
        await using var transaction = wanted.Models.Count > 0 ? await connection.BeginTransactionAsync(ct) : null;
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(TenantReader.InNameOf(tenant));
        if (wanted.Models.Count > 0)
        {
            // Tables that a rebuild puts in place are then there with all their rows, or not yet there at all.
            batch.BatchCommands.Add(new NpgsqlBatchCommand($"lock table {string.Join(", ", wanted.Models.SelectMany(model => ModelTables.Of(model).All))} in access share mode"));
        }

        // First how far it is safe to say that all was seen, then what there is: what is committed in between comes now or later.
        batch.BatchCommands.Add(new NpgsqlBatchCommand($"select l.position, ({Known}) from crm.lane l")
        {
            Parameters = { new NpgsqlParameter { Value = wanted.Progress } }
        });
        batch.BatchCommands.Add(found);

        // The first result is the name; a lock has none.
        await using var rows = await batch.ExecuteReaderAsync(ct);
        await rows.NextResultAsync(ct);
        await rows.ReadAsync(ct);
        var head = rows.GetInt64(0);
        var through = Math.Min(Math.Min(head, bounds.UpTo), rows.IsDBNull(1) ? long.MaxValue : rows.GetInt64(1));
        await rows.NextResultAsync(ct);
        var all = new List<T>();
        var last = bounds.After;
        while (await rows.ReadAsync(ct))
        {
            (var one, last) = row(rows);
            all.Add(one);
        }

        return new Look<T>(all, all.Count == bounds.Most ? last : Math.Max(last, through), head);
    }

    /// <param name="UpTo">A look goes no further than this, whatever it finds.</param>
    private sealed record Bounds(long After, long UpTo, int Most);

    /// <summary>A statement that is being put together; its first parameter is the tenant.</summary>
    private sealed class Statement(string tenant)
    {
        private readonly List<object> parameters = [tenant];

        public string Within(Bounds bounds) => $"e.tenant_id = $1 and e.seq_id > {Add(bounds.After)} and e.seq_id <= {Add(bounds.UpTo)}";

        public string Of(FeedWanted wanted)
        {
            List<string> conditions = [wanted.InSight?.Invoke(Add) ?? "true"];
            if (wanted.Types is { } types)
            {
                conditions.Add($"e.type = any({Add(types.ToArray())})");
            }

            if (wanted.Without.Count > 0)
            {
                conditions.Add($"e.type <> all({Add(wanted.Without.ToArray())})");
            }

            if (wanted.Stream is { } stream)
            {
                conditions.Add($"e.stream_id = {Add(stream)}");
            }

            if (wanted.Models.Count > 0)
            {
                conditions.Add($"e.seq_id <= ({Known.Replace("$1", Add(wanted.Progress))})");
            }

            return string.Join(" and ", conditions);
        }

        public string Add(object value)
        {
            parameters.Add(value);
            return $"${parameters.Count}";
        }

        public NpgsqlBatchCommand Command(string text)
        {
            var command = new NpgsqlBatchCommand(text);
            parameters.ForEach(value => command.Parameters.Add(new NpgsqlParameter { Value = value }));
            return command;
        }
    }
}

/// <summary>Which events a reader wants and may have.</summary>
/// <param name="Types">Only those stored under these names; null for any.</param>
/// <param name="Without">None of those stored under these names.</param>
/// <param name="InSight">A condition in SQL on <c>mt_events e</c>, the tenant being <c>$1</c>; it is given what adds a parameter.</param>
/// <param name="Models">The read models that the condition asks; what they do not show yet has to wait.</param>
public sealed record FeedWanted(
    IReadOnlyList<string>? Types, IReadOnlyList<string> Without, Guid? Stream, Func<Func<object, string>, string>? InSight, IReadOnlyList<ReadModel> Models)
{
    internal string[] Progress => [.. Models.Select(model => model.Progress)];
}

/// <summary>What a look found.</summary>
/// <param name="Through">All up to this position was looked at; go on from here.</param>
/// <param name="Head">The newest position of the store.</param>
public sealed record Look<T>(IReadOnlyList<T> Found, long Through, long Head)
{
    public bool IsAtHead => Through >= Head;
}

/// <summary>A stream and its newest event.</summary>
/// <param name="StreamType">As it was begun; null where its writer did not say.</param>
public sealed record ChangedStream(
    Guid Stream, long Version, long Position, Guid Event, string EventType, DateTimeOffset RecordedAt, string? StreamType, bool IsArchived);
