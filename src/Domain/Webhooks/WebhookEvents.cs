namespace Crm.Domain.Webhooks;

// Stored forever as JSON under these names: add, never rename. See docs/events.md.
public interface IWebhookEvent;

/// <param name="Events">Kinds of records, and single events: <c>lead</c>, <c>opportunity_won</c>.</param>
/// <param name="Needs">The functions that reading those takes.</param>
/// <param name="Hidden">Fields that were hidden from who registered it; they are never sent.</param>
/// <param name="Personal">Whether what is known of persons is sent.</param>
/// <param name="Secret">Names the secret that deliveries are signed with. The secret itself is in no event.</param>
public sealed record WebhookRegistered(
    string Url, IReadOnlyList<string> Events, IReadOnlyList<string> Needs, IReadOnlyList<string> Hidden, bool Personal, Guid Secret,
    string? Description = null) : IWebhookEvent;

public sealed record WebhookChanged(
    string? Url = null, IReadOnlyList<string>? Events = null, IReadOnlyList<string>? Needs = null, bool? Personal = null, string? Description = null,
    IReadOnlyList<string>? Cleared = null) : IWebhookEvent;

/// <param name="Until">How long deliveries are signed with the old one, too.</param>
public sealed record WebhookSecretRotated(Guid Secret, DateTimeOffset Until) : IWebhookEvent;

public sealed record WebhookDisabled(DisabledBecause Because, string? Reason = null) : IWebhookEvent;
public sealed record WebhookEnabled : IWebhookEvent;
public sealed record WebhookRemoved : IWebhookEvent;

/// <param name="After">Events after this position are sent again,</param>
/// <param name="UpTo">and up to this one.</param>
/// <param name="Event">The one that is sent again, whatever the webhook asks for now; null for all that it asks for.</param>
public sealed record WebhookReplayAsked(Guid Replay, long After, long UpTo, Guid? Event = null) : IWebhookEvent;

/// <summary>Somebody asked for it, the receiver answered that it is gone for good (410), or nothing was taken for days.</summary>
public enum DisabledBecause { Asked, Gone, Failing }
