using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Crm.Domain.Leads;
using Crm.EventStore.Sealing;

namespace Crm.Api.Leads;

/// <summary>What tells a lead from others, in normal form and in clear.</summary>
public sealed record LeadSignature(string? Company, string? Contact, string? Email, string? Phone);

/// <summary>A key that only one lead of a tenant holds.</summary>
/// <param name="By"><c>phone</c>, <c>email</c> or <c>company</c>.</param>
/// <param name="Key">A keyed hash: nobody without the master key can tell of whom.</param>
/// <param name="Tells">Whether two leads that have it are one. A company alone does where nothing else is known of either.</param>
public sealed record LeadKey(string By, string Key, bool Tells)
{
    public string Kind => KindOf(By);

    public (string Kind, string Key) Claim => (Kind, Key);

    public static string KindOf(string by) => $"lead-{by}";
}

/// <summary>A lead's keys, and which other leads hold some of them.</summary>
public sealed record LeadHolders(IReadOnlyList<LeadKey> Keys, IReadOnlyDictionary<(string Kind, string Key), Guid> Held);

/// <summary>
/// The keys of leads: HMAC-SHA256 of what is known, under a key of the tenant's own, so that what stands in the table of claims tells no
/// telephone number and no address, and nothing of one tenant to another.
/// </summary>
public sealed class LeadKeys(MasterKey master)
{
    /// <summary>Kind of the claims that stand for addresses which want no mail.</summary>
    public const string RefusedKind = "mail-refused";

    /// <summary>The claim of an address of mail that wants none that go out by themselves.</summary>
    public (string Kind, string Key) RefusedMail(string tenant, string email) =>
        (RefusedKind, Hash(SecretOf(tenant), "refused", NormalForm.Email(email)!));

    /// <summary>The surest first.</summary>
    public IReadOnlyList<LeadKey> Of(string tenant, LeadSignature lead)
    {
        var keys = new List<LeadKey>();
        var secret = SecretOf(tenant);
        if (lead.Phone is { } phone && NormalForm.IsPhone(phone))
        {
            Add("phone", phone, tells: true);
        }

        if (lead.Email is { } email && NormalForm.IsEmail(email))
        {
            Add("email", email, tells: true);
        }

        if (lead.Company is { } company && CompanyName.Key(company) is { Length: > 0 } name)
        {
            Add("company", $"{name}\n{CompanyName.Key(lead.Contact ?? "")}", tells: keys.Count == 0);
        }

        return keys;

        void Add(string by, string text, bool tells) =>
            keys.Add(new(by, Hash(secret, by, text), tells));
    }

    private byte[] SecretOf(string tenant) => master.Derive($"claims of leads\n{tenant}");

    private static string Hash(byte[] secret, string by, string text) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes($"{by}\n{text}")));
}
