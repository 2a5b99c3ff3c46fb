using Crm.Api.Http;

namespace Crm.Api.Events;

/// <summary>Counts who keeps a connection open, waiting for events or taking an export, so that no tenant and no credential takes all that there are.</summary>
public sealed class OpenStreams(Settings settings)
{
    private readonly Lock gate = new();
    private readonly Dictionary<object, int> open = [];

    /// <summary>How many there are of a tenant.</summary>
    public int Of(string tenant)
    {
        lock (gate)
        {
            return open.GetValueOrDefault(tenant);
        }
    }

    /// <summary>Takes a place until it is given back.</summary>
    /// <exception cref="Problem">429: the tenant, or the credential, has as many open as it may have.</exception>
    public IDisposable Enter(Caller by)
    {
        (string Name, object Key, int Most)[] shares =
        [
            ("tenant", by.Tenant, settings.TenantStreams),
            ("key", (by.Tenant, by.Credential?.Kind, by.Credential?.Id, by.Credential?.Login), settings.KeyStreams)
        ];
        lock (gate)
        {
            if (shares.FirstOrDefault(share => open.GetValueOrDefault(share.Key) >= share.Most) is { Name: { } name, Most: var most })
            {
                throw new Problem(429, "too-many-streams", $"The {name} has {most} streams open already; close one, or let several readers share it.")
                { RetryAfter = TimeSpan.FromSeconds(5) };
            }

            Count(1);
        }

        return new Place(() =>
        {
            lock (gate)
            {
                Count(-1);
            }
        });

        void Count(int more)
        {
            foreach (var (_, key, _) in shares)
            {
                if ((open[key] = open.GetValueOrDefault(key) + more) == 0)
                {
                    open.Remove(key);
                }
            }
        }
    }

    private sealed class Place(Action leave) : IDisposable
    {
        private Action? leave = leave;

        public void Dispose() => Interlocked.Exchange(ref leave, null)?.Invoke();
    }
}
