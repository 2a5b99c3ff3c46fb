using Crm.Domain.Activities;
using Crm.Domain.Opportunities;
using Crm.Domain.Playbooks;
using Crm.Domain.Tests.Calendars;

namespace Crm.Domain.Tests.Opportunities;

/// <summary>Deals that stay too long in a stage or lie still there are marked, and the marks go by themselves.</summary>
public sealed class MarkOpportunityTests
{
    private static readonly DateTimeOffset Monday = new(2026, 11, 2, 2, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Moment = TimeSpan.FromMicroseconds(1);
    private static readonly Guid Photo = Guid.Parse("01920000-0000-7000-8000-000000000002");

    private static readonly PlaybookDocument Document = new("Sales", Calendars: [new(
        "office", "Asia/Shanghai", [DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday],
            [new("09:00", "18:00")])],
        Pipelines: [new("sales", "Sales",
        [
            new("Quote", Limits: [new("pending", "报价待反馈", new(Days: 7), EscalateAfter: new(Days: 2))]),
            new("Talks", Limits: [new("still", "商务谈判未更新", new(Workdays: 3, Calendar: "office"), LimitOf.Silence),
                new("told", "Told", new(Hours: 1), Mark: false)]),
            new("Contract")
        ])]);

    private static readonly StagePolicy Rules = StagePolicy.Of(Document, FixedZone.Shanghai);
    private static readonly OpportunityOpened Quoted = new("Press line", OpportunityType.New, Money.Of(1, "CNY"), "sales", "Quote",
        Rep: "li", Playbook: 7);
    private static readonly OpportunityTouched Call = new(Photo, TouchKind.Call, Direction.Outbound);
    private static readonly OpportunityMarked Pending = new("pending", "报价待反馈", MarkOf.Stay, "Quote", Monday,
        Monday.AddDays(7), 7, Monday.AddDays(9));

    [Fact]
    public void Seven_days_to_the_moment_are_within_a_limit_of_seven_days()
    {
        var story = Story.Of((Monday, Quoted));

        story.At(Monday.AddDays(7)).ShouldBeEmpty();
        story.At(Monday.AddDays(7) + Moment).ShouldBe([Pending]);
        story.Next.ShouldBe(Monday.AddDays(7) + Moment);
    }

    [Fact]
    public void What_is_said_is_said_once() =>
        Story.Of((Monday, Quoted), (Monday.AddDays(8), Pending)).At(Monday.AddDays(8)).ShouldBeEmpty();

    [Fact]
    public void A_touch_does_not_shorten_a_stay_and_ends_a_silence()
    {
        Story.Of((Monday, Quoted), (Monday.AddDays(6), Call)).At(Monday.AddDays(8)).ShouldBe([Pending]);
        var still = new OpportunityMarked("still", "Still", MarkOf.Silence, "Talks", Monday, Monday.AddDays(3), 7);
        var story = Story.Of((Monday, Quoted with { Stage = "Talks" }), (Monday.AddDays(4), still), (Monday.AddDays(5), Call));

        story.Clock.Marks.Keys.ShouldBeEmpty("it ended with the touch");
        story.At(Monday.AddDays(5)).ShouldBe([new OpportunityMarkCleared("still", MarkCleared.Touched), Told(Monday)]);
        story.Next.ShouldBe(Monday.AddHours(1) + Moment);
    }

    [Fact]
    public void Workdays_are_counted_by_their_calendar()
    {
        var friday = Monday.AddDays(4);
        var story = Story.Of((friday, Quoted with { Stage = "Talks" }), (friday, Told(friday)));

        story.Next.ShouldBe(friday.AddDays(5) + Moment, "a weekend lies between");
    }

    [Fact]
    public void A_limit_that_marks_nothing_is_told_all_the_same() =>
        Story.Of((Monday, Quoted with { Stage = "Talks" })).At(Monday.AddHours(2)).ShouldBe([Told(Monday)]);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Who_moves_on_or_closes_is_marked_no_more(bool wins)
    {
        IOpportunityEvent end = wins ? new OpportunityWon(Money.Of(1, "CNY")) : new OpportunityStageEntered("Contract");
        var story = Story.Of((Monday, Quoted), (Monday.AddDays(8), Pending), (Monday.AddDays(9), end));

        story.Clock.Marks.ShouldBeEmpty();
        story.At(Monday.AddDays(9)).ShouldBe([new OpportunityMarkCleared("pending", wins ? MarkCleared.Closed : MarkCleared.Moved)]);
        story.Next.ShouldBeNull();
    }

    [Fact]
    public void While_it_is_closed_nothing_is_counted_and_a_reopened_one_begins_anew()
    {
        var story = Story.Of((Monday, Quoted), (Monday.AddDays(1), new OpportunityLost("price")));
        story.At(Monday.AddDays(30)).ShouldBeEmpty();

        Story.Of((Monday, Quoted), (Monday.AddDays(1), new OpportunityLost("price")), (Monday.AddDays(20), new OpportunityReopened()))
            .Next.ShouldBe(Monday.AddDays(27) + Moment);
    }

    [Fact]
    public void What_turns_out_to_be_no_business_was_never_late()
    {
        var story = Story.Of((Monday, Quoted), (Monday, new OpportunityFlagged(RecordFlag.Test)), (Monday.AddDays(8), Pending));

        (story.Clock.Marks.Count, story.Next).ShouldBe((0, null));
        story.At(Monday.AddDays(9)).ShouldBe([new OpportunityMarkCleared("pending", MarkCleared.Flagged)]);
    }

    [Fact]
    public void Where_the_ground_turns_out_otherwise_the_mark_was_never_there()
    {
        var later = Story.Of((Monday.AddDays(3), Quoted), (Monday.AddDays(8), Pending));

        later.Clock.Marks.ShouldBeEmpty();
        later.At(Monday.AddDays(8)).ShouldBe([new OpportunityMarkCleared("pending", MarkCleared.Corrected)]);
        later.At(Monday.AddDays(11)).Count.ShouldBe(2, "and by what it is now it is over again");
    }

    [Fact]
    public void Who_came_to_his_stage_without_rules_goes_by_none() =>
        Story.Of((Monday, Quoted with { Playbook = null })).Next.ShouldBeNull();

    [Fact]
    public void When_it_is_still_over_it_goes_further_up_once()
    {
        var story = Story.Of((Monday, Quoted), (Monday.AddDays(7), Pending));
        story.Next.ShouldBe(Monday.AddDays(9) + Moment);
        story.At(Monday.AddDays(9)).ShouldBeEmpty();
        story.At(Monday.AddDays(9) + Moment).ShouldBe([new OpportunityMarkEscalated("pending", Monday.AddDays(9))]);

        Story.Of((Monday, Quoted), (Monday.AddDays(7), Pending), (Monday.AddDays(10),
            new OpportunityMarkEscalated("pending", Monday.AddDays(9)))).Next.ShouldBeNull();
    }

    [Fact]
    public void Evidence_that_is_gone_marks_until_it_is_back()
    {
        var passed = new GatePassed("Quote", Gate.Exit, new("photo", "Photo", Attachment: "photo", AttachmentId: Photo));
        OpportunityAttachmentAdded photo = new(Photo, new Personal("enc:v1:k:n"), "image/png", 1, "00", "photo");
        var gone = Story.Of(
            (Monday, Quoted), (Monday, photo), (Monday, new OpportunityStageEntered("Contract", Playbook: null, [passed])),
            (Monday.AddDays(1), new OpportunityAttachmentRemoved(Photo)));

        var marked = gone.At(Monday.AddDays(1)).ShouldHaveSingleItem().ShouldBeOfType<OpportunityMarked>();
        (marked.Limit, marked.Of, marked.Gone!.Single().Key).ShouldBe(("evidence-gone", MarkOf.Evidence, "photo"));
        var known = gone.And(Monday.AddDays(1), marked);
        known.At(Monday.AddDays(2)).ShouldBeEmpty();
        known.And(Monday.AddDays(2), new OpportunityWon(Money.Of(1, "CNY"), Passed: [passed])).Clock.Marks.Keys
            .ShouldBe(["evidence-gone"], "a win does not bring it back");
        known.And(Monday.AddDays(2), photo with { AttachmentId = Guid.Empty }).At(Monday.AddDays(2))
            .ShouldBe([new OpportunityMarkCleared("evidence-gone", MarkCleared.EvidenceBack)]);
    }

    private static OpportunityMarked Told(DateTimeOffset since) => new("told", "Told", MarkOf.Stay, "Talks", since, since.AddHours(1), 7,
        IsRed: false);

    /// <summary>What happened, in the order in which it is folded.</summary>
    private sealed record Story(Opportunity Deal, StageClock Clock)
    {
        public static Story Of(params (DateTimeOffset At, IOpportunityEvent Fact)[] facts) =>
            facts.Aggregate(new Story(Opportunity.None, StageClock.None), (story, one) => story.And(one.At, one.Fact));

        public DateTimeOffset? Next => MarkOpportunity.Next(Deal, Clock, Judging);

        private StagePolicy? Judging => Clock.Playbook is null ? null : Rules;

        public Story And(DateTimeOffset at, IOpportunityEvent fact) => new(Opportunity.Evolve(Deal, fact),
            StageClock.Evolve(Clock, fact, at));

        public IReadOnlyList<IOpportunityEvent> At(DateTimeOffset now) => MarkOpportunity.Decide(Deal, Clock, Judging, now);
    }
}
