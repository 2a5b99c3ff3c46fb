using Crm.Domain;
using Crm.Domain.Tasks;
using Crm.Projections.Tasks;

namespace Crm.Projections.Tests.Tasks;

public sealed class TaskListTests
{
    private static readonly DateTimeOffset Monday = Story<TaskList.Row>.Monday;
    private static readonly TaskOpened Call =
        new("Call them", "first-call", Monday.AddDays(2), new About(AboutKind.Lead, Guid.NewGuid()), "ann", "north");

    private readonly Story<TaskList.Row> story = new(Catalog.Tasks);

    [Theory]
    [InlineData(1, "open", "ann", 2)]
    [InlineData(2, "open", "bob", 2)]
    [InlineData(3, "open", "bob", 5)]
    [InlineData(5, "done", "bob", 5)]
    [InlineData(9, "open", "bob", 5)]
    public void A_row_tells_whose_it_is_by_when_and_what_became_of_it(double day, string state, string rep, double due)
    {
        story.Then(0, Call).Then(1, new TaskReassigned("bob")).Then(2, new TaskRescheduled(Monday.AddDays(5)))
            .Then(4, new TaskDone(new Personal("enc:v1:k1:YQ=="))).Then(6, new TaskReopened("Wrong number"));

        var row = story.RowAsOf(day)!;
        (row.State, row.Rep, row.Team, row.DueAt, row.Note is null).ShouldBe((state, rep, "north", Monday.AddDays(due), state != "done"));
        (row.AboutKind, row.AboutId, row.Kind, row.Automation).ShouldBe(("lead", Call.About!.Id, "first-call", null));
    }

    [Theory]
    [InlineData(2, false)]
    [InlineData(2.1, true)]
    public void What_was_done_after_it_was_due_was_done_late(double day, bool late)
    {
        story.Then(0, Call).Then(day, new TaskDone());

        (story.Row!.DoneLate, story.Row.DoneAt, story.RowAsOf(1)!.DoneLate).ShouldBe((late, Monday.AddDays(day), null));
    }

    [Fact]
    public void A_task_that_was_put_off_in_time_but_told_of_it_later_was_not_done_late()
    {
        story.Then(0, Call).Then(3, new TaskDone()).Then(1, new TaskRescheduled(Monday.AddDays(4)));

        (story.Row!.DoneLate, story.Row.DueAt).ShouldBe((false, Monday.AddDays(4)));
    }

    [Fact]
    public void A_cancelled_task_says_why_and_a_reopened_one_no_more()
    {
        story.Then(0, Call).Then(1, new TaskCancelled("They bought elsewhere")).Then(2, new TaskReopened("They did not"));

        (story.RowAsOf(2)!.State, story.RowAsOf(2)!.CancelledAt, story.RowAsOf(2)!.CancelledBecause)
            .ShouldBe(("cancelled", Monday.AddDays(1), "They bought elsewhere"));
        (story.Row!.State, story.Row.CancelledAt, story.Row.CancelledBecause).ShouldBe(("open", (DateTimeOffset?)null, null));
    }

    [Fact]
    public void Each_fact_is_a_revision_of_its_own_whenever_it_occurred()
    {
        story.Then(0, Call).Then(3, new TaskDone()).Then(1, new TaskReassigned("bob"));

        (story.Row!.Revision, story.Row.ChangedAt).ShouldBe((3, Monday.AddDays(30).AddMinutes(3)));
    }
}
