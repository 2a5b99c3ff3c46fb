using System.Buffers.Binary;
using System.Security.Cryptography;
using Crm.EventStore.Sealing;

namespace Crm.EventStore.Contents;

/// <summary>How a content is sealed: in pieces of one length, each under the content's own key and for its place, so that any of them can be read alone.</summary>
internal static class ContentPieces
{
    public const int Clear = 64 << 10;
    public const int Sealed = Clear + AesGcmBox.Overhead;

    public static byte[] Seal(byte[] key, long index, bool isLast, ReadOnlySpan<byte> clear) => AesGcmBox.Seal(key, clear.ToArray(), Bind(index, isLast));

    /// <exception cref="CryptographicException">It was moved, changed or cut off.</exception>
    public static byte[] Open(byte[] key, long index, bool isLast, byte[] @sealed) => AesGcmBox.Open(key, @sealed, Bind(index, isLast));

    private static byte[] Bind(long index, bool isLast)
    {
        var bound = new byte[9];
        BinaryPrimitives.WriteInt64BigEndian(bound, index);
        bound[8] = isLast ? (byte)1 : (byte)0;
        return bound;
    }
}
