using Crm.Domain.Playbooks;
using Crm.Domain.Tests.Calendars;
using static Crm.Domain.Tests.Playbooks.Documents;

namespace Crm.Domain.Tests.Playbooks;

public sealed class AlertsCheckTests
{
    private static readonly MetricRuleSection East = new("east", "No win in the east", Members: ["ann"], NothingNew: new(Region: "East"));

    [Fact]
    public void Rules_that_watch_one_figure_for_somebody_have_no_faults() => Faults(
        East, new("lost", "Lost", Roles: ["manager"], ShareAbove: new(WatchedShare.OpportunitiesLost)),
        new("stage", "Proposals", Members: ["ann"], ConversionBelow: new("Proposal"))).ShouldBeEmpty();

    [Fact]
    public void A_rule_watches_one_figure() => Faults(
        East with { NothingNew = null }, East with { Key = "two", ShareAbove = new(WatchedShare.LeadsDisqualified) })
        .ShouldBe(["/alerts/rules/0 playbook.alert-of", "/alerts/rules/1 playbook.alert-of"]);

    [Fact]
    public void A_rule_tells_somebody() => Faults(East with { Members = [] }).ShouldBe(["/alerts/rules/0 playbook.alert-for-nobody"]);

    [Fact]
    public void Two_rules_have_two_keys() => Faults(East, East).ShouldBe(["/alerts/rules/1/key playbook.twice"]);

    [Fact]
    public void What_can_never_be_bad_is_told() => Faults(
        new("share", "Share", Members: ["ann"], ShareAbove: new(WatchedShare.OpportunitiesLost, Percent: 100)),
        new("all", "All", Members: ["ann"], ConversionBelow: new("Proposal", Percent: 100)), new("stage", "Stage", Members: ["ann"], ConversionBelow: new("Signing")))
        .ShouldBe([
            "/alerts/rules/0/shareAbove/percent playbook.rule-never-fires", "/alerts/rules/1/conversionBelow/percent playbook.rule-never-fires",
            "/alerts/rules/2/conversionBelow/stage playbook.rule-never-fires"]);

    [Fact]
    public void It_is_asked_at_a_time_of_day() =>
        PlaybookCheck.Of(B2B with { Alerts = new([East], At: "8 am") }, FixedZone.Shanghai, Braces.Balanced).Select(fault => $"{fault.Pointer} {fault.Code}").ShouldBe(["/alerts/at playbook.time"]);

    private static IEnumerable<string> Faults(params MetricRuleSection[] rules) =>
        PlaybookCheck.Of(B2B with { Alerts = new(rules) }, FixedZone.Shanghai, Braces.Balanced).Select(fault => $"{fault.Pointer} {fault.Code}");
}
