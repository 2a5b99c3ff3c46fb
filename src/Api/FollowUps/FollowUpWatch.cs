using Crm.Api.Automations;
using Crm.EventStore.ReadModels;

namespace Crm.Api.FollowUps;

/// <summary>Tells whoever has an open deal that lies still.</summary>
public sealed class FollowUpWatch(Engine engine, AutomationTable table, ILogger<FollowUpWatch> log)
    : OneLeader(engine.Store, engine.Followers, "crm.follow-ups", "Looking for deals that lie still", TimeSpan.FromMilliseconds(500), log)
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(2);

    protected override async Task Lead(Sole right, CancellationToken stop)
    {
        var duty = new FollowUpDuty(engine, table, right.Connection);
        while (true)
        {
            await duty.Step(stop);
            await Task.Delay(Poll, stop);
        }
    }
}
