using Crm.Domain.Forecasting;
using Crm.Domain.Opportunities;

namespace Crm.Domain.Tests.Forecasting;

public sealed class ForecastDealTests
{
    private static readonly OpportunityOpened Opened = new("Pump", OpportunityType.New, Money.Of(100, "CNY"), "standard", "A", Rep: "li");

    [Fact]
    public void A_stay_ends_when_another_stage_is_entered_or_when_it_is_closed()
    {
        var deal = After(Opened, new OpportunityStageEntered("B"), new OpportunityStageEntered("B"), new OpportunityStageEntered("A"),
            new OpportunityWon(Money.Of(90, "CNY")))!;

        deal.StaysWithLast().ShouldBe([("A", 1m), ("B", 2m), ("A", 1m)]);
        (deal.Status, deal.Amount, deal.ClosedAt).ShouldBe((ForecastDeal.Won, 90m, Funnel.Monday.AddDays(4)));
    }

    [Fact]
    public void One_that_is_reopened_begins_its_stage_anew_and_was_in_none_while_it_was_closed()
    {
        var deal = After(Opened, new OpportunityLost("price"), new OpportunityChanged(), new OpportunityReopened())!;

        (deal.Status, deal.Stage, deal.StageSince, deal.ClosedAt).ShouldBe((ForecastDeal.Open, "A", Funnel.Monday.AddDays(3), null));
        deal.StaysWithLast().ShouldBe([("A", 1m)]);
    }

    [Fact]
    public void An_amount_that_waits_for_a_review_does_not_count() =>
        After(Opened, new OpportunityAmountHeld(Money.Of(900, "CNY"), Money.Of(100, "CNY"), 30, Guid.Empty, "big"))!.Amount.ShouldBe(100);

    [Fact]
    public void What_it_came_to_and_what_it_was_worth_is_kept_with_its_moment()
    {
        var deal = After(Opened, new OpportunityAmountChanged(Money.Of(120, "CNY")), new OpportunityStageEntered("B"),
            new OpportunityWon(Money.Of(120, "CNY")))!;

        deal.Moves.ShouldBe(["2026-03-02T00:00:00.000000Z A", "2026-03-04T00:00:00.000000Z B"]);
        deal.Amounts.ShouldBe(["2026-03-02T00:00:00.000000Z 100", "2026-03-03T00:00:00.000000Z 120"]);
    }

    // A day apart.
    private static ForecastDeal? After(params IOpportunityEvent[] facts) => facts.Select((fact, i) => (fact, i)).Aggregate(
        (ForecastDeal?)null, (deal, one) => ForecastDeal.Evolve(Funnel.Id(1), deal, one.fact, Funnel.Monday.AddDays(one.i)));
}
