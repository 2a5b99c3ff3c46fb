using System.Security.Cryptography;
using System.Text;

namespace Crm.Domain;

/// <summary>Ids that follow from what they stand for, so that saying a thing twice lands on the same stream.</summary>
public static class StreamId
{
    // The namespace of all ids derived here; a fixed random UUID. Changing it would orphan every derived stream.
    private static readonly byte[] Namespace = Guid.Parse("6f1d7f0e-7c39-4f0c-9d39-5b0f6b1a8e52").ToByteArray(bigEndian: true);

    /// <summary>A name-based UUID (RFC 9562, version 5) over tenant, kind and natural key.</summary>
    public static Guid From(string tenant, string kind, string key)
    {
        // Lengths in front keep ("a", "bc") and ("ab", "c") apart.
        var name = Encoding.UTF8.GetBytes($"{tenant.Length}:{tenant}|{kind.Length}:{kind}|{key}");
        var hash = SHA1.HashData([.. Namespace, .. name]).AsSpan(0, 16);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash, bigEndian: true);
    }
}
