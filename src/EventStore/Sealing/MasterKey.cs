using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Crm.EventStore.Sealing;

/// <summary>The key that wraps every person's key. It is kept outside the database: whoever has only a backup reads no personal data.</summary>
public sealed class MasterKey
{
    private readonly byte[] key;

    private MasterKey(byte[] key) => this.key = key;

    /// <param name="text">32 bytes in base64.</param>
    /// <exception cref="FormatException">Anything else.</exception>
    public static MasterKey Parse(string text)
    {
        var bytes = new byte[33];
        return Convert.TryFromBase64String(text.Trim(), bytes, out var length) && length == 32
            ? new MasterKey(bytes[..32])
            : throw new FormatException("A master key is 32 bytes in base64, for example from 'openssl rand -base64 32'.");
    }

    /// <summary>Reads the key from a file, which is made, readable by its owner only, when it is not there.</summary>
    public static MasterKey FromFile(string path) =>
        Parse(SecretFile.ReadOrMake(path, () => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))));

    /// <summary>Fails closed when the store was made with another master key; the first one used leaves its mark.</summary>
    /// <exception cref="InvalidOperationException">Another key.</exception>
    public async Task Check(NpgsqlDataSource database, CancellationToken ct)
    {
        const string Mark = "crm master key";
        await using var command = database.CreateCommand("""
            insert into crm.master_key_check (sealed) values ($1) on conflict do nothing;
            """);
        command.Parameters.AddWithValue(Convert.ToBase64String(Wrap(Encoding.UTF8.GetBytes(Mark), [])));
        await command.ExecuteNonQueryAsync(ct);
        await using var read = database.CreateCommand("select sealed from crm.master_key_check");
        if (!Opens((string)(await read.ExecuteScalarAsync(ct))!))
        {
            throw new InvalidOperationException("The master key is not the one that this store was made with.");
        }
    }

    /// <summary>Whether a store whose mark this is was made with this key.</summary>
    public bool Opens(string mark)
    {
        try
        {
            Unwrap(Convert.FromBase64String(mark), []);
            return true;
        }
        catch (Exception error) when (error is CryptographicException or FormatException)
        {
            return false;
        }
    }

    /// <summary>Another key, for one purpose only; the same wherever the master key is, and nothing of it can be told from it.</summary>
    public byte[] Derive(string purpose) => HKDF.DeriveKey(HashAlgorithmName.SHA256, key, outputLength: 32, info: Encoding.UTF8.GetBytes(purpose));

    internal byte[] Wrap(byte[] plain, byte[] bound) => AesGcmBox.Seal(key, plain, bound);

    internal byte[] Unwrap(byte[] wrapped, byte[] bound) => AesGcmBox.Open(key, wrapped, bound);
}
