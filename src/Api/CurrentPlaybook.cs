using Crm.Domain;
using Crm.Domain.Playbooks;
using Crm.EventModel;
using Crm.EventStore;

namespace Crm.Api;

/// <summary>
/// A tenant's playbook as it stands. Another process may change it, so it is looked up again when it is older than a second; what was
/// decided under it names its version.
/// </summary>
public sealed class CurrentPlaybook(Store store, CurrentState<Playbook, IPlaybookCommand, IPlaybookEvent> current)
{
    public static readonly TimeSpan MostAge = TimeSpan.FromSeconds(1);

    public static Guid StreamOf(string tenant) => StreamId.From(tenant, "playbook", "main");

    /// <summary>The playbook as it was known at a position; as it stands when none is named.</summary>
    public async Task<Playbook> AsKnown(string tenant, long? position, CancellationToken ct) => position is null
        ? await Of(tenant, ct)
        : FoldOrder.Of(await store.ReadStream(tenant, StreamOf(tenant), new ReadBound(Position: position), ct), store.Types)
            .Select(e => e.Data).OfType<IPlaybookEvent>().Aggregate(Playbook.BuiltIn, Playbook.Evolve);

    public Task<Playbook> Of(string tenant, CancellationToken ct) => current.Of(tenant, ct);
}
