using Crm.EventModel;

namespace Crm.EventStore;

/// <summary>Goes through all streams of a tenant that have events of some types, one after another; never more than one of them is
/// in memory.</summary>
public static class StreamWalk
{
    /// <param name="aliases">The types of events that are read; the others are as if they were not there.</param>
    /// <param name="upTo">The last position that is known.</param>
    /// <param name="make">What becomes of a stream: its events in the order of versions, in a list that is used again; null for
    /// nothing.</param>
    public static Task<IReadOnlyList<T>> Read<T>(
        Store store, string tenant, IReadOnlyCollection<string> aliases, long upTo, Func<IReadOnlyList<Recorded>, T?> make,
            CancellationToken ct)
        where T : class
    {
        const string Sql = $"""
            select {EventRow.Columns} from public.mt_events e
            where tenant_id = $1 and type = any($2) and seq_id <= $3 and not is_archived order by stream_id, version
            """;
        return store.Reader.Read(tenant, Sql, [tenant, aliases.ToArray(), upTo], async reader =>
        {
            var (made, stream) = (new List<T>(), new List<Recorded>());
            while (await reader.ReadAsync(ct))
            {
                var e = EventRow.Read(reader, store.Types);
                if (stream.Count > 0 && stream[0].StreamId != e.StreamId)
                {
                    Take();
                }

                stream.Add(e);
            }

            Take();
            return (IReadOnlyList<T>)made;

            void Take()
            {
                if (stream.Count > 0 && make(stream) is { } one)
                {
                    made.Add(one);
                }

                stream.Clear();
            }
        }, ct);
    }
}
