using Crm.EventModel;
using Npgsql;

namespace Crm.EventStore;

/// <summary>
/// Streams of events on PostgreSQL, in Marten's format: append at an expected version, read a stream, read on from a position.
/// Positions rise in the order of commits, so whoever has seen one has seen all below it.
/// </summary>
public sealed class Store : IAsyncDisposable
{
    private readonly Appender appender;
    private readonly Announcer announcer;
    private readonly ClaimReader holders;

    private Store(NpgsqlDataSource database, NpgsqlDataSource readers, NpgsqlDataSource appenders, EventTypes types, StoreSettings settings)
    {
        (Database, Reader, Types, Play) = (database, new TenantReader(readers), types, new Play(database));
        holders = new ClaimReader(Reader);
        announcer = new Announcer(appenders);
        appender = new Appender(appenders, types, committed: Committed, greet: Recognise, settings.Patience);
    }

    /// <summary>Over all tenants.</summary>
    public NpgsqlDataSource Database { get; }

    /// <summary>In the name of one.</summary>
    public TenantReader Reader { get; }

    public EventTypes Types { get; }

    public StoreClock Clock { get; } = new();

    public Play Play { get; }

    /// <summary>Names this store since it was made, restored or promoted: a position of another epoch means nothing here.</summary>
    public string Epoch { get; private set; } = "";

    /// <summary>Raised with the newest position after each commit of this process.</summary>
    public event Action<long>? Appended;

    /// <param name="readers">Connections that may only read, in the name of one tenant; left out, those of the database.</param>
    /// <param name="appenders">Connections that may write events, of all tenants; left out, those of the database.</param>
    /// <exception cref="InvalidOperationException">The database has not been migrated.</exception>
    public static async Task<Store> Open(
        NpgsqlDataSource database, EventTypes types, StoreSettings settings, CancellationToken ct, NpgsqlDataSource? readers = null,
        NpgsqlDataSource? appenders = null)
    {
        if (!await Migrator.IsMigrated(database, ct))
        {
            throw new InvalidOperationException("The database has no event store yet: run the 'migrate' verb first.");
        }

        var store = new Store(database, readers ?? database, appenders ?? database, types, settings);
        await using var connection = await database.OpenConnectionAsync(ct);
        await store.Recognise(connection, ct);
        await store.Head(ct);
        return store;
    }

    /// <summary>Writes all of a request or nothing.</summary>
    /// <exception cref="VersionConflict">A stream has moved on.</exception>
    /// <exception cref="ClaimTaken">Another stream holds a claim.</exception>
    /// <exception cref="KeyReused">The idempotency key stands for another request.</exception>
    /// <exception cref="StreamArchived">A stream takes no more events.</exception>
    /// <exception cref="StoreUnavailable">It is not known whether the request was carried out; repeat it with the same key.</exception>
    public Task<Appended> Append(AppendRequest request, CancellationToken ct) => appender.Append(request, ct);

    /// <summary>The events of a stream in the order of their versions, up to a bound.</summary>
    public async Task<IReadOnlyList<Recorded>> ReadStream(string tenant, Guid stream, ReadBound? bound, CancellationToken ct)
    {
        const string Sql = $"""
            select {EventRow.Columns} from public.mt_events e
            where tenant_id = $1 and stream_id = $2 and version <= $3 and seq_id <= $4 and not is_archived order by version
            """;
        return await Reader.Read(
            tenant, Sql, [tenant, stream, bound?.Version ?? long.MaxValue, bound?.Position ?? long.MaxValue], reader => ReadAll(reader, ct), ct);
    }

    /// <summary>
    /// The events of several streams up to a position, each in the order of its versions. They are to be shown: one that cannot be read comes as an
    /// <see cref="UnknownEvent"/>.
    /// </summary>
    public async Task<IReadOnlyDictionary<Guid, IReadOnlyList<Recorded>>> ReadStreams(
        string tenant, IReadOnlyCollection<Guid> streams, long upTo, CancellationToken ct)
    {
        const string Sql = $"""
            select {EventRow.Columns} from public.mt_events e
            where tenant_id = $1 and stream_id = any($2) and seq_id <= $3 and not is_archived order by stream_id, version
            """;
        var events = await Reader.Read(tenant, Sql, [tenant, streams.ToArray(), upTo], reader => ReadAll(reader, ct, lenient: true), ct);
        return events.GroupBy(e => e.StreamId).ToDictionary(g => g.Key, g => (IReadOnlyList<Recorded>)[.. g]);
    }

