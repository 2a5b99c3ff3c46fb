using Crm.Domain.Activities;
using Crm.Domain.CustomFields;
using Crm.Domain.Opportunities;
using Crm.Domain.Playbooks;
using Crm.Domain.Tests.Calendars;
using Crm.Domain.Tests.Playbooks;

namespace Crm.Domain.Tests.Opportunities;

public sealed class StageGatesTests() : Spec<Opportunity, IOpportunityCommand, IOpportunityEvent>(OpportunityDecider.Instance)
{
    private static readonly DateTimeOffset Monday = new(2026, 11, 23, 2, 0, 0, TimeSpan.Zero);
    private static readonly Guid Minutes = Guid.Parse("01920000-0000-7000-8000-000000000001");
    private static readonly Guid Photo = Guid.Parse("01920000-0000-7000-8000-000000000002");
    private static readonly Guid Review = Guid.Parse("01920000-0000-7000-8000-000000000003");

    private static readonly PipelineSection Road = new("sales", "Sales",
    [
        new("Need", Entry: [new("customer", "Customer", Field: "customerId")]),
        new("Trial", Exit: [new("photo", "样品试用签字照片", Attachment: "signed photo")]),
        new("Review", Entry: [new("close", "Close date", Field: "expectedClose")],
            Exit: [new("meeting", "Technical meeting", Touch: new(TouchKind.Meeting, Outcome: "agreed"), InStage: true)]),
        new("Quote", Entry: [new("board", "Minutes of the board", Attachment: "minutes", When: Documents.When("amount", "gt", 100_000))])
    ],
    Win: [new("contract", "Number of the contract", Field: "reference"), new("worth", "Is worth something", Holds: Documents.When("amount", "gt", 0))],
    LossReasons: ["price", "timing"]);

    private static readonly Playbook Rules = Published((7, new("Sales", [Road])));
    private static readonly GatePassed PhotoPassed = new("Trial", Gate.Exit, new("photo", "样品试用签字照片", "signed photo", AttachmentId: Photo));
    private static readonly GatePassed ClosePassed = new("Review", Gate.Entry, new("close", "Close date", Field: "expectedClose"));

    private static readonly GatePassed MeetingPassed = new(
        "Review", Gate.Exit, new("meeting", "Technical meeting", Touch: new(TouchKind.Meeting, Outcome: "agreed"), TouchId: Review));

    private static readonly OpportunityOpened InTrial = new(
        "Press line", OpportunityType.New, Money.Of(50_000, "CNY"), "sales", "Trial", ExpectedClose: new(2026, 12, 24), Playbook: 7);

    private static readonly OpportunityTouched Agreed = new(Review, TouchKind.Meeting, Direction.Outbound, Outcome: "agreed");
    private static readonly OpportunityAttachmentAdded Signed = Attached(Photo, "signed photo");
    private static readonly OpportunityStageEntered InReview = new("Review", 7, [PhotoPassed, ClosePassed]);

    [Fact]
    public void It_comes_to_a_stage_by_what_serves() => Given(InTrial, Signed).When(To("Review")).Then(InReview);

    [Fact]
    public void All_that_is_missing_on_the_way_is_named_at_once()
    {
        var refused = Given(InTrial with { ExpectedClose = null }, Attached(Photo, "photo")).When(To("Quote")).ThenRejected("opportunity.gate");

        refused.Kind.ShouldBe(RejectionKind.BrokenRule);
        refused.Faults.Select(fault => (fault.Pointer, fault.Code, fault.Message)).ShouldBe(
        [
            ("/stage", "opportunity.gate-item", $"To go on from Trial it takes 'photo' (样品试用签字照片): an attachment labelled 'signed photo'. There is attachment {Photo} (photo); recorded as is asked for it would serve."),
            ("/stage", "opportunity.gate-item", "To come to Review it takes 'close' (Close date): that expectedClose is known."),
            ("/stage", "opportunity.gate-item", "To go on from Review it takes 'meeting' (Technical meeting): a touch of the kind meeting, that came to 'agreed', since it is in the stage.")
        ]);
    }

    [Fact]
    public void What_came_before_the_stage_does_not_serve_where_it_has_to_come_in_it()
    {
        Given(InTrial, Signed, Agreed, InReview).When(To("Quote")).ThenRejected("opportunity.gate");
        Given(InTrial, Signed, InReview, Agreed).When(To("Quote")).Then(new OpportunityStageEntered("Quote", null, [PhotoPassed, ClosePassed, MeetingPassed]));
    }

    [Fact]
    public void What_is_asked_of_some_is_not_asked_of_others()
    {
        IOpportunityEvent[] before = [InTrial, Signed, InReview, Agreed, new OpportunityAmountChanged(Money.Of(100_001, "CNY"))];

        Given(before).When(To("Quote")).ThenRejected("opportunity.gate").Faults.ShouldHaveSingleItem().Message.ShouldContain("'board'");
        Given([.. before, Attached(Minutes, "minutes")]).When(To("Quote")).Events.ShouldHaveSingleItem();
    }

