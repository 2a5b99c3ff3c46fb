using Crm.Api.Automations;
using Crm.Api.Conversion;
using Crm.EventStore.ReadModels;

namespace Crm.Api.MetricAlerts;

/// <summary>Watches figures.</summary>
public sealed class MetricWatch(Engine engine, ConversionReport report, Queries queries, AutomationTable table, ILogger<MetricWatch> log)
    : OneLeader(engine.Store, engine.Followers, "crm.metric-alerts", "Watching figures", TimeSpan.FromMilliseconds(500), log)
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    protected override async Task Lead(Sole right, CancellationToken stop)
    {
        var duty = new MetricDuty(engine, new MetricReader(report, queries, engine.Playbooks), table, right.Connection);
        await duty.Begin(stop);
        while (true)
        {
            if (!await duty.Step(stop))
            {
                await Task.Delay(Poll, stop);
            }
        }
    }
}
