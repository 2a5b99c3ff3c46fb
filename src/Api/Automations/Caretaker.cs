using Crm.Api.Nurture;
using Crm.EventStore.ReadModels;

namespace Crm.Api.Automations;

/// <summary>Looks after leads.</summary>
public sealed class Caretaker(Engine engine, Policies policies, AutomationTable table, RefusedMail refused, ILogger<Caretaker> log)
    : OneLeader(engine.Store, engine.Followers, "crm.automations", "Looking after leads", TimeSpan.FromMilliseconds(500), log)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);

    protected override async Task Lead(Sole right, CancellationToken stop)
    {
        var duty = new LeadDuty(engine, new LeadCare(engine, policies, table, refused), table, right.Connection);
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