    [Fact]
    public void Back_it_goes_freely_and_has_to_pass_again()
    {
        Given(InTrial, Signed, InReview).When(To("Trial")).Then(new OpportunityStageEntered("Trial", 7));
        Given(InTrial, Signed, InReview, new OpportunityAttachmentRemoved(Photo), new OpportunityStageEntered("Trial", 7)).When(To("Review"))
            .ThenRejected("opportunity.gate");
    }

    [Fact]
    public void It_is_judged_by_the_version_under_which_it_came_to_its_stage()
    {
        var without = Road with { Stages = [.. Road.Stages.Select(stage => stage with { Exit = null })] };
        var newer = Published((7, new("Sales", [Road])), (8, new("Sales", [without])));

        Given(InTrial).When(new EnterOpportunityStage("Review", newer)).ThenRejected("opportunity.gate");
        Given(InTrial with { Playbook = null }).When(new EnterOpportunityStage("Review", newer)).Then(new OpportunityStageEntered("Review", null, [ClosePassed]));
        Given(InTrial with { Playbook = null }).When(To("Review")).Then(new OpportunityStageEntered("Review", 7, [ClosePassed]));
    }

    [Fact]
    public void Fields_of_ones_own_are_asked_for_as_all_others()
    {
        var rules = Published((7, new("Sales", [Road with
        {
            Stages = [new("Trial", Exit: [new("seats", "Seats", Field: "custom.seats"), new("many", "Many", Holds: Documents.When("custom.seats", "gte", 10))]), new("Quote")]
        }], Fields: [new(FieldRecord.Opportunity, "seats", "Seats", FieldType.Number)])));

        Given(InTrial).When(new EnterOpportunityStage("Quote", rules)).ThenRejected("opportunity.gate").Faults.Count.ShouldBe(2);
        Given(InTrial, new OpportunityChanged(Custom: CustomValues.Of([new("seats", "9")]))).When(new EnterOpportunityStage("Quote", rules)).ThenRejected("opportunity.gate")
            .Faults.ShouldHaveSingleItem();
        Given(InTrial, new OpportunityChanged(Custom: CustomValues.Of([new("seats", "10")]))).When(new EnterOpportunityStage("Quote", rules)).Events.ShouldHaveSingleItem();
    }

    [Fact]
    public void Where_it_begins_all_before_has_to_be_passed()
    {
        var open = new OpenOpportunity("Press line", OpportunityType.New, Money.Of(1, "CNY"), "sales", Rules);
        var customer = Guid.NewGuid();

        Given().When(open).ThenRejected("opportunity.gate").Faults.ShouldHaveSingleItem().Message.ShouldContain("'customer'");
        Given().When(open with { CustomerId = customer }).Events.ShouldHaveSingleItem();
        Given().When(open with { CustomerId = customer, Stage = "Review" }).ThenRejected("opportunity.gate").Faults.Count.ShouldBe(2, "the photo, and the date");
        Given().When(open with { Stage = "Quote", Playbook = Rules.WithoutGates() }).Events.ShouldHaveSingleItem();
    }

    [Fact]
    public void It_is_won_with_what_the_pipeline_asks_for_and_lost_for_one_of_its_reasons()
    {
        var quoted = new OpportunityStageEntered("Quote");

        Given(InTrial, quoted).When(new WinOpportunity(Rules)).ThenRejected("opportunity.gate").Faults.ShouldHaveSingleItem().Message.ShouldStartWith("To be won it takes 'contract'");
        Given(InTrial, quoted).When(new WinOpportunity(Rules, Money.Of(0, "CNY"), "C-1")).ThenRejected("opportunity.gate").Faults.ShouldHaveSingleItem().Message.ShouldContain("'worth'");
        Given(InTrial, quoted).When(new WinOpportunity(Rules, Reference: "C-1")).Events.ShouldHaveSingleItem();
        Given(InTrial).When(new WinOpportunity(Rules, Reference: "C-1")).ThenRejected("opportunity.gate").Faults.Count.ShouldBe(2, "from Trial it has to pass what lies between");

        Given(InTrial).When(new LoseOpportunity("weather", Rules)).ThenRejected("opportunity.loss-reason", "reason").Message.ShouldContain("price, timing");
        Given(InTrial).When(new LoseOpportunity("price", Rules)).Then(new OpportunityLost("price"));
    }

