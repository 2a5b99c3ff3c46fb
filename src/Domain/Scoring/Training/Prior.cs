namespace Crm.Domain.Scoring.Training;

/// <summary>
/// What is thought of all weights before any example, as a penalty on them: ½ · (weights − means)ᵀ · precision · (weights − means).
/// <para>
/// The points come first: the intercept is 0 give or take 2, the weight of the points 1 give or take ½, everything else 0. With no example
/// the model therefore says what the points say; the more examples, the less it leans on them. (Intercept and slope for a score that is
/// given: D. R. Cox, Two further applications of a model for binary regression, Biometrika 45, 1958; shrunken effects beside it: E. W.
/// Steyerberg and others, Validation and updating of predictive logistic regression models, Statistics in Medicine 23, 2004.)
/// </para>
/// </summary>
internal sealed class Prior
{
    private const double InterceptPrecision = 0.25;
    private const double PointsPrecision = 4;

    private readonly Design design;

    /// <param name="strengths">Of each column.</param>
    public Prior(Design design, IReadOnlyList<Strengths> strengths)
    {
        this.design = design;
        Columns = [.. design.Bins.Select((bins, column) => new ColumnPrior(
            design.Counts.AsSpan(design.First[column], bins.Count), bins.OrderedFrom, strengths[column]))];
    }

    public IReadOnlyList<ColumnPrior> Columns { get; }

    /// <summary>The weights with no example.</summary>
    public double[] Mean()
    {
        var mean = new double[design.Size];
        mean[Design.Points] = 1;
        return mean;
    }

    public double Penalty(double[] weights)
    {
        var (intercept, points) = (weights[Design.Intercept], weights[Design.Points] - 1);
        var sum = InterceptPrecision * intercept * intercept + PointsPrecision * points * points;
        for (var column = 0; column < Columns.Count; column++)
        {
            var own = weights.AsSpan(design.First[column], Columns[column].Size);
            for (var k = 0; k < own.Length; k++)
            {
                sum += own[k] * Pull(column, k, own);
            }
        }

        return sum / 2;
    }

    /// <summary>Adds its slope and its curvature to those of the examples.</summary>
    /// <param name="curvature">Row by row.</param>
    public void AddTo(double[] slope, double[] curvature, double[] weights)
    {
        slope[Design.Intercept] += InterceptPrecision * weights[Design.Intercept];
        slope[Design.Points] += PointsPrecision * (weights[Design.Points] - 1);
        curvature[Design.Intercept * design.Size + Design.Intercept] += InterceptPrecision;
        curvature[Design.Points * design.Size + Design.Points] += PointsPrecision;
        for (var column = 0; column < Columns.Count; column++)
        {
            var (prior, first) = (Columns[column], design.First[column]);
            var own = weights.AsSpan(first, prior.Size);
            for (var k = 0; k < prior.Size; k++)
            {
                slope[first + k] += Pull(column, k, own);
                for (var l = 0; l < prior.Size; l++)
                {
                    curvature[(first + k) * design.Size + first + l] += prior.Precision[k * prior.Size + l];
                }
            }
        }
    }

    private double Pull(int column, int k, ReadOnlySpan<double> own)
    {
        var row = Columns[column].Precision.AsSpan(k * own.Length, own.Length);
        var sum = 0d;
        for (var l = 0; l < own.Length; l++)
        {
            sum += row[l] * own[l];
        }

        return sum;
    }
}
