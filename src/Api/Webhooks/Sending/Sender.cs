using Crm.EventStore;
using Crm.EventStore.ReadModels;

namespace Crm.Api.Webhooks.Sending;

/// <summary>
/// Sends what happened to webhooks. Several processes may run one; the holder of an advisory lock sends, the others stand by. It follows the log by
/// itself: read models, their rebuilds and their replays know nothing of it.
/// </summary>
public sealed class Sender(Engine engine, Messages messages, Courier courier, WebhookStreams webhooks, SendingTerms terms, ILogger<Sender> log)
    : BackgroundService
{
    private const string Right = "crm.webhooks";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly Wakeup wakeup = new();

    protected override async Task ExecuteAsync(CancellationToken stop)
    {
        if (engine.Settings.UnsafeWebhooks)
        {
            log.LogWarning("Crm:UnsafeWebhooks is set: webhooks may lead to this machine and go over plain http. For development and tests only");
        }

        engine.Store.Appended += Wake;
        try
        {
            await Task.WhenAll(wakeup.Listen(engine.Senders, stop), Run(stop));
        }
        finally
        {
            engine.Store.Appended -= Wake;
        }
    }

    private void Wake(long position) => wakeup.Call();

    private async Task Run(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await using var right = await Sole.Try(engine.Senders, Right, useOrLose: true, stop);
                if (right is not null)
                {
                    await Lead(right, stop);
                }
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                // PostgreSQL is away, or another process sends now: begin anew from what is written.
                log.LogWarning("Sending to webhooks begins anew: {Reason}", error.Message.Split('\n')[0]);
            }

            await Task.Delay(Patience, stop).ContinueWith(_ => { }, CancellationToken.None);
        }
    }

    private async Task Lead(Sole right, CancellationToken stop)
    {
        // What is under way ends with the right to send.
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        try
        {
            await new Term(right.Connection, engine.Store.Types, messages, courier, new Closing(webhooks, log), terms, wakeup, end.Token).Run();
        }
        finally
        {
            await end.CancelAsync();
        }
    }
}
