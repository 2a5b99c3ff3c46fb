using Crm.Domain.Forecasting;

namespace Crm.Domain.Tests.Forecasting;

public sealed class FlowEnsembleTests
{
    private static readonly IForecastEngine Engine = ForecastEngines.Of("flow-ensemble/1");

    private static readonly ForecastManifest April = Funnel.Manifest with
    {
        Engine = "flow-ensemble/1",
        Span = new(ForecastPeriod.Month, new(2026, 4, 1), new(2026, 5, 1), Day(30), Day(60))
    };

    [Fact]
    public void What_is_not_there_yet_is_in_the_outlook_and_in_no_opportunity()
    {
        var result = Engine.Run(April, new(History));

        result.Contributions.ShouldBeEmpty();
        var outlook = result.Totals.Outlook.ShouldNotBeNull();
        outlook.Value.ShouldBeInRange(700, 2000);
        (outlook.Low <= outlook.Value && outlook.Value <= outlook.High).ShouldBeTrue();
        (result.Totals.Low, result.Totals.High, result.Totals.Headline).ShouldBe((outlook.Low, outlook.High, outlook.Value));
    }

    [Fact]
    public void What_was_won_in_the_span_is_part_of_it_and_a_span_that_is_over_is_what_was_won()
    {
        var quarter = Engine.Run(Funnel.Manifest, new(History)).Totals;
        var won = History.Where(deal => deal.ClosedAt >= Day(-60)).Sum(deal => deal.Amount!.Value);
        quarter.Outlook!.Won.ShouldBe(won);
        quarter.Headline.ShouldBeGreaterThan(won);

        var over = April with { Span = new(ForecastPeriod.Month, new(2026, 2, 1), new(2026, 3, 1), Day(-29), Day(-1)) };
        var then = Engine.Run(over, new(History)).Totals;
        (then.Headline, then.Low, then.High).ShouldBe((then.Won.Value, then.Won.Value, then.Won.Value));
    }

    [Fact]
    public void It_is_the_same_bytes_in_whatever_order_and_says_so_by_another_hash_than_stages_alone()
    {
        var hash = CanonicalForecast.HashOf(Engine.Run(April, new(History)));
        CanonicalForecast.HashOf(Engine.Run(April, new([.. History.Reverse()]))).ShouldBe(hash);
        CanonicalForecast.HashOf(ForecastEngines.Of("stage-weighted/1").Run(April, new(History))).ShouldNotBe(hash);
    }

    [Fact]
    public void Opportunities_of_others_do_not_reach_it()
    {
        var foreign = History.Select((deal, i) => deal with { OpportunityId = Funnel.Id(5000 + i), Team = "West", Amount = 1_000_000 });
        var east = April with { Scope = new(Team: "East") };
        var (alone, among) = (Engine.Run(east, new(History)).Totals, Engine.Run(east, new([.. History, .. foreign])).Totals);
        (among.Headline, among.Low, among.High).ShouldBe((alone.Headline, alone.Low, alone.High));
    }

    // Every third day one of a hundred is won, ten days after it was opened.
    private static IReadOnlyList<ForecastDeal> History { get; } = [.. Enumerable.Range(0, 80).Select(i => Deal(i, Day(-3 * i - 2)))];

    private static ForecastDeal Deal(int i, DateTimeOffset end) => ForecastDeal.New(Funnel.Id(i + 1)) with
    {
        OpenedAt = end.AddDays(-10),
        Status = ForecastDeal.Won,
        Pipeline = "standard",
        Stage = "A",
        StageSince = end.AddDays(-10),
        Amount = 100,
        Currency = "CNY",
        Team = "East",
        ClosedAt = end,
        Moves = [$"{end.AddDays(-10):yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'} A"],
        Amounts = [$"{end.AddDays(-10):yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'} 100"]
    };

    private static DateTimeOffset Day(int days) => Funnel.Monday.AddDays(days);
}
