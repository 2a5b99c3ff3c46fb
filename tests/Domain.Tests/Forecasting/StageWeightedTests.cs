using Crm.Domain.Forecasting;

namespace Crm.Domain.Tests.Forecasting;

public sealed class StageWeightedTests
{
    [Fact]
    public void A_million_in_each_stage_of_the_worked_example_comes_to_1044000()
    {
        var result = Funnel.Run([.. Funnel.Decided, .. Funnel.Stages.Select((stage, i) => Funnel.Open(2000 + i, stage))]);

        result.Contributions.Select(one => one.Odds[^1].Odds).ShouldBe([0.024m, 0.12m, 0.3m, 0.6m]);
        result.Totals.Total.ShouldBe(new ForecastSum(4, 4_000_000, 1_044_000));
    }

    [Fact]
    public void A_team_without_a_history_has_the_odds_of_all_and_leaves_them_as_it_gets_its_own()
    {
        var open = Funnel.Open(2000, "D") with { Team = "New" };
        decimal Odds(int wins) => Funnel.Run(
            [.. Funnel.Decided, open, .. Enumerable.Range(0, wins).Select(i =>
                Funnel.Closed(3000 + i, 3, isWon: true) with { Team = "New" })])
            .Contributions[0].Odds[^1].Odds;

        Odds(0).ShouldBe(0.6m);
        Odds(1).ShouldBe(0.628339m);                         // (1 + 20 × 25/41) / 21
        Odds(200).ShouldBe(0.993939m);                       // (200 + 20 × 224/240) / 220
    }

    [Fact]
    public void A_tenant_without_any_history_begins_at_one_half() =>
        Funnel.Run([Funnel.Open(1, "A")]).Contributions[0].Odds.Select(level => (level.Level, level.Odds)).ShouldBe(
            [("tenant", 0.5m), ("pipeline", 0.5m), ("stage", 0.5m)]);

    [Fact]
    public void What_stays_longer_than_those_that_were_won_ages_out()
    {
        // All that were won stayed 10 days in each stage.
        decimal Freshness(double days) => Funnel.Run([.. Funnel.Decided, Funnel.Open(2000, "D", days: days)]).Contributions[0].Freshness;

        Freshness(10).ShouldBe(1);
        Freshness(15).ShouldBe(0.5m);
        Freshness(20).ShouldBe(0);
        Freshness(400).ShouldBe(0);
        Funnel.Run([Funnel.Open(1, "D", days: 400)]).Contributions[0].Freshness.ShouldBe(1);
        Funnel.Run([Funnel.Open(1, "D", days: 75)], Funnel.Manifest with { Settings = new(StaleDays: 60) })
            .Contributions[0].Freshness.ShouldBe(0.75m);
    }

    [Fact]
    public void A_stage_that_most_pass_at_once_is_fresh_for_a_day()
    {
        decimal Freshness(double days) => Funnel.Run(
            [.. Funnel.Decided.Select(deal => deal with { Stays = ["0.0000 A"], Stage = "D" }), Funnel.Open(2000, "A", days: days)])
            .Contributions[0].Freshness;

        Freshness(1).ShouldBe(1);
        Freshness(1.5).ShouldBe(0.5m);
    }

    [Fact]
    public void Only_what_is_thought_to_be_decided_in_the_span_is_in_it()
    {
        var open = Funnel.Open(2000, "D");
        (DateOnly, ClosingBy)? Closing(ForecastDeal deal) =>
            Funnel.Run([.. Funnel.Decided, deal]).Contributions is [var one] ? (one.Closes, one.By) : null;

        Closing(open).ShouldBe((new(2026, 3, 12), ClosingBy.Expected));
        Closing(open with { ExpectedClose = new(2026, 4, 1) }).ShouldBeNull();
        Closing(open with { ExpectedClose = new(2026, 3, 31) }).ShouldBe((new(2026, 3, 31), ClosingBy.Expected));
        Closing(open with { ExpectedClose = new(2025, 1, 1) }).ShouldBe((Funnel.Today, ClosingBy.Overdue));
        Closing(open with { ExpectedClose = null }).ShouldBe((Funnel.Today.AddDays(9), ClosingBy.History));
        Funnel.Run([open with { ExpectedClose = null }]).Totals.LeftOut.ShouldBe(new ForecastLeftOut(0, 0, Undated: 1));
    }

