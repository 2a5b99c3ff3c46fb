using Crm.EventModel;
using Crm.EventStore.ReadModels;
using Npgsql;

namespace Crm.Api.Automations;

/// <summary>A record of which something is due.</summary>
/// <param name="Position">Up to where the row is that says so.</param>
internal sealed record DueStream(string Tenant, Guid Stream, DateTimeOffset DueAt, long Position);

/// <summary>Looks for records of which something is due, over all tenants.</summary>
/// <param name="model">Whose rows say so, by <c>due_at</c>.</param>
/// <param name="automation">Which does it.</param>
internal sealed class DueStreams(ReadModel model, string automation)
{
    // Of one tenant at a time, so that no other waits for all of its own.
    private const int MostOfTenant = 100;

    // Each tenant's own are looked for by the index, one tenant after another; a clock that is asked once is a bound of it. What failed waits until somebody
    // has it tried again.
    private readonly string sql = $"""
        with recursive tenants as (
            (select tenant_id from {ModelTables.Of(model).Rows} order by tenant_id limit 1)
            union all
            select (select x.tenant_id from {ModelTables.Of(model).Rows} x where x.tenant_id > t.tenant_id order by x.tenant_id limit 1)
            from tenants t where t.tenant_id is not null)
        select t.tenant_id, d.id, d.due_at, d.position
        from tenants t
        cross join lateral (
            select x.{ModelTables.Of(model).Id} as id, x.due_at, x.position from {ModelTables.Of(model).Rows} x
            where x.tenant_id = t.tenant_id and x.due_at <= (select crm.clock())
              and not exists (
                select from crm.automation_failure f
                where f.tenant_id = x.tenant_id and f.automation = '{automation}' and f.subject_id = x.{ModelTables.Of(model).Id})
            order by x.due_at limit $3) d
        where t.tenant_id is not null and t.tenant_id <> all ($2)
        order by d.due_at, d.id limit $1
        """;

    /// <summary>Those that are due by the store's clock, the longest due first; at most so many.</summary>
    /// <param name="idle">Tenants of which nothing is to be done.</param>
    public async Task<IReadOnlyList<DueStream>> Look(NpgsqlConnection connection, int most, IReadOnlyCollection<string> idle,
        CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddWithValue(most);
        command.Parameters.AddWithValue(idle.ToArray());
        command.Parameters.AddWithValue(Math.Min(most, MostOfTenant));
        await using var reader = await command.ExecuteReaderAsync(ct);
        var due = new List<DueStream>();
        while (await reader.ReadAsync(ct))
        {
            due.Add(new(reader.GetString(0), reader.GetGuid(1), reader.GetFieldValue<DateTimeOffset>(2), reader.GetInt64(3)));
        }

        return due;
    }
}
