using Crm.Domain.Activities;
using Crm.Domain.Opportunities;
using Crm.Domain.Playbooks;

namespace Crm.Domain.Tests.Opportunities;

public sealed class OpportunityCorrectionTests() : Spec<Opportunity, IOpportunityCommand, IOpportunityEvent>(OpportunityDecider.Instance)
{
    private static readonly Guid Event = Guid.Parse("01920000-0000-7000-8000-000000000004");
    private static readonly DateTimeOffset Friday = new(2026, 5, 15, 9, 0, 0, TimeSpan.Zero);
    private static readonly OpportunityOpened Opened =
        new("Press line", OpportunityType.New, Eur(1000), "standard", "Prospecting", Tags: ["fair"]);
    private static readonly OpportunityWon Won = new(Eur(900), "PO-7");
    private static readonly OpportunityStageEntered Proposal = new("Proposal");
    private static readonly OpportunityTouched Touched = new(Event, TouchKind.Call, Direction.Inbound);
    private static readonly OpportunityNoted Noted = new(Event, new("enc:v1:k1:abc"));

    [Fact]
    public void A_won_amount_is_put_right_after_the_close() =>
        Given(Opened, Won)
            .When(Correct(Won) with { Amount = Eur(950) })
            .Then(new OpportunityCorrected(Event, "typo", Amount: Eur(950)));

    [Fact]
    public void A_fact_is_moved_in_time() =>
        Given(Opened, Proposal)
            .When(Correct(Proposal) with { OccurredAt = Friday })
            .Then(new OpportunityCorrected(Event, "typo", OccurredAt: Friday));

    [Fact]
    public void A_fact_is_withdrawn() =>
        Given(Opened, Proposal)
            .When(Correct(Proposal) with { Withdrawn = true })
            .Then(new OpportunityCorrected(Event, "typo", Withdrawn: true));

    [Fact]
    public void A_withdrawn_fact_is_taken_back_in() =>
        Given(Opened, new OpportunityCorrected(Event, "typo", Withdrawn: true))
            .When(Correct(Proposal))
            .Then(new OpportunityCorrected(Event, "typo"));

    [Fact]
    public void The_opening_cannot_be_withdrawn() =>
        Given(Opened).When(Correct(Opened) with { Withdrawn = true }).ThenRejected("opportunity.correction-field", "withdrawn");

    [Fact]
    public void A_correction_of_nothing_is_none() =>
        Given(Opened, Won).When(Correct(Won)).ThenRejected("opportunity.correction-empty").Message.ShouldContain("amount, occurredAt");

    [Fact]
    public void What_a_fact_does_not_have_cannot_be_corrected()
    {
        Given(Opened, Won).When(Correct(Won) with { Stage = "Proposal" }).ThenRejected("opportunity.correction-field", "stage");
        Given(Opened).When(Correct(Noted) with { Rep = "bob" })
            .ThenRejected("opportunity.correction-field", "rep");
    }

    [Fact]
    public void A_correction_itself_is_not_corrected() =>
        Given(Opened)
            .When(Correct(new OpportunityCorrected(Event, "typo", Amount: Eur(1))) with { Amount = Eur(2) })
            .ThenRejected("opportunity.correction-of-correction", "eventId");

    [Fact]
    public void An_event_that_is_not_there_is_not_corrected() =>
        Given(Opened).When(Correct(fact: null) with { Amount = Eur(2) })
            .ThenRejected("opportunity.event-unknown", "eventId");

    [Fact]
    public void A_corrected_stage_has_to_be_one() =>
        Given(Opened, Proposal).When(Correct(Proposal) with { Stage = "Paid" }).ThenRejected("opportunity.stage-unknown", "stage");

    [Fact]
    public void A_corrected_amount_keeps_currency_and_bounds()
    {
        Given(Opened, Won).When(Correct(Won) with { Amount = Money.Of(1, "USD") }).ThenRejected("opportunity.currency", "amount");
        Given(Opened, Won).When(Correct(Won) with { Amount = Eur(-1) }).ThenRejected("opportunity.amount", "amount");
    }

