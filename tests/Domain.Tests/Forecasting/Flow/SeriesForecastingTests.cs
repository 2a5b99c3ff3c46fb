using System.Globalization;
using System.Text.Json;
using Crm.Domain.Forecasting.Flow;

namespace Crm.Domain.Tests.Forecasting.Flow;

public sealed class SeriesForecastingTests
{
    private static readonly DateOnly Origin = new(2022, 3, 14);
    private static readonly List<OpportunityPath> Paths = MadeUpSales.Quarterly.Make(seed: 5);

    [Fact]
    public void Whatever_happens_later_alters_nothing()
    {
        var later = Paths.Select(path => path with
        {
            Stages = [.. path.Stages.Where(entry => entry.Day < Origin), new(Origin, "signed"), new(Origin.AddDays(9), "lost again")],
            Amounts = [.. path.Amounts.Where(entry => entry.Day < Origin), new(Origin, 1_000_000)],
            Closing = path.Closing?.Day < Origin ? path.Closing : new(Origin.AddDays(1), IsWon: true, 5_000_000)
        });
        OpportunityPath[] newcomers = [new(new("ffffffff-0000-4000-8000-000000000000"), Origin, [], [new(Origin, 7_000_000)])];

        Said([.. later, .. newcomers]).ShouldBe(Said(Paths));
    }

    [Fact]
    public void What_is_known_later_cannot_be_had() =>
        Should.Throw<ArgumentOutOfRangeException>(() => KnownPaths.At(Origin, Paths).Earlier(Origin.AddDays(1)));

    [Fact]
    public void Days_that_have_begun_are_not_foretold() => Should.Throw<ArgumentOutOfRangeException>(
        () => SeriesForecasting.Foretell(KnownPaths.At(Origin, Paths), new(PeriodKind.Week, Origin.AddDays(-1), Origin.AddDays(6))));

    [Fact]
    public void The_past_cut_twice_is_the_past_cut_once() => Json(KnownPaths.At(Origin, Paths).Earlier(Origin.AddDays(-40)))
        .ShouldBe(Json(KnownPaths.At(Origin.AddDays(-40), Paths)));

    [Fact]
    public void The_order_of_what_is_told_does_not_matter()
    {
        OpportunityPath[] mixed = [.. Paths];
        new Random(7).Shuffle(mixed);

        Said(mixed).ShouldBe(Said(Paths));
    }

    [Fact]
    public void No_culture_alters_a_digit()
    {
        var (before, said) = (CultureInfo.CurrentCulture, Said(Paths));
        var odd = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (odd.NumberFormat.NumberDecimalSeparator, odd.NumberFormat.NegativeSign) = (",", "~");
        odd.DateTimeFormat.FirstDayOfWeek = DayOfWeek.Saturday;
        CultureInfo.CurrentCulture = odd;
        try
        {
            Said(Paths).ShouldBe(said);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Without_a_past_nothing_is_foretold()
    {
        var forecast = Foretold([]);

        (forecast.Value, forecast.Low, forecast.High, forecast.BackTests).ShouldBe((0, 0, 0, 0));
        forecast.Rules.ShouldBeEmpty();
    }

    [Fact]
    public void Where_nothing_was_ever_won_nothing_is_foretold() => Foretold(
        [.. Paths.Select(path => path with { Closing = path.Closing is null ? null : path.Closing with { IsWon = false, Value = 0 } })])
        .Value.ShouldBe(0);

    [Fact]
    public void One_month_of_the_past_is_enough_to_begin_with()
    {
        var from = Origin.AddDays(-31);
        List<OpportunityPath> young = [.. Paths.Where(path => path.Closing is null || path.Closing.Day >= from)];

        var forecast = Foretold(young);

        forecast.Value.ShouldBeInRange(forecast.Low, forecast.High);
        forecast.Value.ShouldBeInRange(young.Won(from, Origin) / 3, young.Won(from, Origin) * 3);
    }

    [Fact]
    public void A_year_of_nothing_is_no_end_of_the_world()
    {
        var forecast = Foretold([.. Paths.Where(path => path.Entered < Origin.AddDays(-400) && path.Closing?.Day < Origin.AddDays(-365))]);

        forecast.Value.ShouldBeInRange(0, Paths.Won(Origin.AddDays(-400), Origin.AddDays(-370)) / 2);
    }

    [Fact]
    public void One_giant_is_not_expected_again()
    {
        var month = Paths.Won(Origin.AddMonths(-1), Origin);
        OpportunityPath giant = new(
            new("ffffffff-0000-4000-8000-000000000000"), Origin.AddDays(-60), [], [], new(Origin.AddDays(-10), IsWon: true, 20 * month));

        Foretold([.. Paths, giant]).Value.ShouldBeLessThan(10 * month);
    }

    [Theory]
    [InlineData(PeriodKind.Week, "2022-03-14", "2022-03-21")]
    [InlineData(PeriodKind.Month, "2022-04-01", "2022-05-01")]
    [InlineData(PeriodKind.Quarter, "2022-04-01", "2022-07-01")]
    public void The_next_period_is_the_first_that_is_whole(PeriodKind kind, string from, string until) =>
        ForecastSpan.Next(kind, Origin).ShouldBe(new(kind, Day(from), Day(until)));

    [Theory]
    [InlineData(PeriodKind.Week, "2022-03-21")]
    [InlineData(PeriodKind.Month, "2022-04-01")]
    [InlineData(PeriodKind.Quarter, "2022-04-01")]
    public void The_rest_is_what_is_left_of_the_period(PeriodKind kind, string until) =>
        ForecastSpan.Rest(kind, Origin).ShouldBe(new(kind, Origin, Day(until)));

    private static string Said(IEnumerable<OpportunityPath> paths) => string.Join('\n', Enum.GetValues<PeriodKind>()
        .SelectMany(kind => (ForecastSpan[])[ForecastSpan.Next(kind, Origin), ForecastSpan.Rest(kind, Origin)])
        .Select(span => Json(SeriesForecasting.Foretell(KnownPaths.At(Origin, paths), span))));

    private static SeriesForecast Foretold(IEnumerable<OpportunityPath> paths) =>
        SeriesForecasting.Foretell(KnownPaths.At(Origin, paths), ForecastSpan.Next(PeriodKind.Month, Origin));

    private static string Json<T>(T value) => JsonSerializer.Serialize(value);

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}
