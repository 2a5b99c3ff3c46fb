using Crm.Domain.Access;
using Crm.Domain.Approvals;
using Crm.Domain.DailyReports;
using Crm.Domain.Playbooks;
using Crm.Domain.Tests.Calendars;

namespace Crm.Domain.Tests.DailyReports;

/// <summary>li sells; chen is his superior, and zhao is chen's.</summary>
public sealed class DailyReportTests() : Spec<DailyReport, IDailyReportCommand, IDailyReportEvent>(DailyReportDecider.Instance)
{
    private static readonly DateOnly Monday = new(2026, 11, 23);
    private static readonly DateTimeOffset Eight = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    private static readonly CalendarSection Office = new(
        "office", "Asia/Shanghai", [DayOfWeek.Monday], [new("09:00", "18:00")], Holidays: [Monday.AddDays(7)]);

    private static readonly PlaybookDocument Document = new(
        "Field", Calendars: [Office],
        Reps: [new("li", "chen", Calendar: "office"), new("chen", "zhao", TakesLeads: false), new("zhao", TakesLeads: false)],
        DailyReport: new([new("shelves", "陈列已检查")], new(1), "20:00"));

    private static readonly DailyReportSubmitted Told = new(
        "li", "li", Monday, 10, new(Touches: 3), DueAt: Eight, Ticks: ["shelves"], Photos: ["a"], Remark: new("enc:v1:k:r"));

    private static readonly DailyReportMissed Missed = new("li", "li", Monday, Eight, Told: ["li", "chen"]);

    [Fact]
    public void It_is_told_with_what_was_shown_and_again_with_nothing_new_it_is_nothing()
    {
        Given().When(Say(Told)).Then(Told);
        Given(Told).When(Say(Told with { Position = 20, Ticks = ["shelves", "shelves"] })).ThenNothing();
    }

    [Fact]
    public void Told_otherwise_it_is_amended_as_a_whole()
    {
        Given(Told).When(Say(Told with { Position = 20, Counts = new(Touches: 4) }))
            .Then(new DailyReportAmended(20, new(Touches: 4), ["shelves"], ["a"], new("enc:v1:k:r")));
        Given(Told).When(Say(Told with { Remark = null })).Then(new DailyReportAmended(10, new(Touches: 3), ["shelves"], ["a"]));
    }

    [Fact]
    public void Photos_of_visits_count_among_those_that_are_asked_for()
    {
        Given().When(Say(Told with { Photos = null }, atLeast: 1)).ThenRejected("daily-report.photos-missing", "photos");
        Given().When(Say(Told with { Photos = null }, atLeast: 1, "b")).Then(Told with { Photos = null });
        Given().When(Say(Told, atLeast: 2, "a")).ThenRejected("daily-report.photos-missing", "photos");
    }

    [Fact]
    public void Nothing_is_told_of_a_day_that_has_not_come() =>
        Given().When(Say(Told with { Day = Monday.AddDays(1) })).ThenRejected("daily-report.day-ahead", "day");

    [Fact]
    public void It_is_missed_once_and_not_where_it_is_there()
    {
        Given().When(new MissDailyReport(Missed)).Then(Missed);
        Given(Told).When(new MissDailyReport(Missed)).ThenNothing();
        Given(Missed).When(Say(Told)).Then(Told);
    }

    [Fact]
    public void It_is_looked_for_on_workdays_of_those_who_take_leads_and_are_not_away()
    {
        Expected(Monday).ShouldBe(["li"]);
        Expected(Monday.AddDays(1)).ShouldBeEmpty();
        Expected(Monday.AddDays(7)).ShouldBeEmpty("it is a holiday");
        Expected(Monday, new ApprovalsDelegated("li", "chen", Eight.AddDays(-1), Eight.AddHours(1))).ShouldBeEmpty();
        Expected(Monday, new ApprovalsDelegated("li", "chen", Eight.AddDays(-1), Eight)).ShouldBe(["li"]);
    }

    [Fact]
    public void The_nearest_above_who_may_come_in_hears_of_it()
    {
        DailyStaff.Superior(Document, Staff(), "li").ShouldBe(["chen"]);
        DailyStaff.Superior(Document, Organisation.Evolve(Staff(), new MemberSuspended("chen")), "li").ShouldBe(["zhao"]);
        DailyStaff.Superior(Document, Staff(), "zhao").ShouldBeEmpty();
        TellOfDailyReport.Of(Missed, "li").Kind.ShouldBe(TellOfDailyReport.Reminder);
        TellOfDailyReport.Of(Missed, "chen").Kind.ShouldBe(TellOfDailyReport.Missing);
    }

    [Fact]
    public void A_playbook_names_each_tick_once_and_a_time_of_day() =>
        PlaybookCheck.Of(
            Document with { DailyReport = new([new("a", "A"), new("a", "B")], DueBy: "8 pm") }, FixedZone.Shanghai,
            Playbooks.Braces.Balanced)
            .Select(fault => $"{fault.Pointer} {fault.Code}")
            .ShouldBe(["/dailyReport/ticks/1/key playbook.twice", "/dailyReport/dueBy playbook.time"]);

    private static SubmitDailyReport Say(DailyReportSubmitted said, int atLeast = 0, params string[] visitPhotos) =>
        new(said, visitPhotos, atLeast, Today: Monday);

    private static IEnumerable<string> Expected(DateOnly day, params ApprovalsDelegated[] away) => DailyStaff.Expected(
        Document, Staff(), away.Aggregate(ApprovalDelegations.None, ApprovalDelegations.Evolve), day, Eight, FixedZone.Shanghai)
        .Select(who => who.Member);

    private static Organisation Staff() => ((string[])["li", "chen", "zhao"]).Aggregate(
        Organisation.None, (known, member) => Organisation.Evolve(known, new MemberAdded(member, MemberKind.Person, "rep")));
}
