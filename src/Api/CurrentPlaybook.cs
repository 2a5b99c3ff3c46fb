using System.Collections.Concurrent;
using Crm.Domain;
using Crm.Domain.Playbooks;
using Crm.EventModel;
using Crm.EventStore;

namespace Crm.Api;

/// <summary>
/// A tenant's playbook as it stands. Another process may change it, so it is looked up again when it is older than a second; what was
/// decided under it names its version.
/// </summary>
public sealed class CurrentPlaybook(Store store, Commands commands, StateCache cache, TimeProvider clock)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, (Playbook Playbook, long Stamp)> known = new();

    public static Guid StreamOf(string tenant) => StreamId.From(tenant, "playbook", "main");

    /// <summary>The playbook as it was known at a position; as it stands when none is named.</summary>
    public async Task<Playbook> AsKnown(string tenant, long? position, CancellationToken ct) => position is null
        ? await Of(tenant, ct)
        : FoldOrder.Of(await store.ReadStream(tenant, StreamOf(tenant), new ReadBound(Position: position), ct), store.Types)
            .Select(e => e.Data).OfType<IPlaybookEvent>().Aggregate(Playbook.BuiltIn, Playbook.Evolve);

    public async Task<Playbook> Of(string tenant, CancellationToken ct)
    {
        if (known.TryGetValue(tenant, out var entry) && clock.GetElapsedTime(entry.Stamp) < Fresh)
        {
            return entry.Playbook;
        }

        cache.Evict(tenant, StreamOf(tenant));
        var (playbook, _) = await commands.Latest(PlaybookDecider.Instance, tenant, StreamOf(tenant), ct);
        known[tenant] = (playbook, clock.GetTimestamp());
        return playbook;
    }
}
