using Crm.Api.Outside;
using Crm.EventStore.ReadModels;

namespace Crm.Api.Webhooks.Sending;

/// <summary>Sends what happened to webhooks. It follows the log by itself: read models, their rebuilds and their replays know nothing of it.</summary>
public sealed class Sender(Engine engine, Messages messages, Courier courier, WebhookStreams webhooks, SendingTerms terms, ILogger<Sender> log)
    : OneLeader(engine.Store, engine.Senders, "crm.webhooks", "Sending to webhooks", TimeSpan.FromSeconds(1), log)
{
    protected override Task ExecuteAsync(CancellationToken stop)
    {
        if (engine.Settings.UnsafeWebhooks)
        {
            Log.LogWarning("Crm:UnsafeWebhooks is set: webhooks may lead to this machine and go over plain http. For development and tests only");
        }

        return base.ExecuteAsync(stop);
    }

    protected override async Task Lead(Sole right, CancellationToken stop)
    {
        // What is under way ends with the right to send.
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        try
        {
            await new Term(right.Connection, engine.Store.Types, messages, courier, new Closing(webhooks, Log), terms, Wakeup, end.Token).Run();
        }
        finally
        {
            await end.CancelAsync();
        }
    }
}
