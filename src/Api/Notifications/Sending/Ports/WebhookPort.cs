using System.Text;
using System.Text.Json;
using Crm.Api.Events;
using Crm.Api.Outside;
using Crm.Domain.Notifications;

namespace Crm.Api.Notifications.Sending.Ports;

/// <summary>Any program that takes JSON, signed as Standard Webhooks says.</summary>
internal sealed class WebhookPort(Courier courier, TimeProvider clock) : IPort
{
    public ChannelKind Kind => ChannelKind.Webhook;

    public async Task<Posted> Send(Letter letter, ChannelCredentials by, CancellationToken ct)
    {
        var (id, now) = ($"msg_{letter.Id:N}", clock.GetUtcNow());
        var body = JsonSerializer.SerializeToUtf8Bytes(new { id, subject = letter.Subject, text = letter.Text, data = letter.Data },
            CloudEvent.Json);
        var reply = await courier.Post(
            new Parcel(new Uri(by.Url!), id, now, body, "application/json; charset=utf-8",
                Signature.Of(id, now, body, [Encoding.UTF8.GetBytes(by.Secret!)])), ct);
        return new Posted(reply.IsTaken, reply.Status?.ToString() ?? reply.Error, reply.Status == Reply.Gone, reply.RetryAfter);
    }
}
