using System.Text;
using Crm.Api.Http.Shapes;
using Crm.Domain.DataSources;
using CsvHelper;

namespace Crm.Api.Imports;

/// <summary>A file of comma-separated values (RFC 4180, or another delimiter), read row by row; a row that is broken is a row with a fault.</summary>
internal sealed class CsvFile
{
    private const int LongestRow = 1 << 20;

    private readonly string path;
    private readonly CsvFormat format;
    private readonly Cells cells;
    private int width;

    private CsvFile(string path, CsvFormat format, Cells cells)
    {
        (this.path, this.format, this.cells) = (path, format, cells);
        Columns = ReadHeadings();
    }

    public string Name => Path.GetFileName(path);

    /// <summary>Where each column stands, by its heading.</summary>
    public IReadOnlyDictionary<string, int> Columns { get; }

    /// <exception cref="ImportProblem">There is no such file, or its headings do not do.</exception>
    public static CsvFile Open(string path, CsvFormat format, Cells cells) => File.Exists(path)
        ? new CsvFile(path, format, cells)
        : throw new ImportProblem($"There is no file {path}.");

    public void Needs(string column, string place)
    {
        if (!Columns.ContainsKey(column))
        {
            throw new ImportProblem($"{Name} has no column '{column}', which {place} of the mapping asks for; it has: " +
                $"{string.Join(", ", Columns.Keys)}.{Nearest.Hint(column, Columns.Keys)}");
        }
    }

    /// <summary>All rows in which anything stands.</summary>
    public IEnumerable<Row> Rows()
    {
        CsvMalformedRecord? broken = null;
        using var reader = Reader(malformed => broken = malformed);
        Next(reader);
        while (Next(reader))
        {
            var (line, values) = ((int)reader.LineNumber, Values(reader));
            if (!values.All(string.IsNullOrWhiteSpace))
            {
                yield return new Row(Columns, values, cells, line, Fault(values, broken?.LineNumber == line ? broken.Value.Reason : null));
            }
        }
    }

    private Dictionary<string, int> ReadHeadings()
    {
        using var reader = Reader(_ => { });
        if (!Next(reader))
        {
            throw new ImportProblem($"{Name} is empty; its first line has to name the columns.");
        }

        var columns = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (i, heading) in Values(reader).Index())
        {
            var name = heading.Trim();
            if (name.Contains('\uFFFD'))
            {
                throw new ImportProblem(
                    $"{Name} is not in {format.EncodingName}; tell its encoding in the mapping, for example \"encoding\": \"gb18030\".");
            }

            if (name.Length > 0 && !columns.TryAdd(name, i))
            {
                throw new ImportProblem($"{Name} has two columns '{name}'; rename one of them.");
            }
        }

        width = Values(reader).Length;
        return columns;
    }

    // A quote in the middle of a cell (5" pipe) does no harm, and is read as it stands.
    private RowRemark? Fault(string[] values, CsvMalformedReason? broken) => broken switch
    {
        CsvMalformedReason.UnterminatedQuote => new RowRemark(
            "bad-quotes", "A quote is opened and never closed; all that follows in the file was read as this row."),
        CsvMalformedReason.TextAfterClosingQuote => new RowRemark(
            "bad-quotes", "Something stands between a closing quote and the next cell; quotes inside quotes are doubled."),
        _ when values.Length < width || values.Skip(width).Any(cell => !string.IsNullOrWhiteSpace(cell)) =>
            new RowRemark("ragged", $"The row has {values.Length} cells, and there are {width} headings."),
        _ when values.Any(cell => cell.AsSpan().ContainsAny('\0', '\uFFFD')) => new RowRemark(
            "bad-text", $"The row holds bytes that are no text in {format.EncodingName}."),
        _ => null
    };

    private CsvReader Reader(Action<CsvMalformedRecord> malformed) => CsvReader.FromFile(path, new CsvReaderOptions
    {
        HasHeader = false,                                                      // read by us: it may name a column twice
        Separator = format.Delimiter,
        Encoding = format.Encoding,
        MaxRecordSize = LongestRow,
        OnMalformedRecord = malformed,
        TrackLineNumbers = true
    });

    private bool Next(CsvReader reader)
    {
        try
        {
            return reader.Read();
        }
        catch (CsvFormatException error)
        {
            throw new ImportProblem(
                $"{Name} has a row of more than {LongestRow} bytes from line {error.LineNumber} on; is there a quote that is not closed?");
        }
    }

    private static string[] Values(CsvReader reader) => [.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetString)];
}

/// <param name="Delimiter">What stands between two cells.</param>
/// <param name="Encoding">Of files without a byte order mark; null for UTF-8.</param>
internal sealed record CsvFormat(char Delimiter, Encoding? Encoding)
{
    public string EncodingName => Encoding?.WebName ?? "utf-8";
}
