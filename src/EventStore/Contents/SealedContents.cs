using System.Security.Cryptography;
using System.Text;
using Crm.EventStore.Sealing;
using Npgsql;

namespace Crm.EventStore.Contents;

/// <summary>
/// Contents of files that are attached to records: the same one of a tenant is stored once, found by its hash, sealed under a key of its own. That key,
/// wrapped by the master key, lies in the database: without it what lies in the store, and in every backup of it, cannot be read any more.
/// </summary>
/// <param name="database">Connections of the role <c>crm_work</c>.</param>
public sealed class SealedContents(NpgsqlDataSource database, MasterKey master, IContentStore store)
{
    private const string TotalSql = "select coalesce(sum(size), 0)::bigint from crm.content where tenant_id = $1";

    private readonly byte[] addressing = master.Derive("content addresses");

    public ContentDraft Begin() => new(store.Draft());

    /// <summary>How much a tenant keeps, in bytes.</summary>
    public async Task<long> Total(string tenant, CancellationToken ct)
    {
        await using var command = database.CreateCommand(TotalSql);
        Add(command, tenant);
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>Stores a content that has all come; where it is there already, nothing more.</summary>
    /// <param name="waitsFor">The record that it is to be attached to; until then it may be gone again, see <see cref="Attached"/>.</param>
    /// <param name="most">How many bytes all of a tenant's contents may have.</param>
    /// <returns>False where there is no room, and then nothing is stored.</returns>
    public async Task<bool> Keep(ContentDraft draft, string tenant, string mediaType, Guid waitsFor, long most, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);

        // Whoever removes it meanwhile holds the row.
        await using var put = new NpgsqlCommand("""
            insert into crm.content as c (tenant_id, sha256, size, media_type, wrapped, waits_for) values ($1, $2, $3, $4, $5, array[$6])
            on conflict (tenant_id, sha256) do update set kept_at = now(),
                waits_for = case when c.waits_for is null or $6 = any(c.waits_for) then c.waits_for else c.waits_for || $6 end
            returning wrapped, xmax = 0
            """, connection);
        Add(put, tenant, draft.Sha256, draft.Size, mediaType, master.Wrap(draft.Key, Bind(tenant, draft.Sha256)), waitsFor);
        byte[] key;
        bool isNew;
        await using (var row = await put.ExecuteReaderAsync(ct))
        {
            await row.ReadAsync(ct);
            (key, isNew) = (master.Unwrap(row.GetFieldValue<byte[]>(0), Bind(tenant, draft.Sha256)), row.GetBoolean(1));
        }

        if (isNew)
        {
            await using var total = new NpgsqlCommand(TotalSql, connection);
            Add(total, tenant);
            if ((long)(await total.ExecuteScalarAsync(ct))! > most)
            {
                return false;
            }
        }

        await Place(draft, AddressOf(tenant, draft.Sha256), key, ct);
        await transaction.CommitAsync(ct);
        return true;
    }

