namespace Crm.Domain.HelpRequests;

/// <summary>How long answers took.</summary>
/// <param name="Median">In hours, to two places; null where there was none.</param>
/// <param name="P90">Of ten, nine took at most so long.</param>
public sealed record AnswerTimes(int Count, double? Median, double? P90)
{
    public static AnswerTimes Of(IEnumerable<TimeSpan> times)
    {
        var hours = times.Select(time => time.TotalHours).Order().ToList();
        return new(hours.Count, Quantile(hours, 0.5), Quantile(hours, 0.9));
    }

    // Interpolated between neighbours, as PostgreSQL's percentile_cont does: type 7 of Hyndman and Fan, "Sample Quantiles in Statistical
    // Packages", The American Statistician 50 (1996), 361-365.
    private static double? Quantile(IReadOnlyList<double> inOrder, double part)
    {
        if (inOrder.Count == 0)
            return null;

        var place = (inOrder.Count - 1) * part;
        var (below, above) = (inOrder[(int)Math.Floor(place)], inOrder[(int)Math.Ceiling(place)]);
        return Math.Round(below + (above - below) * (place - Math.Floor(place)), 2, MidpointRounding.ToEven);
    }
}
