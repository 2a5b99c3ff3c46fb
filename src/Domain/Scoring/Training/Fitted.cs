using Crm.Domain.Scoring.Models;

namespace Crm.Domain.Scoring.Training;

/// <summary>
/// A regression that was fitted to some rows with settings chosen on the same rows, recalibrated, its bins weighed against their average.
/// </summary>
internal sealed class Fitted
{
    private const double Exactness = 1e-8;

    private readonly TrainingData data;
    private readonly Design design;
    private readonly double[] weights;

    private Fitted(TrainingData data, Design design, double[] weights, FitSettings settings, Recalibration? calibration) =>
        (this.data, this.design, this.weights, Settings, Calibration) = (data, design, weights, settings, calibration);

    public FitSettings Settings { get; }

    public Recalibration? Calibration { get; }

    public static Fitted Of(TrainingData data, IReadOnlyList<int> rows, TrainingPlan plan, Action step, CancellationToken ct)
    {
        var choice = SettingsChoice.Of(data, rows, plan, step, ct);
        var (design, settings, calibration) = (Design.Of(data, rows, choice.Settings), choice.Settings, choice.Calibration);
        var strengths = choice.IsChosen ? Evidence.Of(design, ct) : Evidence.Guess(design);
        var prior = new Prior(design, [.. strengths.Select(strength => strength.Times((double)settings.Strength))]);
        var weights = new LogisticFit(design, prior).Weights(start: null, Exactness, ct);
        step();
        return new(data, design, Centred(design, calibration?.Applied(weights) ?? weights), settings, calibration);
    }

    public double[] LogOdds(IReadOnlyList<int> rows) => design.For(rows).LogOdds(weights);

    public ScoreModel Model(IReadOnlyCollection<string> missing)
    {
        var examples = Enumerable.Range(0, design.Count).ToList();
        var points = examples.Count == 0 ? 0 : examples.Sum(design.PointsOf) / examples.Count;
        var model = new ScoreModel(
            Engine: 1,
            PortableMath.Rounded(weights[Design.Intercept] + weights[Design.Points] * points),
            data.HasPoints ? new(PortableMath.Rounded(weights[Design.Points]), PortableMath.Rounded(points)) : null,
            [.. design.Bins.Select((bins, column) => bins.Weighted([.. WeightsOf(column).Select(weight => PortableMath.Rounded(weight))]))],
            [.. missing.Order(StringComparer.Ordinal)],
            examples.Count,
            examples.Count(design.Outcome),
            Hash: "");
        return model with { Hash = ScoreModelHash.Of(model) };
    }

    private double[] WeightsOf(int column) => weights[design.First[column]..design.First[column + 1]];

    // The average of a column's weights over the examples goes into the intercept. A bin that no example was in says nothing.
    private static double[] Centred(Design design, double[] weights)
    {
        double[] centred = [.. weights];
        for (var column = 0; column < design.Width && design.Count > 0; column++)
        {
            var (first, end, mean) = (design.First[column], design.First[column + 1], 0d);
            for (var k = first; k < end; k++)
            {
                mean += design.Counts[k] * weights[k] / design.Count;
            }

            centred[Design.Intercept] += mean;
            for (var k = first; k < end; k++)
            {
                centred[k] = design.Counts[k] == 0 ? 0 : weights[k] - mean;
            }
        }

        return centred;
    }
}
