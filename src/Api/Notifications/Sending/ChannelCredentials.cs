using Crm.Domain.Notifications;

namespace Crm.Api.Notifications.Sending;

/// <summary>What it takes to send by a channel. It is kept sealed, and told nobody.</summary>
/// <param name="Url">Of messengers and webhooks.</param>
/// <param name="Secret">What requests are signed with; null where the address alone is known to few.</param>
/// <param name="Mail">Of mail.</param>
internal sealed record ChannelCredentials(string? Url = null, string? Secret = null, MailServer? Mail = null);

/// <param name="Security">With <c>start-tls</c> nothing goes out in clear, and the server's certificate must be valid.</param>
/// <param name="User">As whom we log in; null for not at all.</param>
/// <param name="From">The address that mail comes from.</param>
/// <param name="FromName">What stands before it.</param>
internal sealed record MailServer(string Host, int Port, MailSecurity Security, string? User, string? Password, string From,
    string? FromName);

public enum MailSecurity { StartTls, None }

/// <summary>One kind of way out.</summary>
internal interface IPort
{
    ChannelKind Kind { get; }

    /// <exception cref="OperationCanceledException">Only where <paramref name="ct"/> was cancelled.</exception>
    Task<Posted> Send(Letter letter, ChannelCredentials by, CancellationToken ct);
}