    /// <summary>Up to <paramref name="most"/> events after a position, in order, over all streams and tenants.</summary>
    public async Task<IReadOnlyList<Recorded>> ReadOn(long after, int most, CancellationToken ct)
    {
        await using var command = Database.CreateCommand(
            $"select {EventRow.Columns} from public.mt_events e where seq_id > $1 and not is_archived order by seq_id limit $2");
        command.Parameters.AddWithValue(after);
        command.Parameters.AddWithValue(most);
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await ReadAll(reader, ct);
    }

    /// <summary>The version of a stream and when it came to it; null when there is none. Whoever has seen this mark has seen all of the stream.</summary>
    public Task<(long Version, DateTimeOffset At)?> Mark(string tenant, Guid stream, CancellationToken ct) => Reader.One<(long, DateTimeOffset)?>(
        tenant, "select version, timestamp from public.mt_streams where tenant_id = $1 and id = $2", [tenant, stream],
        row => (row.GetInt64(0), row.GetFieldValue<DateTimeOffset>(1)), ct);

    /// <summary>Makes room for the keys of the next days, and forgets those of requests that were sent more than thirty days before a moment.</summary>
    /// <returns>How many spans of days were forgotten.</returns>
    public async Task<int> KeepKeys(DateTimeOffset moment, CancellationToken ct)
    {
        // Rather another time than holding up writes.
        await using var connection = await Database.OpenConnectionAsync(ct);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand("select set_config('lock_timeout', '2s', true)"),
                new NpgsqlBatchCommand("select crm.keep_idempotency($1)") { Parameters = { new NpgsqlParameter { Value = moment.ToUniversalTime() } } }
            }
        };
        await using var reader = await batch.ExecuteReaderAsync(ct);
        await reader.NextResultAsync(ct);
        await reader.ReadAsync(ct);
        return reader.GetInt32(0);
    }

    /// <summary>The tenants that have a stream of a type.</summary>
    public async Task<IReadOnlyList<string>> Tenants(string streamType, CancellationToken ct)
    {
        await using var command = Database.CreateCommand("select distinct tenant_id from public.mt_streams where type = $1 order by 1");
        command.Parameters.AddWithValue(streamType);
        var tenants = new List<string>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            tenants.Add(reader.GetString(0));
        }

        return tenants;
    }

    /// <summary>Whether anything was ever written for a tenant.</summary>
    public Task<bool> Holds(string tenant, CancellationToken ct) => Reader.Read(
        tenant, "select exists (select from public.mt_streams where tenant_id = $1)", [tenant], async reader => await reader.ReadAsync(ct) && reader.GetBoolean(0), ct);

    /// <summary>The ids of all streams of a type.</summary>
    public Task<IReadOnlySet<Guid>> Streams(string tenant, string streamType, CancellationToken ct) => Reader.Read(
        tenant, "select id from public.mt_streams where tenant_id = $1 and type = $2", [tenant, streamType], async reader =>
        {
            var streams = new HashSet<Guid>();
            while (await reader.ReadAsync(ct))
            {
                streams.Add(reader.GetGuid(0));
            }

            return (IReadOnlySet<Guid>)streams;
        }, ct);

    /// <summary>The newest position, and the stamp up to which everything is known.</summary>
    public async Task<(long Position, DateTimeOffset Stamp)> Head(CancellationToken ct)
    {
        var begun = Clock.GetTimestamp();
        await using var command = Database.CreateCommand("select position, stamp, crm.clock() from crm.lane");
        await using var reader = await command.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        Clock.Learn(reader.GetFieldValue<DateTimeOffset>(2), begun);
        return (reader.GetInt64(0), reader.GetFieldValue<DateTimeOffset>(1));
    }

    /// <summary>The last position that was recorded before a moment; 0 when there was none. What was known then is what stands up to it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The moment has not come yet by the database's clock.</exception>
    public async Task<long> PositionAt(DateTimeOffset moment, CancellationToken ct)
    {
        // Past the last stamp, somebody may hold the lane with an older stamp in hand: wait for the lane once.
        await using var command = Database.CreateCommand("""
            select case when $1 > crm.clock() then null
                        when $1 <= (select stamp from crm.lane) then crm.position_at($1)
                        else crm.position_at_after_lane($1) end
            """);
        command.Parameters.AddWithValue(moment.ToUniversalTime());
        return await command.ExecuteScalarAsync(ct) is long position
            ? position
            : throw new ArgumentOutOfRangeException(nameof(moment), "The moment lies in the future.");
    }

    /// <summary>The answer that was given under a key; null when it was not used.</summary>
    /// <exception cref="KeyReused">It stands for another request.</exception>
    public Task<Appended?> Answered(string tenant, IdempotencyKey key, CancellationToken ct) => Reader.One(
        tenant, """
        select fingerprint, status, streams, versions, position, recorded_at from crm.idempotency
        where tenant_id = $1 and scope = $2 and key = $3
        """, [tenant, key.Scope, key.Key], row => row.GetFieldValue<byte[]>(0).AsSpan().SequenceEqual(key.Fingerprint)
            ? new Appended(row.GetInt64(4), row.GetFieldValue<DateTimeOffset>(5), Replayed: true, row.GetInt16(1),
                [.. row.GetFieldValue<Guid[]>(2).Zip(row.GetFieldValue<long[]>(3))])
            : throw new KeyReused(), ct);

    /// <summary>The stream that holds a claim; null when nobody does.</summary>
    public Task<Guid?> Holder(string tenant, string kind, string key, CancellationToken ct) => Reader.One<Guid?>(
        tenant, "select stream_id from crm.claim where tenant_id = $1 and kind = $2 and key = $3", [tenant, kind, key], row => row.GetGuid(0), ct);

    /// <summary>Who holds which of several claims of a tenant; those that nobody holds are left out.</summary>
    public Task<IReadOnlyDictionary<(string Kind, string Key), Guid>> Holders(string tenant, IReadOnlyCollection<(string Kind, string Key)> claims, CancellationToken ct) =>
        holders.Of(tenant, claims, ct);

    public async ValueTask DisposeAsync()
    {
        await appender.DisposeAsync();
        await announcer.DisposeAsync();
    }

    private void Committed(long position)
    {
        Appended?.Invoke(position);
        announcer.Announce();
    }

    // A restore to a point in time or a promotion starts a new timeline; another cluster has another identifier. Either way positions
    // that were handed out may now stand for other events, so the store takes a new name.
    private async Task Recognise(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("""
            update crm.lane set epoch = substr(md5(gen_random_uuid()::text), 1, 8),
                                system_identifier = c.system_identifier, timeline = t.timeline
            from pg_control_system() c, crm.timeline() as t (timeline)
            where lane.system_identifier <> c.system_identifier or lane.timeline <> t.timeline;
            select epoch from crm.lane;
            """, connection);
        Epoch = (string)(await command.ExecuteScalarAsync(ct))!;
    }

    private async Task<IReadOnlyList<Recorded>> ReadAll(NpgsqlDataReader reader, CancellationToken ct, bool lenient = false)
    {
        var events = new List<Recorded>();
        while (await reader.ReadAsync(ct))
        {
            events.Add(EventRow.Read(reader, Types, lenient));
        }

        return events;
    }
}

/// <summary>How far into a stream to read.</summary>
public sealed record ReadBound(long? Version = null, long? Position = null);

/// <param name="Patience">How long writes are tried again while PostgreSQL is away.</param>
public sealed record StoreSettings(TimeSpan Patience)
{
    public static readonly StoreSettings Default = new(TimeSpan.FromSeconds(5));
}
