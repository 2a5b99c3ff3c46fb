using Crm.Api.Http;
using Crm.Domain;
using Crm.Domain.Forecasting;

namespace Crm.Api.Forecasting;

/// <param name="Seed">The same seed comes to the same; left out, one that follows from the forecast's hash.</param>
/// <param name="Paths">How often it is played.</param>
public sealed record SimulateForecastRequest([Between(0, 1_000_000_000)] int? Seed = null, [Between(100, 20_000)] int Paths = 10_000);

/// <param name="Seed">By which it was played: sent again, it comes to the same.</param>
/// <param name="Expected">The forecast's total.</param>
/// <param name="Deviation">The standard deviation of what is won.</param>
/// <param name="P5">Of a hundred paths five come to so much at most.</param>
public sealed record SimulationAnswer(
    Guid Id, int Seed, int Paths, Money Expected, Money Mean, Money Deviation, Money P5, Money P10, Money P25, Money P50, Money P75, Money P90,
    Money P95, IReadOnlyList<SimulatedBinAnswer> Histogram)
{
    internal static SimulationAnswer Of(Guid id, SimulatedForecast played, string currency)
    {
        return new(
            id, (int)played.Seed, played.Paths, In(played.Expected), In(played.Mean), In(played.Deviation), At(5), At(10), At(25), At(50), At(75),
            At(90), At(95),
            [.. played.Histogram.Select(bin => new SimulatedBinAnswer(In(bin.From).ToString(), In(bin.To).ToString(), bin.Paths))]);

        Money In(decimal amount) => Money.Of(amount, currency);

        Money At(int percent) => In(played.Percentiles[percent]);
    }
}

/// <param name="To">Less than this.</param>
/// <param name="Paths">On how many paths so much was won.</param>
public sealed record SimulatedBinAnswer(string From, string To, int Paths);
