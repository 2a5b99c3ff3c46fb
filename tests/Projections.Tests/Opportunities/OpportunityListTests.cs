using Crm.Domain;
using Crm.Domain.Activities;
using Crm.Domain.Opportunities;
using Crm.Projections.Opportunities;

namespace Crm.Projections.Tests.Opportunities;

public sealed class OpportunityListTests
{
    private static readonly OpportunityOpened Opened = new(
        "Nordwind – Spectro", OpportunityType.New, Money.Of(100_000m, "CNY"), "standard", "Prospecting", Rep: "li.na", Team: "华东", Product: "Spectro");

    private readonly Story<OpportunityList.Row> story = new(Catalog.Opportunities);

    [Fact]
    public void A_deal_is_shown_as_it_was_opened()
    {
        var row = story.Then(0, Opened).Row!;

        (row.Status, row.Stage, row.Amount, row.Currency, row.Rep).ShouldBe(("open", "Prospecting", 100_000m, "CNY", "li.na"));
        row.OpenedAt.ShouldBe(Story<OpportunityList.Row>.Monday);
        row.StageSince.ShouldBe(row.OpenedAt);
    }

    [Fact]
    public void A_back_dated_stage_does_not_undo_a_later_one()
    {
        story.Then(0, Opened).Then(9, new OpportunityStageEntered("Proposal")).Then(4, new OpportunityStageEntered("Engaging"));

        story.Row!.Stage.ShouldBe("Proposal");
        story.RowAsOf(5)!.Stage.ShouldBe("Engaging");
    }

    [Fact]
    public void A_won_deal_counts_what_was_signed()
    {
        var row = story.Then(0, Opened).Then(20, new OpportunityWon(Money.Of(90_000m, "CNY"), "C-7")).Row!;

        (row.Status, row.Amount, row.Reference).ShouldBe(("won", 90_000m, "C-7"));
        row.ClosedAt.ShouldBe(Story<OpportunityList.Row>.Monday.AddDays(20));
    }

    [Fact]
    public void A_won_deal_shows_when_it_was_signed_paid_and_delivered_and_reopened_none_of_it()
    {
        story.Then(0, Opened).Then(20, new OpportunityWon(Opened.Amount)).Then(50, new OpportunityPaid("B-1"))
            .Then(40, new OpportunityDelivered("D-1"));

        var row = story.Row!;
        (row.SignedAt, row.DeliveredAt, row.PaidAt).ShouldBe((Day(20), Day(40), Day(50)));
        (row.PaymentReference, row.DeliveryReference).ShouldBe(("B-1", "D-1"));
        (story.RowAsOf(45)!.PaidAt, story.RowAsOf(45)!.DeliveredAt).ShouldBe((null, Day(40)));

        story.Then(60, new OpportunityReopened());
        (story.Row!.SignedAt, story.Row.PaidAt, story.Row.DeliveredAt, story.Row.PaymentReference).ShouldBe((null, null, null, null));

        static DateTimeOffset? Day(int day) => Story<OpportunityList.Row>.Monday.AddDays(day);
    }

    [Fact]
    public void A_win_that_was_reopened_before_it_was_paid_leaves_the_next_unpaid()
    {
        story.Then(0, Opened).Then(1, new OpportunityWon(Opened.Amount)).Then(5, new OpportunityPaid("B-1"))
            .Then(6, new OpportunityDelivered("D-1")).Then(3, new OpportunityReopened()).Then(10, new OpportunityWon(Opened.Amount));

        (story.Row!.Status, story.Row.PaidAt, story.Row.PaymentReference, story.Row.DeliveredAt, story.Row.DeliveryReference)
            .ShouldBe(("won", null, null, null, null));
        story.RowAsOf(7)!.PaidAt.ShouldBeNull();
    }

    [Fact]
    public void A_win_that_was_withdrawn_leaves_the_next_unpaid()
    {
        story.Then(0, Opened);
        var win = story.On(1, new OpportunityWon(Opened.Amount));
        story.Then(5, new OpportunityPaid("B-1")).Then(8, new OpportunityCorrected(win, "another customer's", Withdrawn: true))
            .Then(10, new OpportunityWon(Opened.Amount));

        (story.Row!.Status, story.Row.PaidAt, story.Row.PaymentReference).ShouldBe(("won", null, null));
    }

