using Crm.EventStore.ReadModels;

namespace Crm.Api.Automations;

/// <summary>Looks after leads for as long as the program serves. Several processes may run one; the holder of an advisory lock acts, the others stand by.</summary>
public sealed class Caretaker(Engine engine, Policies policies, AutomationTable table, ILogger<Caretaker> log) : BackgroundService
{
    private const string Right = "crm.automations";

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    private readonly Wakeup wakeup = new();

    protected override async Task ExecuteAsync(CancellationToken stop)
    {
        engine.Store.Appended += Wake;
        try
        {
            await Task.WhenAll(wakeup.Listen(engine.Followers, stop), Run(stop));
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
                await using var right = await Sole.Try(engine.Followers, Right, useOrLose: true, stop);
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
                // PostgreSQL is away, or another process acts now: begin anew from what is written.
                log.LogWarning("Looking after leads begins anew: {Reason}", error.Message.Split('\n')[0]);
            }

            await Task.Delay(Patience, stop).ContinueWith(_ => { }, CancellationToken.None);
        }
    }

    private async Task Lead(Sole right, CancellationToken stop)
    {
        var duty = new LeadDuty(engine, new LeadCare(engine, policies, table), table, right.Connection);
        await duty.Begin(stop);
        while (true)
        {
            var seen = wakeup.Next;
            if (!await duty.Step(stop))
            {
                await Task.WhenAny(seen, Task.Delay(Poll, stop));
                stop.ThrowIfCancellationRequested();
            }
        }
    }
}
