using Crm.EventModel;
using Npgsql;

namespace Crm.EventStore;

/// <summary>
/// Reads events on a connection of the caller's, over all tenants, for those who act on what happened. One that cannot be read comes as an
/// <see cref="UnknownEvent"/>.
/// </summary>
public static class LogReader
{
    /// <summary>Events after a position, oldest first; at most so many, and none beyond the end of the span.</summary>
    /// <param name="upTo">Where the span ends; the newest position where that is nearer.</param>
    /// <returns>What was found, and up to where everything was looked at.</returns>
    public static async Task<(IReadOnlyList<Recorded> Events, long Seen)> ReadOn(
        NpgsqlConnection connection, EventTypes types, LogSpan span, int most, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new NpgsqlBatchCommand("select least(position, $1) from crm.lane") { Parameters = { Of(span.UpTo) } });
        batch.BatchCommands.Add(new NpgsqlBatchCommand($"""
            select {EventRow.Columns} from public.mt_events e
            where seq_id > $1 and seq_id <= $2 and (type = any($3) and tenant_id = any($4) or type = any($5)) and not is_archived
            order by seq_id limit $6
            """)
        { Parameters = { Of(span.After), Of(span.UpTo), Of(span.Types.ToArray()), Of(span.Tenants.ToArray()), Of(span.OfAll.ToArray()), Of(most) } });
        await using var reader = await batch.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        var end = reader.GetInt64(0);
        await reader.NextResultAsync(ct);

        // What was committed between the two statements is left for the next time.
        var events = (await ReadAll(reader, types, ct)).Where(e => e.Position <= end).ToList();
        return (events, events.Count == most ? events[^1].Position : Math.Max(end, span.After));
    }

    /// <summary>The events at these positions, by position; those of streams that were archived are not among them.</summary>
    public static async Task<IReadOnlyDictionary<long, Recorded>> At(NpgsqlConnection connection, EventTypes types, IReadOnlyCollection<long> positions, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            $"select {EventRow.Columns} from public.mt_events e where seq_id = any($1) and not is_archived", connection);
        command.Parameters.Add(Of(positions.ToArray()));
        await using var reader = await command.ExecuteReaderAsync(ct);
        return (await ReadAll(reader, types, ct)).ToDictionary(e => e.Position);
    }

    /// <summary>The events of streams up to a position, each in the order of its versions.</summary>
    public static async Task<IReadOnlyList<Recorded>> Streams(
        NpgsqlConnection connection, EventTypes types, IReadOnlyList<(string Tenant, Guid Stream)> streams, long upTo, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand($"""
            select {EventRow.Columns} from unnest($1, $2) as s (tenant, stream)
            join public.mt_events e on e.tenant_id = s.tenant and e.stream_id = s.stream
            where e.seq_id <= $3 and not e.is_archived order by e.tenant_id, e.stream_id, e.version
            """, connection);
        command.Parameters.Add(Of(streams.Select(s => s.Tenant).ToArray()));
        command.Parameters.Add(Of(streams.Select(s => s.Stream).ToArray()));
        command.Parameters.Add(Of(upTo));
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await ReadAll(reader, types, ct);
    }

    /// <summary>Those of some types only, in the order of their positions.</summary>
    /// <inheritdoc cref="Streams"/>
    /// <param name="most">Of more those that were recorded last: what puts a fact right comes after it, and so comes along.</param>
    public static async Task<IReadOnlyList<Recorded>> OfTypes(
        NpgsqlConnection connection, EventTypes types, string tenant, IReadOnlyCollection<Guid> streams, IReadOnlyCollection<string> aliases,
        long upTo, CancellationToken ct, int most = int.MaxValue)
    {
        await using var command = new NpgsqlCommand($"""
            select * from (
                select {EventRow.Columns} from public.mt_events e
                where e.tenant_id = $1 and e.stream_id = any($2) and e.type = any($3) and e.seq_id <= $4 and not e.is_archived
                order by e.seq_id desc limit $5) newest
            order by seq_id
            """, connection);
        foreach (var value in (object[])[tenant, streams.ToArray(), aliases.ToArray(), upTo, most])
        {
            command.Parameters.AddWithValue(value);
        }

        await using var reader = await command.ExecuteReaderAsync(ct);
        return await ReadAll(reader, types, ct);
    }

    private static async Task<IReadOnlyList<Recorded>> ReadAll(NpgsqlDataReader reader, EventTypes types, CancellationToken ct)
    {
        var events = new List<Recorded>();
        while (await reader.ReadAsync(ct))
        {
            events.Add(EventRow.Read(reader, types, lenient: true));
        }

        return events;
    }

    private static NpgsqlParameter Of(object value) => new() { Value = value };
}

/// <summary>Which events are looked for: after a position and up to another, of these types and tenants.</summary>
/// <param name="OfAll">Types that are wanted of all tenants.</param>
public sealed record LogSpan(long After, long UpTo, IReadOnlyCollection<string> Types, IReadOnlyCollection<string> Tenants, IReadOnlyCollection<string> OfAll);
