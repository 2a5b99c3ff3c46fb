using Crm.Api.Automations;

namespace Crm.Api.Approvals;

/// <summary>Looks after approvals that nobody decides, or whose deciders left.</summary>
public sealed class ApprovalWatch(Engine engine, ApprovalDesk desk, AutomationTable table, ILogger<ApprovalWatch> log)
    : Watch(engine, "crm.approvals", "Looking after approvals", TimeSpan.FromMilliseconds(250),
        connection => new ApprovalDuty(engine, desk, table, connection), log);
