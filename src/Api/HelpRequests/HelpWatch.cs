using Crm.Api.Automations;

namespace Crm.Api.HelpRequests;

/// <summary>Looks after requests for help that nobody answers, or whose holders left.</summary>
public sealed class HelpWatch(Engine engine, HelpDesk desk, AutomationTable table, ILogger<HelpWatch> log)
    : Watch(engine, "crm.help", "Looking after requests for help", TimeSpan.FromMilliseconds(250),
        connection => new HelpDuty(engine, desk, table, connection), log);
