using Crm.Api.Automations;
using Crm.EventStore.ReadModels;

namespace Crm.Api.Approvals;

/// <summary>Looks after approvals that nobody decides, or whose deciders left.</summary>
public sealed class ApprovalWatch(Engine engine, ApprovalDesk desk, AutomationTable table, ILogger<ApprovalWatch> log)
    : OneLeader(engine.Store, engine.Followers, "crm.approvals", "Looking after approvals", TimeSpan.FromMilliseconds(500), log)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);

    protected override async Task Lead(Sole right, CancellationToken stop)
    {
        var duty = new ApprovalDuty(engine, desk, table, right.Connection);
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
