using Crm.Domain.Scoring.Models;

namespace Crm.Domain.Scoring.Training;

/// <summary>Into which bins the values of a column fall, as some of its rows have it. Bin 0 is missing.</summary>
internal abstract class Bins(Column column)
{
    public const int Missing = 0;

    // By code + 1, so that the code of a missing value has a place too.
    protected int[] BinOfCode { get; } = new int[column.Distinct + 1];

    public string Name => column.Name;

    public int Count { get; protected init; }

    /// <summary>The bins from here to the end are in order, and neighbours are alike; where it is the count, none are.</summary>
    public int OrderedFrom { get; protected init; }

    public int Of(int row) => BinOfCode[column.Codes[row] + 1];

    /// <summary>The column with a weight for each bin.</summary>
    public abstract ScoredField Weighted(IReadOnlyList<decimal> weights);

    /// <summary>What a bin holds, for people.</summary>
    public abstract string Label(int bin);

    public static Bins Of(Column column, IReadOnlyList<int> rows, int most, int leastCount)
    {
        var counts = new int[column.Distinct];
        foreach (var row in rows)
        {
            if (column.Codes[row] is >= 0 and var code)
            {
                counts[code]++;
            }
        }

        return column.Numbers is { } numbers
            ? new NumberBins(column, numbers, counts, most, leastCount)
            : new TextBins(column, counts, leastCount);
    }
}
