using System.Text;

namespace Crm.Api.Attachments;

/// <summary>A kind of file that may be attached, known by its first bytes.</summary>
/// <param name="Extensions">Those its name may have, the usual one first.</param>
internal sealed record FileType(string MediaType, IReadOnlyList<string> Extensions, Func<byte[], bool> Begins)
{
    /// <summary>How many bytes <see cref="Begins"/> needs to see.</summary>
    public const int Head = 64;

    public const string Plain = "text/plain";
    public const string Zip = "application/zip";

    private static readonly string[] AudioBrands = ["M4A ", "M4B ", "isom", "iso2", "mp41", "mp42", "3gp4", "3gp5", "3gp6"];

    /// <summary>By their first bytes. What a packed file holds, and whether a text is one, is found out later.</summary>
    public static readonly IReadOnlyList<FileType> All =
    [
        new("application/pdf", [".pdf"], head => Starts(head, "%PDF-"u8)),
        new("image/png", [".png"], head => Starts(head, [0x89, .. "PNG\r\n"u8, 0x1A, 0x0A])),
        new("image/jpeg", [".jpg", ".jpeg", ".jpe", ".jfif"], head => Starts(head, [0xFF, 0xD8, 0xFF])),
        new("image/gif", [".gif"], head => Starts(head, "GIF87a"u8) || Starts(head, "GIF89a"u8)),
        new("image/webp", [".webp"], head => Starts(head, "RIFF"u8) && Starts(head[8..], "WEBP"u8)),
        new("image/heic", [".heic", ".heif"], head => Brand(head, "heic", "heix", "mif1", "msf1")),
        new("audio/mpeg", [".mp3"], head => Starts(head, "ID3"u8) || (head[0] == 0xFF && (head[1] & 0xE6) == 0xE2)),
        new("audio/aac", [".aac"], head => head[0] == 0xFF && (head[1] & 0xF6) == 0xF0),
        new("audio/mp4", [".m4a", ".m4b", ".mp4a", ".3gp"], head => Brand(head, AudioBrands)),
        new("audio/wav", [".wav"], head => Starts(head, "RIFF"u8) && Starts(head[8..], "WAVE"u8)),
        new("audio/ogg", [".ogg", ".oga", ".opus"], head => Starts(head, "OggS"u8)),
        new("audio/flac", [".flac"], head => Starts(head, "fLaC"u8)),
        new("audio/amr", [".amr"], head => Starts(head, "#!AMR"u8)),
        new("audio/webm", [".weba", ".webm"], head => Starts(head, [0x1A, 0x45, 0xDF, 0xA3]) && Encoding.Latin1.GetString(head).Contains("webm", StringComparison.Ordinal)),
        new(Zip, [], head => Starts(head, "PK\x03\x04"u8))
    ];

    /// <summary>Office files are packed files that hold one of these.</summary>
    public static readonly IReadOnlyList<(string Part, FileType Type)> Office =
    [
        ("word/document.xml", Of("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx")),
        ("xl/workbook.xml", Of("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx")),
        ("ppt/presentation.xml", Of("application/vnd.openxmlformats-officedocument.presentationml.presentation", ".pptx"))
    ];

    /// <summary>Text has no first bytes of its own.</summary>
    public static readonly IReadOnlyList<FileType> Texts = [Of("text/csv", ".csv"), Of(Plain, ".txt")];

    /// <summary>Every extension that a file may have.</summary>
    public static IEnumerable<string> Taken => All.Concat(Office.Select(office => office.Type)).Concat(Texts).SelectMany(type => type.Extensions).Order(StringComparer.Ordinal);

    private static FileType Of(string mediaType, string extension) => new(mediaType, [extension], _ => false);

    private static bool Starts(byte[] head, ReadOnlySpan<byte> with) => head.AsSpan().StartsWith(with);

    // ISO base media files begin with a box of a length, "ftyp", and the brand.
    private static bool Brand(byte[] head, params string[] brands) => Starts(head[4..], "ftyp"u8) && brands.Contains(Encoding.ASCII.GetString(head, 8, 4));
}
