using Crm.Api.Automations;
using Crm.EventStore.ReadModels;

namespace Crm.Api.Opportunities.Care;

/// <summary>Looks after opportunities.</summary>
internal sealed class OpportunityWatch(Engine engine, AutomationTable table, EntryDeeds deeds, ILogger<OpportunityWatch> log)
    : OneLeader(engine.Store, engine.Followers, "crm.opportunities", "Looking after opportunities", TimeSpan.FromMilliseconds(500), log)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);

    protected override async Task Lead(Sole right, CancellationToken stop)
    {
        var duty = new OpportunityDuty(engine, new OpportunityCare(engine, table, deeds), table, right.Connection);
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