    [Fact]
    public void A_correction_to_what_is_says_nothing()
    {
        Given(Opened, Won).When(Correct(Won) with { Amount = Eur(900) }).ThenNothing();
        Given(Opened).When(Correct(Opened) with { Stage = "Prospecting" }).ThenNothing();
    }

    [Fact]
    public void A_correction_is_the_same_for_whatever_reason() =>
        Given(Opened, new OpportunityCorrected(Event, "typo", Amount: Eur(950)))
            .When(Correct(Won) with { Amount = Eur(950), Reason = "as I said" })
            .ThenNothing();

    [Fact]
    public void A_correction_can_be_corrected_back() =>
        Given(Opened, new OpportunityCorrected(Event, "typo", Amount: Eur(950)))
            .When(Correct(Won with { Amount = Eur(950) }) with { Amount = Eur(900) })
            .Then(new OpportunityCorrected(Event, "typo", Amount: Eur(900)));

    [Fact]
    public void A_correction_by_itself_changes_nothing_but_what_is_known_of_corrections()
    {
        var opportunity = After(Opened, Won, new OpportunityCorrected(Event, "typo", Withdrawn: true, Amount: Eur(1)));

        (opportunity.Amount, opportunity.Outcome).ShouldBe((Eur(900), OpportunityOutcome.Won));
    }

    [Fact]
    public void Later_corrections_lie_over_earlier_ones_member_by_member()
    {
        var opportunity = After(
            Opened,
            new OpportunityCorrected(Event, "typo", Amount: Eur(1), Rep: "ann"),
            new OpportunityCorrected(Event, "again", Amount: Eur(2), OccurredAt: Friday));

        opportunity.Corrections[Event].ShouldBe(new OpportunityCorrected(Event, "again", OccurredAt: Friday, Amount: Eur(2), Rep: "ann"));
    }

    [Fact]
    public void A_withdrawn_fact_is_not_restated() =>
        OpportunityCorrection.Restate(Won, new(Event, "typo", Withdrawn: true, Amount: Eur(1))).ShouldBeNull();

    [Theory]
    [MemberData(nameof(Restatements))]
    public void Every_kind_of_fact_is_restated_by_what_it_has(IOpportunityEvent fact, IOpportunityEvent restated)
    {
        var everything = new OpportunityCorrected(
            Event, "typo", OccurredAt: Friday, Amount: Eur(2), Stage: "Engaging", ExpectedClose: new(2026, 6, 1), LossReason: "timing",
            Rep: "bob", Team: "south", Region: "AT", Product: "Press");

        Json.Write(OpportunityCorrection.Restate(fact, everything)!).ShouldBe(Json.Write(restated));
    }

    public static TheoryData<IOpportunityEvent, IOpportunityEvent> Restatements => new()
    {
        {
            Opened,
            Opened with
            {
                Amount = Eur(2), Stage = "Engaging", ExpectedClose = new(2026, 6, 1),
                Rep = "bob", Team = "south", Region = "AT", Product = "Press"
            }
        },
        { new OpportunityAssigned("ann"), new OpportunityAssigned("bob", "south", "AT") },
        { new OpportunityAmountChanged(Eur(1)), new OpportunityAmountChanged(Eur(2)) },
        { new OpportunityCloseDateChanged(new(2026, 1, 1)), new OpportunityCloseDateChanged(new(2026, 6, 1)) },
        { Proposal, new OpportunityStageEntered("Engaging") },
        { Won, Won with { Amount = Eur(2) } },
        { new OpportunityLost("price", Competitor: "Bolt"), new OpportunityLost("timing", Competitor: "Bolt") },
        { new OpportunityReopened("They called"), new OpportunityReopened("They called", "Engaging") },
        { Touched, Touched },
        { Noted, Noted }
    };

    private static CorrectOpportunity Correct(IOpportunityEvent? fact) => new(Event, fact, Playbook.BuiltIn, "typo");

    private static Money Eur(decimal amount) => Money.Of(amount, "EUR");
}
