using Crm.Api.Automations;

namespace Crm.Api.Reviews;

/// <summary>Asks whoever had a deal to look back upon it.</summary>
public sealed class ReviewWatch(Engine engine, AutomationTable table, ILogger<ReviewWatch> log)
    : Watch(engine, "crm.reviews", "Asking for reviews", TimeSpan.FromSeconds(1),
        connection => new ReviewDuty(engine, table, connection), log);
