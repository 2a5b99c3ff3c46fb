using Crm.Domain.Playbooks;
using Crm.Domain.Tests.Calendars;

namespace Crm.Domain.Tests.Playbooks;

public sealed class GatesCheckTests
{
    private static readonly GateItemSection Photo = new("photo", "Photo", Attachment: "photo");

    [Fact]
    public void What_can_be_asked_for_is_well() => FaultsOf(new StageSection("Need", Exit: [Photo]),
        new StageSection("Quote", Entry: [new("worth", "Worth", Holds: Documents.When("amount", "gt", 0))])).ShouldBeEmpty();

    [Fact]
    public void A_gate_asks_for_one_sort_of_thing()
    {
        FaultsOf(new StageSection("Need", Exit: [new("nothing", "Nothing")])).ShouldBe(["/pipelines/0/stages/0/exit/0 playbook.evidence-of"]);
        FaultsOf(new StageSection("Need", Exit: [Photo with { Field = "product" }])).ShouldBe(["/pipelines/0/stages/0/exit/0 playbook.evidence-of"]);
        FaultsOf(new StageSection("Need", Exit: [new("touch", "Any", Touch: new TouchSection())])).ShouldBe(["/pipelines/0/stages/0/exit/0/touch playbook.evidence-of"]);
    }

    [Fact]
    public void What_no_opportunity_has_is_asked_of_none()
    {
        FaultsOf(new StageSection("Need", Exit: [new("budget", "Budget", Field: "budget")])).ShouldBe(["/pipelines/0/stages/0/exit/0/field playbook.field-unknown"]);
        FaultsOf(new StageSection("Need", Exit: [new("contract", "Contract", Field: "reference")])).ShouldBe(["/pipelines/0/stages/0/exit/0/field playbook.field-unknown"]);
        FaultsOf(new StageSection("Need", Exit: [new("odd", "Odd", Holds: Documents.When("budget", "gt", 0))])).ShouldBe(["/pipelines/0/stages/0/exit/0/holds/field playbook.condition"]);
    }

    [Fact]
    public void A_voucher_is_asked_for_where_it_can_be_known()
    {
        GateItemSection payment = new("entry", "Bank entry", Field: "paymentReference"),
            delivery = new("note", "Note", Field: "deliveryReference");
        PipelineSection road = new("sales", "Sales", [new("Need")], Paid: [payment], Delivered: [delivery]);

        Faults(road).ShouldBeEmpty();
        Faults(road with { Paid = [delivery], Win = [payment] }).ShouldBe(
            ["/pipelines/0/win/0/field playbook.field-unknown", "/pipelines/0/paid/0/field playbook.field-unknown"]);
    }

    [Fact]
    public void A_flow_has_to_be_there() => FaultsOf(new StageSection("Need", Exit: [new("discount", "Discount", Approval: "discount"), Photo with { OrApproval = "none" }]))
        .ShouldBe(["/pipelines/0/stages/0/exit/0/approval playbook.flow-unknown", "/pipelines/0/stages/0/exit/1/orApproval playbook.flow-unknown"]);

    [Fact]
    public void What_came_in_a_stage_is_asked_for_when_leaving_it() => FaultsOf(
        new StageSection("Need"), new StageSection("Quote", Entry: [Photo with { InStage = true }])).ShouldBe(["/pipelines/0/stages/1/entry/0/inStage playbook.gate-in-stage"]);

    [Fact]
    public void A_key_tells_items_apart() => FaultsOf(new StageSection("Need", Exit: [Photo, Photo])).ShouldBe(["/pipelines/0/stages/0/exit/1/key playbook.twice"]);

    [Fact]
    public void What_no_opportunity_at_the_gate_can_be_is_never_asked_for() => FaultsOf(
        new StageSection("Need"), new StageSection("Quote", Exit: [Photo with { When = Documents.When("stage", "eq", "Need") }]))
        .ShouldBe(["/pipelines/0/stages/1/exit/0/when playbook.rule-never-fires"]);

    [Fact]
    public void Behind_a_gate_that_never_opens_no_stage_is_reached() => FaultsOf(
        new StageSection("Need", Exit: [new("small", "Small", Holds: Documents.When("amount", "lt", 10)), new("large", "Large", Holds: Documents.When("amount", "gt", 20))]),
        new StageSection("Quote"), new StageSection("Talks"))
        .ShouldBe(["/pipelines/0/stages/0/exit playbook.gate-never-opens", "/pipelines/0/stages/1/name playbook.stage-unreachable", "/pipelines/0/stages/2/name playbook.stage-unreachable"]);

    [Fact]
    public void When_it_is_opened_nothing_has_happened_with_it_yet()
    {
        FaultsOf(new StageSection("Need", Entry: [Photo]), new StageSection("Quote"))
            .ShouldBe(["/pipelines/0/stages/0/entry/0 playbook.gate-never-opens", "/pipelines/0/stages/1/name playbook.stage-unreachable"]);
        FaultsOf(new StageSection("Need"), new StageSection("Quote", Entry: [Photo])).ShouldBeEmpty();
    }

    private static IEnumerable<string> FaultsOf(params StageSection[] stages) => Faults(new("sales", "Sales", stages));

    private static IEnumerable<string> Faults(PipelineSection road) =>
        PlaybookCheck.Of(new PlaybookDocument("Sales", [road]), FixedZone.Shanghai, Braces.Balanced)
            .Select(fault => $"{fault.Pointer} {fault.Code}");
}
