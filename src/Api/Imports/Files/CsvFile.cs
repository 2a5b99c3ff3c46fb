using Crm.Api.Exports;
using Crm.Domain.DataSources;

namespace Crm.Api.Imports.Files;

/// <summary>
/// A file of comma-separated values (RFC 4180, or another delimiter). What an export of ours put before formulas is taken off again; a first line
/// <c>sep=;</c> names the delimiter, as spreadsheets write it.
/// </summary>
internal sealed class CsvFile : TableFile
{
    private readonly TextSource text;

    private readonly bool saysDelimiter;

    private CsvFile(string path, TextSource text, char delimiter, bool saysDelimiter, Headings headings, Cells cells) : base(path, headings, cells) =>
        (this.text, Delimiter, this.saysDelimiter) = (text, delimiter, saysDelimiter);

    public override string Format => "csv";

    public char Delimiter { get; }

    public KnownEncoding Encoding => text.Encoding;

    /// <summary>How the lines end that were read last.</summary>
    public LineEnds Ends { get; private set; } = new();

    /// <param name="delimiter">Null to find out.</param>
    /// <exception cref="ImportProblem">Its headings do not do.</exception>
    public static CsvFile Open(string path, TextSource text, char? delimiter, Cells cells)
    {
        var said = Delimiters.Said(text.Reader);
        var sign = said ?? delimiter ?? Delimiters.Find(text.Reader);
        return new CsvFile(path, text, sign, said is not null, ReadHeadings(path, text, sign, said is not null), cells);
    }

    public override IEnumerable<Row> Rows()
    {
        using var reader = text.Reader();
        var records = Begun(reader, Delimiter, saysDelimiter);
        records.First();
        foreach (var record in records.Rest(Headings.Width))
        {
            if (!record.Cells.All(string.IsNullOrWhiteSpace))
            {
                yield return RowOf(record.Line, Stripped(record.Cells), Fault(record));
            }
        }

        Ends = records.Ends;
    }

    private static Headings ReadHeadings(string path, TextSource text, char delimiter, bool saysDelimiter)
    {
        var name = System.IO.Path.GetFileName(path);
        using var reader = text.Reader();
        var record = Begun(reader, delimiter, saysDelimiter).First() ?? throw new ImportProblem($"{name} is empty; its first line has to name the columns.");
        if (record.Damage == CsvDamage.TooLong || record.Cells.Length > FileLimits.Columns)
        {
            throw new ImportProblem($"{name} names {(record.Damage == CsvDamage.TooLong ? "far more" : $"{record.Cells.Length:N0}")} columns in its first line; " +
                $"{FileLimits.Columns:N0} are the most. Is its delimiter '{delimiter}'?");
        }

        if (record.Damage != CsvDamage.None)
        {
            throw new ImportProblem($"{name}, line {record.Line}: a quote in the headings is not closed, or something stands behind one that is.");
        }

        if (record.Cells.Any(cell => cell.AsSpan().ContainsAny('\0', '\uFFFD')))
        {
            throw new ImportProblem(
                $"{name} is not in {text.Encoding.Name}; tell its encoding in the mapping, for example \"encoding\": \"gb18030\".");
        }

        return new Headings(record.Cells);
    }

    private static CsvRecords Begun(TextReader reader, char delimiter, bool saysDelimiter)
    {
        var records = new CsvRecords(reader, delimiter);
        if (saysDelimiter)
        {
            records.First();
        }

        return records;
    }

    private static string[] Stripped(string[] cells)
    {
        for (var i = 0; i < cells.Length; i++)
        {
            cells[i] = Formulas.Strip(cells[i]);
        }

        return cells;
    }

    private RowRemark? Fault(CsvRecord record) => record.Damage switch
    {
        CsvDamage.OpenQuote => new RowRemark("bad-quotes",
            $"In line {record.Line} a quote is opened in {Headings.NameOf(record.Place)} and not closed where a row can end. " +
            "Only this line is set aside; the lines after it are read as rows of their own."),
        CsvDamage.TextAfterQuote => new RowRemark(
            "bad-quotes", "Something stands between a closing quote and the next cell; quotes inside quotes are doubled."),
        CsvDamage.Doubtful => new RowRemark("bad-quotes",
            $"Lines {record.Line} to {record.Place} can be read as one row, but some within it look like rows of their own; is a quote missing? None of them is taken."),
        CsvDamage.Swallowed => new RowRemark(
            "bad-quotes", $"This line lies within a cell of the row that begins in line {record.Place}; is a quote missing there?"),
        CsvDamage.TooLong => new RowRemark("too-long", $"The line has more than {FileLimits.Row:N0} characters; only its beginning is kept."),
        _ => TextFaults.Of(record.Cells, Headings, text.Encoding.Name) ?? Ragged(record.Cells)
    };

    private RowRemark? Ragged(string[] cells) =>
        cells.Length < Headings.Width || cells.Skip(Headings.Width).Any(cell => !string.IsNullOrWhiteSpace(cell))
            ? new RowRemark("ragged", $"The row has {cells.Length} cells, and there are {Headings.Width} headings.")
            : Headings.Width > 1 && cells.Take(Headings.Width).Index().All(cell => Headings.IsHeading(cell.Item, cell.Index))
                ? new RowRemark("headings-again", "The row repeats the headings; were two files put together?")
                : null;
}
