using Crm.Domain.Scoring.Models;

namespace Crm.Domain.Scoring.Training;

/// <summary>
/// A bin for zeros, where there are enough, and bins for the other numbers that hold about as many examples each. A number that is there
/// very often has a bin of its own, so there may be fewer bins than asked for.
/// </summary>
internal sealed class NumberBins : Bins
{
    private const int Zero = 1;
    private const int First = 2;

    private readonly bool hasZero;
    private readonly List<decimal> from;

    public NumberBins(Column column, decimal[] numbers, int[] counts, int most, int leastCount) : base(column)
    {
        var zero = Array.BinarySearch(numbers, 0m);
        hasZero = zero >= 0 && counts[zero] >= leastCount;
        from = Limits(numbers, [.. counts.Select((count, code) => hasZero && code == zero ? 0 : count)], most, leastCount);

        var bin = 0;
        for (var code = 0; code < numbers.Length; code++)
        {
            while (bin < from.Count && from[bin] <= numbers[code])
            {
                bin++;
            }

            BinOfCode[code + 1] = hasZero && code == zero ? Zero : First + bin;
        }

        OrderedFrom = First;
        Count = First + from.Count + 1;
    }

    public override ScoredField Weighted(IReadOnlyList<decimal> weights) => new(
        Name, weights[Missing], Numbers: new(hasZero ? weights[Zero] : null, from, [.. weights.Skip(First)]));

    public override string Label(int bin) => bin switch
    {
        Missing => "missing",
        Zero => "zero",
        First when from.Count == 0 => "any number",
        First => $"below {from[0]}",
        _ when bin == Count - 1 => $"{from[^1]} and more",
        _ => $"{from[bin - First - 1]} to below {from[bin - First]}"
    };

    // A value goes where its middle lies among all values laid end to end.
    private static List<decimal> Limits(decimal[] numbers, int[] counts, int most, int leastCount)
    {
        var total = counts.Sum(count => (long)count);
        var bins = Math.Min(most, total / Math.Max(1, leastCount));
        var (limits, before, last) = (new List<decimal>(), 0L, -1L);
        for (var code = 0; code < numbers.Length; code++)
        {
            if (counts[code] == 0)
            {
                continue;
            }

            var place = (2 * before + counts[code]) * bins / (2 * total);
            if (last >= 0 && place != last)
            {
                limits.Add(numbers[code]);
            }

            (before, last) = (before + counts[code], place);
        }

        return limits;
    }
}
