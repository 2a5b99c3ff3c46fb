using Crm.Api.Automations;

namespace Crm.Api.FollowUps;

/// <summary>Tells whoever has an open deal that lies still.</summary>
public sealed class FollowUpWatch(Engine engine, AutomationTable table, ILogger<FollowUpWatch> log)
    : Watch(engine, "crm.follow-ups", "Looking for deals that lie still", TimeSpan.FromSeconds(2),
        connection => new FollowUpDuty(engine, table, connection), log, hears: false);
