namespace Crm.Domain.Notifications;

public interface IChannelCommand;

/// <param name="PerMinute">From 4 to 6000: that many go out in no minute.</param>
/// <inheritdoc cref="ChannelAdded"/>
public sealed record AddChannel(ChannelKind Kind, string Name, string Host, Guid Secret, string? Sender, int PerMinute) : IChannelCommand;

/// <summary>Puts all of it in the place of what was; its kind stays.</summary>
/// <inheritdoc cref="AddChannel"/>
public sealed record ChangeChannel(ChannelKind Kind, string Name, string Host, Guid Secret, string? Sender, int PerMinute)
    : IChannelCommand;

public sealed record RemoveChannel : IChannelCommand;

public static class ChannelDecider
{
    public static readonly Decider<Channel, IChannelCommand, IChannelEvent> Instance = new("channel", Channel.None, Decide, Channel.Evolve);

    public static IReadOnlyList<IChannelEvent> Decide(Channel state, IChannelCommand command) => (state, command) switch
    {
        ({ Is: null }, AddChannel c) => [new ChannelAdded(c.Kind, c.Name, c.Host, c.Secret, c.Sender, c.PerMinute)],
        (_, AddChannel) => [],                                               // said twice: nothing happens

        ({ Removed: true }, RemoveChannel) => [],
        ({ IsThere: false }, _) => throw Rejection.Unknown("channel.unknown", "There is no such channel."),

        (_, ChangeChannel c) when c.Kind != state.Kind =>
            throw Rejection.BrokenRule("channel.kind", "A channel stays of its kind; add another one, and remove this.", "kind"),
        (_, ChangeChannel c) when c.Secret == state.Is!.Secret => [],
        (_, ChangeChannel c) => [new ChannelChanged(c.Name, c.Host, c.Secret, c.Sender, c.PerMinute)],
        (_, RemoveChannel) => [new ChannelRemoved()],
        _ => []
    };
}
