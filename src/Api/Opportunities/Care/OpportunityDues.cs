using Crm.Api.Automations;
using Crm.EventStore;
using Npgsql;

namespace Crm.Api.Opportunities.Care;

/// <summary>
/// When opportunities are to be looked at, since something will be over a limit then. It is worked out each time that one is looked after
/// and kept beside the log: it follows from that and the rules, and costs a touch no event.
/// </summary>
/// <param name="table">Which it is kept in.</param>
/// <param name="automation">Which looks after them.</param>
internal sealed class OpportunityDues(string table, string automation)
{
    // Of one tenant at a time, so that no other waits for all of its own.
    private const int MostOfTenant = 100;

    /// <summary>Those whose moment has come by the store's clock, the longest due first; at most so many. What failed is left
    /// alone.</summary>
    /// <param name="idle">Tenants of which nothing is to be done.</param>
    /// <param name="tried">Those that stay due, since nothing was written: they take no place from others, unless they are due anew.</param>
    public async Task<IReadOnlyList<DueStream>> Look(
        NpgsqlConnection connection, int most, IReadOnlyCollection<string> idle,
        IReadOnlyDictionary<(string Tenant, Guid Opportunity), DateTimeOffset> tried, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand($"""
            with recursive tenants as (
                (select tenant_id from {table} order by tenant_id limit 1)
                union all
                select (select x.tenant_id from {table} x where x.tenant_id > t.tenant_id order by x.tenant_id limit 1)
                from tenants t where t.tenant_id is not null)
            select t.tenant_id, d.opportunity_id, d.at from tenants t
            cross join lateral (
                select x.opportunity_id, x.at from {table} x where x.tenant_id = t.tenant_id and x.at <= (select crm.clock())
                  and not exists (select from crm.automation_failure a where a.tenant_id = x.tenant_id
                                  and a.automation = '{automation}' and a.subject_id = x.opportunity_id)
                  and not exists (select from unnest($3, $4, $5) as y (tenant, opportunity, at)
                                  where y.tenant = x.tenant_id and y.opportunity = x.opportunity_id and y.at = x.at)
                order by x.at limit {MostOfTenant}) d
            where t.tenant_id is not null and t.tenant_id <> all ($2)
            order by d.at, d.opportunity_id limit $1
            """, connection);
        command.Parameters.AddWithValue(most);
        command.Parameters.AddWithValue(idle.ToArray());
        command.Parameters.AddWithValue(tried.Keys.Select(one => one.Tenant).ToArray());
        command.Parameters.AddWithValue(tried.Keys.Select(one => one.Opportunity).ToArray());
        command.Parameters.AddWithValue(tried.Values.Select(at => at.ToUniversalTime()).ToArray());
        await using var reader = await command.ExecuteReaderAsync(ct);
        var due = new List<DueStream>();
        while (await reader.ReadAsync(ct))
        {
            due.Add(new(reader.GetString(0), reader.GetGuid(1), reader.GetFieldValue<DateTimeOffset>(2), Position: 0));
        }

        return due;
    }

    /// <summary>Notes when each of some opportunities is to be looked at; null for never.</summary>
    public async Task Note(
        NpgsqlDataSource database, string tenant, IReadOnlyDictionary<Guid, DateTimeOffset?> opportunities, CancellationToken ct)
    {
        if (opportunities.Count == 0)
        {
            return;
        }

        await using var command = database.CreateCommand($"""
            with given as (select * from unnest($2, $3) as g (opportunity, at)),
                 gone as (delete from {table} d using given g
                          where d.tenant_id = $1 and d.opportunity_id = g.opportunity and g.at is null)
            insert into {table} as d (tenant_id, opportunity_id, at) select $1, g.opportunity, g.at from given g where g.at is not null
            on conflict (tenant_id, opportunity_id) do update set at = excluded.at where d.at <> excluded.at
            """);
        command.Parameters.AddWithValue(tenant);
        command.Parameters.AddWithValue(opportunities.Keys.ToArray());
        command.Parameters.AddWithValue(opportunities.Values.Select(at => at?.ToUniversalTime()).ToArray());
        await command.ExecuteNonQueryAsync(ct);
    }
}
