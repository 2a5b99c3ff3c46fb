using Crm.Domain.Tasks;
using Crm.Projections.Tasks;

namespace Crm.Projections.Tests.Tasks;

public sealed class AlertInboxTests
{
    private static readonly AlertRaised Overdue = new(
        "ann", "task-overdue", AlertSeverity.Warning, new AlertCause("watch-tasks", Guid.NewGuid()),
        new About(AboutKind.Lead, Guid.NewGuid()),
        new Dictionary<string, string> { ["title"] = "首次电话跟进", ["dueAt"] = "2026-03-02T09:00:00Z" });

    private readonly Story<AlertInbox.Row> story = new(Catalog.Alerts);

    [Fact]
    public void An_alert_lies_unread_in_its_members_inbox_until_he_reads_it()
    {
        story.Then(0, Overdue).Then(1, new AlertRead()).Then(2, new AlertRead());

        var before = story.RowAsOf(1)!;
        (before.Member, before.Severity, before.AboutKind, before.Unread, before.ReadAt).ShouldBe(("ann", "warning", "lead", true, null));
        before.Params.ShouldBe("""{"dueAt":"2026-03-02T09:00:00Z","title":"首次电话跟进"}""");
        (story.Row!.Unread, story.Row.ReadAt).ShouldBe((false, Story<AlertInbox.Row>.Monday.AddDays(1)));
    }

    [Fact]
    public void What_is_put_away_leaves_the_inbox() =>
        story.Then(0, Overdue).Then(1, new AlertDismissed()).Then(2, new AlertRead()).Row.ShouldBeNull();
}
