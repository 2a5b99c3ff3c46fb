using Crm.Api.Automations;

namespace Crm.Api.Customers.Care;

/// <summary>Looks after customers.</summary>
public sealed class CustomerWatch(Engine engine, CustomerFactsReader reader, AutomationTable table, ILogger<CustomerWatch> log)
    : Watch(engine, "crm.customers", "Looking after customers", TimeSpan.FromSeconds(1),
        connection => new CustomerDuty(engine, reader, table, connection), log);
