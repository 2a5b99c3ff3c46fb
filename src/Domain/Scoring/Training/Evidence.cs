namespace Crm.Domain.Scoring.Training;

/// <summary>
/// The strengths of all columns that make the examples likeliest, so that a column which says nothing is held close to zero and one which
/// says much is let go: fit, look how far the weights are decided by the examples, set the strengths by that, and again (MacKay, 1992; for
/// generalised linear models R. Schall, Estimation in generalized linear models with random effects, Biometrika 78, 1991).
/// </summary>
internal static class Evidence
{
    private const int Rounds = 4;
    private const double Exactness = 0.1;

    public static IReadOnlyList<Strengths> Of(Design design, CancellationToken ct)
    {
        IReadOnlyList<Strengths> strengths = Guess(design);
        double[]? weights = null;
        for (var round = 0; round < Rounds; round++)
        {
            var prior = new Prior(design, strengths);
            var fit = new LogisticFit(design, prior);
            weights = fit.Weights(weights, Exactness, ct);
            var root = Cholesky.InverseRoot(fit.Curvature, design.Size);
            strengths = [.. prior.Columns.Select((column, i) => column.Suggested(
                weights.AsSpan(design.First[i], column.Size), Cholesky.InverseBlock(root, design.Size, design.First[i], column.Size)))];
        }

        return strengths;
    }

    /// <summary>Where there are too few examples to ask.</summary>
    public static IReadOnlyList<Strengths> Guess(Design design) => [.. Enumerable.Repeat(Strengths.Guess, design.Width)];
}
