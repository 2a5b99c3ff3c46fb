using Crm.Api.Http.Shapes;

namespace Crm.Api.Imports.Files;

/// <summary>A file of rows under headings, whatever its format; read row by row, as often as is needed. A row that is broken is a row with a fault.</summary>
internal abstract class TableFile(string path, Headings headings, Cells cells)
{
    public string Name => Path.GetFileName(path);

    /// <summary><c>csv</c>, <c>xlsx</c> or <c>ndjson</c>.</summary>
    public abstract string Format { get; }

    public Headings Headings => headings;

    /// <summary>Where each column stands, by its heading.</summary>
    public IReadOnlyDictionary<string, int> Columns => headings.Columns;

    protected string File => path;

    protected Cells Cells { get; private set; } = cells;

    /// <param name="sheet">Of a workbook; null for its first.</param>
    /// <exception cref="ImportProblem">There is no such file, it is of no format that can be read, or its headings do not do.</exception>
    public static TableFile Open(string path, TextFormat format, Cells cells, string? sheet = null)
    {
        if (!System.IO.File.Exists(path))
        {
            throw new ImportProblem($"There is no file {path}.");
        }

        var name = Path.GetFileName(path);
        return FirstBytes.Of(path) switch
        {
            FileContent.Zip => XlsxFile.Open(path, sheet, cells),
            _ when sheet is not null => throw new ImportProblem($"{name} is no workbook, so it has no sheet '{sheet}'; leave out 'sheet'."),
            FileContent.OldWorkbook => throw new ImportProblem($"{name} is a workbook of the old kind (.xls); save it as .xlsx or CSV."),
            FileContent.Packed => throw new ImportProblem($"{name} is packed; unpack it first."),
            FileContent.Document => throw new ImportProblem($"{name} is a PDF and no table; export CSV, XLSX or NDJSON."),
            _ => OpenText(path, name, format, cells)
        };
    }

    /// <summary>The same file, whose cells are to be read otherwise.</summary>
    public TableFile With(Cells other)
    {
        var same = (TableFile)MemberwiseClone();
        same.Cells = other;
        return same;
    }

    public void Needs(string column, string place)
    {
        if (Columns.ContainsKey(column))
        {
            return;
        }

        throw new ImportProblem(headings.Repeated.Contains(column)
            ? $"{Name} has two columns '{column}', which {place} of the mapping asks for; rename one of them, or write '{column}#1' or '{column}#2'."
            : $"{Name} has no column '{column}', which {place} of the mapping asks for; it has: {headings.Listed}.{Nearest.Hint(column, Columns.Keys)}");
    }

    /// <summary>All rows in which anything stands.</summary>
    public abstract IEnumerable<Row> Rows();

    protected Row RowOf(int line, string[] values, Domain.DataSources.RowRemark? fault, bool[]? plain = null) =>
        new(headings, values, Cells, line, fault, plain);

    private static TableFile OpenText(string path, string name, TextFormat format, Cells cells)
    {
        var text = TextSource.Open(path, format.Encoding);
        return text.First switch
        {
            null => throw new ImportProblem($"{name} is empty; its first line has to name the columns."),
            '{' when text.BeginsWithMember => NdjsonFile.Open(path, text, cells),
            '[' when text.BeginsWithList => throw new ImportProblem($"{name} is one JSON list; write one object a line (jq -c '.[]' does it)."),
            _ => CsvFile.Open(path, text, format.Delimiter, cells)
        };
    }
}
