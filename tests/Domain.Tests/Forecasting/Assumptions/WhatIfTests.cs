using Crm.Domain.Forecasting;

namespace Crm.Domain.Tests.Forecasting;

public sealed class WhatIfTests
{
    private static readonly ForecastKnown Known = new(
    [
        .. Funnel.Decided, Funnel.Open(2000, "B", 1000) with { Rep = "li" }, Funnel.Open(2001, "C", 1000) with { Rep = "li" },
        Funnel.Open(2002, "D", 1000) with { Rep = "wang", CustomerId = Funnel.Id(9) }
    ]);

    [Fact]
    public void Nothing_assumed_changes_nothing() => If().ShouldSatisfyAllConditions(
        one => one.Then.ShouldBe(1020), one => one.Total.ShouldBe(new ForecastSum(3, 3000, 1020)), one => one.Shares.ShouldBeEmpty());

    [Fact]
    public void A_customer_that_goes_takes_his_opportunities_along() =>
        If(new Assumption.Drop(new(Customer: Funnel.Id(9)))).Shares.ShouldBe([new(-600, 1)]);

    [Fact]
    public void What_slips_out_of_the_span_is_not_in_it_any_more()
    {
        If(new Assumption.Slip(new(Rep: "li"), 19)).Shares.ShouldBe([new(0, 0)]);
        If(new Assumption.Slip(new(Rep: "li"), 20)).Shares.ShouldBe([new(-420, 2)]);
        If(new Assumption.Slip(new(Rep: "li"), 20), new Assumption.Slip(new(Rep: "li"), -20)).Total.Value.ShouldBe(1020);
    }

    [Fact]
    public void Odds_become_others_and_never_more_than_certain()
    {
        If(new Assumption.Odds(new(Stage: "D"), Percent: 50)).Shares.ShouldBe([new(-100, 1)]);
        If(new Assumption.Odds(new(Rep: "li"), Percent: null, Times: 2)).Shares.ShouldBe([new(420, 2)]);
        If(new Assumption.Odds(new(Stage: "D"), Percent: null, Times: 9)).Given[2].ShouldSatisfyAllConditions(
            one => one.Chance.ShouldBe(1), one => one.Value.ShouldBe(1000), one => one.Category.ShouldBe(ForecastCategory.Commit));
    }

    [Fact]
    public void What_is_added_counts_by_the_odds_of_its_stage_and_teaches_nothing() =>
        If(new Assumption.Add(Funnel.Open(3000, "D", 500))).Shares.ShouldBe([new(300, 1)]);

    [Fact]
    public void Assumptions_come_one_after_another_and_all_to_the_difference_to_the_cent()
    {
        var all = If(
            new Assumption.Odds(new(Stage: "C"), Percent: 33.33m), new Assumption.Add(Funnel.Open(3000, "C", 777.77m)),
            new Assumption.Drop(new([Funnel.Id(2000)])), new Assumption.Settings(new(Pooling: 100)));

        (all.Then + all.Shares.Sum(share => share.Value)).ShouldBe(all.Total.Value);
        all.Shares[1].Value.ShouldBe(259.23m, "by the odds that were assumed before");
    }

    private static AssumedForecast If(params IReadOnlyList<Assumption> assumptions) => WhatIf.Of(Funnel.Manifest, Known, assumptions);
}
