using Crm.Domain.Forecasting;

namespace Crm.Api.Forecasting.Backtests;

/// <summary>The whole periods of a stretch of time: months, quarters, or single weeks from Monday.</summary>
internal static class BacktestSpans
{
    public const int Most = 400;

    /// <summary>Those that begin on a day or later, and are over before another.</summary>
    public static IEnumerable<(DateOnly From, DateOnly To)> Of(ForecastPeriod period, DateOnly from, DateOnly to)
    {
        for (var span = Holding(period, from); span.To <= to; span = Holding(period, span.To))
        {
            if (span.From >= from)
                yield return span;
        }
    }

    /// <summary>How many periods ago the same of the last quarter and of the last year was.</summary>
    public static IReadOnlyList<(string Name, int Periods)> Cycles(ForecastPeriod period) => period switch
    {
        ForecastPeriod.Month => [("same-of-last-quarter", 3), ("same-of-last-year", 12)],
        ForecastPeriod.Quarter => [("same-of-last-year", 4)],
        _ => [("same-of-last-quarter", 13), ("same-of-last-year", 52)]
    };

    private static (DateOnly From, DateOnly To) Holding(ForecastPeriod period, DateOnly day) =>
        ForecastSpan.Of(period, period == ForecastPeriod.Weeks ? day.AddDays(-(((int)day.DayOfWeek + 6) % 7)) : day, weeks: 1);
}
