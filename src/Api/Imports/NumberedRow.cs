namespace Crm.Api.Imports;

/// <summary>A row, and by what it is known.</summary>
/// <param name="FirstLine">The line of an earlier row with the same key; null where this is the first.</param>
internal sealed record NumberedRow(string File, Row Row, string? Key, int? FirstLine)
{
    public bool IsDouble => FirstLine is not null;

    /// <summary>The rows that count: where keys may come again, only the first of each; and all of those that tell of another record.</summary>
    public static IEnumerable<NumberedRow> Of(SourceFile source)
    {
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var row in source.File.Rows())
        {
            var key = row.Key(source.Kind.Key);
            // A broken row does not stand in the way of a good one with its key.
            int? first = source.Kind is not GroupedKind && row.Fault is null && key is not null && !lines.TryAdd(key, row.Line) ? lines[key] : null;
            if (source.Kind is GroupedKind)
            {
                yield return new NumberedRow(source.File.Name, row, key, FirstLine: null);
            }
            else if (!source.Kind.Repeats || row.Fault is not null || (key is not null && first is null))
            {
                yield return new NumberedRow(source.File.Name, row, key, first);
            }
        }
    }
}
