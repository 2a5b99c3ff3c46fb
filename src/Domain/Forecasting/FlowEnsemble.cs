using Crm.Domain.Forecasting.Flow;

namespace Crm.Domain.Forecasting;

/// <summary>
/// What is won in the span in all, whether it is open today or not yet there: an ensemble of plain rules and a flow model, chosen among by
/// rolling back-test (<see cref="SeriesForecasting"/>). What each open opportunity gives is told as <see cref="StageWeighted"/> tells it.
/// </summary>
public sealed class FlowEnsemble : IForecastEngine
{
    internal const string Name = "flow-ensemble/1";

    private readonly StageWeighted stages = new();

    public string Version => Name;

    public IForecastModel Learn(ForecastManifest manifest, ForecastKnown known) => stages.Learn(manifest, known);

    public ForecastResult Run(ForecastManifest manifest, ForecastKnown known)
    {
        var result = stages.Run(manifest, known);
        var outlook = Outlook(manifest, known);
        return result with { Totals = result.Totals with { Low = outlook.Low, High = outlook.High, Outlook = outlook } };
    }

    // What was won on the day itself is known in part only: the day is foretold as a whole.
    private static ForecastOutlook Outlook(ForecastManifest manifest, ForecastKnown known)
    {
        var (span, paths) = (manifest.Span, DealPaths.Of(manifest, known.Deals).ToList());
        var begin = span.From > manifest.Today ? span.From : manifest.Today;
        var won = paths.Select(path => path.Closing).OfType<PathClosing>()
            .Where(end => end.IsWon && end.Day >= span.From && end.Day < begin && end.Day < span.To).Sum(end => end.Value);
        if (begin >= span.To)
            return new(won, won, won, Coverage: 1, won, FromOpen: 0, FromComing: 0, [], BackTests: 0);

        var said = SeriesForecasting.Foretell(KnownPaths.At(manifest.Today, paths), new(KindOf(span), begin, span.To));
        return new(
            Money(won + said.Value), Money(won + said.Low), Money(won + said.High), said.Coverage, won, Known(said.FromOpen),
            Known(said.FromComing), said.Rules, said.BackTests);

        decimal Money(decimal amount) => decimal.Round(amount, manifest.Digits, MidpointRounding.ToEven);

        decimal? Known(decimal? amount) => amount is { } one ? Money(one) : null;
    }

    private static PeriodKind KindOf(ForecastSpan span) => span.Period switch
    {
        ForecastPeriod.Month => PeriodKind.Month,
        ForecastPeriod.Quarter => PeriodKind.Quarter,
        _ => (span.To.DayNumber - span.From.DayNumber) switch { <= 14 => PeriodKind.Week, <= 45 => PeriodKind.Month, _ => PeriodKind.Quarter }
    };
}
