using Crm.EventStore;
using Npgsql;

namespace Crm.Api.Automations;

/// <summary>
/// When leads are to be looked at since their points will have faded into another band. It is worked out each time that a lead is looked
/// after and kept beside the log: it follows from that and the rules, and costs a touch no event.
/// </summary>
internal static class FadingLeads
{
    // Of one tenant at a time, so that no other waits for all of its own: after other rules all of them may be due at once.
    private const int MostOfTenant = 100;

    /// <summary>Those whose moment has come by the store's clock, the earliest first; at most so many. What failed is left
    /// alone.</summary>
    /// <param name="idle">Tenants of which nothing is to be done.</param>
    public static async Task<IReadOnlyList<DueStream>> Look(
        NpgsqlConnection connection, int most, IReadOnlyCollection<string> idle, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand($"""
            with recursive tenants as (
                (select tenant_id from crm.lead_fading order by tenant_id limit 1)
                union all
                select (select x.tenant_id from crm.lead_fading x where x.tenant_id > t.tenant_id order by x.tenant_id limit 1)
                from tenants t where t.tenant_id is not null)
            select t.tenant_id, f.lead_id, f.at from tenants t
            cross join lateral (
                select x.lead_id, x.at from crm.lead_fading x where x.tenant_id = t.tenant_id and x.at <= (select crm.clock())
                  and not exists (select from crm.automation_failure a where a.tenant_id = x.tenant_id
                                  and a.automation = '{LeadCare.Automation}' and a.subject_id = x.lead_id)
                order by x.at limit {MostOfTenant}) f
            where t.tenant_id is not null and t.tenant_id <> all ($2)
            order by f.at, f.lead_id limit $1
            """, connection);
        command.Parameters.AddWithValue(most);
        command.Parameters.AddWithValue(idle.ToArray());
        await using var reader = await command.ExecuteReaderAsync(ct);
        var due = new List<DueStream>();
        while (await reader.ReadAsync(ct))
        {
            due.Add(new(reader.GetString(0), reader.GetGuid(1), reader.GetFieldValue<DateTimeOffset>(2), Position: 0));
        }

        return due;
    }

    /// <summary>Notes when each of some leads is to be looked at; null for never.</summary>
    public static async Task Note(NpgsqlDataSource database, string tenant, IReadOnlyDictionary<Guid, DateTimeOffset?> leads,
        CancellationToken ct)
    {
        if (leads.Count == 0)
        {
            return;
        }

        await using var command = database.CreateCommand("""
            with given as (select * from unnest($2, $3) as g (lead, at)),
                 gone as (delete from crm.lead_fading f using given g where f.tenant_id = $1 and f.lead_id = g.lead and g.at is null)
            insert into crm.lead_fading (tenant_id, lead_id, at) select $1, g.lead, g.at from given g where g.at is not null
            on conflict (tenant_id, lead_id) do update set at = excluded.at where lead_fading.at <> excluded.at
            """);
        command.Parameters.AddWithValue(tenant);
        command.Parameters.AddWithValue(leads.Keys.ToArray());
        command.Parameters.AddWithValue(leads.Values.Select(at => at?.ToUniversalTime()).ToArray());
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>By other rules points fade otherwise: those that fade are looked at again.</summary>
    public static async Task Renew(NpgsqlDataSource database, string tenant, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            "update crm.lead_fading set at = crm.clock() where tenant_id = $1 and at > crm.clock()");
        command.Parameters.AddWithValue(tenant);
        await command.ExecuteNonQueryAsync(ct);
    }
}
