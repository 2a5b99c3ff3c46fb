namespace Crm.Domain.Scoring.Training;

/// <summary>
/// Logistic regression with a Gaussian prior: the weights that make −log likelihood + penalty least, by Newton's method, which here is
/// iteratively reweighted least squares (P. McCullagh, J. A. Nelder, Generalized Linear Models, 1989, section 2.5). The sum is convex and
/// has one least point; a step that does not go down is halved.
/// </summary>
internal sealed class LogisticFit(Design design, Prior prior)
{
    private const int MostSteps = 50;
    private const int MostHalvings = 30;

    private readonly double[] slope = new double[design.Size];
    private readonly double[] curvature = new double[design.Size * design.Size];

    /// <summary>The curvature of the sum at the last weights, or a step before them, factored as <see cref="Cholesky"/> does.</summary>
    public double[] Curvature => curvature;

    /// <param name="start">Where to begin: the weights of a fit that is near; null for those of the prior.</param>
    /// <param name="exactness">How far the sum may still lie above its least value, about.</param>
    public double[] Weights(double[]? start, double exactness, CancellationToken ct)
    {
        var weights = start ?? Start();
        var cost = Cost(weights);
        for (var step = 0; step < MostSteps; step++)
        {
            ct.ThrowIfCancellationRequested();
            Look(weights);
            var move = Cholesky.Solve(curvature, slope);
            if (Promise(move) < exactness)
            {
                break;
            }

            var (next, nextCost) = Down(weights, move, cost);
            if (nextCost >= cost)
            {
                break;
            }

            (weights, cost) = (next, nextCost);
        }

        return weights;
    }

    private void Look(double[] weights)
    {
        Array.Clear(slope);
        Array.Clear(curvature);
        var logOdds = design.LogOdds(weights);
        for (var i = 0; i < logOdds.Length; i++)
        {
            var p = PortableMath.Logistic(logOdds[i]);
            Add(i, p - (design.Outcome(i) ? 1 : 0), p * (1 - p));
        }

        prior.AddTo(slope, curvature, weights);
        Cholesky.Factor(curvature, design.Size);
    }

    // The prior's means, but for the intercept, which is soon where the share of positives has it.
    private double[] Start()
    {
        var start = prior.Mean();
        start[Design.Intercept] = PortableMath.Logit((design.Positives + 0.5) / (design.Count + 1));
        return start;
    }

    private double Cost(double[] weights)
    {
        var (logOdds, sum) = (design.LogOdds(weights), prior.Penalty(weights));
        for (var i = 0; i < logOdds.Length; i++)
        {
            sum += PortableMath.Surprise(logOdds[i], design.Outcome(i));
        }

        return sum;
    }

    // Of the curvature only the upper triangle counts.
    private void Add(int i, double error, double weight)
    {
        var (size, points) = (design.Size, design.PointsOf(i));
        var bins = design.At.AsSpan(i * design.Width, design.Width);
        slope[Design.Intercept] += error;
        slope[Design.Points] += error * points;
        curvature[Design.Intercept] += weight;
        curvature[Design.Points] += weight * points;
        curvature[size + Design.Points] += weight * points * points;
        for (var a = 0; a < bins.Length; a++)
        {
            slope[bins[a]] += error;
            curvature[bins[a]] += weight;
            curvature[size + bins[a]] += weight * points;
            var row = curvature.AsSpan(bins[a] * size, size);
            foreach (var other in bins[a..])
            {
                row[other] += weight;
            }
        }
    }

    // How far down a whole step would go if the sum were a parabola.
    private double Promise(double[] move)
    {
        var sum = 0d;
        for (var k = 0; k < move.Length; k++)
        {
            sum += slope[k] * move[k];
        }

        return sum / 2;
    }

    private (double[] Weights, double Cost) Down(double[] weights, double[] move, double cost)
    {
        var share = 1d;
        for (var halving = 0; ; halving++)
        {
            double[] next = [.. weights.Select((weight, k) => weight - share * move[k])];
            var nextCost = Cost(next);
            if (nextCost < cost || halving == MostHalvings)
            {
                return (next, nextCost);
            }

            share /= 2;
        }
    }
}
