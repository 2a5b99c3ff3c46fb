using Crm.Domain.Scoring;

namespace Crm.Domain.Forecasting.Flow;

/// <summary>
/// Which rule is leant on how far, learned from one back-test after another. Weights fall with the error in units of what chance makes of
/// it, so few origins change little unless they say much (exponential weights: N. Cesa-Bianchi, G. Lugosi, Prediction, Learning, and Games,
/// 2006, chapter 2). A rule that knows too little yet sleeps and is neither praised nor blamed (Y. Freund, R. E. Schapire, Y. Singer,
/// M. K. Warmuth, STOC 1997), and some weight always goes back to where it began, so that a rule can come into its own late (M. Herbster,
/// M. K. Warmuth, Machine Learning 32, 1998).
/// </summary>
internal sealed class Ensemble
{
    private const double Share = 0.02;

    private readonly double[] trust = [.. Rules.All.Select(rule => rule.Trust / Rules.All.Sum(one => one.Trust))];
    private readonly double[] weights;
    private readonly double rate;

    /// <param name="rate">How much one back-test counts: less than one where the spans of neighbours overlap.</param>
    public Ensemble(double rate) => (this.rate, weights) = (rate, [.. trust]);

    /// <summary>The weights of those that are awake, adding up to one.</summary>
    public double[] Weights(double?[] said)
    {
        double[] awake = [.. weights.Select((weight, k) => said[k] is null ? 0 : weight)];
        var all = awake.Sum();
        return [.. awake.Select(weight => all > 0 ? weight / all : 0)];
    }

    public double? Mean(double?[] said)
    {
        var (shares, sum) = (Weights(said), 0d);
        for (var k = 0; k < said.Length; k++)
        {
            sum += shares[k] * (said[k] ?? 0);
        }

        return said.Any(value => value is not null) ? sum : null;
    }

    /// <param name="scale">The standard deviation that chance gives to what happened.</param>
    public void Learn(double?[] said, double happened, double scale)
    {
        double[] losses = [.. said.Select(value => value is { } known ? rate * Loss((known - happened) / scale) : 0)];
        var least = Enumerable.Range(0, said.Length).Where(k => said[k] is not null).Select(k => losses[k]).DefaultIfEmpty().Min();
        var (before, after) = (0d, 0d);
        for (var k = 0; k < said.Length; k++)
        {
            if (said[k] is not null)
            {
                before += weights[k];
                weights[k] *= PortableMath.Exp(least - losses[k]);
                after += weights[k];
            }
        }

        for (var k = 0; k < said.Length; k++)
        {
            weights[k] *= said[k] is null ? 1 : before / after;
            weights[k] = (1 - Share) * weights[k] + Share * trust[k];
        }
    }

    // Like a half square near zero and like a line far away (P. J. Huber, Annals of Mathematical Statistics 35, 1964): one giant is no
    // verdict.
    private static double Loss(double error) => 4 * (Math.Sqrt(1 + error * error / 4) - 1);
}
