using System.Collections.Concurrent;
using System.Collections.Frozen;
using Crm.EventModel;
using Crm.EventStore;

namespace Crm.Api.Imports;

/// <summary>Reads the streams that an import meets: those that were not there at its start need not be looked for, as the append will tell.</summary>
/// <param name="toldOf">Types of streams of which other rows tell.</param>
internal sealed class StreamReader(Store store, string tenant, IEnumerable<string>? toldOf = null)
{
    private readonly HashSet<Guid> there = [];
    private readonly FrozenSet<string> toldOf = (toldOf ?? []).ToFrozenSet();
    private readonly ConcurrentDictionary<Guid, IReadOnlyList<Recorded>> rehearsed = new();

    public EventTypes Types => store.Types;

    /// <summary>Learns which streams of a type there are.</summary>
    public async Task Learn(string streamType, CancellationToken ct) => there.UnionWith(await store.Streams(tenant, streamType, ct));

    public bool WasThere(Guid? stream) => stream is { } id && there.Contains(id);

    /// <param name="atStart">As of the start: nothing where there was no such stream.</param>
    public async Task<IReadOnlyList<Recorded>> Read(Guid stream, bool atStart, CancellationToken ct)
    {
        var known = atStart && !WasThere(stream) ? [] : await store.ReadStream(tenant, stream, null, ct);
        return known.Count == 0 && rehearsed.TryGetValue(stream, out var said) ? said : known;
    }

    /// <summary>Keeps what a dry run would have written to records of which later rows tell.</summary>
    public void Rehearse(IReadOnlyList<RehearsedFact> facts)
    {
        foreach (var stream in facts.Where(fact => toldOf.Contains(fact.StreamType)).GroupBy(fact => fact.Stream))
        {
            rehearsed[stream.Key] = [.. stream.Select((fact, i) => new Recorded(
                tenant, fact.Stream, i + 1, Position: 0, Guid.CreateVersion7(), EventTypes.AliasOf(fact.Fact.GetType().Name), fact.Fact, fact.OccurredAt, fact.OccurredAt,
                new Metadata(Source: Importer.Source)))];
        }
    }
}
