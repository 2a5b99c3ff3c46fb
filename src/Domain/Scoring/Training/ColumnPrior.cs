namespace Crm.Domain.Scoring.Training;

/// <summary>
/// What is thought of the weights of a column's bins before any example: those of values, of missing and of zero are 0 give or take, each
/// for itself (A. E. Hoerl, R. W. Kennard, Ridge regression, Technometrics 12, 1970); those of a number's bins are a <see cref="Curve"/>.
/// </summary>
internal sealed class ColumnPrior
{
    private readonly Strengths strengths;
    private readonly Curve curve;
    private readonly int levels;

    public ColumnPrior(ReadOnlySpan<int> counts, int orderedFrom, Strengths strengths)
    {
        (this.strengths, levels, Size) = (strengths, orderedFrom, counts.Length);
        curve = new(counts[orderedFrom..], strengths);
        Precision = new double[Size * Size];
        for (var k = 0; k < Size; k++)
        {
            for (var l = 0; l < Size; l++)
            {
                var isCurve = k >= levels && l >= levels;
                Precision[k * Size + l] = isCurve ? curve.Precision(k - levels, l - levels) : k == l ? strengths.Level : 0;
            }
        }
    }

    /// <summary>How many bins.</summary>
    public int Size { get; }

    /// <summary>The inverse of the covariance, row by row.</summary>
    public double[] Precision { get; }

    /// <summary>The strengths that fit what examples made of the weights.</summary>
    /// <param name="covariance">What is still uncertain about the weights, row by row.</param>
    public Strengths Suggested(ReadOnlySpan<double> weights, double[] covariance)
    {
        var (count, variance, squares) = (levels, 0d, 0d);
        for (var k = 0; k < levels; k++)
        {
            variance += covariance[k * Size + k];
            squares += weights[k] * weights[k];
        }

        if (curve.Count == 0)
        {
            return strengths with { Level = Level(count, variance, squares) };
        }

        var seen = curve.Look([.. weights[levels..]], Curved(covariance));
        return new(
            Level(count + 1, variance + seen.SlopeVariance, squares + seen.Slope * seen.Slope),
            Strengths.Suggested(curve.Count - strengths.Bend * seen.Uncertainty, seen.Roughness, Strengths.Guess.Bend));
    }

    private double Level(int count, double variance, double squares) =>
        Strengths.Suggested(count - strengths.Level * variance, squares, Strengths.Guess.Level);

    private double[] Curved(double[] covariance)
    {
        var part = new double[curve.Count * curve.Count];
        for (var k = 0; k < curve.Count; k++)
        {
            Array.Copy(covariance, (levels + k) * Size + levels, part, k * curve.Count, curve.Count);
        }

        return part;
    }
}