    [Fact]
    public void An_approval_serves_where_it_was_granted_and_stands_in_where_it_may()
    {
        var (discount, waived) = (Guid.Parse("01920000-0000-7000-8000-000000000004"), Guid.Parse("01920000-0000-7000-8000-000000000005"));
        var rules = Published((7, new("Sales", [Road with
        {
            Stages = [new("Trial", Exit: [new("discount", "Discount", Approval: "discount", InStage: true)]), new("Quote")],
            Win = [new("contract", "Contract", Attachment: "contract", OrApproval: "no-voucher")]
        }])));

        Given(InTrial, new OpportunityApprovalSettled(discount, "discount", Granted: false)).When(new EnterOpportunityStage("Quote", rules)).ThenRejected("opportunity.gate");
        Given(InTrial, new OpportunityApprovalSettled(discount, "other", Granted: true)).When(new EnterOpportunityStage("Quote", rules)).ThenRejected("opportunity.gate");
        Given(InTrial, new OpportunityApprovalSettled(discount, "discount", Granted: true)).When(new EnterOpportunityStage("Quote", rules)).Then(new OpportunityStageEntered(
            "Quote", null, [new("Trial", Gate.Exit, new("discount", "Discount", Approval: "discount", ApprovalId: discount))]));

        Given(InTrial, new OpportunityStageEntered("Quote")).When(new WinOpportunity(rules)).ThenRejected("opportunity.gate").Faults.ShouldHaveSingleItem().Message
            .ShouldEndWith("an attachment labelled 'contract'; or a granted approval by the flow 'no-voucher'.");
        Given(InTrial, new OpportunityStageEntered("Quote"), new OpportunityApprovalSettled(waived, "no-voucher", Granted: true)).When(new WinOpportunity(rules))
            .Then(new OpportunityWon(Money.Of(50_000, "CNY"), Passed: [new("Quote", Gate.Win, new("contract", "Contract", Approval: "no-voucher", ApprovalId: waived), GateAsk.Attachment)]));
    }

    [Fact]
    public void A_condition_that_holds_leans_on_no_approval_that_would_stand_in()
    {
        var waived = Guid.Parse("01920000-0000-7000-8000-000000000005");
        var granted = new OpportunityApprovalSettled(waived, "small-deal", Granted: true);
        var worth = Documents.When("amount", "gt", 60_000);
        var rules = Published((7, new("Sales", [Road with
        {
            Stages = [new("Trial", Exit: [new("worth", "Worth it", Holds: worth, OrApproval: "small-deal")]), new("Quote")]
        }])));

        Given(InTrial, granted, new OpportunityAmountChanged(Money.Of(70_000, "CNY"))).When(new EnterOpportunityStage("Quote", rules))
            .Then(new OpportunityStageEntered("Quote", null));
        Given(InTrial, granted).When(new EnterOpportunityStage("Quote", rules)).Then(new OpportunityStageEntered("Quote", null,
            [new("Trial", Gate.Exit, new("worth", "Worth it", Approval: "small-deal", ApprovalId: waived), GateAsk.Condition)]));
        Given(InTrial).When(new EnterOpportunityStage("Quote", rules)).ThenRejected("opportunity.gate");
    }

    [Fact]
    public void What_is_to_be_done_in_a_stage_is_there_or_missing_and_what_an_approval_stands_in_for_is_neither()
    {
        var document = new PlaybookDocument("Sales", Pipelines: [Road with
        {
            Stages = [new("Trial", Exit:
            [
                new("photo", "Photo", Attachment: "signed photo"), new("minutes", "Minutes", Attachment: "minutes"),
                new("voucher", "Voucher", Attachment: "voucher", OrApproval: "no-voucher"),
                new("worth", "Worth it", Holds: Documents.When("amount", "gt", 60_000))
            ])]
        }]);
        var waived = new OpportunityApprovalSettled(Review, "no-voucher", Granted: true);

        var (missing, done) = StageGates.ToDo(After(InTrial, Signed, waived), "Trial", StagePolicy.Of(document, FixedZone.Shanghai));
        (string.Join(' ', missing!), string.Join(' ', done!)).ShouldBe(("minutes", "photo"));
    }

    [Fact]
    public void What_served_and_is_not_there_any_more_is_known()
    {
        StageGates.Gone(After(InTrial, Signed, InReview)).ShouldBeEmpty();
        StageGates.Gone(After(InTrial, Signed, InReview, new OpportunityAttachmentRemoved(Photo))).ShouldBe([PhotoPassed]);
        StageGates.Gone(After(InTrial, Signed, InReview, new OpportunityAttachmentRemoved(Photo), Attached(Minutes, "signed photo"))).ShouldBeEmpty("another serves");
        StageGates.Gone(After(InTrial, Signed, InReview, new OpportunityAttachmentRemoved(Photo), new OpportunityStageEntered("Trial", 7))).ShouldBeEmpty("it went back");
    }

    [Fact]
    public void What_a_win_asked_for_is_forgotten_when_it_is_reopened()
    {
        var contract = new GatePassed("Quote", Gate.Win, new("contract", "Number", Field: "reference"));

        After(InTrial, InReview, new OpportunityWon(Money.Of(1, "CNY"), "C-1", [PhotoPassed, contract])).Passed.ShouldBe([PhotoPassed, contract]);
        After(InTrial, InReview, new OpportunityWon(Money.Of(1, "CNY"), "C-1", [contract]), new OpportunityReopened()).Passed.ShouldBe([PhotoPassed, ClosePassed]);
    }

    private static EnterOpportunityStage To(string stage) => new(stage, Rules);

    private static Playbook Published(params (long Number, PlaybookDocument Document)[] versions) => versions
        .Aggregate(PlaybookHistory.None, (history, version) => PlaybookHistory.Evolve(history, new PlaybookPublished(version.Number, Monday, version.Document)))
        .At(Monday);

    private static OpportunityAttachmentAdded Attached(Guid id, string label) => new(id, new Personal("enc:v1:k:n"), "image/png", 1, "00", label);
}
