using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Crm.EventStore.Sealing;

/// <summary>Secrets by which receivers outside know us, each of 256 random bits. At rest they are wrapped by the master key.</summary>
public sealed class SealedSecrets(NpgsqlDataSource database, MasterKey master)
{
    private const int Length = 32;

    /// <summary>A new secret of a webhook under this id; the one that is there already where the same request comes again.</summary>
    public async Task<byte[]> Keep(string tenant, Guid webhook, Guid id, CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            insert into crm.webhook_secret (tenant_id, secret_id, webhook_id, wrapped) values ($1, $2, $3, $4) on conflict do nothing
            """);
        command.Parameters.AddWithValue(tenant);
        command.Parameters.AddWithValue(id);
        command.Parameters.AddWithValue(webhook);
        command.Parameters.AddWithValue(master.Wrap(RandomNumberGenerator.GetBytes(Length), Bind(tenant, id)));
        await command.ExecuteNonQueryAsync(ct);
        return (await Open(tenant, id, ct))!;
    }

    /// <summary>Null when it is gone.</summary>
    /// <exception cref="CryptographicException">It was moved or changed.</exception>
    public async Task<byte[]?> Open(string tenant, Guid id, CancellationToken ct)
    {
        await using var command = database.CreateCommand("select wrapped from crm.webhook_secret where tenant_id = $1 and secret_id = $2");
        command.Parameters.AddWithValue(tenant);
        command.Parameters.AddWithValue(id);
        return await command.ExecuteScalarAsync(ct) is byte[] wrapped ? master.Unwrap(wrapped, Bind(tenant, id)) : null;
    }

    // It opens only for the tenant and under the name that it was wrapped for.
    private static byte[] Bind(string tenant, Guid id) => Encoding.UTF8.GetBytes($"webhook secret\n{tenant}\n{id:N}");
}
