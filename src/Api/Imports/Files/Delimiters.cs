namespace Crm.Api.Imports.Files;

/// <summary>Finds out what stands between two cells: what takes most of the first rows into the same number of cells, two at least.</summary>
internal static class Delimiters
{
    private const int Rows = 50;
    private static readonly char[] Candidates = [',', ';', '\t', '|'];

    /// <summary>What the first line says that it is; null where it says nothing of the kind.</summary>
    public static char? Said(Func<TextReader> open)
    {
        using var text = open();
        var first = new char[6];
        return text.ReadBlock(first, 0, first.Length) >= 5 && first is ['s', 'e', 'p', '=', var sign, '\r' or '\n' or '\0'] ? sign : null;
    }

    /// <summary>A comma where there is but one column, or nothing fits better.</summary>
    public static char Find(Func<TextReader> open) => Candidates.Select(candidate => (candidate, Score: Score(open, candidate)))
        .Aggregate((best, other) => other.Score > best.Score ? other : best).candidate;

    private static double Score(Func<TextReader> open, char delimiter)
    {
        using var text = open();
        var records = new CsvRecords(text, delimiter);
        if (records.First() is not { Damage: CsvDamage.None, Cells.Length: > 1 and var width } headings || headings.Cells.Count(string.IsNullOrWhiteSpace) * 2 > width)
        {
            return 0;
        }

        var rows = records.Rest(width).Where(row => !row.Cells.All(string.IsNullOrWhiteSpace)).Take(Rows).ToList();
        var fitting = rows.Count(row => row.Damage == CsvDamage.None && row.Cells.Length == width);

        // The headings alone say something too; among equals more columns are the better reading.
        return (fitting + 1.0) / (rows.Count + 1.0) + width / (10.0 * FileLimits.Columns);
    }
}
