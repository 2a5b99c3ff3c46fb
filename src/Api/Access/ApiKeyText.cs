using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Crm.Api.Access;

/// <summary>An API key as its holder sends it: <c>crm_&lt;tenant&gt;_&lt;key id&gt;_&lt;secret&gt;</c>, the secret of 256 random bits. Only its hash is kept.</summary>
public sealed partial record ApiKeyText(string Tenant, string Key, string Secret)
{
    public const string Prefix = "crm_";

    public string Hash => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(Secret)));

    public static ApiKeyText New(string tenant) =>
        new(tenant, RandomNumberGenerator.GetString("abcdefghijkmnpqrstuvwxyz23456789", 16), Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)));

    public static ApiKeyText? Parse(string text) =>
        Form().Match(text) is { Success: true } match ? new(match.Groups[1].Value, match.Groups[2].Value, match.Groups[3].Value) : null;

    /// <summary>Whether a text can name a tenant: 1 to 40 of a-z, 0-9 and '-', beginning with a letter or digit.</summary>
    public static bool IsTenant(string text) => TenantForm().IsMatch(text);

    /// <summary>Whether it is the key of which this is the hash; takes as long either way.</summary>
    public bool Opens(string hash) => CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Hash), Encoding.ASCII.GetBytes(hash));

    /// <summary>All of it, to be told once.</summary>
    public string Text => $"{Prefix}{Tenant}_{Key}_{Secret}";

    // Never the secret, wherever it is printed.
    public override string ToString() => $"{Prefix}{Tenant}_{Key}_…";

    [GeneratedRegex(@"\Acrm_([a-z0-9][a-z0-9-]{0,39})_([a-z0-9]{16})_([A-Za-z0-9_-]{43})\z", RegexOptions.NonBacktracking)]
    private static partial Regex Form();

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9-]{0,39}\z", RegexOptions.NonBacktracking)]
    private static partial Regex TenantForm();
}
