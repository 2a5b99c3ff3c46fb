using System.Globalization;
using Crm.Domain.Scoring.Cards;
using Crm.Domain.Scoring.Training;

namespace Crm.Domain.Scoring.Leaks;

/// <summary>
/// Fields of undated tables that foretell the outcome too well. Whether that is knowledge or hindsight only a person knows, so they are
/// named and stay: one that alone has a ROC-AUC of 0.8; a value, or a range, nearly all of whose leads have one outcome; one that is filled
/// for the one outcome and not for the other.
/// </summary>
internal static class SuspectFields
{
    private const int MostBins = 20;
    private const int LeastCount = 20;
    private const int Parts = 5;

    private const double MuchAlone = 0.8;
    private const decimal NearlyAll = 0.95m;

    // Odds against those of all other leads. A base rate of 2 % alone would make every value one of nearly all one outcome.
    private const double PinnedOdds = 20;
    private const double PresenceOdds = 5;

    // In standard deviations, so that chance among some hundred values names none.
    private const double Sure = 5;

    public static IEnumerable<LeakFinding> Find(Column column, bool[] outcomes, ulong seed)
    {
        int[] rows = [.. Enumerable.Range(0, outcomes.Length)];
        var bins = Bins.Of(column, rows, MostBins, LeastCount);
        var parts = Folds.Of(rows, outcomes, Parts, seed).Select(part => Counts(bins, part, outcomes)).ToList();
        Count[] counts = [.. Enumerable.Range(0, bins.Count).Select(bin => Sum(parts.Select(part => part[bin])))];
        var all = Sum(counts);

        if (Alone(parts, counts, all) is { } auc && auc >= MuchAlone)
        {
            yield return new(column.Name, LeakKind.SaysMuchAlone, IsLeftOut: false, all.Leads, PortableMath.Rounded(auc, 3),
                $"It alone tells leads that convert from others with a ROC-AUC of {PortableMath.Rounded(auc, 3)}.");
        }

        var (missing, present) = (counts[Bins.Missing], all - counts[Bins.Missing]);
        if (IsSure(present, all, PresenceOdds))
        {
            yield return new(column.Name, LeakKind.PinnedByPresence, IsLeftOut: false, present.Leads, present.Share,
                $"Where it is filled ({present.Leads} leads) {Percent(present)} convert, where not ({missing.Leads}) {Percent(missing)}.");
        }

        var fewest = Math.Max(30, Math.Min(100, all.Leads / 20));
        for (var bin = Bins.Missing + 1; bin < counts.Length; bin++)
        {
            var (count, isRest) = (counts[bin], bins is TextBins && bin == TextBins.Other);
            var isNearlyAll = count.Leads >= fewest && Math.Max(count.Share, 1 - count.Share) >= NearlyAll;
            if (!isRest && isNearlyAll && IsSure(count, all, PinnedOdds))
            {
                yield return new(column.Name, LeakKind.PinnedByValue, IsLeftOut: false, count.Leads, count.Share,
                    $"Of {count.Leads} leads with {bins.Label(bin)} {Percent(count)} convert, of the others {Percent(all - count)}.");
            }
        }
    }

    private static Count Sum(IEnumerable<Count> counts) => counts.Aggregate(default(Count), (sum, count) => sum + count);

    private static Count[] Counts(Bins bins, int[] rows, bool[] outcomes)
    {
        var counts = new Count[bins.Count];
        foreach (var row in rows)
        {
            counts[bins.Of(row)] += new Count(1, outcomes[row] ? 1 : 0);
        }

        return counts;
    }

    // Each lead has the share that its value has in the other parts; its own outcome is not in it.
    private static double? Alone(IReadOnlyList<Count[]> parts, Count[] counts, Count all) => RocAuc.OfCounts(
        from part in parts
        from bin in Enumerable.Range(0, counts.Length)
        let others = counts[bin] - part[bin]
        select ((others.Yes + (double)all.Yes / all.Leads) / (others.Leads + 1), part[bin].Yes, part[bin].No));

    // The odds ratio of a part against the rest, with half a lead more in each of the four counts (J. B. S. Haldane, The estimation and
    // significance of the logarithm of a ratio of frequencies, 1956), and the likelihood ratio of the four, whose root is a normal deviate
    // where the part is like the rest (S. S. Wilks, 1938).
    private static bool IsSure(Count part, Count all, double odds)
    {
        var rest = all - part;
        var ratio = (part.Yes + 0.5) * (rest.No + 0.5) / ((part.No + 0.5) * (rest.Yes + 0.5));
        return Math.Max(ratio, 1 / ratio) >= odds && 2 * (Gain(part) + Gain(rest)) >= Sure * Sure;

        double Gain(Count of) => GainOf(of.Yes, of, all.Yes) + GainOf(of.No, of, all.No);

        double GainOf(double seen, Count of, double ofAll) => seen == 0 ? 0 : seen * PortableMath.Log(seen / of.Leads * all.Leads / ofAll);
    }

    private static string Percent(Count count) => count.Share.ToString("0.0 %", CultureInfo.InvariantCulture);

    private readonly record struct Count(int Leads, int Yes)
    {
        public int No => Leads - Yes;

        public decimal Share => Leads == 0 ? 0 : decimal.Round((decimal)Yes / Leads, 4);

        public static Count operator +(Count a, Count b) => new(a.Leads + b.Leads, a.Yes + b.Yes);

        public static Count operator -(Count a, Count b) => new(a.Leads - b.Leads, a.Yes - b.Yes);
    }
}
