using System.Collections.Concurrent;

namespace Crm.EventStore.Sealing;

/// <summary>
/// Keeps what was used last, in two halves: when the newer is full the older is let go. So what was just put in stays for a while, however many
/// others come: a key that was made and not yet stored can be found nowhere else.
/// </summary>
internal sealed class RecentKeys<TName, TKey>(int most) where TName : notnull
{
    private readonly Lock gate = new();
    private volatile ConcurrentDictionary<TName, TKey> newer = new();
    private volatile ConcurrentDictionary<TName, TKey> older = new();
    private int count;

    public bool Find(TName name, out TKey? key)
    {
        if (newer.TryGetValue(name, out key))
        {
            return true;
        }

        if (!older.TryGetValue(name, out key))
        {
            return false;
        }

        Keep(name, key);
        return true;
    }

    public void Keep(TName name, TKey key)
    {
        newer[name] = key;
        if (Interlocked.Increment(ref count) > most / 2)
        {
            Turn();
        }
    }

    private void Turn()
    {
        lock (gate)
        {
            if (count > most / 2)
            {
                (older, newer, count) = (newer, new(), 0);
            }
        }
    }
}
