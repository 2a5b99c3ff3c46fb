using Crm.EventStore.ReadModels;
using Crm.Projections;
using Npgsql;

namespace Crm.Api.Automations;

/// <summary>Whoever is there, for those who look by the clock.</summary>
internal static class AllTenants
{
    private static readonly string Trail = ModelTables.Of(Catalog.AuditTrail).Rows;

    private static readonly string Tenants = $"""
        with recursive tenants as (
            (select tenant_id from {Trail} order by tenant_id limit 1)
            union all
            select (select x.tenant_id from {Trail} x where x.tenant_id > t.tenant_id order by x.tenant_id limit 1)
            from tenants t where t.tenant_id is not null)
        select tenant_id, crm.clock() from tenants where tenant_id is not null
        """;

    /// <summary>All tenants of whom anything is told, and the store's time.</summary>
    public static async Task<(IReadOnlyList<string> Tenants, DateTimeOffset Now)> Of(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(Tenants, connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var (tenants, now) = (new List<string>(), DateTimeOffset.MinValue);
        while (await reader.ReadAsync(ct))
        {
            tenants.Add(reader.GetString(0));
            now = reader.GetFieldValue<DateTimeOffset>(1);
        }

        return (tenants, now);
    }
}
