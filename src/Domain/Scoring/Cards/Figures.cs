namespace Crm.Domain.Scoring.Cards;

/// <summary>How good probabilities were.</summary>
/// <param name="RocAuc">How often one that converted had the higher probability than one that did not; equal ones count half. Null with one
/// outcome only.</param>
/// <param name="Brier">The mean square of probability − outcome (G. W. Brier, Verification of forecasts expressed in terms of probability,
/// 1950).</param>
/// <param name="LogLoss">The mean of −ln of the probability of what happened.</param>
/// <param name="CalibrationError">See <see cref="Cards.Reliability.Error"/>.</param>
public sealed record Figures(int Examples, int Positives, decimal? RocAuc, decimal Brier, decimal LogLoss, decimal CalibrationError)
{
    internal static Figures Of(double[] logOdds, bool[] outcomes)
    {
        double[] probabilities = [.. logOdds.Select(PortableMath.Logistic)];
        double[] wrong = [.. probabilities.Zip(outcomes, (p, outcome) => outcome ? 1 - p : p)];
        return new(
            outcomes.Length,
            outcomes.Count(outcome => outcome),
            Cards.RocAuc.Of(logOdds, outcomes) is { } auc ? PortableMath.Rounded(auc) : null,
            PortableMath.Rounded(wrong.Sum(x => x * x) / outcomes.Length),
            PortableMath.Rounded(logOdds.Zip(outcomes, PortableMath.Surprise).Sum() / outcomes.Length),
            Cards.Reliability.Error(Cards.Reliability.Of(probabilities, outcomes)));
    }
}