    /// <summary>Says that a record has it now: it stays.</summary>
    public async Task Attached(string tenant, string sha256, CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            update crm.content set waits_for = null where tenant_id = $1 and sha256 = $2 and waits_for is not null
            """);
        Add(command, tenant, sha256);
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>A content in clear; null where its key or its bytes are gone.</summary>
    public async Task<Stream?> Open(string tenant, string sha256, CancellationToken ct)
    {
        await using var command = database.CreateCommand("select wrapped, size from crm.content where tenant_id = $1 and sha256 = $2");
        Add(command, tenant, sha256);
        await using var row = await command.ExecuteReaderAsync(ct);
        if (!await row.ReadAsync(ct) || store.Open(AddressOf(tenant, sha256)) is not { } bytes)
        {
            return null;
        }

        return new ContentStream(bytes, master.Unwrap(row.GetFieldValue<byte[]>(0), Bind(tenant, sha256)), row.GetInt64(1));
    }

    /// <summary>Removes what came before a moment and was never attached, and what was left of what did not all come.</summary>
    /// <param name="has">Whether a record, by tenant and stream, was ever given a content of this hash.</param>
    public async Task Tidy(DateTimeOffset before, Func<string, Guid, string, Task<bool>> has, CancellationToken ct)
    {
        store.Sweep(before);
        foreach (var (tenant, sha256, records) in await Waiting(before, ct))
        {
            if (await records.ToAsyncEnumerable().AnyAsync(async (record, _) => await has(tenant, record, sha256), ct))
            {
                await Attached(tenant, sha256, ct);
                continue;
            }

            await using var connection = await database.OpenConnectionAsync(ct);
            await using var transaction = await connection.BeginTransactionAsync(ct);
            await using var remove = new NpgsqlCommand(
                "delete from crm.content where tenant_id = $1 and sha256 = $2 and waits_for is not null and kept_at < $3", connection);
            Add(remove, tenant, sha256, before.ToUniversalTime());
            if (await remove.ExecuteNonQueryAsync(ct) > 0)
            {
                store.Remove(AddressOf(tenant, sha256));
                await transaction.CommitAsync(ct);
            }
        }
    }

    /// <summary>Under which addresses contents lie.</summary>
    /// <param name="tenant">Null for all of them.</param>
    public async Task<IReadOnlyList<string>> Addresses(string? tenant, CancellationToken ct)
    {
        await using var command = database.CreateCommand("select tenant_id, sha256 from crm.content where $1 is null or tenant_id = $1 order by 1, 2");
        command.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = tenant });
        await using var rows = await command.ExecuteReaderAsync(ct);
        var addresses = new List<string>();
        while (await rows.ReadAsync(ct))
        {
            addresses.Add(AddressOf(rows.GetString(0), rows.GetString(1)));
        }

        return addresses;
    }

    /// <summary>What lies under an address, as it lies there; null where nothing does.</summary>
    public Stream? Sealed(string address) => store.Open(address);

    /// <summary>Puts under an address what lay there in another store.</summary>
    public async Task Put(string address, Stream @sealed, CancellationToken ct)
    {
        await using var draft = store.Draft();
        await @sealed.CopyToAsync(draft.Body, ct);
        await draft.Keep(address, ct);
    }

    // What is there stays as it is. What is not, or was lost, comes under the key that the database has: copies of it elsewhere open with that one.
    private async Task Place(ContentDraft draft, string address, byte[] key, CancellationToken ct)
    {
        if (draft.Key.AsSpan().SequenceEqual(key))
        {
            await draft.Keep(address, ct);
        }
        else if (!IsThere(address))
        {
            await using var again = new ContentDraft(store.Draft(), key);
            await using var clear = draft.Read();
            var piece = new byte[ContentPieces.Clear];
            while (await clear.ReadAsync(piece, ct) is var count and > 0)
            {
                await again.Write(piece.AsMemory(0, count), ct);
            }

            await again.Finish(ct);
            await again.Keep(address, ct);
        }
    }

    private async Task<IReadOnlyList<(string Tenant, string Sha256, IReadOnlyList<Guid> Records)>> Waiting(DateTimeOffset before, CancellationToken ct)
    {
        await using var command = database.CreateCommand("select tenant_id, sha256, waits_for from crm.content where waits_for is not null and kept_at < $1");
        Add(command, before.ToUniversalTime());
        await using var rows = await command.ExecuteReaderAsync(ct);
        var waiting = new List<(string, string, IReadOnlyList<Guid>)>();
        while (await rows.ReadAsync(ct))
        {
            waiting.Add((rows.GetString(0), rows.GetString(1), rows.GetFieldValue<Guid[]>(2)));
        }

        return waiting;
    }

    private bool IsThere(string address)
    {
        using var bytes = store.Open(address);
        return bytes is not null;
    }

    // Whoever sees only the store does not find out whether it has a file that he knows.
    private string AddressOf(string tenant, string sha256) => Convert.ToHexStringLower(HMACSHA256.HashData(addressing, Bind(tenant, sha256)));

    private static void Add(NpgsqlCommand command, params object[] parameters)
    {
        foreach (var value in parameters)
        {
            command.Parameters.AddWithValue(value);
        }
    }

    private static byte[] Bind(string tenant, string sha256) => Encoding.UTF8.GetBytes($"content\n{tenant}\n{sha256}");
}
