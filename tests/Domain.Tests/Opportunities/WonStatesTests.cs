using Crm.Domain.Opportunities;
using Crm.Domain.Playbooks;

namespace Crm.Domain.Tests.Opportunities;

public sealed class WonStatesTests() : Spec<Opportunity, IOpportunityCommand, IOpportunityEvent>(OpportunityDecider.Instance)
{
    private static readonly DateTimeOffset Monday = new(2026, 11, 23, 2, 0, 0, TimeSpan.Zero);
    private static readonly Guid Receipt = Guid.Parse("01920000-0000-7000-8000-000000000001");
    private static readonly Guid Waiver = Guid.Parse("01920000-0000-7000-8000-000000000002");

    private static readonly Playbook Rules = PlaybookHistory.Evolve(PlaybookHistory.None, new PlaybookPublished(7, Monday, new("Sales",
    [
        new("sales", "Sales", [new("Quote")],
            Paid: [new("receipt", "回款凭证", Attachment: "receipt", OrApproval: "no-voucher"),
                new("entry", "Bank entry", Field: "paymentReference")],
            Delivered: [new("note", "Delivery note", Field: "deliveryReference")])
    ]))).At(Monday);

    private static readonly OpportunityOpened Opened = new("Press line", OpportunityType.New, Money.Of(50_000, "CNY"), "sales", "Quote");
    private static readonly OpportunityWon Won = new(Money.Of(50_000, "CNY"), "C-1");
    private static readonly OpportunityAttachmentAdded Attached = new(Receipt, new Personal("enc:v1:k:n"), "image/png", 1, "00", "receipt");
    private static readonly GatePassed Entry = new("Quote", Gate.Paid, new("entry", "Bank entry", Field: "paymentReference"));

    private static readonly OpportunityPaid Paid =
        new("B-1", [new("Quote", Gate.Paid, new("receipt", "回款凭证", "receipt", AttachmentId: Receipt)), Entry]);

    private static readonly OpportunityDelivered Delivered =
        new("D-1", [new("Quote", Gate.Delivered, new("note", "Delivery note", Field: "deliveryReference"))]);

    [Fact]
    public void What_is_won_is_paid_by_its_vouchers() => Given(Opened, Won, Attached).When(Pay("B-1")).Then(Paid);

    [Fact]
    public void Every_voucher_that_is_missing_is_named()
    {
        var refused = Given(Opened, Won).When(Pay(null)).ThenRejected("opportunity.gate");

        refused.Faults.Select(fault => fault.Message).ShouldBe(
        [
            "To count as paid it takes 'receipt' (回款凭证): an attachment labelled 'receipt'; or a granted approval by the flow 'no-voucher'.",
            "To count as paid it takes 'entry' (Bank entry): that paymentReference is known."
        ]);
    }

    [Fact]
    public void An_approval_stands_in_for_a_voucher() =>
        Given(Opened, Won, new OpportunityApprovalSettled(Waiver, "no-voucher", Granted: true)).When(Pay("B-1")).Then(
            new OpportunityPaid("B-1", [new("Quote", Gate.Paid, new("receipt", "回款凭证", Approval: "no-voucher", ApprovalId: Waiver),
                GateAsk.Attachment), Entry]));

    [Fact]
    public void Whoever_may_not_know_the_voucher_is_told_nothing_of_it_by_saying_one()
    {
        var blind = new ConfirmOpportunity(WonState.Paid, Rules, "B-1", IsBlind: true);
        var right = Given(Opened, Won, Attached, Paid).When(blind).ThenRejected("opportunity.confirmed");
        var wrong = Given(Opened, Won, Attached, Paid).When(blind with { Reference = "B-2" }).ThenRejected("opportunity.confirmed");

        right.Message.ShouldBe(wrong.Message);
        Given(Opened, Won, Attached, Paid).When(blind with { Reference = null }).ThenNothing();
        var win = new WinOpportunity(Rules, Reference: "C-1", IsBlind: true);
        Given(Opened, Won).When(win).ThenRejected("opportunity.closed").Message
            .ShouldBe(Given(Opened, Won).When(win with { Reference = "C-2" }).ThenRejected("opportunity.closed").Message);
    }

    [Fact]
    public void Payment_and_delivery_do_not_wait_for_each_other()
    {
        Given(Opened, Won).When(Deliver("D-1")).Then(Delivered);
        Given(Opened, Won, Delivered, Attached).When(Pay("B-1")).Then(Paid);
    }

    [Fact]
    public void What_is_not_won_is_neither()
    {
        Given(Opened).When(Pay("B-1")).ThenRejected("opportunity.not-won");
        Given(Opened, new OpportunityLost("price")).When(Deliver("D-1")).ThenRejected("opportunity.not-won");
    }

    [Fact]
    public void Where_nothing_is_asked_for_a_word_is_enough() =>
        Given(Opened with { Pipeline = "standard" }, Won).When(new ConfirmOpportunity(WonState.Paid, Playbook.BuiltIn))
            .Then(new OpportunityPaid());

    [Fact]
    public void Another_voucher_takes_that_the_first_is_withdrawn()
    {
        Given(Opened, Won, Paid).When(Pay(null)).ThenNothing();
        Given(Opened, Won, Paid).When(Pay("B-2")).ThenRejected("opportunity.confirmed");
    }

    [Fact]
    public void What_happened_later_stands()
    {
        Given(Opened, Won, Attached).AndSince(Paid).When(Pay("B-1")).ThenRejected("opportunity.later-outcome");
        Given(Opened, Won, Attached).AndSince(new OpportunityReopened()).When(Pay("B-1")).ThenRejected("opportunity.later-outcome");
    }

    [Fact]
    public void Reopened_it_is_neither_paid_nor_delivered_when_it_is_won_again()
    {
        var again = After(Opened, Won, Paid, Delivered, new OpportunityReopened(), Won);

        (again.Paid, again.Delivered).ShouldBe((null, null));
        After(Opened, Won, Paid, Delivered).Passed.Count.ShouldBe(3);
        again.Passed.ShouldBeEmpty();
    }

    [Fact]
    public void What_is_told_of_a_win_that_does_not_stand_says_nothing_of_the_next()
    {
        var (reopened, withdrawn) = (After(Opened, Won, new OpportunityReopened(), Paid, Delivered, Won), After(Opened, Paid, Delivered, Won));
        (reopened.Paid, reopened.Delivered, withdrawn.Paid, withdrawn.Delivered).ShouldBe((null, null, null, null));

        var twice = After(Opened, Won, Paid, Delivered, Won);
        (twice.Paid, twice.Delivered).ShouldBe((null, null));
    }

    [Fact]
    public void A_payment_that_never_was_is_withdrawn_by_a_correction()
    {
        var fact = Guid.NewGuid();
        Given(Opened, Won, Paid).When(new CorrectOpportunity(fact, Paid, Rules, "another customer's", Withdrawn: true))
            .Then(new OpportunityCorrected(fact, "another customer's", Withdrawn: true));
    }

    private static ConfirmOpportunity Pay(string? reference) => new(WonState.Paid, Rules, reference);

    private static ConfirmOpportunity Deliver(string? reference) => new(WonState.Delivered, Rules, reference);
}
