namespace Crm.Domain.Scoring.Training;

/// <summary>
/// Log-odds as they should have been: intercept + slope · log-odds, fitted to examples that were held out (J. C. Platt, Probabilistic
/// outputs for support vector machines, 1999; as a check of a model, D. R. Cox, 1958). Being linear it goes into a model's weights, whose
/// reasons stay sums.
/// </summary>
public sealed record Recalibration(decimal Intercept, decimal Slope)
{
    // A likelihood ratio test of two parameters at 5 %: twice the gain against 5.99.
    private const double LeastGain = 3;

    /// <summary>Null where the log-odds do as they are.</summary>
    internal static Recalibration? Of(double[] logOdds, bool[] outcomes, CancellationToken ct)
    {
        var data = new TrainingData([], outcomes, logOdds, HasPoints: true);
        var design = Design.Of(data, data.Rows, new(1, 1, 1));
        var weights = new LogisticFit(design, new(design, [])).Weights(start: null, exactness: 1e-9, ct);
        return Surprise(logOdds, outcomes) - Surprise(design.LogOdds(weights), outcomes) < LeastGain
            ? null
            : new(PortableMath.Rounded(weights[Design.Intercept]), PortableMath.Rounded(weights[Design.Points]));
    }

    /// <summary>The weights of a regression, the intercept first, as they should be.</summary>
    internal double[] Applied(double[] weights) =>
        [.. weights.Select((weight, k) => (double)Slope * weight + (k == Design.Intercept ? (double)Intercept : 0))];

    private static double Surprise(double[] logOdds, bool[] outcomes) => logOdds.Zip(outcomes, PortableMath.Surprise).Sum();
}
