using Crm.Domain.Calendars;
using Crm.Domain.Playbooks;
using Crm.Domain.Tests.Calendars;
using static Crm.Domain.Tests.Playbooks.Documents;

namespace Crm.Domain.Tests.Playbooks;

public sealed class PlaybookCheckTests
{
    [Fact]
    public void A_sound_playbook_has_no_faults() => Faults(B2B).ShouldBeEmpty();

    [Fact]
    public void A_rule_behind_one_that_takes_all_never_fires() =>
        Faults(WithRules(new("all", "All"), new("east", "East", When("region", "eq", "East")))).ShouldBe(["/assignment/rules/1/when playbook.rule-never-fires"]);

    [Fact]
    public void A_rule_whose_leads_others_have_taken_between_them_never_fires() =>
        Faults(WithRules(
            new("small", "Small", When("employees", "lt", 50)), new("large", "Large", When("employees", "gte", 50)), new("some", "Some", When("employees", "gt", 10))))
            .ShouldBe(["/assignment/rules/2/when playbook.rule-never-fires"]);

    [Fact]
    public void A_rule_for_those_whom_nobody_knows_may_stand_behind_one_by_what_is_known()
    {
        RepSection li = new("li", Regions: ["East"]), wang = new("wang");
        AssignmentRuleSection[] rules = [new("known", "By region", Match: [Knowing.Region]), new("rest", "The rest", When("region", "eq", "West"), ["li"])];
        Faults(B2B with { Reps = [li], Assignment = new(rules) }).ShouldBeEmpty();
        Faults(B2B with { Reps = [li, wang], Assignment = new(rules) }).ShouldBe(["/assignment/rules/1/when playbook.rule-never-fires"], "wang knows all");
        Faults(B2B with { Reps = [li, wang], Assignment = new([rules[0] with { Reps = ["li"] }, rules[1]]) }).ShouldBeEmpty("wang is not asked");
    }

    [Fact]
    public void A_rule_that_contradicts_itself_never_fires() =>
        Faults(WithRules(new AssignmentRuleSection("none", "None", Json(new { all = new object[] { new { field = "region", @operator = "eq", value = "East" }, new { field = "region", @operator = "eq", value = "West" } } }))))
            .ShouldBe(["/assignment/rules/0/when playbook.rule-never-fires"]);

    [Fact]
    public void A_rule_for_what_is_held_back_never_fires() =>
        Faults(B2B with { Assignment = new([new("web", "Web", When("source", "eq", "web"))], HeldBack: When("source", "in", new[] { "web", "fair" })) })
            .ShouldBe(["/assignment/rules/0/when playbook.rule-never-fires"]);

    [Fact]
    public void Not_all_can_be_held_back() =>
        Faults(B2B with { Assignment = new([], HeldBack: Json(new { any = new object[] { new { field = "touches", @operator = "lt", value = 2 }, new { field = "touches", @operator = "gte", value = 2 }, new { field = "touches", @operator = "isNull" } } })) })
            .ShouldBe(["/assignment/heldBack playbook.always-held-back"]);

    [Fact]
    public void A_condition_is_read_to_its_last_fault() =>
        Faults(WithRules(new AssignmentRuleSection("odd", "Odd", Json(new { all = new object[] { new { field = "regoin", @operator = "eq", value = "East" }, new { field = "employees", @operator = "gte", value = "many" } } }))))
            .ShouldBe(["/assignment/rules/0/when/all/0/field playbook.condition", "/assignment/rules/0/when/all/1/value playbook.condition"]);

    [Fact]
    public void Who_is_named_is_there_and_takes_leads() =>
        Faults(WithRules(new AssignmentRuleSection("a", "A", Reps: ["chen", "nobody"]))).ShouldBe(["/assignment/rules/0/reps/1 playbook.rep-unknown", "/assignment/rules/0/reps playbook.rule-for-nobody"]);

    [Fact]
    public void A_rule_that_flags_every_lead_or_none_is_told() =>
        Faults(B2B with
        {
            Flags = new([
                new("tests", "Tests", RecordFlag.Test, When("source", "eq", "test")),
                new("tests", "Twice", RecordFlag.Junk, When("source", "eq", "test")),
                new("all", "All", RecordFlag.Junk, Json(new { all = Array.Empty<object>() })),
                new("odd", "Odd", RecordFlag.Junk, When("sauce", "eq", "test"))])
        }).ShouldBe(
        [
            "/flags/rules/1/key playbook.twice", "/flags/rules/1/when playbook.rule-never-fires",
            "/flags/rules/2/when playbook.always-flagged", "/flags/rules/3/when/field playbook.condition"
        ]);

    [Fact]
    public void Nobody_is_his_own_superior() =>
        Faults(B2B with { Reps = [new("li", "wang"), new("wang", "li"), new("chen")] })
            .ShouldBe(["/reps/0/superior playbook.superior-ring", "/reps/1/superior playbook.superior-ring"]);

