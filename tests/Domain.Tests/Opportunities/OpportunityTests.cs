using Crm.Domain.Activities;
using Crm.Domain.Opportunities;
using Crm.Domain.Playbooks;

namespace Crm.Domain.Tests.Opportunities;

public sealed class OpportunityTests() : Spec<Opportunity, IOpportunityCommand, IOpportunityEvent>(OpportunityDecider.Instance)
{
    private static readonly Playbook Rules = Playbook.BuiltIn;
    private static readonly Guid Id = Guid.Parse("01920000-0000-7000-8000-000000000003");
    private static readonly DateOnly MidMay = new(2026, 5, 15);
    private static readonly Personal Text = new("enc:v1:k1:abc");

    private static readonly OpportunityOpened Opened = new(
        "Press line", OpportunityType.New, Eur(1000), "standard", "Prospecting",
        Rep: "ann", Team: "north", Region: "DE", Tags: ["fair", "press"]);

    private static readonly OpportunityWon Won = new(Eur(900), "PO-7");
    private static readonly OpportunityLost Lost = new("price", Text, "Bolt");

    [Fact]
    public void An_opportunity_starts_at_the_first_stage_unless_told_otherwise() =>
        Given().When(Open(stage: null)).Then(Opened);

    [Fact]
    public void An_opportunity_may_start_further_down() =>
        Given().When(Open("Proposal")).Then(Opened with { Stage = "Proposal" });

    [Fact]
    public void An_opened_opportunity_is_not_opened_as_another() =>
        Given(Opened).When(Open("Proposal")).ThenRejected("opportunity.opened").Kind.ShouldBe(RejectionKind.WrongState);

    [Fact]
    public void Other_tags_make_another_opportunity() =>
        Given(Opened).When(Open("Prospecting") with { Tags = ["fair"] }).ThenRejected("opportunity.opened");

    [Fact]
    public void Opening_again_says_nothing_new_however_far_it_went() =>
        Given(Opened, new OpportunityStageEntered("Proposal"), Won).When(Open(stage: null)).ThenNothing();

    [Fact]
    public void Opening_again_says_nothing_new_even_when_its_pipeline_changed_meanwhile() =>
        Given(Opened).When(Open(stage: null) with { Playbook = Defined("standard", "Other") }).ThenNothing();

    [Fact]
    public void An_opportunity_is_not_opened_before_it_was() =>
        Given().AndSince(Opened).When(Open(stage: null)).ThenRejected("opportunity.opened");

    [Fact]
    public void A_pipeline_has_to_be_in_the_playbook() =>
        Given().When(Open(stage: null) with { Pipeline = "fast" })
            .ThenRejected("opportunity.pipeline-unknown", "pipeline").Message.ShouldContain("standard");

