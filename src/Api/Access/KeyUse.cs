using System.Collections.Concurrent;
using Crm.EventStore;
using Npgsql;

namespace Crm.Api.Access;

/// <summary>When each key was last used, to the minute: an operator's hint, not a fact, so it is a table and not an event.</summary>
public sealed class KeyUse(Store store, TimeProvider clock, ILogger<KeyUse> log)
{
    private static readonly TimeSpan Grain = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<(string Tenant, string Key), DateTimeOffset> noted = new();

    /// <summary>Notes a use, unless that was done in the last minute. Nobody waits for it.</summary>
    public void Note(string tenant, string key)
    {
        var now = clock.GetUtcNow();
        if (!noted.TryGetValue((tenant, key), out var last) || now - last >= Grain)
        {
            noted[(tenant, key)] = now;
            _ = Write(tenant, key);
        }
    }

    public Task<IReadOnlyDictionary<string, DateTimeOffset>> Of(string tenant, CancellationToken ct) => store.Reader.Read(
        tenant, "select key_id, used_at from crm.api_key_use where tenant_id = $1", [tenant], async reader =>
        {
            var used = new Dictionary<string, DateTimeOffset>();
            while (await reader.ReadAsync(ct))
            {
                used[reader.GetString(0)] = reader.GetFieldValue<DateTimeOffset>(1);
            }

            return (IReadOnlyDictionary<string, DateTimeOffset>)used;
        }, ct);

    private async Task Write(string tenant, string key)
    {
        try
        {
            await using var command = store.Database.CreateCommand("""
                insert into crm.api_key_use (tenant_id, key_id, used_at) values ($1, $2, date_trunc('minute', now()))
                on conflict (tenant_id, key_id) do update set used_at = excluded.used_at
                """);
            command.Parameters.AddWithValue(tenant);
            command.Parameters.AddWithValue(key);
            await command.ExecuteNonQueryAsync();
        }
        catch (Exception away) when (away is NpgsqlException or TimeoutException or ObjectDisposedException)
        {
            log.LogDebug("The use of a key could not be noted: {Reason}", away.Message);
        }
    }
}
