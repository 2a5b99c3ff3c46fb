namespace Crm.Domain.Scoring.Training;

/// <summary>How strongly the weights of a column are held to zero: inverses of the variances that their prior has.</summary>
/// <param name="Level">Of the weights of values, of missing and of zero, and of the slope of a number's line.</param>
/// <param name="Bend">Of how a number's curve departs from its line.</param>
internal readonly record struct Strengths(double Level, double Bend)
{
    private const double Least = 0.01;
    private const double Most = 10_000;

    /// <summary>Before any example: weights of about ±0.6, curves that are nearly lines.</summary>
    public static readonly Strengths Guess = new(3, 30);

    public Strengths Times(double factor) => new(Level * factor, Bend * factor);

    /// <summary>
    /// The strength under which what was seen is likeliest: the weights that the examples decide, over the sum of their squares (D. J. C.
    /// MacKay, Bayesian interpolation, Neural Computation 4, 1992). As if one more had been seen that is as guessed: few examples suggest
    /// no extreme.
    /// </summary>
    public static double Suggested(double decided, double squares, double guess) =>
        Math.Clamp((Math.Max(decided, 0) + 1) / (squares + 1 / guess), Least, Most);
}
