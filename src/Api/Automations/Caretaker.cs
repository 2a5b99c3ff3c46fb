using Crm.Api.Nurture;

namespace Crm.Api.Automations;

/// <summary>Looks after leads.</summary>
public sealed class Caretaker(Engine engine, Policies policies, AutomationTable table, RefusedMail refused, ILogger<Caretaker> log)
    : Watch(engine, "crm.automations", "Looking after leads", TimeSpan.FromMilliseconds(250),
        connection => new LeadDuty(engine, new LeadCare(engine, policies, table, refused), table, connection), log);
