namespace Crm.Api.Imports.Files;

internal enum FileContent { Text, Zip, OldWorkbook, Packed, Document }

/// <summary>What a file is by its first bytes, whatever its name says.</summary>
internal static class FirstBytes
{
    public static FileContent Of(string path)
    {
        Span<byte> first = stackalloc byte[8];
        using var file = File.OpenRead(path);
        var read = file.ReadAtLeast(first, first.Length, throwOnEndOfStream: false);
        return first[..read] switch
        {
            [0x50, 0x4B, 0x03, 0x04, ..] => FileContent.Zip,
            [0xD0, 0xCF, 0x11, 0xE0, ..] => FileContent.OldWorkbook,
            [0x1F, 0x8B, ..] or [0x28, 0xB5, 0x2F, 0xFD, ..] or [0x42, 0x5A, 0x68, ..] or [0x37, 0x7A, 0xBC, 0xAF, ..] => FileContent.Packed,
            [0x25, 0x50, 0x44, 0x46, ..] => FileContent.Document,
            _ => FileContent.Text
        };
    }
}
