using System.Net.Sockets;
using Crm.Api.Http;
using Crm.Api.Notifications.Sending;
using Crm.Api.Outside;
using Crm.Domain;
using Crm.Domain.Notifications;
using Crm.EventStore;

namespace Crm.Api.Notifications;

/// <summary>The way of a change of a channel from an endpoint to its stream.</summary>
public sealed class ChannelWrites(ChannelStreams channels, Commands commands, Writes writes, Reach reach, Store store)
{
    private const int Most = 50;

    public async Task<IResult> Add(ChannelRequest r, Call call, CancellationToken ct)
    {
        if (call.Key is null || await store.Answered(call.By.Tenant, call.Key, ct) is null)
        {
            await MustBeReachable(r, ct);
            if ((await channels.All(call.By.Tenant, ct)).Count >= Most)
            {
                throw Rejection.BrokenRule("channel.too-many", $"A tenant has at most {Most} channels; remove one that is not needed.");
            }
        }

        var (id, secret) = (call.NewId("channel"), call.NewId("channel-secret"));
        await Keep(id, secret, r, call, ct);
        return writes.Answer(await commands.Send(
            ChannelDecider.Instance, id, new AddChannel(r.Kind, r.Name, HostOf(r), secret, r.Mail?.From, r.Rate), call,
            ct), "/api/v1/channels");
    }

    public async Task<IResult> Change(Guid id, ChannelRequest r, Call call, CancellationToken ct)
    {
        if (call.Key is null || await store.Answered(call.By.Tenant, call.Key, ct) is null)
        {
            _ = await Found(call.By, id, ct);
            await MustBeReachable(r, ct);
        }

        var secret = call.NewId("channel-secret");
        await Keep(id, secret, r, call, ct);
        return await Send(id, new ChangeChannel(r.Kind, r.Name, HostOf(r), secret, r.Mail?.From, r.Rate), call, ct);
    }

    public Task<IResult> Send(Guid id, IChannelCommand command, Call call, CancellationToken ct) =>
        writes.Send(ChannelDecider.Instance, id, command, call, ct);

    public async Task<(Channel Channel, long Version)> Found(Caller by, Guid id, CancellationToken ct) =>
        await channels.Find(by.Tenant, id, ct) ?? throw Rejection.Unknown("channel.unknown", "There is no such channel.");

    private async Task MustBeReachable(ChannelRequest r, CancellationToken ct)
    {
        if (r.Url is { } url)
        {
            await reach.MustBeReachable(url, ct);
        }

        try
        {
            _ = r.Mail is { } mail ? await reach.MustReachMail(mail.Host, mail.Port, ct) : null;
        }
        catch (Exception away) when (away is SocketException or NotReachable)
        {
            throw Rejection.BrokenRule(
                "channel.host",
                "The mail server's name leads nowhere from here, or to addresses that are not everybody's; "
                + "an operator can name one of the house.", "mail");
        }
    }

    private Task Keep(Guid id, Guid secret, ChannelRequest r, Call call, CancellationToken ct) =>
        call.IsDryRun ? Task.CompletedTask : channels.Keep(
        call.By.Tenant, id, secret, new ChannelCredentials(
            r.Url, r.Secret, r.Mail is { } m ? new MailServer(m.Host, m.Port, m.Security, m.User, m.Password, m.From, m.FromName) : null),
            ct);

    private static string HostOf(ChannelRequest r) => r.Mail is { } mail ? $"{mail.Host}:{mail.Port}" : new Uri(r.Url!).Authority;
}
