namespace Crm.Domain.Forecasting.Trials;

/// <summary>What was said of a span, and what was won in it. Amounts in one currency.</summary>
/// <param name="To">The day after the last one.</param>
/// <param name="Low">Null where nothing was said of how far it may be off.</param>
public sealed record ForecastTrial(DateOnly From, DateOnly To, decimal Said, decimal? Low, decimal? High, decimal Happened)
{
    /// <summary>By how much more than happened was said, in percent of what happened, to two places; null where nothing happened.</summary>
    public decimal? OffPercent => Happened > 0 ? decimal.Round((Said - Happened) * 100 / Happened, 2, MidpointRounding.ToEven) : null;

    /// <summary>Null where there is no interval.</summary>
    public bool? Held => Low is { } low && High is { } high ? low <= Happened && Happened <= high : null;
}

/// <summary>How good forecasts were; shares from 0 to 1, to six places, null where there is nothing to tell them from.</summary>
/// <param name="Mape">The mean of |said − happened| / happened, over spans in which anything happened (Hyndman and Koehler, Another look
/// at measures of forecast accuracy, 2006).</param>
/// <param name="Wape">Σ |said − happened| / Σ happened: large spans weigh more.</param>
/// <param name="Bias">Σ (said − happened) / Σ happened: above 0 too much was said.</param>
/// <param name="Coverage">The share of intervals that held what happened.</param>
/// <param name="FarOff">How many were off by more than the percentage that was asked about, strictly.</param>
public sealed record TrialFigures(int Trials, decimal? Mape, decimal? Wape, decimal? Bias, decimal? Coverage, int FarOff)
{
    public static TrialFigures Of(IReadOnlyCollection<ForecastTrial> trials, decimal farPercent)
    {
        var happened = trials.Sum(trial => trial.Happened);
        var relative = trials.Where(trial => trial.Happened > 0).ToList();
        var intervals = trials.Select(trial => trial.Held).OfType<bool>().ToList();
        return new(
            trials.Count, Share(relative.Sum(trial => Math.Abs(trial.Said - trial.Happened) / trial.Happened), relative.Count),
            Share(trials.Sum(trial => Math.Abs(trial.Said - trial.Happened)), happened),
            Share(trials.Sum(trial => trial.Said) - happened, happened),
            Share(intervals.Count(held => held), intervals.Count), trials.Count(trial => IsFarOff(trial, farPercent)));
    }

    /// <summary>Strictly: off by just so much is not far off. Where nothing happened and something was said it is.</summary>
    public static bool IsFarOff(ForecastTrial trial, decimal percent) =>
        Math.Abs(trial.Said - trial.Happened) * 100 > percent * trial.Happened;

    private static decimal? Share(decimal part, decimal all) => all > 0 ? decimal.Round(part / all, 6, MidpointRounding.ToEven) : null;
}
