using Crm.EventModel;
using Microsoft.Extensions.Caching.Memory;

namespace Crm.Api;

/// <summary>The state of warm streams, so that a command on one reads nothing; the append proves that the state was the right one.</summary>
public sealed class StateCache(long capacity = 100_000) : IDisposable
{
    private readonly MemoryCache cache = new(new MemoryCacheOptions { SizeLimit = capacity });
    private readonly Lock[] gates = [.. Enumerable.Range(0, 64).Select(_ => new Lock())];

    public Known? Get(string tenant, Guid stream) => cache.TryGetValue((tenant, stream), out Known? known) ? known : null;

    /// <summary>Keeps a state unless a newer one is kept already: answers come back in any order.</summary>
    public void Set(string tenant, Guid stream, Known known)
    {
        lock (gates[(uint)stream.GetHashCode() % gates.Length])
        {
            if (Get(tenant, stream)?.Version > known.Version)
            {
                return;
            }

            cache.Set((tenant, stream), known, new MemoryCacheEntryOptions { Size = 1, SlidingExpiration = TimeSpan.FromMinutes(30) });
        }
    }

    public void Evict(string tenant, Guid stream) => cache.Remove((tenant, stream));

    public void Dispose() => cache.Dispose();
}

/// <summary>What a stream came to, and at which version.</summary>
/// <param name="LastEvent">Null for a stream that does not exist.</param>
/// <param name="Newest">When the newest fact occurred; what is dated before is back-dated.</param>
public sealed record Known(object State, long Version, Guid? LastEvent, DateTimeOffset Newest)
{
    /// <summary>When its first fact occurred; null where there is none.</summary>
    public DateTimeOffset? Oldest { get; init; }

    /// <summary>It was never there, or all that was said of it was taken back.</summary>
    public bool IsNothing => Newest == DateTimeOffset.MinValue;

    public static Known Of(IReadOnlyList<Recorded> stream, IReadOnlyList<Recorded> facts, object state) => new(
        state, stream.Count > 0 ? stream[^1].Version : 0, stream.Count > 0 ? stream[^1].EventId : null,
        facts.Count > 0 ? facts[^1].OccurredAt : DateTimeOffset.MinValue)
    { Oldest = facts.Count > 0 ? facts[0].OccurredAt : null };
}
