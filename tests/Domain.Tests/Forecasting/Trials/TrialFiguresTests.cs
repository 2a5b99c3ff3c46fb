using Crm.Domain.Forecasting.Trials;

namespace Crm.Domain.Tests.Forecasting.Trials;

public sealed class TrialFiguresTests
{
    private static readonly DateOnly Day = new(2026, 1, 1);

    [Fact]
    public void Figures_are_those_of_the_sum_on_paper()
    {
        var figures = TrialFigures.Of([Trial(110, 100, 90, 130), Trial(150, 200, 160, 180), Trial(5, 0)], farPercent: 10);

        // 10 % and 25 %; 10 + 50 + 5 of 300; 265 − 300 of 300; one of two intervals.
        figures.ShouldBe(new TrialFigures(3, 0.175m, 0.216667m, -0.116667m, 0.5m, 2));
    }

    [Fact]
    public void Of_nothing_nothing_is_told() => TrialFigures.Of([], 15).ShouldBe(new TrialFigures(0, null, null, null, null, 0));

    [Theory]
    [InlineData(115, false)]
    [InlineData(115.01, true)]
    [InlineData(84.99, true)]
    public void Far_off_is_more_than_so_much_and_not_just_so_much(double said, bool isFar) =>
        TrialFigures.IsFarOff(Trial((decimal)said, 100), 15).ShouldBe(isFar);

    [Fact]
    public void The_honest_choice_goes_by_what_was_right_so_far()
    {
        decimal[] season = [10, 20, 90, 10, 20, 90, 10, 20, 90];
        var cycles = new[] { ("same-of-last-quarter", 3) };
        foreach (var place in Enumerable.Range(5, 4))
        {
            NaiveRules.At(season, place, cycles).Single(one => one.Rule == NaiveRules.Choice).Said.ShouldBe(season[place]);
        }

        NaiveRules.At(season, 0, cycles).ShouldAllBe(one => one.Said == null);
        NaiveRules.At(season, 1, cycles).Single(one => one.Rule == NaiveRules.Choice).Said.ShouldBe(10);
    }

    [Fact]
    public void Chances_are_held_against_what_became_of_them()
    {
        var figures = ChanceFigures.Of([(0.8m, true), (0.8m, false), (0.2m, false)]);
        (figures.Decided, figures.Won, figures.Brier).ShouldBe((3, 1, 0.24m));
        ChanceFigures.Of([]).Brier.ShouldBeNull();
    }

    private static ForecastTrial Trial(decimal said, decimal happened, decimal? low = null, decimal? high = null) =>
        new(Day, Day.AddMonths(1), said, low, high, happened);
}
