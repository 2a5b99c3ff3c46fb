using Crm.Domain.Access;

namespace Crm.Domain.Webhooks;

public interface IWebhookCommand;

/// <summary>What a webhook is sent.</summary>
/// <param name="Events">Kinds of records, and single events.</param>
/// <param name="Needs">The functions that reading those takes.</param>
public sealed record Wanted(IReadOnlyList<string> Events, IReadOnlyList<string> Needs);

/// <param name="Secret">Names its secret.</param>
/// <param name="Giver">What the one who says so may do: nobody directs elsewhere what he may not see.</param>
public sealed record RegisterWebhook(string Url, Wanted Wanted, bool Personal, string? Description, Guid Secret, Rights Giver) : IWebhookCommand;

/// <summary>What is given is so from now on, the rest stays.</summary>
/// <param name="Cleared">Members that are taken away, in camelCase.</param>
/// <inheritdoc cref="RegisterWebhook"/>
public sealed record ChangeWebhook(
    string? Url, Wanted? Wanted, bool? Personal, string? Description, IReadOnlyList<string> Cleared, Rights Giver) : IWebhookCommand;

/// <param name="Until">How long deliveries are signed with the old one, too.</param>
/// <inheritdoc cref="RegisterWebhook"/>
public sealed record RotateWebhookSecret(Guid Secret, DateTimeOffset Until, Rights Giver) : IWebhookCommand;

public sealed record DisableWebhook(DisabledBecause Because, string? Reason = null) : IWebhookCommand;

/// <inheritdoc cref="RegisterWebhook"/>
public sealed record EnableWebhook(Rights Giver) : IWebhookCommand;

public sealed record RemoveWebhook : IWebhookCommand;

/// <summary>Sends again what was recorded after one position and up to another; or one event of it.</summary>
/// <inheritdoc cref="RegisterWebhook"/>
public sealed record ReplayWebhook(Guid Replay, long After, long UpTo, Guid? Event, Rights Giver) : IWebhookCommand;
