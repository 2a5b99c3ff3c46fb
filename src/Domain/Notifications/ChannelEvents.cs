namespace Crm.Domain.Notifications;

// Stored forever as JSON under these names: add, never rename. See docs/events.md.
public interface IChannelEvent;

/// <summary>A way out for messages. What it takes to send by it, such as a password, is in no event.</summary>
/// <param name="Host">Where it leads, without what of the address is secret.</param>
/// <param name="Secret">Names what it takes to send by it.</param>
/// <param name="Sender">Of mail: who it comes from.</param>
/// <param name="PerMinute">How many messages go by it in a minute.</param>
public sealed record ChannelAdded(ChannelKind Kind, string Name, string Host, Guid Secret, string? Sender, int PerMinute) : IChannelEvent;

/// <inheritdoc cref="ChannelAdded"/>
public sealed record ChannelChanged(string Name, string Host, Guid Secret, string? Sender, int PerMinute) : IChannelEvent;

public sealed record ChannelRemoved : IChannelEvent;

/// <summary>Mail by SMTP; the robots of three messengers, each of which writes into one group; any program that takes JSON.</summary>
public enum ChannelKind { Mail, Wecom, Dingtalk, Feishu, Webhook }
