namespace Crm.Domain.Scoring;

/// <summary>
/// Exponentials and logarithms made of additions, multiplications and divisions alone, which IEEE 754 fixes to the bit. Those of a platform
/// may differ in the last one, and so would the hash of whatever follows from them. Exact to some units in the last place.
/// </summary>
public static class PortableMath
{
    private const double Ln2 = 0.693147180559945309;

    // The same in two parts: multiplied by a whole number below 2^20, the first is exact.
    private const double Ln2High = 6.93147180369123816490e-01;
    private const double Ln2Low = 1.90821492927058770002e-10;

    private static readonly double[] InverseFactorials =
        [.. Enumerable.Range(0, 15).Select(k => 1 / Enumerable.Range(1, k).Aggregate(1d, (product, i) => product * i))];

    /// <summary>e^x: 2^k · e^r with |r| at most ln 2 / 2, and e^r by its series. 0 below −745; x beyond 709 counts as 709.</summary>
    public static double Exp(double x)
    {
        x = Math.Clamp(x, -746, 709);
        var k = Math.Round(x / Ln2);
        var r = x - k * Ln2High - k * Ln2Low;
        var sum = 0d;
        for (var i = InverseFactorials.Length - 1; i >= 0; i--)
        {
            sum = sum * r + InverseFactorials[i];
        }

        return Math.ScaleB(sum, (int)k);
    }

    /// <summary>
    /// The natural logarithm of a normal number above zero: k · ln 2 + ln m with m near 1, and ln m = 2 · artanh((m − 1) / (m + 1)) by its
    /// series.
    /// </summary>
    public static double Log(double x)
    {
        var k = Math.ILogB(x);
        var m = Math.ScaleB(x, -k);
        if (m > 1.4142135623730951)
        {
            (m, k) = (m / 2, k + 1);
        }

        var s = (m - 1) / (m + 1);
        var (square, sum) = (s * s, 0d);
        for (var i = 23; i >= 1; i -= 2)
        {
            sum = sum * square + 1d / i;
        }

        return k * Ln2High + (2 * s * sum + k * Ln2Low);
    }

    /// <summary>2^x; exact where x is whole, so a half-life halves exactly.</summary>
    public static double PowerOfTwo(double x)
    {
        x = Math.Clamp(x, -1100, 1023);
        var whole = Math.Floor(x);
        return Math.ScaleB(Exp((x - whole) * Ln2), (int)whole);
    }

    /// <summary>The probability that log-odds stand for: 1 / (1 + e^−x).</summary>
    public static double Logistic(double x)
    {
        var small = Exp(-Math.Abs(x));
        return (x >= 0 ? 1 : small) / (1 + small);
    }

    /// <summary>The log-odds of a probability above 0 and below 1.</summary>
    public static double Logit(double p) => Log(p / (1 - p));

    /// <summary>What an outcome costs that had these log-odds: −ln of its probability, which is ln(1 + e^−x) for yes.</summary>
    public static double Surprise(double logOdds, bool outcome)
    {
        var against = outcome ? -logOdds : logOdds;
        return Math.Max(against, 0) + Log(1 + Exp(-Math.Abs(against)));
    }

    /// <summary>The value as a decimal with at most so many digits after the point, half to even.</summary>
    public static decimal Rounded(double value, int digits = 6) => decimal.Round((decimal)value, digits, MidpointRounding.ToEven);
}
