using Crm.Domain.Forecasting;

namespace Crm.Domain.Tests.Forecasting;

public sealed class ForecastMoveTests
{
    [Theory]
    [InlineData(122, 109, -10.66)]
    [InlineData(100, 110, 10)]
    [InlineData(0, 5, 100)]
    [InlineData(0, 0, 0)]
    [InlineData(80, 0, -100)]
    public void A_move_is_told_of_a_hundred_of_what_was_accepted(decimal before, decimal after, decimal percent) =>
        decimal.Round(ForecastMove.Percent(before, after), 2).ShouldBe(percent);

    [Theory]
    [InlineData(122, 109, 10, true)]
    [InlineData(122, 109, 11, false)]
    [InlineData(100, 110, 10, false)]
    [InlineData(100, 90, 10, false)]
    [InlineData(100, 110.01, 10, true)]
    public void Exactly_as_far_as_a_guard_lets_it_is_not_too_far(decimal before, decimal after, int percent, bool isBeyond) =>
        ForecastMove.IsBeyond(before, after, percent).ShouldBe(isBeyond);

    [Fact]
    public void Deals_teams_reps_and_products_each_come_to_the_whole_move()
    {
        var before = Stand(
            Funnel.Open(1, "A", 100) with { Team = "East", Product = "X" }, Funnel.Open(2, "A", 300) with { Team = "East" }, Funnel.Open(3, "A", 50));
        var after = Stand(
            Funnel.Open(1, "A", 80) with { Team = "West", Rep = "li", Product = "X" }, Won(Funnel.Open(2, "A", 300) with { Team = "East" }),
            Funnel.Open(4, "A", 20) with { Product = "Y" });

        var causes = ForecastMove.Causes(before, after);

        foreach (var by in (string[])["deal", "team", "rep", "product"])
        {
            causes.Where(cause => cause.By == by).Sum(cause => cause.Effect).ShouldBe(after.Figure - before.Figure, by);
        }

        causes.Where(cause => cause.By == "deal").ToDictionary(cause => cause.Name!, cause => cause.What).ShouldBe(new Dictionary<string, string?>
        {
            [Name(2)] = "won", [Name(3)] = "gone", [Name(4)] = "new", [Name(1)] = "changed"
        }, ignoreOrder: true);
        causes[0].ShouldSatisfyAllConditions(cause => cause.Name.ShouldBe(Name(2)), cause => cause.Effect.ShouldBeGreaterThan(0));
    }

    [Fact]
    public void Only_what_moved_most_is_named_the_largest_first()
    {
        var causes = ForecastMove.Causes(Stand(), Stand([.. Enumerable.Range(1, 9).Select(i => Funnel.Open(i, "A", i * 100))]));

        causes.Where(cause => cause.By == "deal").Select(cause => cause.Name).ShouldBe([Name(9), Name(8), Name(7), Name(6), Name(5)]);
    }

    private static ForecastDeal Won(ForecastDeal deal) => deal with { Status = ForecastDeal.Won, ClosedAt = Funnel.Monday.AddDays(-1) };

    private static ForecastStand Stand(params ForecastDeal[] deals) => new(Funnel.Manifest, Funnel.Run(deals), deals);

    private static string Name(int deal) => Funnel.Id(deal).ToString("D");
}
