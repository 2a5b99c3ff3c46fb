using Crm.Api.Automations;
using Crm.EventStore.ReadModels;

namespace Crm.Api.Commitments;

/// <summary>Looks whether promises clash.</summary>
public sealed class CommitmentWatch(Engine engine, Clashes clashes, Queries queries, AutomationTable table, ILogger<CommitmentWatch> log)
    : OneLeader(engine.Store, engine.Followers, "crm.commitments", "Looking whether promises clash", TimeSpan.FromMilliseconds(500), log)
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    protected override async Task Lead(Sole right, CancellationToken stop)
    {
        var duty = new ClashDuty(engine, clashes, queries, table, right.Connection);
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
