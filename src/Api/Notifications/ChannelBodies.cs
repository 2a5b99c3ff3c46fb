using Crm.Api.Http;
using Crm.Api.Notifications.Sending;
using Crm.Domain;
using Crm.Domain.Notifications;

namespace Crm.Api.Notifications;

/// <summary>A way out for messages. What is said of it here that others must not know is told nobody again.</summary>
/// <param name="Kind"><c>mail</c> by SMTP; the robot of a group in <c>wecom</c> (企业微信), <c>dingtalk</c> (钉钉) or <c>feishu</c> (飞书); or a
/// <c>webhook</c>.</param>
/// <param name="Name">By which people choose it.</param>
/// <param name="Url">Of all but mail: the robot's or program's whole address.</param>
/// <param name="Secret">Of <c>dingtalk</c> and <c>feishu</c> what the robot signs with, if it does; of a <c>webhook</c> always. At least 8
/// characters.</param>
/// <param name="Mail">Of mail.</param>
/// <param name="PerMinute">How many messages go by it in a minute at most; left out, as many as messengers take of a robot, or 600.</param>
public sealed record ChannelRequest(
    ChannelKind Kind, [Text(80)] string Name, [Text(2000)] string? Url = null, [Text(200)] string? Secret = null,
    MailServerRequest? Mail = null,
    [Between(4, 6000)] int? PerMinute = null) : IChecked
{
    private const int ShortestSecret = 8;

    public IEnumerable<(string Member, string Code, string Message)> Check()
    {
        if (Kind == ChannelKind.Mail && Mail is null)
        {
            yield return ("mail", Code.Missing, "Say by which server mail goes out.");
        }

        if (Kind != ChannelKind.Mail && Url is null)
        {
            yield return ("url", Code.Missing, "Say where it leads: the robot's or program's whole address.");
        }

        if (Kind == ChannelKind.Webhook && Secret is null)
        {
            yield return ("secret", Code.Missing, "Say by which secret it is signed.");
        }

        if (Secret?.Length < ShortestSecret)
        {
            yield return ("secret", Code.OutOfRange, $"A secret has at least {ShortestSecret} characters.");
        }

        if (Kind == ChannelKind.Mail ? Url is not null : Mail is not null)
        {
            yield return (Kind == ChannelKind.Mail ? "url" : "mail", Code.NotTogether, "That is of no use with this kind of channel.");
        }
    }

    internal int Rate => PerMinute ?? Kind switch
    {
        ChannelKind.Wecom or ChannelKind.Dingtalk => 20,
        ChannelKind.Feishu => 100,
        _ => 600
    };
}

/// <param name="Host">A server that is everybody's, or one that the operator has named.</param>
/// <param name="Security"><c>start-tls</c>, or <c>none</c>, by which everybody on the way can read along.</param>
/// <param name="User">As whom we log in; left out, not at all.</param>
/// <param name="From">The address that mail comes from.</param>
/// <param name="FromName">What stands before it.</param>
public sealed record MailServerRequest(
    [Text(253)] string Host, [Text(254)] string From, [Between(1, 65_535)] int Port = 587, MailSecurity Security = MailSecurity.StartTls,
    [Text(254)] string? User = null, [Text(500)] string? Password = null, [Text(100)] string? FromName = null) : IChecked
{
    public IEnumerable<(string Member, string Code, string Message)> Check()
    {
        if (!MailAddresses.IsOne(From))
        {
            yield return ("from", Code.BadText, MailAddresses.Wanted);
        }

        if (User is null != Password is null)
        {
            yield return (User is null ? "user" : "password", Code.Missing, "Who logs in has a name and a password.");
        }
    }
}

public sealed record TestChannelRequest([Text(254)] string? To = null) : IChecked
{
    public IEnumerable<(string Member, string Code, string Message)> Check() =>
        To is not null && !MailAddresses.IsOne(To) ? [("to", Code.BadText, MailAddresses.Wanted)] : [];
}

/// <param name="Host">Where it leads; the whole address is told nobody.</param>
/// <param name="Sender">Of mail: who it comes from.</param>
public sealed record ChannelAnswer(Guid Id, ChannelKind Kind, string Name, string Host, string? Sender, int PerMinute)
{
    public static ChannelAnswer Of(Guid id, Channel channel) =>
        new(id, channel.Kind, channel.Is!.Name, channel.Is.Host, channel.Is.Sender, channel.Is.PerMinute);
}

/// <param name="Taken">Whether it was taken.</param>
/// <param name="Answer">The last word of whoever was to take it, or what stood in the way: <c>address</c>, <c>connect</c>, <c>tls</c>,
/// <c>timeout</c>, …</param>
public sealed record ChannelTestAnswer(bool Taken, string? Answer);
