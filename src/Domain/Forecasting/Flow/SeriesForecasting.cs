using Crm.Domain.Scoring;

namespace Crm.Domain.Forecasting.Flow;

/// <summary>
/// Foretells what is won in a span by an ensemble of plain rules and a flow model, chosen among by rolling back-test on what was known then
/// (Hyndman, Athanasopoulos, Forecasting: Principles and Practice, 2021, section 5.10).
/// </summary>
public static class SeriesForecasting
{
    private const int MostOrigins = 36;

    public static SeriesForecast Foretell(KnownPaths known, ForecastSpan span)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(span.From, known.Origin);
        ArgumentOutOfRangeException.ThrowIfLessThan(span.Until, span.From);
        var book = new DayBook(known);
        var ensemble = new Ensemble(span.Kind == PeriodKind.Quarter ? 1 / 3d : 1);
        var distances = new List<double>();
        foreach (var (origin, past) in Origins(known, book, span))
        {
            var look = new Look(known.Earlier(origin), past);
            var said = Say(look);
            if (ensemble.Mean(said) is { } mean && Scale(mean, look.Chance()) is > 0 and var scale)
            {
                var happened = book.Won(past.From, past.Until);
                distances.Add(Math.Abs(happened - mean) / scale);
                ensemble.Learn(said, happened, Scale(mean, (look.Chance() + book.Squares(past.From, past.Until)) / 2));
            }
        }

        return Now(new(known, span), ensemble, distances);
    }

    private static SeriesForecast Now(Look look, Ensemble ensemble, List<double> distances)
    {
        var said = Say(look);
        var mean = ensemble.Mean(said) ?? 0;
        var reach = Interval.Reach(distances) * Scale(mean, look.Chance());
        var shares = ensemble.Weights(said);
        var rules = Rules.All.Select((rule, k) => said[k] is { } value ? new RuleShare(rule.Name, Money(value), Rounded(shares[k])) : null);
        var (open, coming) = look.Known.Paths.Count > 0 ? look.Flow.Parts(look.Plain) : (0, 0);
        return new(
            look.Span, Money(mean), Money(Math.Max(0, mean - reach)), Money(mean + reach), Interval.Coverage, Money(open), Money(coming),
            [.. rules.OfType<RuleShare>().OrderByDescending(share => share.Share).ThenBy(share => share.Rule, StringComparer.Ordinal)],
            distances.Count);
    }

    // The oldest first; of each the same span, as long before. Quarters go back by the month: there are too few of them.
    private static IEnumerable<(DateOnly Origin, ForecastSpan Span)> Origins(KnownPaths known, DayBook book, ForecastSpan span)
    {
        var step = span.Kind == PeriodKind.Week ? PeriodKind.Week : PeriodKind.Month;
        return
            from back in Enumerable.Range(1, MostOrigins).Reverse()
            let origin = step.Shift(known.Origin, -back)
            let past = span.Moved(step, -back)
            where past.Until <= known.Origin && past.From >= origin && origin.DayNumber - book.First.DayNumber >= 7
            select (origin, past);
    }

    private static double?[] Say(Look look) => [.. Rules.All.Select(rule => rule.Foretell(look))];

    private static double Scale(double mean, double chance) => Math.Sqrt(chance + DayWeights.Unrest * DayWeights.Unrest * mean * mean);

    private static decimal Money(double value) => PortableMath.Rounded(value, 2);

    private static decimal Rounded(double share) => PortableMath.Rounded(share);
}
