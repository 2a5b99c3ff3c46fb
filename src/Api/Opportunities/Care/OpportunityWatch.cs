using Crm.Api.Automations;

namespace Crm.Api.Opportunities.Care;

/// <summary>Looks after opportunities.</summary>
internal sealed class OpportunityWatch(Engine engine, AutomationTable table, EntryDeeds deeds, ILogger<OpportunityWatch> log)
    : Watch(engine, "crm.opportunities", "Looking after opportunities", TimeSpan.FromMilliseconds(250),
        connection => new OpportunityDuty(engine, new OpportunityCare(engine, table, deeds), table, connection), log);
