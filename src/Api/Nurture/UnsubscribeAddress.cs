using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Crm.Api.Nurture;

/// <summary>
/// Where whoever gets mails says that he wants no more: tenant, lead or contact, the claim of the address that was written to, and a code
/// that only this installation can make. It tells nothing that he does not know, and opens nothing else.
/// </summary>
public sealed class UnsubscribeAddress(byte[] key)
{
    public const string Purpose = "crm unsubscribe v1";

    private const int Code = 16;
    private const int Id = 16;
    private const int Hash = 32;

    // Those that came to name the address, and contacts, are told from older ones by what their code is made with.
    private static readonly byte[] NamesAddress = "address"u8.ToArray();
    private static readonly byte[] NamesContact = "contact"u8.ToArray();

    /// <param name="person">A lead, or a contact.</param>
    /// <param name="refused">The key of <see cref="Leads.LeadKeys.RefusedMail"/>.</param>
    public string Write(string tenant, Guid person, string refused, bool isContact = false)
    {
        byte[] content = [.. person.ToByteArray(bigEndian: true), .. Base64Url.DecodeFromChars(refused), .. Encoding.UTF8.GetBytes(tenant)];
        return Base64Url.EncodeToString([.. Mac([.. isContact ? NamesContact : NamesAddress, .. content]), .. content]);
    }

    /// <summary>Null for one that we have not made. The oldest name no address.</summary>
    public (string Tenant, Guid Person, string? Refused, bool IsContact)? Read(string text)
    {
        if (!Base64Url.IsValid(text) || Base64Url.DecodeFromChars(text) is not { Length: > Code + Id } bytes)
        {
            return null;
        }

        var (code, content) = (bytes[..Code], bytes[Code..]);
        var person = new Guid(content.AsSpan(0, Id), bigEndian: true);
        return Is(NamesAddress) || Is(NamesContact)
            ? (Encoding.UTF8.GetString(content.AsSpan(Id + Hash)), person, Base64Url.EncodeToString(content.AsSpan(Id, Hash)),
                Is(NamesContact))
            : Is([]) ? (Encoding.UTF8.GetString(content.AsSpan(Id)), person, null, false) : null;

        bool Is(byte[] kind) =>
            (kind is [] || content.Length > Id + Hash) && CryptographicOperations.FixedTimeEquals(code, Mac([.. kind, .. content]));
    }

    private byte[] Mac(ReadOnlySpan<byte> content) => HMACSHA256.HashData(key, content)[..Code];
}
