using Crm.Domain.Scoring.Cards;

namespace Crm.Domain.Tests.Scoring;

/// <summary>
/// Logistic regression as a textbook has it, to hold ours against: no bins, no penalty to speak of, the platform's own exp.
/// </summary>
internal static class PlainRegression
{
    private const int Folds = 5;

    /// <summary>ROC-AUC of predictions for rows that were held out, a fifth at a time.</summary>
    /// <param name="features">A row of each example.</param>
    public static double RocAucHeldOut(double[][] features, bool[] outcomes)
    {
        var scores = new double[outcomes.Length];
        for (var fold = 0; fold < Folds; fold++)
        {
            int[] learned = [.. Enumerable.Range(0, outcomes.Length).Where(i => i % Folds != fold)];
            var weights = Fit([.. learned.Select(i => (double[])[1, .. features[i]])], [.. learned.Select(i => outcomes[i])]);
            for (var i = fold; i < scores.Length; i += Folds)
            {
                scores[i] = weights[0] + features[i].Select((x, k) => x * weights[k + 1]).Sum();
            }
        }

        return RocAuc.Of(scores, outcomes)!.Value;
    }

    private static double[] Fit(double[][] rows, bool[] outcomes)
    {
        var weights = new double[rows[0].Length];
        for (var step = 0; step < 12; step++)
        {
            var system = new double[weights.Length, weights.Length + 1];
            for (var i = 0; i < rows.Length; i++)
            {
                var p = 1 / (1 + Math.Exp(-rows[i].Select((x, k) => x * weights[k]).Sum()));
                for (var a = 0; a < weights.Length; a++)
                {
                    system[a, weights.Length] += rows[i][a] * ((outcomes[i] ? 1 : 0) - p);
                    for (var b = 0; b < weights.Length; b++)
                    {
                        system[a, b] += rows[i][a] * rows[i][b] * p * (1 - p);
                    }
                }
            }

            var move = Solve(system);
            weights = [.. weights.Select((weight, k) => weight + move[k])];
        }

        return weights;
    }

    // Gauss and Jordan; the little on the diagonal keeps columns of one value from dividing by zero.
    private static double[] Solve(double[,] system)
    {
        var size = system.GetLength(0);
        for (var k = 0; k < size; k++)
        {
            system[k, k] += 1e-6;
            for (var row = 0; row < size; row++)
            {
                var factor = row == k ? 0 : system[row, k] / system[k, k];
                for (var column = k; column <= size && factor != 0; column++)
                {
                    system[row, column] -= factor * system[k, column];
                }
            }
        }

        return [.. Enumerable.Range(0, size).Select(k => system[k, size] / system[k, k])];
    }
}
