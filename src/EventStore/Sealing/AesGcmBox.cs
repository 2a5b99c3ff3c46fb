using System.Security.Cryptography;

namespace Crm.EventStore.Sealing;

/// <summary>AES-256-GCM with a random nonce: nonce, ciphertext and tag in one piece.</summary>
internal static class AesGcmBox
{
    private const int Nonce = 12;
    private const int Tag = 16;

    /// <summary>By how much a box is longer than what is in it.</summary>
    public const int Overhead = Nonce + Tag;

    // The two keys that a thread used last: the master key and a person's, as a rule. To set one up takes longer than to seal a name with it.
    [ThreadStatic]
    private static (byte[] Key, AesGcm Aes)? last;

    [ThreadStatic]
    private static (byte[] Key, AesGcm Aes)? before;

    public static byte[] Seal(byte[] key, byte[] plain, byte[] bound)
    {
        var box = new byte[Nonce + plain.Length + Tag];
        RandomNumberGenerator.Fill(box.AsSpan(0, Nonce));
        var aes = With(key);
        aes.Encrypt(box.AsSpan(0, Nonce), plain, box.AsSpan(Nonce, plain.Length), box.AsSpan(Nonce + plain.Length), bound);
        return box;
    }

    /// <exception cref="CryptographicException">Another key, another binding, or the box was changed.</exception>
    public static byte[] Open(byte[] key, byte[] box, byte[] bound)
    {
        if (box.Length < Nonce + Tag)
        {
            throw new CryptographicException("Too short for a sealed text.");
        }

        var plain = new byte[box.Length - Nonce - Tag];
        var aes = With(key);
        aes.Decrypt(box.AsSpan(0, Nonce), box.AsSpan(Nonce, plain.Length), box.AsSpan(Nonce + plain.Length), plain, bound);
        return plain;
    }

    private static AesGcm With(byte[] key)
    {
        if (last is { } one && ReferenceEquals(one.Key, key))
        {
            return one.Aes;
        }

        if (before is { } other && ReferenceEquals(other.Key, key))
        {
            (last, before) = (other, last);
            return other.Aes;
        }

        before?.Aes.Dispose();
        (before, last) = (last, (key, new AesGcm(key, Tag)));
        return last.Value.Aes;
    }
}
