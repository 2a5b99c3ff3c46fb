using System.Text.Json;
using Crm.Domain.Conditions;
using Crm.Domain.Playbooks;
using Crm.Domain.Tests.Calendars;

namespace Crm.Domain.Tests.Playbooks;

public sealed class WarningsCheckTests
{
    private static readonly WarningRuleSection Late = new("late", "改期超过两次", Rescheduled: new());
    private static readonly WarningRuleSection Untold = new("untold", "未安排技术对接", NoTouch: new(new(), "Quote"));

    [Fact]
    public void What_can_warn_is_well() => FaultsOf(
        Late, Untold, new("decider", "d", DecisionMakerChanged: new()),
        new("still", "s", Silence: new(new(Workdays: 5, Calendar: "office"))),
        new("talk", "t", Talk: new(["price"])), new("rival", "r", Holds: Asked("competitor", "isNull", false), Pipelines: ["sales"]))
        .ShouldBeEmpty();

    [Fact]
    public void A_warning_is_of_one_sort()
    {
        FaultsOf(Late with { Rescheduled = null }).ShouldBe([" playbook.warning-of"]);
        FaultsOf(Late with { Talk = new(["price"]) }).ShouldBe([" playbook.warning-of"]);
        FaultsOf(new WarningRuleSection("talk", "t", Talk: new([], []))).ShouldBe(["/talk playbook.warning-of"]);
    }

    [Fact]
    public void Keys_tell_warnings_apart_and_are_free()
    {
        FaultsOf(Late, Late).ShouldBe(["1/key playbook.twice"]);
        FaultsOf(Late with { Key = "learned" }).ShouldBe(["/key playbook.key-reserved"]);
    }

    [Fact]
    public void A_rule_that_never_warns_is_a_fault()
    {
        FaultsOf(Untold with { NoTouch = new(new(), "Signed") }).ShouldBe(["/noTouch/from playbook.stage-unknown"]);
        FaultsOf(Late with { Pipelines = ["none"] }).ShouldBe(["/pipelines/0 playbook.pipeline-unknown"]);
        FaultsOf(Late with { Pipelines = ["sales"], When = Asked("pipeline", "eq", "other") })
            .ShouldBe(["/when playbook.rule-never-fires"]);
        FaultsOf(new WarningRuleSection("x", "x", Holds: Asked("stage", "eq", "Quote"), When: Asked("stage", "eq", "Need")))
            .ShouldBe(["/holds playbook.rule-never-fires"]);
    }

    [Fact]
    public void Conditions_and_spans_are_read()
    {
        FaultsOf(Late with { When = Asked("none", "eq", "x") }).ShouldBe(["/when/field playbook.condition"]);
        FaultsOf(new WarningRuleSection("still", "s", Silence: new(new(Workdays: 5)))).ShouldBe(["/silence/after/calendar playbook.span"]);
        FaultsOf(Untold with { NoTouch = new(new(), "Quote", new(Days: 1, Hours: 1)) }).ShouldBe(["/noTouch/after playbook.span"]);
    }

    private static UnreadCondition Asked(string field, string op, object value) =>
        new(JsonSerializer.SerializeToElement(new { field, @operator = op, value }));

    private static IEnumerable<string> FaultsOf(params WarningRuleSection[] rules) => PlaybookCheck.Of(
        new PlaybookDocument(
            "Sales", [new("sales", "Sales", [new("Need"), new("Quote")])],
            [new("office", "Asia/Shanghai", [DayOfWeek.Monday, DayOfWeek.Friday], [new("09:00", "18:00")])], Warnings: new(rules)),
        FixedZone.Shanghai, new Braces())
        .Select(fault => $"{fault.Pointer.Replace("/warnings/rules/", "").TrimStart('0')} {fault.Code}");
}
