namespace Crm.Domain.Notifications;

/// <summary>A way out for messages, as it stands.</summary>
public sealed record Channel
{
    public static readonly Channel None = new();

    public ChannelKind Kind { get; private init; }

    /// <summary>Null where there never was one.</summary>
    public ChannelChanged? Is { get; private init; }

    public bool Removed { get; private init; }

    public bool IsThere => Is is not null && !Removed;

    public static Channel Evolve(Channel state, IChannelEvent @event) => @event switch
    {
        ChannelAdded e => state with { Kind = e.Kind, Is = new ChannelChanged(e.Name, e.Host, e.Secret, e.Sender, e.PerMinute) },
        ChannelChanged e => state with { Is = e },
        ChannelRemoved => state with { Removed = true },
        _ => state
    };
}
