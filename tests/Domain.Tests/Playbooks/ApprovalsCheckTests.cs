using Crm.Domain.Playbooks;
using Crm.Domain.Tests.Approvals;
using Crm.Domain.Tests.Calendars;
using static Crm.Domain.Tests.Playbooks.Documents;

namespace Crm.Domain.Tests.Playbooks;

public sealed class ApprovalsCheckTests
{
    private static readonly ApprovalStepSection Head = new("head", "Head", new(["chen"]));
    private static readonly ApprovalStepSection Boss = new("boss", "Boss", new(Roles: ["admin"]), When("percent", "gt", 20));

    private static ApprovalStepSection Escalating => Head with { DueMinutes = 60, OnTimeout = ApprovalTimeout.Escalate };

    [Fact]
    public void A_flow_whose_steps_can_be_decided_has_no_faults() =>
        Faults(Escalating with { When = When("amount", "gte", 100_000), Calendar = "office", EscalateTo = new(Step: "boss") }, Boss)
            .ShouldBeEmpty();

    [Fact]
    public void A_flow_in_which_no_step_can_ever_apply_is_told_as_is_each_of_them() =>
        Faults(Head with { When = Never })
            .ShouldBe(["/approvals/0/steps playbook.approval-empty", "/approvals/0/steps/0/when playbook.rule-never-fires"]);

    [Fact]
    public void A_flow_without_steps_asks_nobody() => Faults().ShouldBe(["/approvals/0/steps playbook.approval-empty"]);

    [Fact]
    public void A_step_that_can_never_apply_is_told() =>
        Faults(Head, Boss with { When = Never }).ShouldBe(["/approvals/0/steps/1/when playbook.rule-never-fires"]);

    [Fact]
    public void A_condition_asks_only_what_is_known_of_what_is_asked() =>
        Faults(Head, Boss with { When = When("colour", "eq", "red") }).ShouldBe(["/approvals/0/steps/1/when/field playbook.condition"]);

    [Fact]
    public void No_more_have_to_grant_than_are_asked() => Faults(
        Head with { Mode = ApprovalMode.AtLeast, AtLeast = 2 }, Boss with { Mode = ApprovalMode.AtLeast, AtLeast = 2 },
            Head with { Key = "n", Mode = ApprovalMode.AtLeast }, Head with { Key = "m", AtLeast = 1 })
        .ShouldBe(["/approvals/0/steps/0/atLeast playbook.approval-too-many", "/approvals/0/steps/2/atLeast playbook.approval-mode",
            "/approvals/0/steps/3/atLeast playbook.approval-mode"]);

    [Fact]
    public void Nothing_escalates_to_where_it_was_before() => Faults(
        Head with { DueMinutes = 60, OnTimeout = ApprovalTimeout.Escalate, EscalateTo = new(Member: "chen") },
        Boss with { DueMinutes = 60, OnTimeout = ApprovalTimeout.Escalate, EscalateTo = new(Step: "head") })
        .ShouldBe(["/approvals/0/steps/0/escalateTo/member playbook.escalation-ring",
            "/approvals/0/steps/1/escalateTo/step playbook.escalation-ring"]);

    [Fact]
    public void What_escalates_does_so_after_a_time_and_to_one_place() => Faults(
        Head with { OnTimeout = ApprovalTimeout.Refuse }, Boss with { EscalateTo = new(Member: "sun") },
        Head with { Key = "x", DueMinutes = 60, OnTimeout = ApprovalTimeout.Escalate, EscalateTo = new(Step: "nowhere") })
        .ShouldBe(["/approvals/0/steps/0/dueMinutes playbook.approval-deadline", "/approvals/0/steps/1/escalateTo playbook.escalation",
            "/approvals/0/steps/2/escalateTo/step playbook.step-unknown"]);

    [Fact]
    public void Nobody_is_asked_who_is_not_there() => Faults(
        Head with { Approvers = new() }, Boss with { Approvers = new(Roles: ["emperor"]) },
            Head with { Key = "x", Approvers = new(["ghost"]) }, Head with { Key = "y", Calendar = "none" })
        .ShouldBe(["/approvals/0/steps/0/approvers playbook.approval-for-nobody",
            "/approvals/0/steps/1/approvers/roles/0 playbook.role-unknown",
            "/approvals/0/steps/2/approvers/members/0 playbook.member-unknown", "/approvals/0/steps/3/calendar playbook.calendar-unknown"]);

    [Fact]
    public void Two_flows_and_two_steps_have_two_keys()
    {
        Faults(Head, Head).ShouldBe(["/approvals/0/steps/1/key playbook.twice"]);
        OfFlows(new("discount", "Discount", [Head]), new("discount", "Another", [Head])).ShouldBe(["/approvals/1/key playbook.twice"]);
    }

    private static Crm.Domain.Conditions.UnreadCondition Never =>
        Json(new { all = new[] { Percent("gt", 10), Percent("lt", 5) } });

    private static object Percent(string @operator, int value) => new { field = "percent", @operator, value };

    private static IEnumerable<string> Faults(params ApprovalStepSection[] steps) =>
        OfFlows(new ApprovalFlowSection("discount", "Discount", steps));

    private static IEnumerable<string> OfFlows(params ApprovalFlowSection[] flows) =>
        PlaybookCheck.Of(B2B with { Approvals = flows }, FixedZone.Shanghai, Braces.Balanced, Company.Everybody)
            .Select(fault => $"{fault.Pointer} {fault.Code}");
}
