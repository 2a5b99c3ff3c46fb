using System.Security.Cryptography;
using System.Text;

namespace Crm.Domain.SpotChecks;

/// <summary>Draws leads by lot, so that anybody can draw the same ones again: by hand, with nothing but SHA-256.</summary>
public static class SpotCheckDraw
{
    /// <summary>What is drawn by where nobody says another seed.</summary>
    public static string SeedOf(string tenant, DateOnly day) => $"{tenant} {day:yyyy-MM-dd}";

    /// <summary>SHA-256 over the seed, a space and the lead's id in small letters, as UTF-8; in hexadecimal.</summary>
    public static string HashOf(string seed, Guid lead) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{seed} {lead:D}")));

    /// <summary>Those with the smallest hashes, the smallest first; in whichever order the leads come.</summary>
    public static IReadOnlyList<DrawnLead> Of(string seed, IEnumerable<Guid> leads, int count) =>
        [.. leads.Select(lead => new DrawnLead(lead, HashOf(seed, lead))).OrderBy(drawn => drawn.Hash, StringComparer.Ordinal).Take(count)];
}
