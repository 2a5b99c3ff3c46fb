namespace Crm.Domain.Scoring.Cards;

/// <summary>The area under the receiver operating characteristic, by ranks (J. A. Hanley, B. J. McNeil, Radiology 143, 1982).</summary>
public static class RocAuc
{
    /// <summary>How often a positive is above a negative, equal ones counting half; null where there are none of either.</summary>
    public static double? Of(IReadOnlyList<double> scores, IReadOnlyList<bool> outcomes) =>
        OfCounts(scores.Select((score, i) => (score, Positives: outcomes[i] ? 1 : 0, Negatives: outcomes[i] ? 0 : 1)));

    /// <summary>The same of groups of one score each.</summary>
    internal static double? OfCounts(IEnumerable<(double Score, int Positives, int Negatives)> groups)
    {
        var (above, positives, negatives, tied, last) = (0d, 0L, 0L, (Positives: 0L, Negatives: 0L), double.NaN);
        foreach (var group in groups.OrderBy(group => group.Score))
        {
            if (group.Score != last)
            {
                Close();
                last = group.Score;
            }

            tied = (tied.Positives + group.Positives, tied.Negatives + group.Negatives);
        }

        Close();
        return positives == 0 || negatives == 0 ? null : above / positives / negatives;

        void Close()
        {
            above += tied.Positives * (negatives + tied.Negatives / 2d);
            (positives, negatives, tied) = (positives + tied.Positives, negatives + tied.Negatives, (0, 0));
        }
    }
}
