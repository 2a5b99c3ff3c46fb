using Crm.EventModel;
using Crm.EventStore;

namespace Crm.Api.Imports;

/// <summary>Reads the streams that an import meets: those that were not there at its start need not be looked for, as the append will tell.</summary>
internal sealed class StreamReader(Store store, string tenant)
{
    private readonly HashSet<Guid> there = [];

    public EventTypes Types => store.Types;

    /// <summary>Learns which streams of a type there are.</summary>
    public async Task Learn(string streamType, CancellationToken ct) => there.UnionWith(await store.Streams(tenant, streamType, ct));

    public bool WasThere(Guid? stream) => stream is { } id && there.Contains(id);

    /// <param name="atStart">As of the start: nothing where there was no such stream.</param>
    public async Task<IReadOnlyList<Recorded>> Read(Guid stream, bool atStart, CancellationToken ct) =>
        atStart && !WasThere(stream) ? [] : await store.ReadStream(tenant, stream, null, ct);
}
