using Crm.Domain.Scoring.Cards;

namespace Crm.Domain.Forecasting.Trials;

/// <summary>How good the chances of single opportunities were, of those that were decided since.</summary>
/// <param name="Brier">The mean square of chance − outcome (G. W. Brier, Verification of forecasts expressed in terms of probability,
/// 1950); null where none was decided.</param>
/// <param name="Curve">Ten bins of about as many each: the mean chance, and the share that was won.</param>
public sealed record ChanceFigures(int Decided, int Won, decimal? Brier, decimal? CalibrationError, IReadOnlyList<ReliabilityBin> Curve)
{
    /// <param name="chances">What was said of an opportunity, and whether it was won.</param>
    public static ChanceFigures Of(IReadOnlyList<(decimal Chance, bool IsWon)> chances)
    {
        if (chances.Count == 0)
            return new(0, 0, Brier: null, CalibrationError: null, []);

        var curve = Reliability.Of([.. chances.Select(one => (double)one.Chance)], [.. chances.Select(one => one.IsWon)]);
        var squares = chances.Sum(one => ((one.IsWon ? 1 : 0) - one.Chance) * ((one.IsWon ? 1 : 0) - one.Chance));
        return new(
            chances.Count, chances.Count(one => one.IsWon), decimal.Round(squares / chances.Count, 6, MidpointRounding.ToEven),
            Reliability.Error(curve), curve);
    }
}
