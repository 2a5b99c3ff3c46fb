using Crm.Domain;
using Crm.Domain.Notifications;
using Crm.EventStore;

namespace Crm.Api.Notifications;

/// <summary>How members want to hear of their alerts: a stream for each.</summary>
public sealed class NotificationWishes(Store store)
{
    public static Guid StreamOf(string tenant, string member) => StreamId.From(tenant, "notifications", member);

    /// <summary>Null where he has said nothing. And the version of what he has said.</summary>
    public async Task<(NotificationsChosen? Chosen, long Version)> Of(string tenant, string member, CancellationToken ct)
    {
        var events = await store.ReadStream(tenant, StreamOf(tenant, member), bound: null, ct);
        return (events.Select(e => e.Data).OfType<INotificationEvent>().Aggregate(MemberNotifications.None, MemberNotifications.Evolve)
            .Chosen, events.Count == 0 ? 0 : events[^1].Version);
    }
}