    [Fact]
    public void A_calendar_has_a_zone_and_hours_in_order() =>
        Faults(B2B with { Calendars = [new("office", "Mars", [DayOfWeek.Monday], [new("13:00", "18:00"), new("09:00", "12:00"), new("9", "24:00")])] })
            .ShouldBe(["/calendars/0/zone playbook.zone", "/calendars/0/hours/1 playbook.hours", "/calendars/0/hours/2/from playbook.time"]);

    [Fact]
    public void Somebody_is_at_work_on_some_day() =>
        Faults(B2B with { Calendars = [new("office", "Asia/Shanghai", [], [new("09:00", "18:00")])] }).ShouldBe(["/calendars/0/workdays playbook.calendar-never-open"]);

    [Fact]
    public void A_day_is_worked_or_not() =>
        Faults(B2B with { Calendars = [B2B.Calendars![0] with { Holidays = [new(2026, 10, 1)], ExtraWorkdays = [new(2026, 10, 1)] }] })
            .ShouldBe(["/calendars/0/extraWorkdays playbook.calendar-day-twice"]);

    [Fact]
    public void Whoever_is_reminded_is_reminded_in_time() =>
        Faults(B2B with { Clocks = new("office", new FirstResponseSection(DueMinutes: 60, RemindMinutes: 60)) }).ShouldBe(["/clocks/firstResponse/remindMinutes playbook.reminder-late"]);

    [Fact]
    public void What_is_named_twice_is_told_at_its_second_place() =>
        Faults(WithRules(new("a", "A", When("region", "eq", "East")), new("a", "B"))).ShouldBe(["/assignment/rules/1/key playbook.twice"]);

    [Fact]
    public void Points_are_for_fields_or_for_behaviour() =>
        Faults(WithPoints(
            new("both", "Both", 5, When("region", "eq", "East"), "download"), new("neither", "Neither", 5), new("fades", "Fades", 5, When("region", "eq", "East"), Cap: 5, HalfLifeDays: 7)))
            .ShouldBe(["/scoring/rules/0 playbook.points-for", "/scoring/rules/1 playbook.points-for", "/scoring/rules/2/cap playbook.points-for", "/scoring/rules/2/halfLifeDays playbook.points-for"]);

    [Fact]
    public void A_rule_that_never_gives_a_point_is_a_fault() =>
        Faults(WithPoints(
            new("nothing", "Nothing", 0, Behaviour: "download"), new("nobody", "Nobody", 5, Behaviour: "mail-open"), new("opened", "Opened", 5, Behaviour: "mail:opened"),
            new("never", "Never", 5, Json(new { all = new object[] { new { field = "employees", @operator = "lt", value = 5 }, new { field = "employees", @operator = "gt", value = 9 } } }))))
            .ShouldBe(["/scoring/rules/0/points playbook.rule-never-fires", "/scoring/rules/1/behaviour playbook.rule-never-fires", "/scoring/rules/3/when playbook.rule-never-fires"]);

    [Fact]
    public void Points_have_keys_of_their_own_conditions_that_can_be_read_and_bands_in_order() =>
        Faults(B2B with { Scoring = new([new("a", "A", 5, Behaviour: "visit"), new("a", "B", 5, When("regoin", "eq", "East"))], new(High: 20, Low: 20)) })
            .ShouldBe(["/scoring/rules/1/key playbook.twice", "/scoring/rules/1/when/field playbook.condition", "/scoring/bands/low playbook.bands"]);

    [Fact]
    public void What_would_be_due_only_after_years_is_no_deadline() =>
        Faults(B2B with { Clocks = new("office", new FirstResponseSection(DueMinutes: 525_600, Counting: Counting.OpenHours)) }).ShouldBe(["/clocks/firstResponse/dueMinutes playbook.span-too-long"]);

    [Fact]
    public void Evidence_is_one_thing_that_a_lead_can_have() =>
        Faults(B2B with
        {
            Levels =
            [
                new("L1", "Known", [new("none", "Nothing")]), new("L2", "Screened", [new("odd", "Odd", Field: "pone"), new("both", "Both", "minutes", "phone"), new("any", "Any", Touch: new())]),
                new("L2", "Twice", [new("a", "A", "minutes"), new("a", "B", Field: "phone"), new("call", "Call", Touch: new(Outcome: "reached"))])
            ]
        }).ShouldBe(
        [
            "/levels/2/key playbook.twice", "/levels/2/evidence/1/key playbook.twice", "/levels/0/evidence/0 playbook.evidence-of", "/levels/1/evidence/0/field playbook.field-unknown",
            "/levels/1/evidence/1 playbook.evidence-of", "/levels/1/evidence/2/touch playbook.evidence-of"
        ]);

    private static IEnumerable<string> Faults(PlaybookDocument document) =>
        PlaybookCheck.Of(document, FixedZone.Shanghai, Braces.Balanced).Select(fault => $"{fault.Pointer} {fault.Code}");
}
