using Crm.EventStore.ReadModels;
using Crm.Projections;
using Npgsql;

namespace Crm.Api.Automations;

/// <summary>A lead of which something is due.</summary>
/// <param name="Position">Up to where the row is that says so.</param>
internal sealed record DueLead(string Tenant, Guid Lead, DateTimeOffset DueAt, long Position);

/// <summary>Looks for leads of which something is due, over all tenants.</summary>
internal static class DueLeads
{
    // Of one tenant at a time, so that no other waits for all of its own.
    private const int MostOfTenant = 100;

    // Each tenant's own are looked for by the index, one tenant after another; a clock that is asked once is a bound of it. What failed waits until somebody
    // has it tried again.
    private static readonly string Sql = $"""
        with recursive tenants as (
            (select tenant_id from {ModelTables.Of(Catalog.LeadClocks).Rows} order by tenant_id limit 1)
            union all
            select (select x.tenant_id from {ModelTables.Of(Catalog.LeadClocks).Rows} x where x.tenant_id > t.tenant_id order by x.tenant_id limit 1)
            from tenants t where t.tenant_id is not null)
        select t.tenant_id, d.lead_id, d.due_at, d.position
        from tenants t
        cross join lateral (
            select x.lead_id, x.due_at, x.position from {ModelTables.Of(Catalog.LeadClocks).Rows} x
            where x.tenant_id = t.tenant_id and x.due_at <= (select crm.clock())
              and not exists (select from crm.automation_failure f where f.tenant_id = x.tenant_id and f.automation = '{LeadCare.Automation}' and f.subject_id = x.lead_id)
            order by x.due_at limit $3) d
        where t.tenant_id is not null and t.tenant_id <> all ($2)
        order by d.due_at, d.lead_id limit $1
        """;

    /// <summary>Those that are due by the store's clock, the longest due first; at most so many.</summary>
    /// <param name="idle">Tenants of which nothing is to be done.</param>
    public static async Task<IReadOnlyList<DueLead>> Look(NpgsqlConnection connection, int most, IReadOnlyCollection<string> idle, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(Sql, connection);
        command.Parameters.AddWithValue(most);
        command.Parameters.AddWithValue(idle.ToArray());
        command.Parameters.AddWithValue(Math.Min(most, MostOfTenant));
        await using var reader = await command.ExecuteReaderAsync(ct);
        var due = new List<DueLead>();
        while (await reader.ReadAsync(ct))
        {
            due.Add(new(reader.GetString(0), reader.GetGuid(1), reader.GetFieldValue<DateTimeOffset>(2), reader.GetInt64(3)));
        }

        return due;
    }
}
