namespace Crm.Domain.Tests.Forecasting.Flow;

/// <summary>
/// What there is to beat: each month, of last month, the mean of three and the same month of the last cycle, the one that would have been
/// best so far by the mean of its relative errors (the mean of three while none has been tried).
/// </summary>
internal static class HonestChoice
{
    /// <param name="series">By month.</param>
    /// <param name="first">The place of the first month that is foretold.</param>
    public static double[] Foretell(IReadOnlyList<double> series, int cycle, int first)
    {
        Func<int, double?>[] rules =
        [
            t => t >= 3 ? (series[t - 1] + series[t - 2] + series[t - 3]) / 3 : null,
            t => t >= 1 ? series[t - 1] : null,
            t => t >= cycle ? series[t - cycle] : null
        ];
        return [.. Enumerable.Range(first, series.Count - first).Select(t => rules
            .Where(rule => rule(t) is not null)
            .OrderBy(rule => Enumerable.Range(3, Math.Max(0, t - 3)).Where(past => rule(past) is not null)
                .Select(past => Error(rule(past)!.Value, series[past])).DefaultIfEmpty(0.5).Average())
            .First()(t)!.Value)];
    }

    // Relative to the middle of both, so that a month without anything is no infinity.
    private static double Error(double said, double happened) =>
        said + happened > 0 ? 2 * Math.Abs(said - happened) / (said + happened) : 0;
}
