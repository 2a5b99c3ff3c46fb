using System.Xml;
using ExcelDataReader;
using ExcelDataReader.Exceptions;

namespace Crm.Api.Imports.Files;

/// <summary>
/// A sheet of a workbook (.xlsx). Numbers and dates are what the cells are, however they are shown; a merged cell says in all its places what it
/// says in the first.
/// </summary>
internal sealed class XlsxFile : TableFile
{
    private readonly string sheet;
    private readonly int headingRow;

    private XlsxFile(string path, string sheet, int headingRow, Headings headings, Cells cells) : base(path, headings, cells) =>
        (this.sheet, this.headingRow) = (sheet, headingRow);

    public override string Format => "xlsx";

    public string Sheet => sheet;

    /// <exception cref="ImportProblem">It is no workbook, or has no such sheet, or its headings do not do.</exception>
    public static XlsxFile Open(string path, string? sheet, Cells cells)
    {
        ZipGuard.Check(path);
        return Guarded(path, () =>
        {
            var name = System.IO.Path.GetFileName(path);
            using var book = Book(path);
            MoveTo(book, name, sheet);

            // Before anything is read: each row is read into as many cells.
            if (book.FieldCount > FileLimits.Columns)
            {
                throw new ImportProblem($"{name} has {book.FieldCount:N0} columns in sheet '{book.Name}'; {FileLimits.Columns:N0} are the most.");
            }

            for (var row = 1; row <= FileLimits.SheetRows && book.Read(); row++)
            {
                var headings = Enumerable.Range(0, book.FieldCount).Select(i => SheetCell.Of(book, i).Text).ToList();
                if (!headings.All(string.IsNullOrWhiteSpace))
                {
                    var width = headings.FindLastIndex(heading => !string.IsNullOrWhiteSpace(heading)) + 1;
                    return new XlsxFile(path, book.Name, row, new Headings(headings.Take(width)), cells);
                }
            }

            throw new ImportProblem($"{name} is empty in sheet '{book.Name}'; its first row has to name the columns.");
        });
    }

    /// <summary>The names of its sheets, in their order.</summary>
    /// <exception cref="ImportProblem">It is no workbook.</exception>
    public static IReadOnlyList<string> Sheets(string path)
    {
        ZipGuard.Check(path);
        return Guarded(path, () =>
        {
            using var book = Book(path);
            var names = new List<string>();
            do
            {
                names.Add(book.Name);
            }
            while (book.NextResult());

            return names;
        });
    }

    public static bool IsEmpty(string path, string sheet) => Guarded(path, () =>
    {
        using var book = Book(path);
        MoveTo(book, System.IO.Path.GetFileName(path), sheet);
        return book.RowCount == 0;
    });

    public override IEnumerable<Row> Rows()
    {
        using var book = Guarded(File, () => Book(File));
        Guarded(File, () => MoveTo(book, Name, sheet));
        var merged = new MergedCells(book.MergeCells ?? [], Headings.Width);
        for (var number = 1; Guarded(File, book.Read); number++)
        {
            if (number > FileLimits.SheetRows)
            {
                throw new ImportProblem($"{Name} has a row beyond {FileLimits.SheetRows:N0} in sheet '{sheet}', which no workbook has.");
            }

            if (number > headingRow && Read(book, number, merged) is { } row)
            {
                yield return row;
            }
        }
    }

    private Row? Read(IExcelDataReader book, int number, MergedCells merged)
    {
        var width = Math.Max(Headings.Width, Math.Min(book.FieldCount, FileLimits.Columns));
        var (values, plain) = (new string[width], new bool[width]);
        for (var i = 0; i < width; i++)
        {
            (values[i], plain[i]) = i < book.FieldCount ? SheetCell.Of(book, i) : default;
            values[i] ??= "";
        }

        merged.Fill(number - 1, values, plain);
        if (values.All(string.IsNullOrWhiteSpace))
        {
            return null;
        }

        var beyond = values.Skip(Headings.Width).Any(cell => !string.IsNullOrWhiteSpace(cell));
        return RowOf(number, beyond ? values : values[..Headings.Width], TextFaults.Of(values, Headings, "the workbook") ?? (beyond
            ? new("ragged", $"The row has cells beyond the {Headings.Width} headings.")
            : null), plain);
    }

    private static IExcelDataReader Book(string path)
    {
        System.Text.Encoding.RegisterProvider(System.Text.CodePagesEncodingProvider.Instance);
        return ExcelReaderFactory.CreateOpenXmlReader(System.IO.File.OpenRead(path));
    }

    private static bool MoveTo(IExcelDataReader book, string file, string? sheet)
    {
        var names = new List<string>();
        do
        {
            if (sheet is null || book.Name == sheet)
            {
                return true;
            }

            names.Add(book.Name);
        }
        while (book.NextResult());

        throw new ImportProblem($"{file} has no sheet '{sheet}'; it has: {string.Join(", ", names)}.");
    }

    private static T Guarded<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception damage) when (damage is XmlException or ExcelReaderException or InvalidDataException or FormatException or OverflowException
            or IndexOutOfRangeException or ArgumentException or NullReferenceException or KeyNotFoundException)
        {
            throw new ImportProblem($"{System.IO.Path.GetFileName(path)} is a damaged workbook ({damage.Message.TrimEnd('.')}); open it in its program and save it again.");
        }
    }
}
