using Crm.Domain.Playbooks;
using Crm.Domain.Tests.Calendars;

namespace Crm.Domain.Tests.Playbooks;

public sealed class LimitsCheckTests
{
    private static readonly LimitSection Pending = new("pending", "报价待反馈", new(Days: 7));

    [Fact]
    public void What_can_be_counted_is_well() => FaultsOf(
        Pending, new("still", "Still", new(Workdays: 3, Calendar: "office"), LimitOf.Silence,
            new("Call", new(Hours: 4, Calendar: "office")), [Whom.Superior], Mark: false))
        .ShouldBeEmpty();

    [Fact]
    public void A_span_is_of_one_kind_and_its_calendar_fits()
    {
        FaultsOf(Pending with { After = new() }).ShouldBe(["/after playbook.span"]);
        FaultsOf(Pending with { After = new(Days: 1, Hours: 1) }).ShouldBe(["/after playbook.span"]);
        FaultsOf(Pending with { After = new(Workdays: 1) }).ShouldBe(["/after/calendar playbook.span"]);
        FaultsOf(Pending with { After = new(Days: 1, Calendar: "office") }).ShouldBe(["/after/calendar playbook.span"]);
        FaultsOf(Pending with { EscalateAfter = new(Hours: 1, Calendar: "none") })
            .ShouldBe(["/escalateAfter/calendar playbook.calendar-unknown"]);
        FaultsOf(Pending with { After = new(Hours: 8760, Calendar: "office") }).ShouldBe(["/after playbook.span-too-long"]);
    }

    [Fact]
    public void Something_comes_of_a_limit() => FaultsOf(Pending with { Mark = false }).ShouldBe([" playbook.limit-does-nothing"]);

    [Fact]
    public void A_key_tells_limits_apart_and_is_free()
    {
        FaultsOf(Pending with { Key = "evidence-gone" }).ShouldBe(["/key playbook.key-reserved"]);
        FaultsOf(Pending, Pending).ShouldBe(["1/key playbook.twice"]);
    }

    [Fact]
    public void A_task_is_for_one() => FaultsOf(Pending with { Task = new("Call", new(Days: 1), For: Whom.Owner, Role: "legal") })
        .ShouldBe(["/task playbook.task-for"]);

    private static IEnumerable<string> FaultsOf(params LimitSection[] limits) => PlaybookCheck.Of(
            Documents.B2B with { Pipelines = [new("sales", "Sales", [new("Quote", Limits: limits)])] }, FixedZone.Shanghai, new Braces())
        .Select(fault => $"{fault.Pointer} {fault.Code}".Replace("/pipelines/0/stages/0/limits/0", "")
            .Replace("/pipelines/0/stages/0/limits/", ""));
}
