using Crm.EventModel;
using Crm.EventStore;

namespace Crm.Api.Imports;

/// <summary>Reads the streams that an import meets: those that were not there at its start need not be looked for, as the append will tell.</summary>
internal sealed class StreamReader(Store store, string tenant) : IDisposable
{
    // Each takes a connection, and other programs want some too.
    private const int AtOnce = 16;

    private readonly HashSet<Guid> there = [];
    private readonly SemaphoreSlim turns = new(AtOnce);

    public EventTypes Types => store.Types;

    /// <summary>Learns which streams of a type there are.</summary>
    public async Task Learn(string streamType, CancellationToken ct) => there.UnionWith(await store.Streams(tenant, streamType, ct));

    /// <param name="atStart">As of the start: nothing where there was no such stream.</param>
    public async Task<IReadOnlyList<Recorded>> Read(Guid stream, bool atStart, CancellationToken ct)
    {
        if (atStart && !there.Contains(stream))
        {
            return [];
        }

        await turns.WaitAsync(ct);
        try
        {
            return await store.ReadStream(tenant, stream, null, ct);
        }
        finally
        {
            turns.Release();
        }
    }

    public void Dispose() => turns.Dispose();
}
