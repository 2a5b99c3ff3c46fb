namespace Crm.Domain.Scoring.Training;

/// <summary>What was chosen.</summary>
/// <param name="IsChosen">False with too few examples to compare anything.</param>
internal sealed record Choice(FitSettings Settings, Recalibration? Calibration, bool IsChosen);

/// <summary>
/// Chooses settings by cross-validation within the rows that it is given: those by which held-out rows surprise least. First the strength,
/// from the strongest down until it gets worse, then the bins, then the least count, each with the best so far.
/// </summary>
internal sealed class SettingsChoice
{
    // With fewer of the rarer outcome a comparison would be chance.
    private const int FewestToChoose = 10;
    private const double Exactness = 0.01;

    private readonly TrainingData data;
    private readonly TrainingPlan plan;
    private readonly Action tried;
    private readonly CancellationToken ct;
    private readonly IReadOnlyList<int[]> folds;
    private readonly IReadOnlyList<int[]> others;
    private readonly IReadOnlyList<Strengths>[] strengths;

    private FitSettings settings;
    private double least = double.PositiveInfinity;
    private double[][] heldOut = [];

    private SettingsChoice(TrainingData data, IReadOnlyList<int> rows, TrainingPlan plan, Action tried, CancellationToken ct)
    {
        (this.data, this.plan, this.tried, this.ct, settings) = (data, plan, tried, ct, First(plan));
        folds = Folds.Of(rows, data.Outcomes, plan.InnerFolds, plan.Seed);
        others = [.. folds.Select((_, part) => Folds.Without(folds, part))];
        // What a column is worth depends little on how it is cut, so it is asked once.
        strengths = [.. others.Select(learned => Evidence.Of(Design.Of(data, learned, settings), ct))];
    }

    /// <summary>How many tries there are at most.</summary>
    public static int Most(TrainingPlan plan) => plan.Strengths.Count + plan.Bins.Count - 1 + plan.LeastCounts.Count - 1;

    /// <summary>The settings, and how what they give is to be recalibrated; with too few examples the first of each.</summary>
    /// <param name="tried">Called after each try.</param>
    public static Choice Of(TrainingData data, IReadOnlyList<int> rows, TrainingPlan plan, Action tried, CancellationToken ct)
    {
        var some = Folds.Some(rows, plan.MostToChooseOn, plan.Seed);
        if (data.Rarer(some) < FewestToChoose)
        {
            return new(First(plan), null, IsChosen: false);
        }

        var choice = new SettingsChoice(data, some, plan, tried, ct);
        choice.Choose();
        bool[] outcomes = [.. choice.folds.SelectMany(fold => fold).Select(row => data.Outcomes[row])];
        return new(choice.settings, Recalibration.Of([.. choice.heldOut.SelectMany(part => part)], outcomes, ct), IsChosen: true);
    }

    private static FitSettings First(TrainingPlan plan) => new(plan.Strengths[0], plan.Bins[0], plan.LeastCounts[0]);

    private void Choose()
    {
        Try(plan.Strengths, settings);
        foreach (var bins in plan.Bins.Skip(1))
        {
            Try([settings.Strength], settings with { Bins = bins });
        }

        foreach (var leastCount in plan.LeastCounts.Skip(1))
        {
            Try([settings.Strength], settings with { LeastCount = leastCount });
        }
    }

    private void Try(IReadOnlyList<decimal> factors, FitSettings with)
    {
        List<Design> designs = [.. others.Select(learned => Design.Of(data, learned, with))];
        var weights = new double[]?[folds.Count];
        foreach (var factor in factors)
        {
            var (surprise, said) = (0d, new double[folds.Count][]);
            for (var i = 0; i < folds.Count; i++)
            {
                var prior = new Prior(designs[i], [.. strengths[i].Select(strength => strength.Times((double)factor))]);
                weights[i] = new LogisticFit(designs[i], prior).Weights(weights[i], Exactness, ct);
                said[i] = designs[i].For(folds[i]).LogOdds(weights[i]!);
                surprise += said[i].Zip(folds[i], (logOdds, row) => PortableMath.Surprise(logOdds, data.Outcomes[row])).Sum();
            }

            tried();
            if (surprise >= least)
            {
                break;
            }

            (least, settings, heldOut) = (surprise, with with { Strength = factor }, said);
        }
    }
}
