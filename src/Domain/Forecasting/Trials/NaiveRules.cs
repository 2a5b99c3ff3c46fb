namespace Crm.Domain.Forecasting.Trials;

/// <summary>
/// What everybody could say of the next period without any model, to be measured against; of the first place of a series nothing. The
/// honest choice takes each time the rule that would have been best so far, and never one that turned out best later.
/// </summary>
public static class NaiveRules
{
    public const string Choice = "naive/honest-choice";

    private static readonly (string Name, Func<IReadOnlyList<decimal>, int, decimal?> Say)[] Rules =
    [
        ("naive/mean-of-3", (series, t) => t >= 3 ? decimal.Round((series[t - 1] + series[t - 2] + series[t - 3]) / 3, 2) : null),
        ("naive/last", (series, t) => Back(series, t, 1))
    ];

    /// <summary>Each rule by its name, and what it says of the period at a place from those before it; null where it cannot.</summary>
    /// <param name="series">What was won, period by period without a gap.</param>
    /// <param name="cycles">How many periods ago the same of the last quarter or year was, with the name of that rule.</param>
    public static IEnumerable<(string Rule, decimal? Said)> At(
        IReadOnlyList<decimal> series, int place, IReadOnlyList<(string Name, int Periods)> cycles)
    {
        (string Name, Func<IReadOnlyList<decimal>, int, decimal?> Say)[] all =
            [.. Rules, .. cycles.Select(cycle => ($"naive/{cycle.Name}", (Func<IReadOnlyList<decimal>, int, decimal?>)Same(cycle.Periods)))];
        var best = all.Where(rule => rule.Say(series, place) is not null).OrderBy(rule => Wrong(rule.Say, series, place))
            .Select(rule => rule.Say(series, place)).FirstOrDefault();
        return [.. all.Select(rule => (rule.Name, rule.Say(series, place))), (Choice, best)];

        static Func<IReadOnlyList<decimal>, int, decimal?> Same(int periods) => (series, t) => Back(series, t, periods);
    }

    private static decimal? Back(IReadOnlyList<decimal> series, int place, int periods) => place >= periods ? series[place - periods] : null;

    // The mean of its relative errors so far; one that was never tried is in the middle. Relative to the middle of both, so that a period
    // without anything is no infinity.
    private static decimal Wrong(Func<IReadOnlyList<decimal>, int, decimal?> say, IReadOnlyList<decimal> series, int place) =>
        Enumerable.Range(0, place).Select(past => say(series, past) is { } said ? Error(said, series[past]) : (decimal?)null)
            .OfType<decimal>().DefaultIfEmpty(0.5m).Average();

    private static decimal Error(decimal said, decimal happened) =>
        said + happened > 0 ? 2 * Math.Abs(said - happened) / (said + happened) : 0;
}
