using Crm.Api.Outside;
using Crm.Domain;
using Crm.Domain.Webhooks;

namespace Crm.Api.Webhooks.Sending;

/// <summary>Sends something at once, to see whether a receiver takes it.</summary>
public sealed class Trial(Engine engine, Messages messages, Courier courier, Reach reach, SendingTerms terms)
{
    /// <exception cref="Rejection">The webhook leads where nothing may be sent any more, or to somebody who may see more than the caller.</exception>
    public async Task<WebhookTestAnswer> Of(Caller by, Guid id, Webhook webhook, CancellationToken ct)
    {
        await reach.MustBeReachable(webhook.Url!, ct);
        var at = terms.Clock.GetUtcNow();
        var parcel = await messages.Test(by.Tenant, id, webhook, ct);
        var reply = await courier.Post(parcel, ct);
        var outcome = reply.IsTaken ? Outcomes.Delivered : Outcomes.GivenUp;
        await Attempts.Note(engine.Senders, new Attempt(by.Tenant, id, parcel.Id, null, Messages.TestType, null, Number: 1, at, reply, outcome, null), ct);
        return new WebhookTestAnswer(parcel.Id, reply.IsTaken, reply.Status, reply.Error, (int)reply.Took.TotalMilliseconds);
    }
}
