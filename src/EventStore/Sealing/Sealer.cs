using System.Security.Cryptography;
using System.Text;

namespace Crm.EventStore.Sealing;

/// <summary>
/// Seals what is known of a person under a key of that person's own, itself wrapped by the master key. Deleting the person's keys makes
/// everything sealed under them unreadable, in every event, row and backup of them, without touching history.
/// </summary>
public sealed class Sealer(TenantReader reader, MasterKey master)
{
    private const string Prefix = "enc:v1:";
    private const int MostKept = 100_000;

    // By tenant and id; null where a key is gone.
    private readonly RecentKeys<(string Tenant, Guid Key), byte[]?> keys = new(MostKept);

    /// <summary>A new key for a person, to be stored with the first facts that it seals.</summary>
    public PersonKey NewKey(string tenant, Guid person)
    {
        var id = Guid.CreateVersion7();
        var key = RandomNumberGenerator.GetBytes(32);
        keys.Keep((tenant, id), key);
        return new PersonKey(id, person, master.Wrap(key, Bind(tenant, id)));
    }

    /// <summary>A person's newest key; null when there is none (yet, or any more).</summary>
    public Task<Guid?> KeyOf(string tenant, Guid person, CancellationToken ct) => reader.One<Guid?>(
        tenant, "select key_id from crm.person_key where tenant_id = $1 and person = $2 order by key_id desc limit 1", [tenant, person],
        row => row.GetGuid(0), ct);

    /// <summary>The text as <c>enc:v1:&lt;key id&gt;:&lt;data&gt;</c>.</summary>
    public async Task<string> Seal(string tenant, Guid key, string text, CancellationToken ct)
    {
        var secret = await Key(tenant, key, ct) ?? throw new InvalidOperationException("The person's key is gone.");
        return $"{Prefix}{key:N}:{Convert.ToBase64String(AesGcmBox.Seal(secret, Encoding.UTF8.GetBytes(text), Bind(tenant, key)))}";
    }

    /// <summary>The text; null when the person has been forgotten, or when another writer of the store has put in what is not sealed.</summary>
    public async Task<string?> Open(string tenant, string @sealed, CancellationToken ct)
    {
        return KeyIn(@sealed) is { } id && await Key(tenant, id, ct) is { } key
            ? Encoding.UTF8.GetString(AesGcmBox.Open(key, Convert.FromBase64String(@sealed[(@sealed.LastIndexOf(':') + 1)..]), Bind(tenant, id)))
            : null;
    }

    /// <summary>Gets the keys of many texts in one question, before each is opened.</summary>
    public async Task Fetch(string tenant, IEnumerable<string> texts, CancellationToken ct)
    {
        var missing = texts.Select(KeyIn).OfType<Guid>().Distinct().Where(id => !keys.Find((tenant, id), out _)).ToArray();
        if (missing.Length == 0)
        {
            return;
        }

        const string Sql = "select key_id, wrapped from crm.person_key where tenant_id = $1 and key_id = any($2)";
        var found = await reader.Read(tenant, Sql, [tenant, missing], async rows =>
        {
            var all = new Dictionary<Guid, byte[]>();
            while (await rows.ReadAsync(ct))
            {
                all.Add(rows.GetGuid(0), rows.GetFieldValue<byte[]>(1));
            }

            return all;
        }, ct);

        // A key is stored with the first text that it seals, so one that is not there will not come any more.
        foreach (var id in missing)
        {
            keys.Keep((tenant, id), found.GetValueOrDefault(id) is { } wrapped ? master.Unwrap(wrapped, Bind(tenant, id)) : null);
        }
    }

    private static Guid? KeyIn(string @sealed) =>
        @sealed.Split(':') is ["enc", "v1", var name, _] && Guid.TryParseExact(name, "N", out var id) ? id : null;

    private async Task<byte[]?> Key(string tenant, Guid id, CancellationToken ct)
    {
        if (keys.Find((tenant, id), out var known))
        {
            return known;
        }

        const string Sql = "select wrapped from crm.person_key where tenant_id = $1 and key_id = $2";
        if (await reader.One(tenant, Sql, [tenant, id], row => row.GetFieldValue<byte[]>(0), ct) is not { } wrapped)
        {
            return null;
        }

        var key = master.Unwrap(wrapped, Bind(tenant, id));
        keys.Keep((tenant, id), key);
        return key;
    }

    // A sealed text opens only for the tenant and the key that it was sealed for.
    private static byte[] Bind(string tenant, Guid key) => Encoding.UTF8.GetBytes($"{tenant}\n{key:N}");
}
