using Crm.Api.Outside;
using Crm.Domain.Webhooks;

namespace Crm.Api.Webhooks.Sending;

/// <summary>Disables webhooks whose receivers are gone or have taken nothing for days: an event, so that it can be seen and asked for.</summary>
internal sealed class Closing(WebhookStreams webhooks, ILogger log)
{
    /// <summary>As whom the program does so.</summary>
    public const string Actor = "webhooks";

    public void Consider(Receiver receiver, Reply reply, DateTimeOffset now)
    {
        DisabledBecause? because = reply.Status == Reply.Gone ? DisabledBecause.Gone
            : receiver.FailingSince is { } since && now - since >= Schedule.Patience ? DisabledBecause.Failing
            : null;
        if (because is { } reason && !receiver.IsClosing)
        {
            receiver.IsClosing = true;
            _ = Close(receiver, new DisableWebhook(reason, reply.Status is { } status ? $"HTTP {status}" : reply.Error));
        }
    }

    /// <summary>Something of ours stood in the way.</summary>
    public void Tell(Exception error, Receiver receiver) => log.LogError(error, "A delivery to the webhook {Webhook} of {Tenant} could not be made", receiver.Id, receiver.Tenant);

    private async Task Close(Receiver receiver, DisableWebhook command)
    {
        try
        {
            var call = new Call(new Caller(receiver.Tenant, Actor), OccurredAt: null, IfMatch: null, Key: null, RequestId: null, Source: "automation");
            await webhooks.Send(receiver.Id, command, call, CancellationToken.None);
            log.LogWarning("The webhook {Webhook} of {Tenant} is disabled: {Because} {Reason}", receiver.Id, receiver.Tenant, command.Because, command.Reason);
        }
        catch (Exception error)
        {
            // The next failure tries again.
            receiver.IsClosing = false;
            log.LogWarning("The webhook {Webhook} of {Tenant} could not be disabled yet: {Reason}", receiver.Id, receiver.Tenant, error.Message);
        }
    }
}
