using Crm.Domain;
using Crm.Domain.Activities;
using Crm.Domain.Leads;
using Crm.Domain.Opportunities;
using Crm.EventModel;
using Crm.Projections.Activities;

namespace Crm.Projections.Tests.Activities;

public sealed class ActivityBoardTests
{
    private readonly Story<ActivityBoard.Row> story = new(Catalog.Activity);

    [Fact]
    public void A_call_is_told_with_its_length_and_whose_the_lead_was()
    {
        var row = story.Then(0, new LeadCaptured("web")).Then(1, new LeadAssigned("An", "East")).Then(2, Call(90)).Row!;

        (row.Deed, row.Kind, row.IsOurs, row.Seconds, row.Rep, row.Team).ShouldBe(("touch", "call", true, 90, "An", "East"));
    }

    [Fact]
    public void What_they_read_by_themselves_is_none_of_ours() =>
        story.Then(0, new LeadTouched(Guid.NewGuid(), TouchKind.PageView, Direction.Inbound)).Row!.IsOurs.ShouldBeFalse();

    [Fact]
    public void A_follow_up_in_time_is_the_first_response_and_the_next_is_not()
    {
        story.Then(0, Given(by: 1)).Then(0.5, Call());
        story.Row!.IsInTime.ShouldBeTrue();
        story.Then(0.6, Call()).Row!.IsInTime.ShouldBeFalse();
    }

    [Fact]
    public void One_that_came_later_is_a_touch_and_no_response_in_time() => story.Then(0, Given(by: 1)).Then(1.5, Call()).Row!.IsInTime.ShouldBeFalse();

    [Fact]
    public void A_first_response_says_by_when_it_was_looked_for_whether_it_came_then_later_or_never()
    {
        var due = Story<ActivityBoard.Row>.Monday.AddDays(1);

        story.Then(0, Given(by: 1)).RowAsOf(0.5)!.DueAt.ShouldBeNull("nothing was done yet");
        story.Then(0.5, Call()).Row!.DueAt.ShouldBe(due);
        story.Then(0.6, Call()).Row!.DueAt.ShouldBeNull("it is not the first");

        var late = new Story<ActivityBoard.Row>(Catalog.Activity).Then(0, Given(by: 1)).Then(1.5, Call());
        (late.Row!.DueAt, late.Row.IsInTime).ShouldBe((due, false));
        var missed = new Story<ActivityBoard.Row>(Catalog.Activity).Then(0, Given(by: 1)).Then(3, new LeadResponseMissed("An", due, 1));
        (missed.Row!.DueAt, missed.Row.Deed).ShouldBe((due, "missed"));
        missed.Then(4, Call()).Row!.DueAt.ShouldBeNull("it was told as missed");
    }

    [Fact]
    public void What_was_missed_is_not_missed_any_more_when_it_is_said_that_he_called_in_time()
    {
        story.Then(0, Given(by: 1)).Then(1, new LeadResponseMissed("An", Story<ActivityBoard.Row>.Monday.AddDays(1), 1));
        story.Row!.Deed.ShouldBe("missed");
        var row = story.Then(0.5, Call()).Row!;
        (row.Deed, row.IsInTime).ShouldBe(("touch", true));
    }

    [Fact]
    public void A_lead_is_taken_by_whoever_did_not_have_it()
    {
        story.Then(0, new LeadAssigned("An"));
        story.Row!.Deed.ShouldBe("taken");
        var (taken, again) = (story.Row!.FactId, story.Then(1, new LeadAssigned("An", "East")).Row!);
        (taken, again.Deed).ShouldBe((new Guid(1, 0, 0, [0, 0, 0, 0, 0, 0, 0, 1]), null), "he has it already, and only the team is new");
        story.Then(2, new LeadReturned("An", ReturnedBecause.Released)).Then(3, new LeadAssigned("An")).Row!.Deed.ShouldBe("taken");
    }

    [Fact]
    public void What_goes_on_without_anybody_doing_it_leaves_what_was_done_as_it_is()
    {
        var done = story.Then(0, new LeadAssigned("An")).Then(1, Call()).Row;

        story.Then(2, new LeadReminded("An", Story<ActivityBoard.Row>.Monday)).Then(3, new LeadNurtureEnded("welcome", NurtureEnd.Taken)).Row.ShouldBe(done);
    }

    [Fact]
    public void An_opportunity_is_whose_it_was_when_it_was_touched()
    {
        var touched = new OpportunityTouched(Guid.NewGuid(), TouchKind.Visit, Direction.Outbound);
        var row = story.Then(0, new OpportunityOpened("Nordwind", OpportunityType.New, Money.Of(1m, "USD"), "standard", "Engaging", Rep: "An", Team: "East")).Then(1, new OpportunityAssigned("Bo"))
            .Then(2, touched).RowAsOf(2.5)!;

        (row.Record, row.Kind, row.Rep, row.Team).ShouldBe(("opportunity", "visit", "Bo", "East"));
    }

    [Fact]
    public void Nothing_that_was_done_on_a_test_is_without_its_flag_but_at_its_first_moment()
    {
        story.Then(0, new LeadAssigned("An")).Then(1, Call()).Then(0, new LeadFlagged(RecordFlag.Test));

        (story.RowAsOf(1)!.IsFlagged, story.Row!.IsFlagged, story.Row.Deed).ShouldBe((true, true, "touch"));
        story.Row.FirstAt.ShouldBe(Story<ActivityBoard.Row>.Monday);
    }

    private static LeadTouched Call(int? seconds = null) => new(Guid.NewGuid(), TouchKind.Call, Direction.Outbound, DurationSeconds: seconds);

    private static LeadAssigned Given(double by) =>
        new("An", "East", Terms: new ResponseTerms(RespondBy: Story<ActivityBoard.Row>.Monday.AddDays(by)));
}
