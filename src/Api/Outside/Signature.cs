using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Crm.Api.Outside;

/// <summary>Signs deliveries as Standard Webhooks 1.0 says, and spells the secrets as it does.</summary>
public static class Signature
{
    public static string Spell(byte[] secret) => $"whsec_{Convert.ToBase64String(secret)}";

    /// <summary>The value of <c>webhook-signature</c>: one for each secret that is in force.</summary>
    /// <param name="id">The message's: without a dot, which parts what is signed.</param>
    public static string Of(string id, DateTimeOffset at, ReadOnlySpan<byte> body, IEnumerable<byte[]> secrets)
    {
        byte[] signed = [.. Encoding.ASCII.GetBytes($"{id}.{Seconds(at)}."), .. body];
        return string.Join(' ', secrets.Select(secret => $"v1,{Convert.ToBase64String(HMACSHA256.HashData(secret, signed))}"));
    }

    public static string Seconds(DateTimeOffset at) => at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
}
