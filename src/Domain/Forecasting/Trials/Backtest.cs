namespace Crm.Domain.Forecasting.Trials;

/// <summary>What a way to forecast would have said, origin by origin, and how good that was.</summary>
/// <param name="Engine">An engine with its version, or a naive rule.</param>
/// <param name="Chances">Of single opportunities; null of naive rules, which know none.</param>
public sealed record BacktestPart(string Engine, TrialFigures Figures, ChanceFigures? Chances, IReadOnlyList<ForecastTrial> Trials);

/// <summary>
/// Engines tried on history: at the beginning of each period of the past each says what it would have said then, from what had occurred by
/// then, and is held against what was won in that period.
/// </summary>
public sealed class Backtest(IReadOnlyList<string> engines, decimal farPercent)
{
    private readonly Dictionary<string, List<ForecastTrial>> trials = engines.ToDictionary(engine => engine, _ => new List<ForecastTrial>());
    private readonly Dictionary<string, List<(decimal, bool)>> chances = engines.ToDictionary(engine => engine, _ => new List<(decimal, bool)>());

    /// <summary>One origin.</summary>
    /// <param name="manifest">Of the period and of its first moment; its engine does not matter.</param>
    /// <param name="then">What had occurred by then.</param>
    /// <param name="outcomes">What became of opportunities: won or not; those that are open still are not there.</param>
    /// <param name="happened">What was won in the period.</param>
    public void Try(ForecastManifest manifest, ForecastKnown then, IReadOnlyDictionary<Guid, bool> outcomes, decimal happened)
    {
        foreach (var engine in engines)
        {
            var result = ForecastEngines.Of(engine).Run(manifest with { Engine = engine }, then);
            trials[engine].Add(new(
                manifest.Span.From, manifest.Span.To, result.Totals.Headline, result.Totals.Low, result.Totals.High, happened));
            chances[engine].AddRange(result.Contributions.Where(one => outcomes.ContainsKey(one.OpportunityId))
                .Select(one => (one.Chance, outcomes[one.OpportunityId])));
        }
    }

    /// <summary>Engines as they were asked for, then naive rules.</summary>
    /// <param name="series">What was won, period by period without a gap, from the first that anything is known of.</param>
    /// <param name="first">The place in it of the first period that was tried.</param>
    public IReadOnlyList<BacktestPart> Parts(
        IReadOnlyList<(DateOnly From, DateOnly To, decimal Won)> series, int first, IReadOnlyList<(string Name, int Periods)> cycles)
    {
        decimal[] won = [.. series.Select(period => period.Won)];
        var naive = Enumerable.Range(first, series.Count - first)
            .SelectMany(t => NaiveRules.At(won, t, cycles).Where(one => one.Said is not null).Select(one => (one.Rule, Trial: new ForecastTrial(
                series[t].From, series[t].To, one.Said!.Value, Low: null, High: null, series[t].Won))))
            .GroupBy(one => one.Rule, one => one.Trial);
        return
        [
            .. engines.Select(engine => new BacktestPart(
                engine, TrialFigures.Of(trials[engine], farPercent), ChanceFigures.Of(chances[engine]), trials[engine])),
            .. naive.Select(rule => new BacktestPart(rule.Key, TrialFigures.Of([.. rule], farPercent), Chances: null, [.. rule]))
        ];
    }
}
