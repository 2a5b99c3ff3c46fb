namespace Crm.Domain.Scoring.Cards;

/// <param name="Said">Their mean probability.</param>
/// <param name="Happened">The share of them that converted.</param>
public sealed record ReliabilityBin(int Examples, decimal Said, decimal Happened);

/// <summary>What was said against what became of it.</summary>
public static class Reliability
{
    private const int Bins = 10;

    /// <summary>
    /// Ten bins of about as many examples each, by probability; equal probabilities stay together, so there may be fewer.
    /// </summary>
    public static IReadOnlyList<ReliabilityBin> Of(IReadOnlyList<double> probabilities, IReadOnlyList<bool> outcomes)
    {
        int[] order = [.. Enumerable.Range(0, probabilities.Count).OrderBy(i => probabilities[i])];
        var (bins, from) = (new List<ReliabilityBin>(), 0);
        for (var to = 1; to <= order.Length; to++)
        {
            var tenth = (long)from * Bins / order.Length + 1;
            if (to == order.Length || (long)to * Bins >= tenth * order.Length && probabilities[order[to]] != probabilities[order[to - 1]])
            {
                var part = order[from..to];
                bins.Add(new(
                    part.Length,
                    PortableMath.Rounded(part.Sum(i => probabilities[i]) / part.Length),
                    decimal.Round((decimal)part.Count(i => outcomes[i]) / part.Length, 6, MidpointRounding.ToEven)));
                from = to;
            }
        }

        return bins;
    }

    /// <summary>
    /// The expected calibration error: the mean of |said − happened| over the bins, weighted by their examples. Bins are of equal count,
    /// which M. Nixon and others, Measuring calibration in deep learning, 2019, advise; M. P. Naeini and others, 2015, have bins of equal
    /// width.
    /// </summary>
    public static decimal Error(IReadOnlyList<ReliabilityBin> bins) => bins.Count == 0 ? 0 : decimal.Round(
        bins.Sum(bin => bin.Examples * Math.Abs(bin.Said - bin.Happened)) / bins.Sum(bin => bin.Examples), 6, MidpointRounding.ToEven);
}
