using Crm.Domain.Opportunities;
using Crm.Domain.Playbooks;

namespace Crm.Domain.Tests.Opportunities;

public sealed class AmountBreakerTests() : Spec<Opportunity, IOpportunityCommand, IOpportunityEvent>(OpportunityDecider.Instance)
{
    private static readonly Guid Approval = Guid.Parse("01920000-0000-7000-8000-000000000001");
    private static readonly Playbook Rules = Playbook.BuiltIn with { AmountBreaker = new("amount-change") };
    private static readonly OpportunityOpened Opened = new("Press line", OpportunityType.New, Cny(100_000), "standard", "Proposal");
    private static readonly OpportunityAmountHeld Held = new(Cny(130_001), Cny(100_000), 30, Approval, "amount-change");
    private static readonly OpportunityApprovalSettled Granted = new(Approval, "amount-change", Granted: true);

    [Theory]
    [InlineData(130_000)]
    [InlineData(70_000)]
    public void Up_to_the_threshold_a_change_passes(decimal amount) =>
        Given(Opened).When(To(amount)).Then(new OpportunityAmountChanged(Cny(amount), Reviewed: Cny(100_000)));

    [Theory]
    [InlineData(130_001)]
    [InlineData(69_999)]
    [InlineData(130_000.01)]
    public void Beyond_it_waits_and_the_old_amount_counts(decimal amount)
    {
        var held = Held with { Amount = Cny(amount) };

        Given(Opened).When(To(amount)).Then(held);
        After(Opened, held).Amount.ShouldBe(Cny(100_000));
    }

    [Fact]
    public void Two_steps_of_twenty_nine_percent_are_one_of_more()
    {
        var first = new OpportunityAmountChanged(Cny(129_000), Reviewed: Cny(100_000));

        Given(Opened, first).When(To(129_000 * 1.29m)).Then(Held with { Amount = Cny(166_410) });
        Given(Opened, first).When(To(129_500)).Then(new OpportunityAmountChanged(Cny(129_500), Reviewed: Cny(100_000)));
    }

    [Fact]
    public void What_is_granted_comes_true_and_is_measured_from()
    {
        var granted = new OpportunityAmountChanged(Cny(130_001), ApprovalId: Approval);

        Given(Opened, Held).When(new SettleOpportunityApproval(Approval, "amount-change", Granted: true)).Then(Granted, granted);
        Given(Opened, Held, Granted, granted).When(To(150_000)).Then(new OpportunityAmountChanged(Cny(150_000), Reviewed: Cny(130_001)));
    }

    [Fact]
    public void What_is_refused_leaves_all_as_it_was()
    {
        Given(Opened, Held).When(new SettleOpportunityApproval(Approval, "amount-change", Granted: false)).Then(Granted with { Granted = false });
        Given(Opened, Held, Granted with { Granted = false }).When(To(110_000)).Then(new OpportunityAmountChanged(Cny(110_000), Reviewed: Cny(100_000)));
    }

    [Fact]
    public void While_one_waits_no_other_is_asked_for_and_it_is_not_won()
    {
        Given(Opened, Held).When(To(130_001)).ThenNothing();
        Given(Opened, Held).When(To(100_000)).ThenRejected("opportunity.amount-held").Message.ShouldContain($"{Approval}");
        Given(Opened, Held).When(new WinOpportunity(Rules)).ThenRejected("opportunity.amount-held");
        Given(Opened, Held).When(new LoseOpportunity("price", Rules)).Then(new OpportunityLost("price"));
    }

    [Fact]
    public void Another_approval_does_not_let_it_through() =>
        Given(Opened, Held).When(new SettleOpportunityApproval(Guid.NewGuid(), "amount-change", Granted: true)).Events.ShouldHaveSingleItem();

    [Fact]
    public void Of_one_that_was_closed_meanwhile_the_amount_stays() =>
        Given(Opened, Held, new OpportunityLost("price")).When(new SettleOpportunityApproval(Approval, "amount-change", Granted: true)).Then(Granted);

    [Fact]
    public void Nor_does_a_signature_slip_past()
    {
        Given(Opened).When(new WinOpportunity(Rules, Cny(131_000))).ThenRejected("opportunity.amount-review", "amount");
        Given(Opened).When(new WinOpportunity(Rules, Cny(70_000))).Then(new OpportunityWon(Cny(70_000)));
    }

    [Fact]
    public void Nor_is_what_was_won_and_reopened_looked_at() =>
        Given(Opened, new OpportunityWon(Cny(129_000)), new OpportunityReopened()).When(To(166_000)).Then(Held with { Amount = Cny(166_000) });

    [Fact]
    public void A_change_that_is_dated_back_waits_for_none_that_waits_now() =>
        Given(Opened).AndSince(Held).When(To(110_000)).ThenRejected("opportunity.amount-held");

    [Fact]
    public void From_nothing_there_is_nothing_to_measure_by()
    {
        var opened = Opened with { Amount = Cny(0) };

        Given(opened).When(To(500_000)).Then(new OpportunityAmountChanged(Cny(500_000)));
        Given(opened, new OpportunityAmountChanged(Cny(500_000))).When(To(700_000)).Events.ShouldHaveSingleItem().ShouldBeOfType<OpportunityAmountHeld>();
    }

    [Fact]
    public void Where_the_playbook_has_none_and_in_files_amounts_change_freely()
    {
        Given(Opened).When(new ChangeOpportunityAmount(Cny(900_000), Playbook.BuiltIn)).Then(new OpportunityAmountChanged(Cny(900_000)));
        Given(Opened).When(new ChangeOpportunityAmount(Cny(900_000), Rules.WithoutGates())).Then(new OpportunityAmountChanged(Cny(900_000)));
    }

    private static ChangeOpportunityAmount To(decimal amount) => new(Cny(amount), Rules, Approval);

    private static Money Cny(decimal amount) => Money.Of(amount, "CNY");
}
