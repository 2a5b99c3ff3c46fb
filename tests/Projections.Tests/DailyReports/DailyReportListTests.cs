using Crm.Domain.DailyReports;
using Crm.Projections.DailyReports;

namespace Crm.Projections.Tests.DailyReports;

public sealed class DailyReportListTests
{
    private static readonly DateTimeOffset Monday = Story<DailyReportList.Row>.Monday;
    private static readonly DateOnly Day = new(2026, 3, 2);

    private static readonly DailyReportSubmitted Told = new(
        "li", "li.na", Day, 10, new(Touches: 3, Visits: 2, Photos: 1, TasksTomorrow: 4), "east", Monday.AddHours(11), ["shelves"], ["a"],
        new("enc:v1:k:r"));

    private readonly Story<DailyReportList.Row> story = new(Catalog.DailyReports);

    [Fact]
    public void What_was_told_last_stands_and_what_was_told_first_says_when()
    {
        var row = story.Then(0.1, Told).Then(0.2, new DailyReportAmended(20, new(Touches: 4), ["shelves", "stock"])).Row!;

        (row.Member, row.Rep, row.Team, row.Day, row.SubmittedAt, row.IsLate, row.AmendedAt, row.Amendments, row.Shown, row.Touches,
            row.Visits, row.OwnPhotos.Count, row.Remark)
            .ShouldBe(("li", "li.na", "east", Day, Monday.AddDays(0.1), false, Monday.AddDays(0.2), 1, 20, 4, 0, 0, null));
        (story.RowAsOf(0.15)!.Shown, story.RowAsOf(0.15)!.TasksTomorrow, story.RowAsOf(0.15)!.Remark).ShouldBe((10, 4, "enc:v1:k:r"));
    }

    [Fact]
    public void One_that_was_missed_is_late_whenever_it_comes()
    {
        var missed = new DailyReportMissed("li", "li.na", Day, Monday.AddHours(11), "east", ["li"]);

        (story.Then(0.5, missed).Row!.IsLate, story.Row!.SubmittedAt).ShouldBe((true, null));
        (story.Then(0.6, Told with { DueAt = null }).Row!.IsLate, story.Row!.DueAt).ShouldBe((true, Monday.AddHours(11)));
    }

    [Fact]
    public void One_that_comes_after_it_was_due_is_late_though_nobody_looked() =>
        story.Then(0.6, Told).Row!.IsLate.ShouldBeTrue();
}
