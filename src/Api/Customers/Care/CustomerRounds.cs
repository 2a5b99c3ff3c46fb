using Npgsql;

namespace Crm.Api.Customers.Care;

/// <summary>Of which day, by which playbook, each tenant's customers were all looked at last.</summary>
internal sealed class CustomerRounds(NpgsqlConnection connection)
{
    /// <summary>From now on they are looked at.</summary>
    public static NpgsqlBatchCommand Begin(string tenant) =>
        new("insert into crm.customer_round (tenant_id, day, playbook) values ($1, date '0001-01-01', 0) on conflict do nothing")
        { Parameters = { new() { Value = tenant } } };

    public async Task<IReadOnlyList<(string Tenant, DateOnly Day, long Playbook)>> All(CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            "select tenant_id, day, playbook from crm.customer_round order by tenant_id", connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var tenants = new List<(string, DateOnly, long)>();
        while (await reader.ReadAsync(ct))
        {
            tenants.Add((reader.GetString(0), reader.GetFieldValue<DateOnly>(1), reader.GetInt64(2)));
        }

        return tenants;
    }

    public async Task Done(string tenant, DateOnly day, long playbook, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            "update crm.customer_round set day = $2, playbook = $3 where tenant_id = $1", connection);
        command.Parameters.AddWithValue(tenant);
        command.Parameters.AddWithValue(day);
        command.Parameters.AddWithValue(playbook);
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>By which the right to lead is seen to be used.</summary>
    public async Task Beat(CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("select 1", connection);
        await command.ExecuteNonQueryAsync(ct);
    }
}
