using Crm.Domain.Scoring;

namespace Crm.Domain.Tests.Scoring;

public sealed class PortableMathTests
{
    private const double Close = 1e-14;

    [Fact]
    public void It_agrees_with_the_platform_to_fourteen_digits()
    {
        for (var x = -700.3; x < 700; x += 0.71)
        {
            (PortableMath.Exp(x) / Math.Exp(x)).ShouldBe(1, Close);
            (PortableMath.PowerOfTwo(x) / Math.Pow(2, x)).ShouldBe(1, Close);
            PortableMath.Log(Math.Exp(x)).ShouldBe(x, Close * Math.Max(1, Math.Abs(x)));
        }
    }

    // The bits themselves: the same on any machine, or hashes of models would differ.
    [Theory]
    [InlineData(1, 4613303445314885482)]
    [InlineData(-0.1, 4606325270462671674)]
    public void Its_bits_are_the_same_everywhere(double x, long bits) => BitConverter.DoubleToInt64Bits(PortableMath.Exp(x)).ShouldBe(bits);

    [Fact]
    public void Half_lives_that_are_whole_are_exact() =>
        Enumerable.Range(0, 50).Select(n => PortableMath.PowerOfTwo(-n)).ShouldBe(Enumerable.Range(0, 50).Select(n => 1d / (1L << n)));

    [Theory]
    [InlineData(double.NegativeInfinity, 0)]
    [InlineData(-800, 0)]
    [InlineData(0, 0.5)]
    [InlineData(800, 1)]
    public void The_ends_are_reached(double logOdds, double probability) => PortableMath.Logistic(logOdds).ShouldBe(probability);

    [Fact]
    public void Probability_and_log_odds_are_each_other_turned_round()
    {
        for (var p = 0.001; p < 1; p += 0.001)
        {
            PortableMath.Logistic(PortableMath.Logit(p)).ShouldBe(p, Close);
            PortableMath.Surprise(PortableMath.Logit(p), outcome: true).ShouldBe(-Math.Log(p), Close * 10);
            PortableMath.Surprise(PortableMath.Logit(p), outcome: false).ShouldBe(-Math.Log(1 - p), Close * 10);
        }
    }
}
