using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Crm.EventStore.Sealing;

/// <summary>A file as far as it has come.</summary>
public sealed record StoredFile(string Name, long Size, bool IsComplete);

/// <summary>
/// Files that were sent here, or wait to be fetched, in pieces of a megabyte in the database: any node goes on with them. At rest each piece is sealed
/// by the master key, for its tenant, its file and its place in it.
/// </summary>
/// <param name="database">Connections of the role <c>crm_work</c>.</param>
public sealed class SealedFiles(NpgsqlDataSource database, MasterKey master)
{
    public const int LongestPiece = 1 << 20;

    public async Task<IReadOnlyList<StoredFile>> All(string tenant, Guid owner, CancellationToken ct)
    {
        await using var command = Command("select name, size, is_complete from crm.file where tenant_id = $1 and owner_id = $2 order by name", tenant, owner);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var files = new List<StoredFile>();
        while (await reader.ReadAsync(ct))
        {
            files.Add(new StoredFile(reader.GetString(0), reader.GetInt64(1), reader.GetBoolean(2)));
        }

        return files;
    }

    /// <summary>Begins a file anew: what there was of one with this name is gone.</summary>
    public async Task Begin(string tenant, Guid owner, string name, CancellationToken ct)
    {
        // Two statements, one transaction; pieces go with their file.
        await using var batch = database.CreateBatch();
        foreach (var sql in (string[])["delete from crm.file where tenant_id = $1 and owner_id = $2 and name = $3", "insert into crm.file (tenant_id, owner_id, name) values ($1, $2, $3)"])
        {
            var command = batch.CreateBatchCommand();
            command.CommandText = sql;
            foreach (var value in (object[])[tenant, owner, name])
            {
                command.Parameters.Add(new NpgsqlParameter { Value = value });
            }

            batch.BatchCommands.Add(command);
        }

        await batch.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Adds the next piece; false where the file does not end there (any more), and then nothing is added.</summary>
    /// <param name="at">How much there is of the file so far.</param>
    /// <param name="isLast">Nothing follows.</param>
    public async Task<bool> Add(string tenant, Guid owner, string name, long at, ReadOnlyMemory<byte> piece, bool isLast, CancellationToken ct)
    {
        await using var command = Command("""
            with longer as (
                update crm.file set size = size + $5, is_complete = $6, changed_at = now()
                where tenant_id = $1 and owner_id = $2 and name = $3 and size = $4 and not is_complete returning name)
            insert into crm.file_piece (tenant_id, owner_id, name, at, sealed) select $1, $2, name, $4, $7 from longer where $5 > 0
            returning (select count(*) from longer)
            """, tenant, owner, name, at, (long)piece.Length, isLast, master.Wrap(piece.ToArray(), Bind(tenant, owner, name, at)));
        if (piece.Length > 0)
        {
            return await command.ExecuteScalarAsync(ct) is not null;
        }

        await command.ExecuteNonQueryAsync(ct);
        return (await All(tenant, owner, ct)).Any(file => file.Name == name && file.Size == at && file.IsComplete == isLast);
    }

    /// <summary>What is in a file, piece by piece.</summary>
    /// <exception cref="CryptographicException">It was moved or changed.</exception>
    /// <exception cref="IOException">It was replaced meanwhile.</exception>
    public async IAsyncEnumerable<byte[]> Read(string tenant, Guid owner, StoredFile file, [EnumeratorCancellation] CancellationToken ct)
    {
        var read = 0L;
        await using var command = Command(
            "select at, sealed from crm.file_piece where tenant_id = $1 and owner_id = $2 and name = $3 order by at", tenant, owner, file.Name);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            var piece = master.Unwrap(reader.GetFieldValue<byte[]>(1), Bind(tenant, owner, file.Name, reader.GetInt64(0)));
            if (reader.GetInt64(0) != read)
            {
                throw Replaced(file);
            }

            read += piece.Length;
            yield return piece;
        }

        if (read != file.Size)
        {
            throw Replaced(file);
        }
    }

    /// <param name="name">Null for all that belong to the owner.</param>
    public async Task Remove(string tenant, Guid owner, string? name, CancellationToken ct)
    {
        await using var command = Command("""
            delete from crm.file where tenant_id = $1 and owner_id = $2 and name = coalesce($3, name)
            """, tenant, owner);
        command.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = name });
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Throws away what was not touched since a moment.</summary>
    public async Task Tidy(DateTimeOffset before, CancellationToken ct)
    {
        await using var command = Command("""
            delete from crm.file where changed_at < $1
            """, before.ToUniversalTime());
        await command.ExecuteNonQueryAsync(ct);
    }

    private static IOException Replaced(StoredFile file) => new($"{file.Name} was replaced while it was read.");

    private NpgsqlCommand Command(string sql, params object[] parameters)
    {
        var command = database.CreateCommand(sql);
        foreach (var value in parameters)
        {
            command.Parameters.AddWithValue(value);
        }

        return command;
    }

    private static byte[] Bind(string tenant, Guid owner, string name, long at) => Encoding.UTF8.GetBytes($"file\n{tenant}\n{owner:N}\n{at}\n{name}");
}
