using Crm.Domain.Scoring.Cards;
using Crm.Domain.Scoring.Leaks;
using Crm.Domain.Scoring.Models;

namespace Crm.Domain.Scoring.Training;

/// <param name="Model">Learned from all examples.</param>
/// <param name="Card">How well a model made the same way does on examples that it has not seen.</param>
public sealed record TrainedModel(ScoreModel Model, ModelCard Card);

/// <summary>Learns from leads whose outcome is known which ones convert. The same examples and plan give the same bytes.</summary>
public static class ScoreTraining
{
    /// <param name="progress">Told after each fit.</param>
    /// <exception cref="ArgumentException">The table does not hang together, or the plan has nothing to choose from.</exception>
    /// <exception cref="OperationCanceledException"/>
    public static TrainedModel Train(
        ExampleTable table, TrainingPlan plan, IProgress<TrainingProgress>? progress = null, CancellationToken ct = default)
    {
        table.Check();
        plan.Check();
        HashSet<string> missing = [.. plan.MissingMarkers.Select(marker => FieldText.Key(marker, [])).OfType<string>()];
        bool[] outcomes = [.. table.Outcomes];
        var choice = ColumnChoice.Of(table, plan, missing, outcomes, ct);
        double[] points = [.. table.Points?.Select(PointsWeight.LogOdds) ?? new double[outcomes.Length]];
        var data = new TrainingData(choice.Used, outcomes, points, table.Points is not null);

        // A part with none of either outcome would measure nothing.
        var parts = data.Rarer(data.Rows) < plan.Folds ? 0 : plan.Folds;
        var steps = new Steps(progress, 1 + SettingsChoice.Most(plan), parts + 1);
        var folds = parts == 0 ? [] : Folds.Of(data.Rows, outcomes, parts, plan.Seed);
        var card = new CardBuilder(data);
        for (var i = 0; i < parts; i++)
        {
            card.Add(Fitted.Of(data, Folds.Without(folds, i), plan, steps.Taken, ct), folds[i]);
            steps.EndRound();
        }

        var fitted = Fitted.Of(data, data.Rows, plan, steps.Taken, ct);
        steps.EndRound();
        return new(fitted.Model(missing), card.Card(fitted, choice));
    }

    /// <summary>Counts steps in rounds of one length, some of which end early.</summary>
    private sealed class Steps(IProgress<TrainingProgress>? progress, int perRound, int rounds)
    {
        private int done;
        private int ended;

        public void Taken() => Report(done + 1);

        public void EndRound()
        {
            ended++;
            if (done < ended * perRound)
            {
                Report(ended * perRound);
            }
        }

        private void Report(int now) => progress?.Report(new(done = now, perRound * rounds));
    }
}
