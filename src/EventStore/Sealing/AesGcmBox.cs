using System.Security.Cryptography;

namespace Crm.EventStore.Sealing;

/// <summary>AES-256-GCM with a random nonce: nonce, ciphertext and tag in one piece.</summary>
internal static class AesGcmBox
{
    private const int Nonce = 12;
    private const int Tag = 16;

    /// <summary>By how much a box is longer than what is in it.</summary>
    public const int Overhead = Nonce + Tag;

    public static byte[] Seal(byte[] key, byte[] plain, byte[] bound)
    {
        var box = new byte[Nonce + plain.Length + Tag];
        RandomNumberGenerator.Fill(box.AsSpan(0, Nonce));
        using var aes = new AesGcm(key, Tag);
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
        using var aes = new AesGcm(key, Tag);
        aes.Decrypt(box.AsSpan(0, Nonce), box.AsSpan(Nonce, plain.Length), box.AsSpan(Nonce + plain.Length), plain, bound);
        return plain;
    }
}
