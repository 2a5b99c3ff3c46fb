using System.Collections.Frozen;
using System.Text;
using Crm.Api.Imports;
using Crm.Api.Imports.Files;

namespace Crm.Api.Tests.Imports.Files;

/// <summary>A file that was written for one test, read the way an import reads it.</summary>
internal static class Opened
{
    private static readonly Cells Plain = new(FrozenSet<string>.Empty, new Dictionary<string, IReadOnlyDictionary<string, string>>());

    public static TableFile File(Folder folder, string name, TextFormat? format = null, string? sheet = null) =>
        TableFile.Open(Path.Combine(folder.Path, name), format ?? new TextFormat(), Plain, sheet);

    /// <summary>Each row as its line, its cells, and the reason for which it cannot be taken.</summary>
    public static List<string> Rows(TableFile file) =>
        [.. file.Rows().Select(row => $"{row.Line}: {string.Join(" | ", row.Values.ToArray())}{(row.Fault is { } fault ? $" ! {fault.Reason}" : "")}")];

    public static List<string> Rows(string text, string name = "rows.csv")
    {
        using var folder = new Folder().With(name, text);
        return Rows(File(folder, name));
    }

    public static byte[] Bytes(string text, string encoding)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        return Encoding.GetEncoding(encoding).GetBytes(text);
    }
}
