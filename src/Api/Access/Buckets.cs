using System.Collections.Concurrent;

namespace Crm.Api.Access;

/// <summary>One bucket for each of those who share a rule: each tenant, each key, each address.</summary>
/// <param name="rate">Tokens a second; 0 for no limit.</param>
/// <param name="seconds">For how many seconds' worth of requests it has room at once.</param>
internal sealed class Buckets<TKey>(double rate, double seconds, TimeProvider clock) where TKey : notnull
{
    private const int Most = 50_000;

    private readonly ConcurrentDictionary<TKey, Bucket> all = new();

    /// <summary>Null where there is no limit.</summary>
    public Bucket? Of(TKey key)
    {
        if (rate <= 0)
        {
            return null;
        }

        if (all.Count > Most)
        {
            foreach (var (idle, _) in all.Where(entry => entry.Value.IsFull))
            {
                all.TryRemove(idle, out _);
            }
        }

        return all.GetOrAdd(key, _ => new Bucket(rate, rate * seconds, clock));
    }
}