    [Fact]
    public void A_reopened_deal_is_open_and_its_end_forgotten()
    {
        var row = story.Then(0, Opened).Then(20, new OpportunityLost("price")).Then(25, new OpportunityReopened(Stage: "Negotiation")).Row!;

        (row.Status, row.Stage, row.LossReason, row.ClosedAt).ShouldBe(("open", "Negotiation", null, null));
    }

    [Fact]
    public void A_correction_is_seen_in_the_past_that_it_corrects()
    {
        var opening = story.On(0, Opened);
        story.Then(40, new OpportunityCorrected(opening, "typo", Amount: Money.Of(10_000m, "CNY")));

        story.RowAsOf(1)!.Amount.ShouldBe(10_000m);
    }

    [Fact]
    public void A_withdrawn_loss_never_was_until_it_is_taken_back_in()
    {
        story.Then(0, Opened);
        var loss = story.On(20, new OpportunityLost("price"));
        story.Then(30, new OpportunityCorrected(loss, "wrong deal", Withdrawn: true));
        story.Row!.Status.ShouldBe("open");

        story.Then(31, new OpportunityCorrected(loss, "it was right", LossReason: "budget"));
        (story.Row!.Status, story.Row.LossReason).ShouldBe(("lost", "budget"));
    }

    [Fact]
    public void A_fact_corrected_to_another_day_is_folded_on_that_day()
    {
        story.Then(0, Opened);
        var win = story.On(33, new OpportunityWon(Opened.Amount));
        story.Then(40, new OpportunityCorrected(win, "signed on the 31st", OccurredAt: Story<OpportunityList.Row>.Monday.AddDays(29)));

        story.RowAsOf(30)!.Status.ShouldBe("won");
        story.RowAsOf(29)!.Status.ShouldBe("open");
    }

    [Fact]
    public void Touches_from_before_the_opening_count()
    {
        var touch = new OpportunityTouched(Guid.Empty, TouchKind.Call, Direction.Outbound);
        var row = story.Then(0, Opened).Then(-3, touch).Then(2, touch with { TouchId = Story<OpportunityList.Row>.Id }).Row!;

        row.Touches.ShouldBe(2);
        row.LastTouchAt.ShouldBe(Story<OpportunityList.Row>.Monday.AddDays(2));
        story.RowAsOf(-1)!.OpenedAt.ShouldBeNull();
    }

    [Fact]
    public void A_mark_stands_on_what_it_was_counted_from()
    {
        story.Then(0, Opened with { Playbook = 3 }).Then(8, Mark("pending", MarkOf.Stay))
            .Then(8, Mark("told", MarkOf.Stay) with { IsRed = false });

        story.Row!.Marks.ShouldBe(["pending"]);
        story.Row.MarkedSince.ShouldBe(Story<OpportunityList.Row>.Monday.AddDays(8));
        story.RowAsOf(8)!.Marks.ShouldBeEmpty();

        story.Then(10, new OpportunityStageEntered("Proposal", 3));
        (story.Row!.Marks.Count, story.Row.MarkedSince).ShouldBe((0, null));
        story.RowAsOf(9)!.Marks.ShouldBe(["pending"], "then it was");
    }

    [Fact]
    public void A_touch_that_is_told_of_later_takes_a_silence_away_from_the_past()
    {
        story.Then(0, Opened with { Playbook = 3 }).Then(8, Mark("still", MarkOf.Silence));
        story.RowAsOf(9)!.Marks.ShouldBe(["still"]);

        story.Then(6, new OpportunityTouched(Guid.NewGuid(), TouchKind.Call, Direction.Outbound));
        story.RowAsOf(9)!.Marks.ShouldBeEmpty();
    }

    private static OpportunityMarked Mark(string limit, MarkOf of) => new(
        limit, limit, of, "Prospecting", Story<OpportunityList.Row>.Monday, Story<OpportunityList.Row>.Monday.AddDays(7), 3);
}
