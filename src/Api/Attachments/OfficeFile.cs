using System.Buffers.Binary;
using System.IO.Compression;

namespace Crm.Api.Attachments;

/// <summary>Office files are packed files: what they unpack into is measured before anybody does it, and nothing in them may lead outside or run.</summary>
internal static class OfficeFile
{
    private const int MostEntries = 5_000;
    private const long MostBytes = 1L << 30;
    private const long MostRatio = 200;
    private const long AlwaysAllowed = 8L << 20;
    private const int EndRecord = 22;
    private const int SymbolicLink = 0xA000;
    private const int FileKind = 0xF000;

    public static FileType Of(Stream file)
    {
        try
        {
            MustBeFew(file);
            file.Position = 0;
            using var zip = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
            var names = zip.Entries.Select(entry => entry.FullName).ToHashSet(StringComparer.OrdinalIgnoreCase);
            var found = FileType.Office.Where(office => names.Contains(office.Part)).Select(office => office.Type).ToList();
            if (found is not [var type] || !names.Contains("[Content_Types].xml"))
            {
                throw Inspection.Refused("attachment.type", "The file is a packed file and no document, workbook or presentation; attach what is in it.");
            }

            if (zip.Entries.FirstOrDefault(LeadsOut) is { } stray)
            {
                throw Inspection.Refused("attachment.packed", $"The file holds a part that leads outside of it ({Http.Shapes.Place.Echo(stray.FullName)}).");
            }

            if (names.Any(name => name.EndsWith("vbaProject.bin", StringComparison.OrdinalIgnoreCase)))
            {
                throw Inspection.Refused("attachment.macros", "The file holds macros; save it without them.");
            }

            Measure(zip, Math.Min(MostBytes, Math.Max(AlwaysAllowed, MostRatio * file.Length)));
            return type;
        }
        catch (InvalidDataException)
        {
            throw Inspection.Refused("attachment.damaged", "The file begins as a packed file and is damaged; open it in its program and save it again.");
        }
    }

    // As the end record says (APPNOTE 4.3.16), before anything is made of them.
    private static void MustBeFew(Stream file)
    {
        var tail = new byte[Math.Min(EndRecord + ushort.MaxValue, file.Length)];
        file.Position = file.Length - tail.Length;
        file.ReadExactly(tail);
        var at = tail.AsSpan().LastIndexOf("PK\x05\x06"u8);
        var count = at >= 0 && at + EndRecord <= tail.Length ? BinaryPrimitives.ReadUInt16LittleEndian(tail.AsSpan(at + 10)) : 0;
        if (count > MostEntries)
        {
            throw Inspection.Refused("attachment.packed", $"The file holds more than {MostEntries:N0} parts.");
        }
    }

    private static bool LeadsOut(ZipArchiveEntry entry) =>
        (entry.ExternalAttributes >> 16 & FileKind) == SymbolicLink || entry.FullName.StartsWith('/') || entry.FullName.Contains('\\') || entry.FullName.Contains(':')
        || entry.FullName.Split('/').Contains("..");

    // What the parts say of their sizes may be wrong, so all are unpacked once, into nothing.
    private static void Measure(ZipArchive zip, long most)
    {
        var (size, buffer) = (0L, new byte[1 << 16]);
        foreach (var part in zip.Entries)
        {
            using var unpacked = part.Open();
            for (var read = unpacked.Read(buffer); read > 0; read = unpacked.Read(buffer))
            {
                if ((size += read) > most)
                {
                    throw Inspection.Refused("attachment.packed", $"The file unpacks into more than {most >> 20:N0} MiB.");
                }
            }
        }
    }
}
