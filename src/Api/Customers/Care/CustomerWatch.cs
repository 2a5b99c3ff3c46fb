using Crm.Api.Automations;
using Crm.EventStore.ReadModels;

namespace Crm.Api.Customers.Care;

/// <summary>Looks after customers.</summary>
public sealed class CustomerWatch(Engine engine, CustomerFactsReader reader, AutomationTable table, ILogger<CustomerWatch> log)
    : OneLeader(engine.Store, engine.Followers, "crm.customers", "Looking after customers", TimeSpan.FromMilliseconds(500), log)
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    protected override async Task Lead(Sole right, CancellationToken stop)
    {
        var duty = new CustomerDuty(engine, reader, table, right.Connection);
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
