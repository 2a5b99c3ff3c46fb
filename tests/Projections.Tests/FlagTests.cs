using Crm.Domain;
using Crm.Domain.Leads;
using Crm.Domain.Opportunities;
using Crm.Domain.Orders;
using Crm.Projections.Leads;
using Crm.Projections.Opportunities;
using Crm.Projections.Orders;

namespace Crm.Projections.Tests;

/// <summary>What turns out to be no business never was any, whenever somebody finds out and whatever is put right later.</summary>
public sealed class FlagTests
{
    private static readonly OpportunityOpened Opened =
        new("Nordwind", OpportunityType.New, Money.Of(4_821m, "USD"), "standard", "Engaging");

    [Fact]
    public void A_flagged_deal_counts_on_no_day()
    {
        var story = new Story<PipelineBoard.Row>(Catalog.Pipeline)
            .Then(0, Opened).Then(5, new OpportunityWon(Opened.Amount)).Then(0, new OpportunityFlagged(RecordFlag.Test));

        foreach (var day in (double[])[0.1, 3, 6, double.MaxValue])
        {
            Counts(story.RowAsOf(day)).ShouldBeFalse($"day {day}");
        }
    }

    [Fact]
    public void It_counts_on_no_earlier_day_either_that_its_opening_is_put_back_to_afterwards()
    {
        var story = new Story<PipelineBoard.Row>(Catalog.Pipeline);
        var opening = story.On(0, Opened);
        story.Then(0, new OpportunityFlagged(RecordFlag.Junk));
        story.Then(9, new OpportunityCorrected(opening, "Earlier", OccurredAt: Story<PipelineBoard.Row>.Monday.AddDays(-7)));

        Counts(story.RowAsOf(-3)).ShouldBeFalse();
        Counts(story.Row).ShouldBeFalse();
    }

    [Fact]
    public void Withdrawn_it_counts_on_every_day_in_whichever_order_it_was_said()
    {
        var story = new Story<PipelineBoard.Row>(Catalog.Pipeline).Then(0, Opened).Then(0, new OpportunityFlagged(RecordFlag.Test));
        story.Then(-2, new OpportunityAmountChanged(Money.Of(5_000m, "USD"))).Then(-2, new OpportunityFlagWithdrawn());

        Counts(story.RowAsOf(0.1)).ShouldBeTrue();
    }

    [Fact]
    public void Lists_show_the_flag()
    {
        var lead = new Story<LeadList.Row>(Catalog.Leads).Then(0, new LeadCaptured("web")).Then(0, new LeadFlagged(RecordFlag.Junk));
        var deal = new Story<OpportunityList.Row>(Catalog.Opportunities).Then(0, Opened).Then(0, new OpportunityFlagged(RecordFlag.Test));
        var order = new Story<OrderList.Row>(Catalog.Orders).Then(0, new OrderSigned(Guid.NewGuid(), "1", Money.Of(1m, "USD")))
            .Then(0, new OrderFlagged(RecordFlag.Test));

        (lead.RowAsOf(0.1)!.Flag, deal.Row!.Flag, order.Row!.Flag).ShouldBe(("junk", "test", "test"));
        order.Then(0, new OrderFlagWithdrawn()).Row!.Flag.ShouldBeNull();
    }

    private static bool Counts(PipelineBoard.Row? row) => row is not null && PipelineBoard.Board.Of(row) is not null;
}
