using System.Buffers.Binary;
using System.Text.Unicode;
using Crm.Api.Http;

namespace Crm.Api.Attachments;

/// <summary>Looks at a file that somebody sent: what it is by its bytes, and that it is that alone, and nothing that would fill the machine of whoever opens it.</summary>
internal static class Inspection
{
    private const int MostSide = 30_000;
    private const long MostPixels = 200_000_000;
    private const int LongestTail = 22 + ushort.MaxValue;

    /// <param name="name">Its extension has to say what it is.</param>
    /// <exception cref="Problem">422: it may not be attached, and why.</exception>
    public static async Task<FileType> Of(Stream file, string name, CancellationToken ct)
    {
        var extension = Path.GetExtension(name).ToLowerInvariant();
        var type = await Find(file, extension, ct);
        if (!type.Extensions.Contains(extension))
        {
            throw Refused("attachment.extension", $"The file is {type.MediaType}, and its name ends in '{Http.Shapes.Place.Echo(extension)}'; call it {type.Extensions[0]}.");
        }

        if (await ImageSize.Of(type.MediaType, file, ct) is var (width, height) && (width > MostSide || height > MostSide || width * height > MostPixels))
        {
            throw Refused("attachment.pixels", $"The image says that it has {width} × {height} pixels; {MostSide:N0} a side, and {MostPixels / 1_000_000} million in all, are taken.");
        }

        return type;
    }

    private static async Task<FileType> Find(Stream file, string extension, CancellationToken ct)
    {
        var head = new byte[FileType.Head];
        file.Position = 0;
        await file.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, ct);
        if (FileType.All.FirstOrDefault(type => type.Begins(head)) is { } known)
        {
            return known.MediaType == FileType.Zip ? OfficeFile.Of(file)
                : !await EndsAsZip(file, ct) ? known
                : throw Refused("attachment.two-kinds", $"The file begins as {known.MediaType} and ends as a packed file.");
        }

        if (FileType.Texts.FirstOrDefault(text => text.Extensions.Contains(extension)) is { } wanted)
        {
            return await IsText(file, ct) ? wanted : throw Refused("attachment.type", $"A file whose name ends in '{extension}' is text in UTF-8, and this is none; save it as UTF-8.");
        }

        throw Refused("attachment.type", $"The file is none that may be attached: {string.Join(" ", FileType.Taken)}, text in UTF-8.");
    }

    // A packed file is read from its end: one that also begins as something else would be two files to two programs.
    private static async Task<bool> EndsAsZip(Stream file, CancellationToken ct)
    {
        var tail = new byte[Math.Min(LongestTail, file.Length)];
        file.Position = file.Length - tail.Length;
        await file.ReadExactlyAsync(tail, ct);
        for (var at = tail.AsSpan().LastIndexOf("PK\x05\x06"u8); at >= 0; at = tail.AsSpan(0, at).LastIndexOf("PK\x05\x06"u8))
        {
            if (at + 22 <= tail.Length && at + 22 + BinaryPrimitives.ReadUInt16LittleEndian(tail.AsSpan(at + 20)) == tail.Length)
            {
                return true;
            }
        }

        return false;
    }

    private static async Task<bool> IsText(Stream file, CancellationToken ct)
    {
        file.Position = 0;
        var (buffer, kept) = (new byte[1 << 16], 0);
        while (await file.ReadAsync(buffer.AsMemory(kept), ct) is var count and > 0)
        {
            var piece = buffer.AsSpan(0, kept + count);
            var whole = piece.Length - Begun(piece);
            if (!Utf8.IsValid(piece[..whole]) || piece.IndexOf((byte)0) >= 0)
            {
                return false;
            }

            piece[whole..].CopyTo(buffer);
            kept = piece.Length - whole;
        }

        return kept == 0;
    }

    // How many bytes at the end belong to a character that goes on.
    private static int Begun(ReadOnlySpan<byte> piece)
    {
        for (var back = 1; back <= Math.Min(3, piece.Length); back++)
        {
            var length = piece[^back] switch { >= 0xF0 => 4, >= 0xE0 => 3, >= 0xC0 => 2, >= 0x80 => 0, _ => 1 };
            if (length > 0)
            {
                return length > back ? back : 0;
            }
        }

        return 0;
    }

    public static Problem Refused(string code, string message) => new(422, code, message, Fault.InBody("/file", code, message));
}
