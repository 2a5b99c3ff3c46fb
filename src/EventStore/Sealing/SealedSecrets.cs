using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Crm.EventStore.Sealing;

/// <summary>Secrets by which programs outside know us. At rest they are wrapped by the master key.</summary>
/// <param name="of">Whose they are, <c>webhook</c> or <c>channel</c>: the name of their table.</param>
public sealed class SealedSecrets(NpgsqlDataSource database, MasterKey master, string of)
{
    private const int Length = 32;

    /// <summary>A new secret of 256 random bits under this id; the one that is there already where the same request comes again.</summary>
    public Task<byte[]> Keep(string tenant, Guid owner, Guid id, CancellationToken ct) =>
        Keep(tenant, owner, id, RandomNumberGenerator.GetBytes(Length), ct);

    /// <summary>A secret that somebody gave us; the one that is there already where the same request comes again.</summary>
    public async Task<byte[]> Keep(string tenant, Guid owner, Guid id, byte[] secret, CancellationToken ct)
    {
        await using var command = database.CreateCommand($"""
            insert into crm.{of}_secret (tenant_id, secret_id, {of}_id, wrapped) values ($1, $2, $3, $4) on conflict do nothing
            """);
        command.Parameters.AddWithValue(tenant);
        command.Parameters.AddWithValue(id);
        command.Parameters.AddWithValue(owner);
        command.Parameters.AddWithValue(master.Wrap(secret, Bind(tenant, id)));
        await command.ExecuteNonQueryAsync(ct);
        return (await Open(tenant, id, ct))!;
    }

    /// <summary>Null when it is gone.</summary>
    /// <exception cref="CryptographicException">It was moved or changed.</exception>
    public async Task<byte[]?> Open(string tenant, Guid id, CancellationToken ct)
    {
        await using var command = database.CreateCommand($"select wrapped from crm.{of}_secret where tenant_id = $1 and secret_id = $2");
        command.Parameters.AddWithValue(tenant);
        command.Parameters.AddWithValue(id);
        return await command.ExecuteScalarAsync(ct) is byte[] wrapped ? master.Unwrap(wrapped, Bind(tenant, id)) : null;
    }

    // It opens only for the tenant and under the name that it was wrapped for.
    private byte[] Bind(string tenant, Guid id) => Encoding.UTF8.GetBytes($"{of} secret\n{tenant}\n{id:N}");
}
