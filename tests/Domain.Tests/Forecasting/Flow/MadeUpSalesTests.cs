using Crm.Domain.Forecasting.Flow;
using Xunit.Abstractions;

namespace Crm.Domain.Tests.Forecasting.Flow;

public sealed class MadeUpSalesTests(ITestOutputHelper output)
{
    private static readonly int Seeds = int.TryParse(Environment.GetEnvironmentVariable("FORECAST_SEEDS"), out var given) ? given : 3;

    public static TheoryData<string> Companies => [.. MadeUpSales.All.Select(made => made.Name)];

    [Theory]
    [MemberData(nameof(Companies))]
    public void Other_rhythms_are_foretold_no_worse_than_by_an_honest_choice_of_plain_rules(string name)
    {
        var made = MadeUpSales.All.Single(made => made.Name == name);
        var (ratios, held, all) = (new List<double>(), 0, 0);
        for (var seed = 1; seed <= Seeds; seed++)
        {
            var paths = made.Make(seed);
            double[] series = [.. Enumerable.Range(0, made.Months).Select(month => (double)paths.Won(Month(month), Month(month + 1)))];
            var plain = HonestChoice.Foretell(series, made.Cycle, first: 3);
            var (ours, theirs) = (0d, 0d);
            for (var month = 3; month < made.Months; month++)
            {
                var known = KnownPaths.At(Month(month), paths);
                var forecast = SeriesForecasting.Foretell(known, ForecastSpan.Next(PeriodKind.Month, Month(month)));
                ours += Math.Abs((double)forecast.Value - series[month]);
                theirs += Math.Abs(plain[month - 3] - series[month]);
                held += (double)forecast.Low <= series[month] && series[month] <= (double)forecast.High ? 1 : 0;
                all++;
            }

            ratios.Add(ours / theirs);
        }

        var each = string.Join(' ', ratios.Select(ratio => $"{ratio:0.00}"));
        output.WriteLine($"{name}: errors {ratios.Average():0.000} of theirs ({each}), {held} of {all} intervals held");
        ratios.Average().ShouldBeLessThanOrEqualTo(1.02);
    }

    private static DateOnly Month(int place) => MadeUpSales.Begin.AddMonths(place);
}
