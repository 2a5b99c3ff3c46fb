namespace Crm.Domain.Forecasting;

/// <summary>How often what is won comes to an amount between two.</summary>
/// <param name="To">Not in it any more; of the last one it is.</param>
public sealed record SimulatedBin(decimal From, decimal To, int Paths);

/// <summary>What a forecast may come to, by playing it many times.</summary>
/// <param name="Expected">The sum of amount × chance, which the mean comes near to.</param>
/// <param name="Deviation">The standard deviation over all paths.</param>
/// <param name="Percentiles">By the nearest rank: each is an amount that a path came to.</param>
public sealed record SimulatedForecast(
    long Seed, int Paths, decimal Expected, decimal Mean, decimal Deviation, IReadOnlyDictionary<int, decimal> Percentiles,
    IReadOnlyList<SimulatedBin> Histogram);

/// <summary>
/// Plays a forecast: on each path every opportunity is won by its chance, whole or not at all, and independently of the others. So it says how
/// uneven amounts and chances scatter, and nothing of what moves all at once, such as a bad quarter: the truth is wider.
/// </summary>
public static class ForecastSimulation
{
    public static readonly IReadOnlyList<int> Percents = [5, 10, 25, 50, 75, 90, 95];

    private const int Bins = 20;

    // A chance is compared with so many bits of a random number.
    private const int Bits = 53;

    /// <summary>The same contributions, seed and paths give the same, to the bit, wherever it is played.</summary>
    /// <param name="given">In the order of ids; each path draws one number for each.</param>
    /// <param name="digits">Of the currency.</param>
    /// <exception cref="OverflowException">All amounts together are more than 9 × 10^18 of the currency's smallest unit.</exception>
    public static SimulatedForecast Of(IReadOnlyList<ForecastContribution> given, int digits, long seed, int paths)
    {
        var unit = Power(10, digits);
        var amounts = given.Select(one => (long)decimal.Round(one.Amount * unit, 0, MidpointRounding.ToEven)).ToArray();
        var limits = given.Select(one => (long)(one.Chance * (1L << Bits))).ToArray();
        _ = amounts.Sum();
        var sums = Play(amounts, limits, seed, paths);
        Array.Sort(sums);

        decimal Money(long sum) => sum / unit;
        var mean = sums.Sum(sum => (decimal)sum);
        return new(
            seed, paths, given.Sum(one => one.Value), decimal.Round(mean / unit / paths, digits, MidpointRounding.ToEven),
            decimal.Round(Deviation(sums) / unit, digits, MidpointRounding.ToEven),
            Percents.ToDictionary(percent => percent, percent => Money(sums[Math.Max(1, (paths * percent + 99) / 100) - 1])),
            [.. Histogram(sums).Select(bin => new SimulatedBin(Money(bin.From), Money(bin.To), bin.Paths))]);
    }

    // Without a branch, which nothing could foresee: below its limit a number leaves a sign, and the sign is a mask.
    private static long[] Play(long[] amounts, long[] limits, long seed, int paths)
    {
        var random = new SplitMix64(seed);
        var sums = new long[paths];
        for (var path = 0; path < paths; path++)
        {
            var sum = 0L;
            for (var i = 0; i < limits.Length; i++)
            {
                sum += amounts[i] & (((long)(random.Next() >> (64 - Bits)) - limits[i]) >> 63);
            }

            sums[path] = sum;
        }

        return sums;
    }

    // Additions, multiplications, divisions and a square root of doubles are fixed to the bit by IEEE 754, and their order is.
    private static decimal Deviation(long[] sums)
    {
        var mean = sums.Sum(sum => (double)sum) / sums.Length;
        return (decimal)Math.Sqrt(sums.Sum(sum => ((double)sum - mean) * ((double)sum - mean)) / sums.Length);
    }

    private static IEnumerable<(long From, long To, int Paths)> Histogram(long[] sorted)
    {
        var (low, width) = (sorted[0], (sorted[^1] - sorted[0]) / Bins + 1);
        var counts = sorted.CountBy(sum => (int)((sum - low) / width)).ToDictionary();
        return Enumerable.Range(0, Bins).Select(i => (low + i * width, low + (i + 1) * width, counts.GetValueOrDefault(i)));
    }

    private static decimal Power(decimal of, int times) => Enumerable.Repeat(of, times).Aggregate(1m, (product, one) => product * one);
}
