using System.Collections.Concurrent;
using Crm.Domain;
using Crm.EventStore;

namespace Crm.Api;

/// <summary>
/// The state of a stream that each tenant has one of, for those who ask all the time. Another process may write to it, so whether it has
/// moved is looked up again when the last look is older than <paramref name="mostAge"/>; what this process writes counts at once.
/// </summary>
public sealed class CurrentState<TState, TCommand, TEvent>(
    Store store, Commands commands, StateCache cache, TimeProvider clock, Decider<TState, TCommand, TEvent> decider, Func<string, Guid> streamOf, TimeSpan mostAge)
    where TState : class where TCommand : notnull where TEvent : notnull
{
    private const int MostTenants = 10_000;

    private readonly ConcurrentDictionary<string, Watched> tenants = new();

    public async Task<TState> Of(string tenant, CancellationToken ct)
    {
        var stream = streamOf(tenant);
        if (tenants.Count > MostTenants)
        {
            tenants.Clear();
        }

        var watched = tenants.GetOrAdd(tenant, _ => new Watched());
        if (Fresh(watched, tenant, stream) is { } known)
        {
            return known;
        }

        // One looks; the others wait for what he sees.
        await watched.Turn.WaitAsync(ct);
        try
        {
            return Fresh(watched, tenant, stream) ?? await Look(watched, tenant, stream, ct);
        }
        finally
        {
            watched.Turn.Release();
        }
    }

    /// <summary>Looks anew the next time, however fresh what was seen is: somebody knows that it has moved.</summary>
    public void Forget(string tenant)
    {
        if (tenants.TryGetValue(tenant, out var watched))
        {
            watched.Seen = null;
        }
    }

    // A look takes away what was seen before it empties the cache: whoever finds the cache empty finds that too.
    private TState? Fresh(Watched watched, string tenant, Guid stream) =>
        watched.Seen is { } seen && clock.GetElapsedTime(seen.At) < mostAge
            && !(cache.Get(tenant, stream)?.Version > seen.Version) && ReferenceEquals(watched.Seen, seen)
            ? seen.State
            : null;

    private async Task<TState> Look(Watched watched, string tenant, Guid stream, CancellationToken ct)
    {
        var at = clock.GetTimestamp();
        var mark = await store.Mark(tenant, stream, ct);
        if (watched.Seen is { } seen && seen.Mark == mark)
        {
            watched.Seen = seen with { At = at };
            return seen.State;
        }

        watched.Seen = null;
        cache.Evict(tenant, stream);
        var (state, version) = await commands.Latest(decider, tenant, stream, ct);

        // A command that began before may have put an older state in the cache: what is older than its mark is not kept, and so read again next time.
        watched.Seen = version >= (mark?.Version ?? 0) ? new Sighting(state, version, mark, at) : null;
        return state;
    }

    private sealed class Watched
    {
        public SemaphoreSlim Turn { get; } = new(1);

        public Sighting? Seen { get => Volatile.Read(ref field); set => Volatile.Write(ref field, value); }
    }

    // The mark was read before the state, so a state that is newer than its mark is only looked up once more.
    private sealed record Sighting(TState State, long Version, (long, DateTimeOffset)? Mark, long At);
}
