using System.Net;
using System.Net.Mail;
using System.Net.Mime;
using System.Net.Sockets;
using System.Text;
using Crm.Api.Outside;
using Crm.Domain.Notifications;

namespace Crm.Api.Notifications.Sending.Ports;

/// <summary>Mail by SMTP. Each message has an id of its own, by which whoever gets it twice can tell.</summary>
internal sealed class MailPort(Reach reach) : IPort
{
    public ChannelKind Kind => ChannelKind.Mail;

    public async Task<Posted> Send(Letter letter, ChannelCredentials by, CancellationToken ct)
    {
        var server = by.Mail!;
        try
        {
            // In clear, what was looked at is what is spoken to. Over TLS the certificate says that it is who it is called.
            var address = await reach.MustReachMail(server.Host, server.Port, ct);
            using var mail = Mail(letter, server);
            using var client = new SmtpClient(server.Security == MailSecurity.None ? address?.ToString() ?? server.Host : server.Host,
                server.Port)
            {
                EnableSsl = server.Security == MailSecurity.StartTls,
                DeliveryFormat = SmtpDeliveryFormat.SevenBit,
                Credentials = server.User is null ? null : new NetworkCredential(server.User, server.Password)
            };
            // By itself it waits for ever for the last word of a server that has read the mail. What is given up is broken off with the
            // client.
            await client.SendMailAsync(mail, ct).WaitAsync(ct);
            return new Posted(IsTaken: true, "250");
        }
        catch (Exception refused) when (refused is not OperationCanceledException || !ct.IsCancellationRequested)
        {
            return Refused(refused);
        }
    }

    private static MailMessage Mail(Letter letter, MailServer server)
    {
        var mail = new MailMessage(new MailAddress(server.From, server.FromName, Encoding.UTF8), new MailAddress(letter.To!))
        {
            Subject = letter.Subject,
            SubjectEncoding = Encoding.UTF8,
            Body = letter.Text,
            BodyEncoding = Encoding.UTF8,
            HeadersEncoding = Encoding.UTF8,
            BodyTransferEncoding = TransferEncoding.Base64
        };
        mail.Headers["Message-ID"] = $"<{letter.Id:N}@{mail.From!.Host}>";
        mail.Headers["Auto-Submitted"] = "auto-generated";
        if (letter.Html is { } html)
        {
            mail.AlternateViews.Add(AlternateView.CreateAlternateViewFromString(html, Encoding.UTF8, MediaTypeNames.Text.Html));
        }

        if (letter.Unsubscribe is { } unsubscribe)
        {
            mail.Headers["List-Unsubscribe"] = $"<{unsubscribe}>";
            mail.Headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click";
        }

        return mail;
    }

    private static Posted Refused(Exception error) => error switch
    {
        // Nobody of that name, or none that takes mail: it will be so tomorrow.
        SmtpFailedRecipientException { StatusCode: var code } => new(IsTaken: false, $"{(int)code}", IsFinal: (int)code >= 500),
        SmtpException { StatusCode: SmtpStatusCode.ExceededStorageAllocation or SmtpStatusCode.TransactionFailed } e =>
            new(IsTaken: false, $"{(int)e.StatusCode}", IsFinal: true),
        SmtpException { StatusCode: > 0 and var code } => new(IsTaken: false, $"{(int)code}"),
        _ when Causes(error).Any(cause => cause is NotReachable
            or SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain }) =>
            new(IsTaken: false, "address"),
        _ when Causes(error).Any(cause => cause is System.Security.Authentication.AuthenticationException) => new(IsTaken: false, "tls"),
        _ when Causes(error).Any(cause => cause is SocketException or IOException) => new(IsTaken: false, "connect"),
        FormatException => new(IsTaken: false, "address-malformed", IsFinal: true),
        OperationCanceledException => new(IsTaken: false, "timeout"),
        _ => new(IsTaken: false, "internal")
    };

    private static IEnumerable<Exception> Causes(Exception? error)
    {
        for (; error is not null; error = error.InnerException)
        {
            yield return error;
        }
    }
}
