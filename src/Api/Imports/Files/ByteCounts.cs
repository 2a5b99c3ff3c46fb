using System.Buffers;
using System.Text;

namespace Crm.Api.Imports.Files;

/// <summary>What the bytes of a file are, read as UTF-8.</summary>
/// <param name="Bytes">All of them.</param>
/// <param name="Zeros">Bytes that are zero.</param>
/// <param name="Multibyte">Characters of more than one byte.</param>
/// <param name="Invalid">Sequences that are no UTF-8.</param>
internal sealed record ByteCounts(long Bytes, long Zeros, long Multibyte, long Invalid)
{
    private const int Part = 1 << 16;

    /// <summary>
    /// Characters of two bytes make many zeros: where all is valid UTF-8 nothing but plain characters, so that every other byte is one; otherwise
    /// at least the line breaks and delimiters.
    /// </summary>
    public bool MayBeWide => Zeros * 100 >= Bytes && (Invalid > 0 || Zeros * 4 >= Bytes);

    public static ByteCounts Of(string path)
    {
        var (bytes, zeros, multibyte, invalid, kept) = (0L, 0L, 0L, 0L, 0);
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        var buffer = new byte[Part];
        for (var read = file.Read(buffer); read > 0 || kept > 0; read = file.Read(buffer.AsSpan(kept)))
        {
            var rest = buffer.AsSpan(0, kept + read);
            bytes += read;
            zeros += MemoryExtensions.Count(rest[kept..], (byte)0);
            for (; ; )
            {
                var ascii = rest.IndexOfAnyInRange((byte)0x80, (byte)0xFF);
                rest = ascii < 0 ? [] : rest[ascii..];
                var status = Rune.DecodeFromUtf8(rest, out _, out var length);
                if (rest.IsEmpty || status == OperationStatus.NeedMoreData && read > 0)
                {
                    break;
                }

                (multibyte, invalid) = status == OperationStatus.Done ? (multibyte + 1, invalid) : (multibyte, invalid + 1);
                rest = rest[length..];
            }

            // A character may lie across two parts.
            kept = rest.Length;
            rest.CopyTo(buffer);
            if (read == 0)
            {
                break;
            }
        }

        return new ByteCounts(bytes, zeros, multibyte, invalid);
    }
}
