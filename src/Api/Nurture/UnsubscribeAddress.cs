using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Crm.Api.Nurture;

/// <summary>
/// Where whoever gets mails says that he wants no more: tenant and lead, and a code that only this installation can make. It tells nothing
/// that he does not know, and opens nothing else.
/// </summary>
public sealed class UnsubscribeAddress(byte[] key)
{
    public const string Purpose = "crm unsubscribe v1";

    private const int Code = 16;
    private const int Id = 16;

    public string Write(string tenant, Guid lead)
    {
        byte[] content = [.. lead.ToByteArray(bigEndian: true), .. Encoding.UTF8.GetBytes(tenant)];
        return Base64Url.EncodeToString([.. Mac(content), .. content]);
    }

    /// <summary>Null for one that we have not made.</summary>
    public (string Tenant, Guid Lead)? Read(string text)
    {
        if (!Base64Url.IsValid(text) || Base64Url.DecodeFromChars(text) is not { Length: > Code + Id } bytes
            || !CryptographicOperations.FixedTimeEquals(bytes.AsSpan(0, Code), Mac(bytes.AsSpan(Code))))
        {
            return null;
        }

        return (Encoding.UTF8.GetString(bytes.AsSpan(Code + Id)), new Guid(bytes.AsSpan(Code, Id), bigEndian: true));
    }

    private ReadOnlySpan<byte> Mac(ReadOnlySpan<byte> content) => HMACSHA256.HashData(key, content).AsSpan(0, Code);
}
