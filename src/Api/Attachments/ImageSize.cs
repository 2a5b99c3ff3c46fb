using System.Buffers.Binary;
using System.Text;

namespace Crm.Api.Attachments;

/// <summary>
/// How large an image says that it is, read from its header alone. A library that reads all that an image tells of itself would unpack what a stranger packed,
/// so this one number pair is looked up by hand.
/// </summary>
internal static class ImageSize
{
    private const int MostSegments = 4096;

    /// <summary>Width and height in pixels; null where the header does not say, or the type is none of those known here.</summary>
    public static async Task<(long Width, long Height)?> Of(string mediaType, Stream image, CancellationToken ct)
    {
        try
        {
            return mediaType switch
            {
                "image/png" => await Png(image, ct),
                "image/gif" => await Gif(image, ct),
                "image/webp" => await Webp(image, ct),
                "image/jpeg" => await Jpeg(image, ct),
                _ => null
            };
        }
        catch (EndOfStreamException)
        {
            return null;
        }
    }

    // PNG, 11.2.1: the header chunk comes first.
    private static async Task<(long, long)?> Png(Stream image, CancellationToken ct)
    {
        var head = await Read(image, 8, 16, ct);
        return Encoding.ASCII.GetString(head, 4, 4) == "IHDR"
            ? (BinaryPrimitives.ReadUInt32BigEndian(head.AsSpan(8)), BinaryPrimitives.ReadUInt32BigEndian(head.AsSpan(12)))
            : null;
    }

    // GIF89a, 18: the logical screen.
    private static async Task<(long, long)?> Gif(Stream image, CancellationToken ct)
    {
        var head = await Read(image, 6, 4, ct);
        return (BinaryPrimitives.ReadUInt16LittleEndian(head), BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(2)));
    }

    // RFC 9649, 2.5 to 2.7.
    private static async Task<(long, long)?> Webp(Stream image, CancellationToken ct)
    {
        var head = await Read(image, 12, 18, ct);
        var bits = BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(9));
        return Encoding.ASCII.GetString(head, 0, 4) switch
        {
            "VP8X" => (1 + (BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(12)) & 0xFFFFFF), 1 + (BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(14)) >> 8)),
            "VP8L" => (1 + (bits & 0x3FFF), 1 + ((bits >> 14) & 0x3FFF)),
            "VP8 " => (BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(14)) & 0x3FFF, BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(16)) & 0x3FFF),
            _ => null
        };
    }

    // ITU-T T.81, B.2.2: the frame header comes after segments of stated lengths.
    private static async Task<(long, long)?> Jpeg(Stream image, CancellationToken ct)
    {
        long at = 2;
        for (var segment = 0; segment < MostSegments; segment++)
        {
            var head = await Read(image, at, 4, ct);
            if (head[0] != 0xFF)
            {
                return null;
            }

            if (head[1] == 0xFF)
            {
                at++;
            }
            else if (head[1] is >= 0xC0 and <= 0xCF and not 0xC4 and not 0xC8 and not 0xCC)
            {
                var frame = await Read(image, at + 5, 4, ct);
                return (BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(2)), BinaryPrimitives.ReadUInt16BigEndian(frame));
            }
            else
            {
                at += 2 + BinaryPrimitives.ReadUInt16BigEndian(head.AsSpan(2));
            }
        }

        return null;
    }

    private static async Task<byte[]> Read(Stream image, long from, int count, CancellationToken ct)
    {
        image.Position = from;
        var bytes = new byte[count];
        await image.ReadExactlyAsync(bytes, ct);
        return bytes;
    }
}
