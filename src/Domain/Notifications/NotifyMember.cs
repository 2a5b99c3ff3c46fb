using Crm.Domain.Calendars;
using Crm.Domain.Playbooks;
using Crm.Domain.Tasks;

namespace Crm.Domain.Notifications;

/// <summary>Something is to go out by a channel.</summary>
/// <param name="DueAt">Not before then.</param>
/// <param name="IsDigest">Together with all else that is due by this channel at that moment.</param>
public sealed record Notice(Guid Channel, DateTimeOffset DueAt, bool IsDigest);

/// <summary>An alert goes out by the channels that its member wants, when he wants to hear of it.</summary>
public static class NotifyMember
{
    /// <param name="at">When it was raised.</param>
    /// <param name="zone">The tenant's.</param>
    public static IReadOnlyList<Notice> React(AlertRaised alert, DateTimeOffset at, NotificationsChosen? wanted, IZone zone) =>
        wanted is null ? [] :
        [.. wanted.Routes.Where(route => Fits(route, alert)).DistinctBy(route => route.Channel)
            .Select(route => Due(route, alert, at, wanted.QuietHours, zone))];

    private static bool Fits(NotificationRoute route, AlertRaised alert) =>
        alert.Severity >= route.Least && route.Kinds?.Contains(alert.Kind) != false;

    private static Notice Due(NotificationRoute route, AlertRaised alert, DateTimeOffset at, QuietHours? quiet, IZone zone)
    {
        var due = route.DigestAt is { } time ? Next(PlaybookTimes.Read(time)!.Value, at, zone) : at;
        return new(route.Channel, quiet is null || (alert.Severity == AlertSeverity.Critical && !quiet.HoldsCritical) ? due
            : Outside(quiet, due, zone), route.DigestAt is not null);
    }

    private static DateTimeOffset Next(TimeOnly time, DateTimeOffset after, IZone zone)
    {
        var today = DateOnly.FromDateTime(zone.LocalOf(after));
        return zone.InstantOf(today.ToDateTime(time)) is var due && due > after ? due : zone.InstantOf(today.AddDays(1).ToDateTime(time));
    }

    private static DateTimeOffset Outside(QuietHours quiet, DateTimeOffset due, IZone zone)
    {
        var (from, to) = (PlaybookTimes.Read(quiet.From)!.Value, PlaybookTimes.Read(quiet.To)!.Value);
        return TimeOnly.FromDateTime(zone.LocalOf(due)).IsBetween(from, to) ? Next(to, due, zone) : due;
    }
}
