using Crm.Api.Automations;

namespace Crm.Api.DailyReports;

/// <summary>Tells people of daily reports that are not there when they are due.</summary>
public sealed class DailyReportWatch(Engine engine, AutomationTable table, ILogger<DailyReportWatch> log)
    : Watch(engine, "crm.daily-reports", "Looking for daily reports", TimeSpan.FromSeconds(2),
        connection => new DailyReportDuty(engine, table, connection), log, hears: false);
