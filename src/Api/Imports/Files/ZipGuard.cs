using System.IO.Compression;

namespace Crm.Api.Imports.Files;

/// <summary>Holds a workbook against what a workbook can be before it is read: a small file that unpacks into a huge one is refused.</summary>
internal static class ZipGuard
{
    private const int MostEntries = 2_000;
    private const long MostBytes = 2L << 30;
    private const long MostOfSharedTexts = 128L << 20;

    // Sheets of much the same rows come to some fifty; what is made to fill a machine comes to a thousand.
    private const long MostRatio = 200;

    // Small files may hold a sheet of nothing but zeros.
    private const long AlwaysAllowed = 8L << 20;

    /// <exception cref="ImportProblem">It is no workbook, or larger than one may be.</exception>
    public static void Check(string path)
    {
        var name = Path.GetFileName(path);
        try
        {
            using var zip = ZipFile.OpenRead(path);
            if (zip.Entries.Count > MostEntries)
            {
                throw new ImportProblem($"{name} holds {zip.Entries.Count:N0} parts; a workbook has {MostEntries:N0} at most.");
            }

            if (zip.GetEntry("xl/workbook.xml") is null)
            {
                throw new ImportProblem(zip.GetEntry("xl/workbook.bin") is not null
                    ? $"{name} is a binary workbook (.xlsb); save it as .xlsx or CSV."
                    : $"{name} is a packed file and no workbook; unpack it first.");
            }

            Measure(name, zip, Math.Min(MostBytes, Math.Max(AlwaysAllowed, MostRatio * new FileInfo(path).Length)));
        }
        catch (InvalidDataException)
        {
            throw new ImportProblem($"{name} begins as a workbook and is damaged; open it in its program and save it again.");
        }
    }

    // What the parts say of their sizes may be wrong, so all are unpacked once, into nothing.
    private static void Measure(string name, ZipArchive zip, long most)
    {
        var (left, buffer) = (most, new byte[1 << 16]);
        foreach (var part in zip.Entries.OrderByDescending(entry => entry.Length))
        {
            var ofPart = part.FullName.Equals("xl/sharedStrings.xml", StringComparison.OrdinalIgnoreCase) ? Math.Min(left, MostOfSharedTexts) : left;
            using var unpacked = part.Length > ofPart ? Stream.Null : part.Open();
            var size = part.Length > ofPart ? part.Length : 0L;
            for (var read = unpacked.Read(buffer); read > 0 && size <= ofPart; read = unpacked.Read(buffer))
            {
                size += read;
            }

            if (size > ofPart)
            {
                throw new ImportProblem($"{name} unpacks into more than {ofPart >> 20:N0} MiB (in {part.FullName}), which is more than a workbook of its size may; export CSV.");
            }

            left -= size;
        }
    }
}
