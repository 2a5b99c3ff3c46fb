namespace Crm.Domain.Forecasting;

/// <summary>
/// How long opportunities that were won stayed in each stage, and how long it took from when they came to it until they were won.
/// Quantiles are by the nearest rank (Hyndman and Fan, Sample Quantiles in Statistical Packages, 1996, definition 1): each is a number of
/// days that occurred.
/// </summary>
public sealed class StageTimes
{
    /// <summary>Of fewer than so many that were won nothing is said.</summary>
    public const int Enough = 10;

    private readonly Dictionary<(string? Pipeline, string Stage), (List<decimal> Stays, List<decimal> UntilWon)> times = [];

    public static StageTimes Of(IEnumerable<ForecastDeal> won)
    {
        var all = new StageTimes();
        foreach (var deal in won)
        {
            all.Count(deal);
        }

        foreach (var (stays, rest) in all.times.Values)
        {
            stays.Sort();
            rest.Sort();
        }

        return all;
    }

    /// <summary>Within how many days so many of a hundred had left a stage; null where too few were won to tell.</summary>
    public decimal? Stay(ForecastDeal deal, int percent) => Of(deal) is { Stays: var stays } ? Quantile(stays, percent) : null;

    /// <summary>In how many days half of them were won once they had come to a stage; null where too few were won to tell.</summary>
    public decimal? UntilWon(ForecastDeal deal) => Of(deal) is { UntilWon: var rest } ? Quantile(rest, 50) : null;

    private (List<decimal> Stays, List<decimal> UntilWon)? Of(ForecastDeal deal) =>
        deal.Stage is { } stage && times.TryGetValue((deal.Pipeline, stage), out var found) ? found : null;

    private static decimal? Quantile(List<decimal> sorted, int percent) =>
        sorted.Count < Enough ? null : sorted[Math.Max(1, (sorted.Count * percent + 99) / 100) - 1];

    // One that came back to a stage counts from when it first came.
    private void Count(ForecastDeal deal)
    {
        var stays = deal.StaysWithLast().ToList();
        var rest = stays.Sum(stay => stay.Days);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (stage, days) in stays)
        {
            if (!times.TryGetValue((deal.Pipeline, stage), out var found))
            {
                times.Add((deal.Pipeline, stage), found = ([], []));
            }

            found.Stays.Add(days);
            if (seen.Add(stage))
                found.UntilWon.Add(rest);
            rest -= days;
        }
    }
}
