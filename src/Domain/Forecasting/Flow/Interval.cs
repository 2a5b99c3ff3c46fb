namespace Crm.Domain.Forecasting.Flow;

/// <summary>
/// How far from a forecast what happens lies, from how far it lay in back-tests, in units of what chance makes of it: of n such distances
/// the ⌈coverage · (n + 1)⌉-th smallest (V. Vovk, A. Gammerman, G. Shafer, Algorithmic Learning in a Random World, 2005; J. Lei and
/// others, JASA 113, 2018). Four distances as of a normal distribution are always among them, so that the first forecast has an interval.
/// </summary>
internal static class Interval
{
    public const decimal Coverage = 0.8m;

    private const double Doubt = 1.2;
    private static readonly double[] Normal = [0.25, 0.52, 0.84, 1.28];

    public static double Reach(IEnumerable<double> distances)
    {
        List<double> all = [.. distances.Concat(Normal.Select(distance => Doubt * distance)).Order()];
        var place = (int)Math.Ceiling((double)Coverage * (all.Count + 1));
        return all[Math.Min(place, all.Count) - 1];
    }
}
