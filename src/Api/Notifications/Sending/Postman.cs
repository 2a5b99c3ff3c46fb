using Crm.Api.Automations;
using Crm.EventStore.ReadModels;

namespace Crm.Api.Notifications.Sending;

/// <summary>Sends messages by channels. It follows the log by itself: read models, their rebuilds and their replays know nothing of
/// it.</summary>
internal sealed class Postman(Engine engine, Letters letters, Lanes lanes, MessageTerms terms, AutomationTable failures,
    ILogger<Postman> log)
    : OneLeader(engine.Store, engine.Senders, "crm.messages", "Sending messages", TimeSpan.FromMilliseconds(500), log)
{
    protected override async Task Lead(Sole right, CancellationToken stop)
    {
        // What is under way ends with the right to send.
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        try
        {
            var round = new PostRound(engine, letters, lanes, terms, failures, right.Connection, Wakeup);
            await round.Begin(end.Token);
            while (true)
            {
                var seen = Wakeup.Next;
                if (!await round.Step(end.Token))
                {
                    await Task.WhenAny(seen, Task.Delay(terms.Poll, end.Token));
                    end.Token.ThrowIfCancellationRequested();
                }
            }
        }
        finally
        {
            await end.CancelAsync();
            await lanes.End();
        }
    }
}
