using Crm.Domain;
using Crm.Domain.Playbooks;
using Crm.EventModel;
using Crm.EventStore;

namespace Crm.Api;

/// <summary>
/// A tenant's playbook as it stands. Another process may change it, so it is looked up again when it is older than a second; what was
/// decided under it names its version.
/// </summary>
public sealed class CurrentPlaybook(Store store, CurrentState<PlaybookHistory, IPlaybookCommand, IPlaybookEvent> current, TimeProvider clock)
{
    public static readonly TimeSpan MostAge = TimeSpan.FromSeconds(1);

    public TimeProvider Clock => clock;

    public static Guid StreamOf(string tenant) => StreamId.From(tenant, "playbook", "main");

    /// <summary>What is in force now.</summary>
    public async Task<Playbook> Of(string tenant, CancellationToken ct) => (await History(tenant, ct)).At(clock.GetUtcNow());

    /// <summary>Somebody knows that it has changed.</summary>
    public void Forget(string tenant) => current.Forget(tenant);

    /// <summary>All versions that there are.</summary>
    public Task<PlaybookHistory> History(string tenant, CancellationToken ct) => current.Of(tenant, ct);

    /// <summary>What was in force at a moment, as it was known at a position; as known now, where none is named.</summary>
    public async Task<Playbook> AsKnown(string tenant, long? position, DateTimeOffset at, CancellationToken ct) =>
        (position is null ? await History(tenant, ct) : await AsKnown(tenant, position.Value, ct)).At(at);

    /// <summary>All versions that were known at a position.</summary>
    public async Task<PlaybookHistory> AsKnown(string tenant, long position, CancellationToken ct) =>
        FoldOrder.Of(await store.ReadStream(tenant, StreamOf(tenant), new ReadBound(Position: position), ct), store.Types)
            .Select(e => e.Data).OfType<IPlaybookEvent>().Aggregate(PlaybookHistory.None, PlaybookHistory.Evolve);
}
