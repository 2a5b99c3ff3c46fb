namespace Crm.Domain.MetricAlerts;

/// <summary>When a figure is bad. All thresholds are strict: what is at one is not beyond it.</summary>
public static class MetricMath
{
    /// <summary>How many of those that came to an end did so in one way; null where none did.</summary>
    public static decimal? Share(long part, long whole) => whole == 0 ? null : (decimal)part / whole;

    /// <summary>Every one of the shares is above; a month in which nothing came to an end breaks the run.</summary>
    public static bool AllAbove(IEnumerable<decimal?> shares, decimal threshold) => shares.All(share => share > threshold);

    /// <summary>By what part a rate is below an earlier one: (earlier - now) / earlier; null where there is nothing to compare with.</summary>
    public static decimal? Drop(decimal? now, decimal? earlier) => now is null || earlier is null or 0 ? null : (earlier - now) / earlier;

    /// <summary>The first day of the quarter that a day lies in.</summary>
    public static DateOnly QuarterOf(DateOnly day) => new(day.Year, ((day.Month - 1) / 3 * 3) + 1, 1);
}