    [Fact]
    public void Tests_and_what_was_never_opened_count_in_nothing()
    {
        var open = Funnel.Open(2000, "D");

        Funnel.Run([open, open with { OpportunityId = Funnel.Id(2001), IsFlagged = true },
            open with { OpportunityId = Funnel.Id(2002), OpenedAt = null }])
            .Totals.Total.Count.ShouldBe(1);
        Funnel.Run([open, .. Funnel.Decided.Select(deal => deal with { IsFlagged = true })]).Contributions[0].Odds[^1].Odds.ShouldBe(0.5m);
    }

    [Fact]
    public void Another_currency_is_left_out_and_counted() =>
        Funnel.Run([Funnel.Open(1, "A"), Funnel.Open(2, "A") with { Currency = "EUR" }]).Totals.ShouldSatisfyAllConditions(
            totals => totals.Total.Count.ShouldBe(1), totals => totals.LeftOut.ShouldBe(new ForecastLeftOut(OtherCurrency: 1, 0, 0)));

    [Fact]
    public void What_was_won_in_the_span_is_told_beside_the_total()
    {
        var won = Funnel.Closed(1, 3, isWon: true) with { ClosedAt = Funnel.Monday.AddDays(-1), Amount = 700 };

        Funnel.Run([won, Funnel.Open(2, "D", 100)]).Totals.Won.ShouldBe(new ForecastSum(1, 700, 700));
        Funnel.Run([won with { ClosedAt = Funnel.Monday.AddDays(-61) }]).Totals.Won.Count.ShouldBe(0);
    }

    [Fact]
    public void The_chance_says_the_category()
    {
        ForecastCategory Category(string stage, int best) => Funnel.Run(
            [.. Funnel.Decided, Funnel.Open(2000, stage)], Funnel.Manifest with { Settings = new(CommitPercent: 60, BestPercent: best) })
            .Contributions[0].Category;

        Category("D", 30).ShouldBe(ForecastCategory.Commit);
        Category("C", 30).ShouldBe(ForecastCategory.Best);
        Category("C", 31).ShouldBe(ForecastCategory.Pipeline);
    }

    [Fact]
    public void The_parts_of_every_dimension_come_to_the_total_to_the_cent()
    {
        var result = Funnel.Run([.. Funnel.Decided, .. Enumerable.Range(0, 300).Select(i =>
            Funnel.Open(2000 + i, Funnel.Stages[i % 4], 333.33m + i) with
        {
            Team = i % 3 == 0 ? null : $"team {i % 7}",
            Rep = $"rep {i % 11}",
            Product = i % 5 == 0 ? null : $"product {i % 5}"
        })]);

        var dimensions = result.Totals.Parts.GroupBy(part => part.By).ToList();
        dimensions.Select(dimension => dimension.Key).ShouldBe(["category", "pipeline", "product", "region", "rep", "stage", "team"]);
        dimensions.ShouldAllBe(parts => parts.Sum(part => part.Sum.Value) == result.Totals.Total.Value
            && parts.Sum(part => part.Sum.Amount) == result.Totals.Total.Amount && parts.Sum(part => part.Sum.Count) == 300);
        result.Contributions.Sum(one => one.Value).ShouldBe(result.Totals.Total.Value);
    }

    [Fact]
    public void Only_the_scope_is_forecast_by_the_odds_of_all() =>
        Funnel.Run(
            [.. Funnel.Decided, Funnel.Open(2000, "D") with { Rep = "li" }, Funnel.Open(2001, "D") with { Rep = "wang" }],
            Funnel.Manifest with { Scope = new(Rep: "li") }).Contributions.ShouldHaveSingleItem().Odds.Select(level => level.Odds)
                .ShouldBe([0.02495m, 0.024m, 0.6m, 0.6m]);
}
