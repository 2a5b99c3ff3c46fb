using Crm.Domain.Playbooks;

namespace Crm.Domain.Notifications;

public interface INotificationCommand;

/// <inheritdoc cref="NotificationsChosen"/>
public sealed record ChooseNotifications(NotificationsChosen Chosen) : INotificationCommand
{
    public const int MostRoutes = 20;
}

public static class NotificationDecider
{
    public static readonly Decider<MemberNotifications, INotificationCommand, INotificationEvent> Instance =
        new("notifications", MemberNotifications.None, Decide, MemberNotifications.Evolve);

    public static IReadOnlyList<INotificationEvent> Decide(MemberNotifications state, INotificationCommand command) => (state, command) switch
    {
        (_, ChooseNotifications c) => Choose(state.Chosen, c.Chosen),
        _ => []
    };

    private static IReadOnlyList<INotificationEvent> Choose(NotificationsChosen? known, NotificationsChosen wanted)
    {
        var faults = Faults(wanted).ToList();
        return faults.Count > 0 ? throw Rejection.BrokenRules("notifications.invalid", "These wishes cannot be followed as they are.", faults)
            : Same(known, wanted) ? [] : [wanted];
    }

    private static IEnumerable<RuleFault> Faults(NotificationsChosen wanted)
    {
        foreach (var (route, i) in wanted.Routes.Select((route, i) => (route, i)))
        {
            if (route.DigestAt is { } time && PlaybookTimes.Read(time) is null)
            {
                yield return Time($"/routes/{i}/digestAt");
            }

            if (route.Mention?.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or '@') == false)
            {
                yield return new($"/routes/{i}/mention", "notifications.mention", "Write the id by which the messenger knows you: letters, digits, and _ - . @.");
            }
            else if (string.Equals(route.Mention?.TrimStart('@'), "all", StringComparison.OrdinalIgnoreCase))
            {
                yield return new($"/routes/{i}/mention", "notifications.mention", "That calls everybody in the group; write the id by which the messenger knows you.");
            }
        }

        if (wanted.QuietHours is not { } quiet)
        {
            yield break;
        }

        if (PlaybookTimes.Read(quiet.From) is null)
        {
            yield return Time("/quietHours/from");
        }

        if (PlaybookTimes.Read(quiet.To) is null)
        {
            yield return Time("/quietHours/to");
        }
        else if (quiet.From == quiet.To)
        {
            yield return new("/quietHours/to", "notifications.always-quiet", "Quiet hours end at another time of day than they begin at.");
        }
    }

    private static RuleFault Time(string pointer) => new(pointer, "notifications.time", "A time of day is written as 08:30.");

    private static bool Same(NotificationsChosen? known, NotificationsChosen wanted) => known is not null
        && known with { Routes = [] } == wanted with { Routes = [] }
        && known.Routes.Count == wanted.Routes.Count && known.Routes.Zip(wanted.Routes).All(both => Same(both.First, both.Second));

    private static bool Same(NotificationRoute one, NotificationRoute other) =>
        one with { Kinds = null } == other with { Kinds = null } && (one.Kinds ?? []).SequenceEqual(other.Kinds ?? []) && one.Kinds is null == other.Kinds is null;
}
