using Crm.Domain.Scoring.Models;

namespace Crm.Domain.Scoring.Training;

/// <summary>A bin for each value that is there often enough, and one for all others together.</summary>
internal sealed class TextBins : Bins
{
    public const int Other = 1;

    private readonly List<string> keys = [];

    public TextBins(Column column, int[] counts, int leastCount) : base(column)
    {
        for (var code = 0; code < counts.Length; code++)
        {
            BinOfCode[code + 1] = Other;
            if (counts[code] >= leastCount)
            {
                keys.Add(column.Keys[code]);
                BinOfCode[code + 1] = Other + keys.Count;
            }
        }

        Count = OrderedFrom = Other + keys.Count + 1;
    }

    public override ScoredField Weighted(IReadOnlyList<decimal> weights) => new(
        Name, weights[Missing], Texts: new([.. keys.Select((key, i) => new ValueWeight(key, weights[Other + 1 + i]))], weights[Other]));

    public override string Label(int bin) => bin switch { Missing => "missing", Other => "rare values", _ => $"'{keys[bin - Other - 1]}'" };
}
