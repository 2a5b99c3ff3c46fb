using Crm.Api.Automations;
using Crm.Api.Events;
using Crm.Api.Opportunities.Care;
using Npgsql;

namespace Crm.Api.Warnings;

/// <summary>Tells people of signs that opportunities may be lost.</summary>
internal sealed class WarningWatch(Engine engine, AutomationTable table, ILogger<WarningWatch> log)
    : Watch(engine, "crm.warnings", "Looking for early warnings", TimeSpan.FromMilliseconds(250),
        connection => Of(engine, table, connection), log)
{
    private static Both Of(Engine engine, AutomationTable table, NpgsqlConnection connection)
    {
        var care = new WarningCare(engine, table);
        return new(new ContactDuty(engine, care, connection), new OpportunityDuty(engine, care, table, connection));
    }

    // Contacts begin first, where those stand who looked after both.
    private sealed class Both(IDuty contacts, IDuty deals) : IDuty
    {
        public async Task Begin(CancellationToken ct)
        {
            await contacts.Begin(ct);
            await deals.Begin(ct);
        }

        public async Task<bool> Step(CancellationToken ct) => await contacts.Step(ct) | await deals.Step(ct);
    }
}
