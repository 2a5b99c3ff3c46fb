using Crm.Api.Automations;
using Crm.Api.Conversion;

namespace Crm.Api.MetricAlerts;

/// <summary>Watches figures.</summary>
public sealed class MetricWatch(Engine engine, ConversionReport report, Queries queries, AutomationTable table, ILogger<MetricWatch> log)
    : Watch(engine, "crm.metric-alerts", "Watching figures", TimeSpan.FromSeconds(1),
        connection => new MetricDuty(engine, new MetricReader(report, queries, engine.Playbooks), table, connection), log, hears: false);
