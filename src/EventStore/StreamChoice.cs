using System.Globalization;
using Crm.EventModel;

namespace Crm.EventStore;

/// <summary>Some streams of a tenant, whole up to a position: each in the order of its versions, with events of some types alone.</summary>
public static class StreamChoice
{
    /// <summary>These streams.</summary>
    public static Task<IReadOnlyList<IReadOnlyList<Recorded>>> Named(
        Store store, string tenant, IReadOnlyCollection<Guid> streams, IReadOnlyCollection<string> aliases, long upTo, CancellationToken ct) =>
        Read(store, tenant, $"""
            select {EventRow.Columns} from public.mt_events e
            where tenant_id = $1 and stream_id = any($2) and type = any($3) and seq_id <= $4 and not is_archived order by stream_id, version
            """, [tenant, streams.ToArray(), aliases.ToArray(), upTo], ct);

    /// <summary>Those of which something became known in a span of positions that happened before a moment, or may put right what did.</summary>
    /// <param name="right">Of the types those that tell of other times than their own.</param>
    // As text, since others may spell times in their own way: a stream too many is as good.
    public static Task<IReadOnlyList<IReadOnlyList<Recorded>>> Learned(
        Store store, string tenant, DateTimeOffset before, long after, long upTo, IReadOnlyCollection<string> aliases,
        IReadOnlyCollection<string> right, CancellationToken ct) =>
        Read(store, tenant, $"""
            with learned as materialized (
                select distinct stream_id from public.mt_events
                where tenant_id = $1 and seq_id > $2 and seq_id <= $3 and type = any($4) and not is_archived
                    and (type = any($5) or case when headers ->> 'occurredAt' is null then timestamp < $6
                        else right(headers ->> 'occurredAt', 6) <> '+00:00' or left(headers ->> 'occurredAt', 19) <= $7 end))
            select {EventRow.Columns} from learned join public.mt_events e using (stream_id)
            where e.tenant_id = $1 and e.type = any($4) and e.seq_id <= $3 and not e.is_archived order by stream_id, e.version
            """,
            [
                tenant, after, upTo, aliases.ToArray(), right.ToArray(), before.ToUniversalTime(),
                before.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture)
            ], ct);

    private static Task<IReadOnlyList<IReadOnlyList<Recorded>>> Read(
        Store store, string tenant, string sql, IReadOnlyList<object> parameters, CancellationToken ct) =>
        store.Reader.Read(tenant, sql, parameters, async reader =>
        {
            var streams = new List<IReadOnlyList<Recorded>>();
            var stream = new List<Recorded>();
            while (await reader.ReadAsync(ct))
            {
                var e = EventRow.Read(reader, store.Types);
                if (stream.Count > 0 && stream[0].StreamId != e.StreamId)
                {
                    streams.Add(stream);
                    stream = [];
                }

                stream.Add(e);
            }

            return (IReadOnlyList<IReadOnlyList<Recorded>>)(stream.Count == 0 ? streams : [.. streams, stream]);
        }, ct);
}
