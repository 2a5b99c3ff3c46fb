using Crm.Api.Automations;
using Crm.EventStore.ReadModels;

namespace Crm.Api.Reviews;

/// <summary>Asks whoever had a deal to look back upon it.</summary>
public sealed class ReviewWatch(Engine engine, AutomationTable table, ILogger<ReviewWatch> log)
    : OneLeader(engine.Store, engine.Followers, "crm.reviews", "Asking for reviews", TimeSpan.FromMilliseconds(500), log)
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    protected override async Task Lead(Sole right, CancellationToken stop)
    {
        var duty = new ReviewDuty(engine, table, right.Connection);
        await duty.Begin(stop);
        while (true)
        {
            var seen = Wakeup.Next;
            if (!await duty.Step(stop))
            {
                await Task.WhenAny(seen, Task.Delay(Poll, stop));
                stop.ThrowIfCancellationRequested();
            }
        }
    }
}
