namespace Crm.Domain.Notifications;

/// <summary>How one member wants to hear of his alerts.</summary>
public sealed record MemberNotifications
{
    public static readonly MemberNotifications None = new();

    /// <summary>Null while he has said nothing.</summary>
    public NotificationsChosen? Chosen { get; private init; }

    public static MemberNotifications Evolve(MemberNotifications state, INotificationEvent @event) => @event switch
    {
        NotificationsChosen e => state with { Chosen = e },
        _ => state
    };
}
