using Crm.Api.Automations;
using Crm.EventStore.ReadModels;

namespace Crm.Api.HelpRequests;

/// <summary>Looks after requests for help that nobody answers, or whose holders left.</summary>
public sealed class HelpWatch(Engine engine, HelpDesk desk, AutomationTable table, ILogger<HelpWatch> log)
    : OneLeader(engine.Store, engine.Followers, "crm.help", "Looking after requests for help", TimeSpan.FromMilliseconds(500), log)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);

    protected override async Task Lead(Sole right, CancellationToken stop)
    {
        var duty = new HelpDuty(engine, desk, table, right.Connection);
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
