using System.Text.Json;
using Crm.Domain.Conditions;
using Crm.Domain.Playbooks;

namespace Crm.Domain.Tests.Playbooks;

/// <summary>Playbooks for stories.</summary>
internal static class Documents
{
    public static readonly PlaybookDocument B2B = new(
        "B2B",
        Calendars: [new("office", "Asia/Shanghai", [DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday], [new("09:00", "18:00")])],
        Reps: [new("li", Superior: "chen", Regions: ["East"]), new("wang", Superior: "chen", Regions: ["West"]), new("chen", TakesLeads: false)],
        Assignment: new([new("east", "East", When("region", "eq", "East"), Match: [Knowing.Region]), new("others", "All others")]),
        Clocks: new("office", new FirstResponseSection(RemindMinutes: 1200), new SilenceSection()));

    public static UnreadCondition When(string field, string @operator, object value) => Json(new { field, @operator, value });

    public static UnreadCondition Json(object condition) => new(JsonSerializer.SerializeToElement(condition));

    public static PlaybookDocument WithRules(params AssignmentRuleSection[] rules) => B2B with { Assignment = new(rules) };

    public static PlaybookDocument WithPoints(params PointsRuleSection[] rules) => B2B with { Scoring = new(rules) };
}
