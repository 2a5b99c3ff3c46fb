using System.Net.Mail;
using System.Net.Sockets;
using System.Security.Authentication;
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
            var (from, to) = (new MailAddress(server.From, server.FromName, Encoding.UTF8), Alone(letter.To!));
            var mail = MailText.Of(letter, from, to, DateTimeOffset.UtcNow);

            // What was looked at is what is spoken to: a name may stand for another address a moment later.
            var address = await reach.MustReachMail(server.Host, server.Port, ct);
            using var talk = await SmtpTalk.Begin(server, address, ct);
            await talk.Send(MailText.Plain(from), MailText.Plain(to), mail, ct);
            return new Posted(IsTaken: true, "250");
        }
        catch (Exception refused) when (refused is not OperationCanceledException || !ct.IsCancellationRequested)
        {
            return Refused(refused);
        }
    }

    // Names and comments around an address would make it another one to whoever counts what goes there, or wants none.
    private static MailAddress Alone(string text) =>
        new MailAddress(text) is var address && address.Address == text ? address : throw new FormatException("That is more than an address.");

    private static Posted Refused(Exception error) => error switch
    {
        SmtpRefusal e => new(IsTaken: false, $"{e.Code}", e.IsFinal),
        NotReachable or SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } =>
            new(IsTaken: false, "address"),
        AuthenticationException => new(IsTaken: false, "tls"),
        SocketException or IOException => new(IsTaken: false, "connect"),
        FormatException => new(IsTaken: false, "address-malformed", IsFinal: true),
        OperationCanceledException => new(IsTaken: false, "timeout"),
        _ => new(IsTaken: false, "internal")
    };
}
