namespace Crm.Api.Imports.Files;

internal enum CsvDamage
{
    None,

    /// <summary>Something stands between a closing quote and the next cell.</summary>
    TextAfterQuote,

    /// <summary>A quote is opened in this line and never closed, or where no row can end.</summary>
    OpenQuote,

    /// <summary>It can be read as one row, but lines within one of its cells look like rows.</summary>
    Doubtful,

    /// <summary>It lies within a cell of such a row.</summary>
    Swallowed,

    /// <summary>The line is longer than a row may be.</summary>
    TooLong
}

/// <summary>A row of separated values.</summary>
/// <param name="Line">In which it begins.</param>
/// <param name="Place">Of damage: the cell in which a quote was opened, from 0; or the line of the row that swallowed this one.</param>
internal readonly record struct CsvRecord(int Line, string[] Cells, CsvDamage Damage = CsvDamage.None, int Place = 0);

/// <summary>
/// Reads rows of separated values, and finds back into them: a quote that is not closed costs the line in which it was opened, and no other.
/// What stands behind it is read as rows of its own.
/// </summary>
internal sealed class CsvRecords(TextReader text, char delimiter)
{
    // With fewer columns, lines of a text look like rows too easily.
    private const int LeastWidthToDoubt = 3;

    private readonly LineReader lines = new(text);
    private readonly Stack<Line> again = [];
    private readonly CellSplitter splitter = new(delimiter), probe = new(delimiter);

    public LineEnds Ends => lines.Ends;

    /// <summary>The first row in which anything stands: the headings.</summary>
    public CsvRecord? First()
    {
        while (Next() is { } line)
        {
            if (!string.IsNullOrWhiteSpace(line.Text))
            {
                return Begun(line, width: null).First();
            }
        }

        return null;
    }

    /// <param name="width">How many cells a row has to have.</param>
    public IEnumerable<CsvRecord> Rest(int width)
    {
        while (Next() is { } line)
        {
            foreach (var record in Begun(line, width))
            {
                yield return record;
            }
        }
    }

    private Line? Next() => again.TryPop(out var line) ? line : lines.Next();

    private IEnumerable<CsvRecord> Begun(Line first, int? width)
    {
        splitter.Begin(first.Text);
        if (first.IsCut)
        {
            return [new CsvRecord(first.Number, [first.Text], CsvDamage.TooLong)];
        }

        return splitter.IsOpen ? Opened(first, width)
            : [new CsvRecord(first.Number, splitter.Taken(), splitter.IsBroken ? CsvDamage.TextAfterQuote : CsvDamage.None)];
    }

    private IEnumerable<CsvRecord> Opened(Line first, int? width)
    {
        var (opened, size, more) = (splitter.Taken(), first.Text.Length, new List<Line>());
        while (splitter.IsOpen && !splitter.IsBroken && more.Count < FileLimits.LinesOfARow && Next() is { } line)
        {
            more.Add(line);
            size += line.Text.Length;
            if (line.IsCut || size > FileLimits.Row)
            {
                break;
            }

            splitter.GoOn(line.Text);
        }

        var (isWhole, cells) = (!splitter.IsOpen && !splitter.IsBroken, splitter.Taken());
        var rows = more.Where(line => !line.IsCut && probe.WidthOf(line.Text) == width).ToList();
        if (isWhole && (Fits(cells, width) || rows.Count == 0))
        {
            List<Line> swallowed = width >= LeastWidthToDoubt && rows.Any(row => row != more[^1]) ? [.. more[..^1].Where(line => !string.IsNullOrWhiteSpace(line.Text))] : [];
            return
            [
                new CsvRecord(first.Number, cells, swallowed.Count > 0 ? CsvDamage.Doubtful : CsvDamage.None, more[^1].Number),
                .. swallowed.Select(line => new CsvRecord(line.Number, [line.Text], CsvDamage.Swallowed, first.Number))
            ];
        }

        foreach (var line in Enumerable.Reverse(more))
        {
            again.Push(line);
        }

        return [new CsvRecord(first.Number, opened, CsvDamage.OpenQuote, opened.Length - 1)];
    }

    private static bool Fits(string[] cells, int? width) =>
        width is null || cells.Length >= width && cells.AsSpan(width.Value).ToArray().All(string.IsNullOrWhiteSpace);
}
