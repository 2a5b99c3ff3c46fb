namespace Crm.Domain.Warnings.Learning;

/// <summary>How many there are, and how many of them were lost.</summary>
public sealed record LossTally(int Deals, int Lost)
{
    public static LossTally Of(IEnumerable<bool> lost) => lost.Aggregate(new LossTally(0, 0), (tally, one) => new(
        tally.Deals + 1, tally.Lost + (one ? 1 : 0)));

    /// <summary>The share that was lost; 0 where there are none.</summary>
    internal double Share => Deals == 0 ? 0 : (double)Lost / Deals;
}

/// <summary>
/// What may be read from counts. Only additions, multiplications, divisions and square roots are used, which IEEE 754 fixes to the bit, so
/// the same counts give the same figures on every machine.
/// </summary>
public static class Odds
{
    // Of the standard normal distribution, for 95 percent.
    private const double Z = 1.959963984540054;

    // What is so much less likely than the most likely count adds nothing to a double.
    private const double Negligible = 1e-18;

    /// <summary>
    /// The interval in which a share lies with 95 percent confidence: E. B. Wilson, Probable inference, the law of succession, and
    /// statistical inference, Journal of the American Statistical Association 22 (1927). From 0 to 1; the whole of that where there are
    /// none.
    /// </summary>
    public static (double From, double To) Wilson(LossTally tally)
    {
        if (tally.Deals == 0)
            return (0, 1);

        double n = tally.Deals, share = tally.Share;
        var middle = share + Z * Z / (2 * n);
        var half = Z * Math.Sqrt(share * (1 - share) / n + Z * Z / (4 * n * n));
        var over = 1 + Z * Z / n;
        return (Math.Max(0, (middle - half) / over), Math.Min(1, (middle + half) / over));
    }

    /// <summary>
    /// How likely it is that of some deals, drawn from others without looking, at least as many were lost: the upper tail of the
    /// hypergeometric distribution, which is the one-sided exact test of R. A. Fisher, Statistical Methods for Research Workers (1934).
    /// </summary>
    /// <param name="part">Those that were drawn.</param>
    /// <param name="whole">Those that they were drawn from, themselves included.</param>
    public static double AtLeast(LossTally part, LossTally whole)
    {
        var (least, most) = (Math.Max(0, part.Deals - (whole.Deals - whole.Lost)), Math.Min(part.Deals, whole.Lost));
        if (part.Lost <= least)
            return 1;

        // By the ratio of each count's probability to the next one's, from the most likely count on both ways.
        var mode = (int)Math.Clamp((long)(part.Deals + 1) * (whole.Lost + 1) / (whole.Deals + 2), least, most);
        var (all, tail) = (0d, 0d);
        for (var (lost, weight) = (mode, 1d); lost <= most && weight > Negligible; weight *= Ratio(lost), lost++)
            Add(lost, weight);
        for (var (lost, weight) = (mode - 1, mode > least ? 1 / Ratio(mode - 1) : 0); lost >= least && weight > Negligible; lost--)
        {
            Add(lost, weight);
            weight = lost > least ? weight / Ratio(lost - 1) : 0;
        }

        return Math.Min(1, tail / all);

        // Of lost + 1 to that of lost.
        double Ratio(int lost) => (double)(whole.Lost - lost) * (part.Deals - lost)
            / ((lost + 1d) * (whole.Deals - whole.Lost - part.Deals + lost + 1d));

        void Add(int lost, double weight)
        {
            all += weight;
            tail += lost >= part.Lost ? weight : 0;
        }
    }

    /// <summary>
    /// Which of several findings stand when among those that do only a share is to be due to chance: Y. Benjamini, Y. Hochberg, Controlling
    /// the false discovery rate, Journal of the Royal Statistical Society B 57 (1995).
    /// </summary>
    /// <param name="chances">Of each, how likely it would be by chance.</param>
    /// <param name="tested">How many were looked at, those that are not among these included.</param>
    public static IReadOnlyList<bool> Stand(IReadOnlyList<double> chances, int tested, double share)
    {
        var sorted = chances.Order().ToList();
        var last = Enumerable.Range(0, sorted.Count).LastOrDefault(i => sorted[i] <= share * (i + 1) / tested, -1);
        return [.. chances.Select(chance => last >= 0 && chance <= sorted[last])];
    }
}
