using Crm.Api.Audit;
using Crm.Api.Http;
using Crm.Domain;
using Crm.Domain.Notifications;
using Crm.EventStore.Sealing;

namespace Crm.Api.Notifications;

/// <summary>The way of what a member wants from an endpoint to his stream.</summary>
public sealed class NotificationChoice(NotificationWishes wishes, ChannelStreams channels, Writes writes, Sealer sealer)
{
    public async Task<IResult> Choose(ChooseNotificationsRequest r, Call call, CancellationToken ct)
    {
        var (by, routes) = (call.By, r.Routes ?? []);
        var there = (await channels.All(by.Tenant, ct)).ToDictionary(channel => channel.Id, channel => channel.Channel.Kind);
        var faults = routes.Select((route, i) => Fault(route, i)).OfType<RuleFault>().ToList();
        if (faults.Count > 0)
        {
            throw Rejection.BrokenRules("notifications.invalid", "These wishes cannot be followed as they are.", faults);
        }

        var stream = NotificationWishes.StreamOf(by.Tenant, by.Id);
        var known = (await wishes.Of(by.Tenant, by.Id, ct)).Chosen;
        var seal = new Seal(sealer, by.Tenant, stream, isNew: known is null, ct);
        var chosen = new NotificationsChosen(by.Id, r.Language ?? Languages.English, routes, r.QuietHours, r.Mail is null ? null
            : await seal.Again(known?.Mail, r.Mail));
        return await writes.Send(NotificationDecider.Instance, stream, new ChooseNotifications(chosen),
            call with { PersonKeys = seal.Made }, ct);

        RuleFault? Fault(NotificationRoute route, int i) =>
            !there.TryGetValue(route.Channel, out var kind) ? new($"/routes/{i}/channel", "channel.unknown", "There is no such channel.")
            : kind == ChannelKind.Mail && r.Mail is null ? new("/mail", Code.Missing, "Say where mail goes to.")
            : null;
    }
}
