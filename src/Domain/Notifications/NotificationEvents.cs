using Crm.Domain.Tasks;

namespace Crm.Domain.Notifications;

// Stored forever as JSON under these names: add, never rename. See docs/events.md.
public interface INotificationEvent;

/// <summary>How a member wants to hear of his alerts, beside his inbox. It takes the place of what he wanted before.</summary>
/// <param name="Language">In which he is told, <c>en</c> or <c>zh-CN</c>.</param>
/// <param name="Routes">For each channel the first that fits an alert decides; where none does, nothing goes by that channel.</param>
/// <param name="QuietHours">When he is left alone; null for never.</param>
/// <param name="Mail">Where mail goes to.</param>
public sealed record NotificationsChosen(
    string Member, string Language, IReadOnlyList<NotificationRoute> Routes, QuietHours? QuietHours = null, Personal? Mail = null)
        : INotificationEvent;

/// <param name="Least">Alerts of at least this severity.</param>
/// <param name="Kinds">Of these kinds; null for all.</param>
/// <param name="DigestAt">Once a day at this time of the tenant's zone, all in one, as <c>08:30</c>; null for at once.</param>
/// <param name="Mention">By which the messenger knows him, so that it calls him by name in its group.</param>
public sealed record NotificationRoute(
    Guid Channel, AlertSeverity Least = AlertSeverity.Info, [Items(50), Text(RaiseAlert.LongestKind)] IReadOnlyList<string>? Kinds = null,
    [Text(5)] string? DigestAt = null, [Text(100)] string? Mention = null);

/// <summary>From one time of day of the tenant's zone to another, over midnight where that is the earlier one. What comes then waits for
/// the end.</summary>
/// <param name="From">As <c>22:00</c>.</param>
/// <param name="HoldsCritical">Whether even critical alerts wait.</param>
public sealed record QuietHours([Text(5)] string From, [Text(5)] string To, bool HoldsCritical = false);
