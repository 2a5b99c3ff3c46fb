namespace Crm.Domain.Scoring.Training;

/// <summary>
/// The weights of bins that are in order: a line, whose slope is normally distributed, and a departure from it that is small and does not
/// jump. The line runs over the log-odds of the bins' middle ranks, so that it does for amounts of any scale; the departure d of n bins has
/// the roughness Σ d² / n + (n − 1) · Σ (d − the one before)², which the number of bins changes little (P. H. C. Eilers, B. D. Marx,
/// Flexible smoothing with B-splines and penalties, Statistical Science 11, 1996).
/// </summary>
internal sealed class Curve
{
    private readonly double[] line;
    private readonly double[] roughLine;
    private readonly double[] toSlope;
    private readonly double spread;
    private readonly double bend;

    /// <param name="counts">How many examples are in each bin.</param>
    public Curve(ReadOnlySpan<int> counts, Strengths strengths)
    {
        (line, bend) = (Line(counts), strengths.Bend);
        roughLine = Rough(line);
        // What is thought of the slope once the weights are known: a share of each, give or take the spread.
        spread = 1 / (strengths.Level + bend * Product(line, roughLine));
        toSlope = [.. roughLine.Select(x => spread * bend * x)];
    }

    public int Count => line.Length;

    /// <summary>Of the prior's inverse covariance (J. Sherman, W. J. Morrison, Annals of Mathematical Statistics 21, 1950).</summary>
    public double Precision(int k, int l)
    {
        var neighbours = (k > 0 ? 1 : 0) + (k < Count - 1 ? 1 : 0);
        var rough = k == l ? 1d / Count + (Count - 1) * neighbours : Math.Abs(k - l) == 1 ? 1 - Count : 0;
        return bend * rough - toSlope[k] * toSlope[l] / spread;
    }

    /// <summary>The slope of some weights and its variance; the roughness of the departure, and what its variance adds to that.</summary>
    /// <param name="covariance">Of the weights, row by row.</param>
    public (double Slope, double SlopeVariance, double Roughness, double Uncertainty) Look(double[] weights, double[] covariance)
    {
        var slope = Product(toSlope, weights);
        double[] departure = [.. weights.Select((weight, k) => weight - slope * line[k])];
        double[] shared = [.. weights.Select((_, k) => Product(covariance.AsSpan(k * Count, Count), toSlope))];
        var variance = Product(toSlope, shared) + spread;

        var uncertainty = variance * Product(line, roughLine) - 2 * Product(roughLine, shared);
        for (var k = 0; k < Count; k++)
        {
            var own = covariance[k * Count + k];
            uncertainty += own / Count;
            if (k > 0)
            {
                uncertainty += (Count - 1) * (own + covariance[(k - 1) * Count + k - 1] - 2 * covariance[k * Count + k - 1]);
            }
        }

        return (slope, variance, Product(departure, Rough(departure)), uncertainty);
    }

    // Of mean 0 and variance 1 over the examples.
    private static double[] Line(ReadOnlySpan<int> counts)
    {
        var (line, total, before, mean, square) = (new double[counts.Length], 0d, 0d, 0d, 0d);
        foreach (var count in counts)
        {
            total += count;
        }

        for (var k = 0; k < line.Length && total > 0; k++)
        {
            line[k] = counts[k] == 0 ? 0 : PortableMath.Logit((before + counts[k] / 2d) / total);
            before += counts[k];
            mean += counts[k] * line[k] / total;
            square += counts[k] * line[k] * line[k] / total;
        }

        var deviation = Math.Sqrt(Math.Max(0, square - mean * mean));
        return [.. line.Select(x => deviation > 1e-9 ? (x - mean) / deviation : 0)];
    }

    private static double[] Rough(double[] curve)
    {
        double[] rough = [.. curve.Select(x => x / curve.Length)];
        for (var k = 1; k < curve.Length; k++)
        {
            var step = (curve.Length - 1) * (curve[k] - curve[k - 1]);
            rough[k] += step;
            rough[k - 1] -= step;
        }

        return rough;
    }

    private static double Product(ReadOnlySpan<double> one, ReadOnlySpan<double> other)
    {
        var sum = 0d;
        for (var k = 0; k < one.Length; k++)
        {
            sum += one[k] * other[k];
        }

        return sum;
    }
}