    [Fact]
    public void An_unknown_stage_is_answered_with_those_there_are()
    {
        Given().When(Open("Paid")).ThenRejected("opportunity.stage-unknown", "stage");
        Given(Opened).When(new EnterOpportunityStage("Paid", Rules)).ThenRejected("opportunity.stage-unknown", "stage")
            .Message.ShouldEndWith("Prospecting, Engaging, Proposal, Negotiation.");
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1_000_000_000_001)]
    public void An_amount_lies_between_nothing_and_the_limit(long amount)
    {
        Given().When(Open(stage: null) with { Amount = Eur(amount) }).ThenRejected("opportunity.amount", "amount");
        Given(Opened).When(new ChangeOpportunityAmount(Eur(amount), Rules)).ThenRejected("opportunity.amount", "amount");
        Given(Opened).When(new WinOpportunity(Playbook.BuiltIn, Eur(amount))).ThenRejected("opportunity.amount", "amount");
    }

    [Fact]
    public void Nothing_and_the_limit_are_amounts()
    {
        Given(Opened).When(new ChangeOpportunityAmount(Eur(0), Rules)).Then(new OpportunityAmountChanged(Eur(0)));
        Given(Opened).When(new ChangeOpportunityAmount(Eur(Money.Limit), Rules)).Then(new OpportunityAmountChanged(Eur(Money.Limit)));
    }

    [Fact]
    public void An_opportunity_keeps_its_currency()
    {
        Given(Opened).When(new ChangeOpportunityAmount(Money.Of(1, "USD"), Rules)).ThenRejected("opportunity.currency", "amount");
        Given(Opened).When(new WinOpportunity(Playbook.BuiltIn, Money.Of(1, "USD"))).ThenRejected("opportunity.currency", "amount");
    }

    [Fact]
    public void The_same_amount_written_otherwise_is_the_same() =>
        Given(Opened).When(new ChangeOpportunityAmount(new Money(1000m, "EUR"), Rules)).ThenNothing();

    [Fact]
    public void What_an_assignment_leaves_out_stays()
    {
        Given(Opened).When(new AssignOpportunity(Rep: "bob")).Then(new OpportunityAssigned(Rep: "bob"));
        Given(Opened).When(new AssignOpportunity(Rep: "ann")).ThenNothing();

        var after = After(Opened, new OpportunityAssigned(Rep: "bob"), new OpportunityAssigned(Region: "AT"));
        (after.Rep, after.Team, after.Region).ShouldBe(("bob", "north", "AT"));
    }

    [Fact]
    public void A_close_date_moves() =>
        Given(Opened).When(new ChangeOpportunityCloseDate(MidMay)).Then(new OpportunityCloseDateChanged(MidMay));

    [Fact]
    public void A_stage_is_entered() =>
        Given(Opened).When(new EnterOpportunityStage("Proposal", Rules)).Then(new OpportunityStageEntered("Proposal"));

    [Fact]
    public void Who_is_at_a_stage_does_not_enter_it() =>
        Given(Opened).When(new EnterOpportunityStage("Prospecting", Rules)).ThenNothing();

    [Fact]
    public void A_back_dated_stage_is_judged_on_the_state_of_that_day() =>
        Given(Opened).AndSince(Won).When(new EnterOpportunityStage("Proposal", Rules)).Then(new OpportunityStageEntered("Proposal"));

    [Fact]
    public void Nobody_moves_an_opportunity_that_is_not_there() =>
        Given().When(new EnterOpportunityStage("Proposal", Rules)).ThenRejected("opportunity.unknown").Kind.ShouldBe(RejectionKind.Unknown);

    [Fact]
    public void A_win_is_signed_at_the_amount_there_is_unless_told_otherwise()
    {
        Given(Opened, new OpportunityAmountChanged(Eur(800)))
            .When(new WinOpportunity(Playbook.BuiltIn, Reference: "PO-7"))
            .Then(new OpportunityWon(Eur(800), "PO-7"));
        Given(Opened).When(new WinOpportunity(Playbook.BuiltIn, Eur(900), "PO-7")).Then(Won);
        After(Opened, Won).Amount.ShouldBe(Eur(900));
    }

    [Fact]
    public void A_loss_has_a_reason() =>
        Given(Opened).When(new LoseOpportunity("price", Playbook.BuiltIn, Text, "Bolt")).Then(Lost);

    [Fact]
    public void A_loss_said_again_is_known_by_its_reason_for_a_comment_is_sealed_anew() =>
        Given(Opened, Lost).When(new LoseOpportunity("price", Playbook.BuiltIn, new Personal("enc:v1:k1:xyz"), "Bolt")).ThenNothing();

    [Fact]
    public void Nobody_wins_a_lost_opportunity() =>
        Given(Opened, Lost).When(new WinOpportunity(Playbook.BuiltIn)).ThenRejected("opportunity.closed").Kind.ShouldBe(RejectionKind.WrongState);

    [Fact]
    public void Nobody_loses_a_won_opportunity() =>
        Given(Opened, Won).When(new LoseOpportunity("price", Playbook.BuiltIn)).ThenRejected("opportunity.closed");

    [Fact]
    public void Nobody_wins_or_loses_twice_in_different_ways()
    {
        Given(Opened, Won).When(new WinOpportunity(Playbook.BuiltIn, Eur(901), "PO-7")).ThenRejected("opportunity.closed");
        Given(Opened, Won).When(new WinOpportunity(Playbook.BuiltIn, Eur(900), "PO-8")).ThenRejected("opportunity.closed");
        Given(Opened, Lost).When(new LoseOpportunity("timing", Playbook.BuiltIn)).ThenRejected("opportunity.closed");
    }

    [Fact]
    public void A_closed_opportunity_does_not_change()
    {
        Given(Opened, Won).When(new EnterOpportunityStage("Proposal", Rules)).ThenRejected("opportunity.closed");
        Given(Opened, Won).When(new ChangeOpportunityAmount(Eur(1), Rules)).ThenRejected("opportunity.closed");
        Given(Opened, Lost).When(new ChangeOpportunityCloseDate(MidMay)).ThenRejected("opportunity.closed");
        Given(Opened, Lost).When(new AssignOpportunity("bob")).ThenRejected("opportunity.closed");
    }

    [Fact]
    public void A_win_before_the_opening_stays_won() =>
        Given(Won, Opened).When(new LoseOpportunity("price", Playbook.BuiltIn)).ThenRejected("opportunity.closed");

    [Fact]
    public void What_occurred_before_the_opening_counts()
    {
        var opportunity = After(
            new OpportunityStageEntered("Proposal"), new OpportunityAmountChanged(Eur(5)), new OpportunityAssigned("bob"), Opened);

        (opportunity.Stage, opportunity.Amount, opportunity.Rep, opportunity.Team).ShouldBe(("Proposal", Eur(5), "bob", "north"));
    }

    [Fact]
    public void A_lost_opportunity_is_reopened_where_it_was() =>
        Given(Opened, new OpportunityStageEntered("Proposal"), Lost)
            .When(new ReopenOpportunity(Rules, "They called"))
            .Then(new OpportunityReopened("They called"));

    [Fact]
    public void A_lost_opportunity_is_reopened_at_another_stage() =>
        Given(Opened, Lost)
            .When(new ReopenOpportunity(Rules, Stage: "Engaging"))
            .Then(new OpportunityReopened(Stage: "Engaging"));

    [Fact]
    public void A_reopening_needs_a_stage_that_there_is() =>
        Given(Opened, Lost).When(new ReopenOpportunity(Rules, Stage: "Paid")).ThenRejected("opportunity.stage-unknown", "stage");

    [Fact]
    public void An_open_opportunity_is_not_reopened_elsewhere() =>
        Given(Opened).When(new ReopenOpportunity(Rules, Stage: "Engaging")).ThenRejected("opportunity.open");

    [Fact]
    public void A_reopened_opportunity_can_be_won() =>
        Given(Opened, Lost, new OpportunityReopened()).When(new WinOpportunity(Playbook.BuiltIn, Eur(900), "PO-7")).Then(Won);

    [Fact]
    public void A_later_outcome_stands_against_an_earlier_one()
    {
        Given(Opened).AndSince(Lost).When(new WinOpportunity(Playbook.BuiltIn)).ThenRejected("opportunity.later-outcome")
            .Kind.ShouldBe(RejectionKind.WrongState);
        Given(Opened).AndSince(Won).When(new WinOpportunity(Playbook.BuiltIn, Eur(900), "PO-7")).ThenRejected("opportunity.later-outcome");
        Given(Opened).AndSince(Won).When(new LoseOpportunity("price", Playbook.BuiltIn)).ThenRejected("opportunity.later-outcome");
        Given(Opened, Lost).AndSince(new OpportunityReopened())
            .When(new ReopenOpportunity(Rules)).ThenRejected("opportunity.later-outcome");
        Given(Opened, Lost).AndSince(new OpportunityReopened(), Won)
            .When(new ReopenOpportunity(Rules)).ThenRejected("opportunity.later-outcome");
    }

    [Fact]
    public void An_outcome_of_yesterday_is_entered_today()
    {
        Given(Opened).AndSince(new OpportunityNoted(Id, Text)).When(new WinOpportunity(Playbook.BuiltIn, Eur(900), "PO-7")).Then(Won);
        Given(Opened, Lost).AndSince(new OpportunityNoted(Id, Text)).When(new ReopenOpportunity(Rules)).Then(new OpportunityReopened());
    }

    [Fact]
    public void An_outcome_sent_again_with_its_own_time_is_not_a_later_one() =>
        Given(Opened, Won).AndSince(new OpportunityNoted(Id, Text)).When(new WinOpportunity(Playbook.BuiltIn, Eur(900), "PO-7")).ThenNothing();

    [Fact]
    public void Touches_and_notes_are_taken_in_any_state()
    {
        Given(Opened, Won)
            .When(new TouchOpportunity(Id, TouchKind.Call, Direction.Outbound, "phone", "reached", 90, Text))
            .Then(new OpportunityTouched(Id, TouchKind.Call, Direction.Outbound, "phone", "reached", 90, Text));
        Given(Opened, Lost).When(new NoteOpportunity(Id, Text)).Then(new OpportunityNoted(Id, Text));
    }

    [Fact]
    public void A_touch_is_counted_once_whatever_time_it_is_sent_with() =>
        Given(Opened)
            .AndSince(new OpportunityTouched(Id, TouchKind.Call, Direction.Inbound))
            .When(new TouchOpportunity(Id, TouchKind.Call, Direction.Inbound))
            .ThenRejected("opportunity.touch-known");

    [Fact]
    public void A_note_is_counted_once_whatever_time_it_is_sent_with() =>
        Given(Opened).AndSince(new OpportunityNoted(Id, Text)).When(new NoteOpportunity(Id, Text)).ThenRejected("opportunity.note-known");

    [Fact]
    public void No_touch_ends_before_it_begins() =>
        Given(Opened)
            .When(new TouchOpportunity(Id, TouchKind.Call, Direction.Inbound, DurationSeconds: -1))
            .ThenRejected("touch.duration", "durationSeconds");

    [Fact]
    public void An_approval_is_asked_for_and_settled_once_whether_the_opportunity_is_open_or_not()
    {
        Given(Opened).When(new AskOpportunityApproval(Id, "discount", "15 percent off")).Then(Asked);
        Given(Opened, Asked, Won).When(new SettleOpportunityApproval(Id, "discount", Granted: true, "15 percent off")).Then(Granted);
        Given(Opened, Asked, Granted).When(new SettleOpportunityApproval(Id, "discount", Granted: false, "15 percent off")).ThenNothing();
    }

    [Fact]
    public void What_was_granted_stays_granted_in_whichever_order_its_facts_are_folded()
    {
        After(Opened, Granted, Asked).Granted.Values.Contains("discount").ShouldBeTrue();
        After(Opened, Granted, Asked).Granted.Values.Contains("other").ShouldBeFalse();
        After(Opened, Asked).Granted.Values.Contains("discount").ShouldBeFalse();
        After(Opened, Asked, Granted with { Granted = false }).Granted.Values.Contains("discount").ShouldBeFalse();
    }

    private static OpportunityApprovalAsked Asked => new(Id, "discount", "15 percent off");

    private static OpportunityApprovalSettled Granted => new(Id, "discount", Granted: true, "15 percent off");

    private static OpenOpportunity Open(string? stage) => new(
        "Press line", OpportunityType.New, Eur(1000), "standard", Rules, stage,
        Rep: "ann", Team: "north", Region: "DE", Tags: ["fair", "press"]);

    private static Playbook Defined(string key, params string[] stages) => PlaybookHistory.Evolve(PlaybookHistory.None, new PipelineDefined(key, key, stages)).At(DateTimeOffset.MaxValue);

    private static Money Eur(decimal amount) => Money.Of(amount, "EUR");
}
