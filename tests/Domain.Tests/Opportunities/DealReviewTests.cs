using Crm.Domain.Opportunities;
using Crm.Domain.Playbooks;
using Crm.Domain.Tasks;
using Crm.Domain.Tests.Calendars;

namespace Crm.Domain.Tests.Opportunities;

public sealed class DealReviewTests() : Spec<Opportunity, IOpportunityCommand, IOpportunityEvent>(OpportunityDecider.Instance)
{
    // A Friday, 10:00 in Shanghai.
    private static readonly DateTimeOffset Friday = new(2026, 11, 27, 2, 0, 0, TimeSpan.Zero);
    private static readonly Guid Deal = Guid.Parse("01920000-0000-7000-8000-000000000001");
    private static readonly Guid Winning = Guid.Parse("01920000-0000-7000-8000-000000000002");
    private static readonly Guid Reopening = Guid.Parse("01920000-0000-7000-8000-000000000003");
    private static readonly Guid Reviewing = Guid.Parse("01920000-0000-7000-8000-000000000004");

    private static readonly ReviewQuestionSection Factors = new("factors", "赢单关键因素", ["price", "delivery", "trust"], Several: true);
    private static readonly ReviewQuestionSection Lesson = new("lesson", "What next time", IsOptional: true);

    private static readonly Playbook Rules = PlaybookHistory.Evolve(PlaybookHistory.None, new PlaybookPublished(7, Friday, new(
        "Sales",
        [new("sales", "Sales", [new("Quote")], Review: new("复盘", Won: [Factors, Lesson], DueWorkdays: 2, Calendar: "office"))],
        [
            new("office", "Asia/Shanghai",
                [DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday], [new("09:00", "18:00")])
        ]))).At(Friday);

    private static readonly OpportunityOpened Opened = new(
        "Press line", OpportunityType.New, Money.Of(50_000, "CNY"), "sales", "Quote", Rep: "li", Team: "East");

    private static readonly OpportunityWon Won = new(Money.Of(50_000, "CNY"));

    private static readonly OpportunityReviewed Reviewed = new(
        OpportunityOutcome.Won, [new("factors", "赢单关键因素", ["price", "trust"]), new("lesson", "What next time", Text: "Ask sooner.")], 7,
            "Medical");

    [Fact]
    public void It_is_answered_by_the_questions_of_its_pipeline() => Given(Opened, Won).When(Answer(
        new("lesson", Text: "Ask sooner."), new("factors", ["price", "trust"]))).Then(Reviewed);

    [Fact]
    public void What_is_optional_can_be_left_out() =>
        Given(Opened, Won).When(Answer(new ReviewSaid("factors", ["price"]))).Events.ShouldHaveSingleItem();

    [Fact]
    public void All_that_will_not_do_is_named_at_once()
    {
        var refused = Given(Opened, Won).When(Answer(new("lesson"), new("weather", Text: "fine"))).ThenRejected("opportunity.review");

        refused.Faults.Select(fault => fault.Pointer).ShouldBe(["/answers/0/text", "/answers/1/key", "/answers"]);
        refused.Faults[2].Message.ShouldContain("'factors'");
    }

    [Theory]
    [InlineData("luck")]
    [InlineData("price", "price")]
    [InlineData]
    public void A_choice_is_one_of_those_that_there_are(params string[] choices) =>
        Given(Opened, Won).When(Answer(new ReviewSaid("factors", choices))).ThenRejected("opportunity.review").Faults.ShouldHaveSingleItem()
            .Pointer.ShouldBe("/answers/0/choices");

    [Fact]
    public void Only_what_is_decided_is_looked_back_upon()
    {
        Given(Opened).When(Answer(new ReviewSaid("factors", ["price"]))).ThenRejected("opportunity.not-closed");
        Given(Opened, new OpportunityLost("price")).When(Answer(new ReviewSaid("factors", ["price"])))
            .ThenRejected("opportunity.no-review");
    }

