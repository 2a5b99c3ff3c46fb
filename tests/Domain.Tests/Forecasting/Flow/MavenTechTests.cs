using Crm.Domain.Forecasting.Flow;
using Xunit.Abstractions;

namespace Crm.Domain.Tests.Forecasting.Flow;

public sealed class MavenTechTests(ITestOutputHelper output)
{
    private static readonly IReadOnlyList<OpportunityPath>? Paths = MavenTech.Read();

    [Fact]
    public void Next_months_of_MavenTech_are_foretold_from_what_was_known_as_they_began()
    {
        if (IsAbsent())
        {
            return;
        }

        var errors = new List<double>();
        for (var month = new DateOnly(2017, 6, 1); month.Year == 2017; month = month.AddMonths(1))
        {
            var forecast = SeriesForecasting.Foretell(KnownPaths.At(month, Paths!), ForecastSpan.Next(PeriodKind.Month, month));
            var happened = Paths!.Won(month, month.AddMonths(1));
            errors.Add((double)(Math.Abs(forecast.Value - happened) / happened));
            var rules = string.Join(", ", forecast.Rules.Select(rule => $"{rule.Rule} {rule.Value:0} ({rule.Share:0.00})"));
            output.WriteLine($"{month:yyyy-MM} {forecast.Value} [{forecast.Low}, {forecast.High}] {happened} off {errors[^1]:P1}: {rules}");
        }

        output.WriteLine($"MAPE {errors.Average():P2}");
        // An honest choice among three plain rules reaches 9.1 to 9.8 %: docs/forecasting.md says why this does not.
        errors.Average().ShouldBeLessThanOrEqualTo(0.13);
    }

    [Fact]
    public void Four_of_five_intervals_hold_what_happened()
    {
        if (IsAbsent())
        {
            return;
        }

        var (held, all, end) = (0, 0, new DateOnly(2018, 1, 1));
        foreach (var horizon in Horizons)
        {
            var (heldHere, here) = (0, 0);
            for (var origin = new DateOnly(2017, 4, 3); origin < end; origin = origin.AddDays(7))
            {
                if (horizon.Of(origin) is var span && span.Until <= end)
                {
                    var forecast = SeriesForecasting.Foretell(KnownPaths.At(origin, Paths!), span);
                    var happened = Paths!.Won(span.From, span.Until);
                    heldHere += forecast.Low <= happened && happened <= forecast.High ? 1 : 0;
                    here++;
                }
            }

            output.WriteLine($"{horizon.Name}: {heldHere} of {here}");
            (held, all) = (held + heldHere, all + here);
        }

        output.WriteLine($"{held} of {all}: {(double)held / all:P1}");
        all.ShouldBeGreaterThanOrEqualTo(100);
        ((double)held / all).ShouldBeInRange(0.7, 0.9);
    }

    // From a Monday, so what is left of the week is the next one.
    private static readonly (string Name, Func<DateOnly, ForecastSpan> Of)[] Horizons =
    [
        ("next week", origin => ForecastSpan.Next(PeriodKind.Week, origin)),
        ("rest of month", origin => ForecastSpan.Rest(PeriodKind.Month, origin)),
        ("next month", origin => ForecastSpan.Next(PeriodKind.Month, origin)),
        ("rest of quarter", origin => ForecastSpan.Rest(PeriodKind.Quarter, origin)),
        ("next quarter", origin => ForecastSpan.Next(PeriodKind.Quarter, origin))
    ];

    private bool IsAbsent()
    {
        if (Paths is null)
        {
            output.WriteLine("Skipped: there is no shared/data/maventech-crm beside the repository.");
        }

        return Paths is null;
    }
}