    [Fact]
    public void Reopened_it_has_to_be_looked_back_upon_anew()
    {
        After(Opened, Won, Reviewed, new OpportunityReopened(), Won).Review.ShouldBeNull();
        Given(Opened, Won, Reviewed, new OpportunityReopened()).When(Answer(new ReviewSaid("factors", ["price"])))
            .ThenRejected("opportunity.not-closed");
    }

    [Fact]
    public void Whoever_had_it_is_asked_once_within_the_workdays() => React(Winning, [], (Winning, Won)).ShouldBe(
    [
        (Winning, new OpenTask(
            "复盘", AskForReview.Kind, new(2026, 12, 1, 2, 0, 0, TimeSpan.Zero), new About(AboutKind.Opportunity, Deal), "li", "East",
                Text: null,
            new TaskCause(AskForReview.Automation, Winning)))
    ]);

    [Fact]
    public void Answered_the_task_is_done_and_reopened_it_is_cancelled()
    {
        React(Reviewing, [Winning], (Winning, Won), (Reviewing, Reviewed)).ShouldBe([(Winning, new FinishTask())]);
        React(Reopening, [Winning], (Winning, Won), (Reopening, new OpportunityReopened())).ShouldHaveSingleItem().Command
            .ShouldBeOfType<CancelTask>();
    }

    [Fact]
    public void Nobody_is_asked_about_what_was_answered_or_reopened_by_then_nor_about_a_test()
    {
        React(Winning, [], (Winning, Won), (Reviewing, Reviewed)).ShouldBeEmpty();
        React(Winning, [], (Winning, Won), (Reopening, new OpportunityReopened())).ShouldBeEmpty();
        React(Winning, [], (Winning, Won), (Guid.NewGuid(), new OpportunityFlagged(RecordFlag.Test))).ShouldBeEmpty();
        React(Winning, [], (Winning, new OpportunityLost("price"))).ShouldBeEmpty("of what is lost nothing is asked here");
    }

    [Fact]
    public void What_was_learned_of_a_decision_that_does_not_stand_is_not_known_of_the_next()
    {
        After(Opened, Reviewed).Review.ShouldBeNull();
        After(Opened, Won, new OpportunityReopened(), Reviewed, Won).Review.ShouldBeNull();
    }

    [Fact]
    public void Nobody_is_asked_about_a_deal_that_is_nobodys()
    {
        var deal = After(Opened with { Rep = null, Team = null }, Won);

        AskForReview.React(Deal, deal, [new(Winning, Stands: true, IsReviewed: false)], Winning, Friday, Rules, FixedZone.Shanghai,
            new HashSet<Guid>()).ShouldBeEmpty();
        OfferFollowUp.Task(Deal, deal, new("Call"), Winning, Friday).ShouldBeNull();
        OfferFollowUp.Task(Deal, After(Opened with { Rep = null }), new("Call"), Winning, Friday)!.Team.ShouldBe("East");
    }

    [Fact]
    public void A_win_that_was_taken_back_asks_nobody()
    {
        (Guid, IOpportunityEvent)[] said = [(Guid.NewGuid(), Opened), (Winning, Won)];

        Closing.Of(said, said[..1]).ShouldBe([new Closing(Winning, Stands: false, IsReviewed: false)]);
    }

    private static IReadOnlyList<(Guid Closing, ITaskCommand Command)> React(
        Guid cause, Guid[] asked, params (Guid, IOpportunityEvent Fact)[] since)
    {
        (Guid, IOpportunityEvent Fact)[] facts = [(Guid.NewGuid(), Opened), .. since];
        var deal = facts.Select(fact => fact.Fact).Aggregate(Opportunity.None, Opportunity.Evolve);
        return [.. AskForReview.React(Deal, deal, Closing.Of(facts, facts), cause, Friday, Rules, FixedZone.Shanghai, asked.ToHashSet())];
    }

    private static ReviewOpportunity Answer(params ReviewSaid[] answers) => new(answers, Rules, "Medical");
}
