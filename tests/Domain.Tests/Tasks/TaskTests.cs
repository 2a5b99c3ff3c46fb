using Crm.Domain.Tasks;

namespace Crm.Domain.Tests.Tasks;

public sealed class TaskTests() : Spec<SalesTask, ITaskCommand, ITaskEvent>(TaskDecider.Instance)
{
    private static readonly DateTimeOffset Friday = new(2026, 11, 13, 9, 30, 0, TimeSpan.Zero), Monday = Friday.AddDays(3);
    private static readonly About Lead = new(AboutKind.Lead, Guid.Parse("01920000-0000-7000-8000-000000000001"));
    private static readonly TaskCause Captured = new("plan-first-call", Guid.Parse("01920000-0000-7000-8000-000000000041"));
    private static readonly TaskOpened Call = new("Call them", "first-call", Friday, Lead, "ann", "north");

    [Fact]
    public void A_task_is_opened() =>
        Given().When(new OpenTask("Call them", "first-call", Friday, Lead, "ann", "north", new Personal("enc:v1:k1:YQ=="), Captured))
            .Then(Call with { Text = new Personal("enc:v1:k1:YQ=="), Cause = Captured });

    [Fact]
    public void An_open_task_is_not_opened_as_another()
    {
        Given(Call).When(new OpenTask("Call them", "first-call", Friday, Lead, "ann", "north", new Personal("enc:v1:k1:YQ==")))
            .ThenNothing();
        Given(Call).When(new OpenTask("Call them", "first-call", Monday, Lead, "ann", "north")).ThenRejected("task.opened")
            .Kind.ShouldBe(RejectionKind.WrongState);
        Given().AndSince(Call).When(new OpenTask("Call them", "first-call", Friday, Lead, "ann", "north")).ThenRejected("task.opened");
    }

    [Fact]
    public void What_an_automation_opened_it_does_not_open_again_however_its_rules_changed() =>
        Given(Call with { Cause = Captured }).When(new OpenTask("Ring them", "first-call", Monday, Lead, Cause: Captured)).ThenNothing();

    [Theory]
    [InlineData("")]
    [InlineData("a-key-of-more-than-forty-characters-is-no-key")]
    public void A_kind_is_a_short_key(string kind) => Given().When(new OpenTask("Call them", kind, Friday))
        .ThenRejected("task.kind", "kind");

    [Fact]
    public void Times_are_kept_in_UTC_to_the_microsecond()
    {
        var said = new DateTimeOffset(2026, 11, 13, 17, 30, 0, TimeSpan.FromHours(8)).AddTicks(19);

        Given().When(new OpenTask("Call them", "first-call", said)).Then(new TaskOpened("Call them", "first-call", Friday.AddTicks(10)));
        Given(Call).When(new RescheduleTask(said)).Then(new TaskRescheduled(Friday.AddTicks(10)));
    }

    [Fact]
    public void A_task_goes_from_one_to_another_and_back_to_its_team()
    {
        Given(Call).When(new ReassignTask("bob", Reason: "Ann is away")).Then(new TaskReassigned("bob", Reason: "Ann is away"));
        Given(Call).When(new ReassignTask(Team: "south")).Then(new TaskReassigned(Team: "south"));
        Given(Call).When(new ReassignTask()).Then(new TaskReassigned());
        Given(Call).When(new ReassignTask("ann", "north", "again")).ThenNothing();
        Given(Call, new TaskReassigned()).When(new ReassignTask("bob", "north")).Then(new TaskReassigned("bob", "north"));
        var back = After(Call, new TaskReassigned(Team: "south"), new TaskReassigned("bob"));
        (back.Rep, back.Team).ShouldBe(("bob", "south"));
    }

    [Fact]
    public void A_task_that_was_somebodys_does_not_become_nobodys() =>
        Given(Call with { Team = null }).When(new ReassignTask()).ThenRejected("task.nobody", "rep");

    [Fact]
    public void An_open_task_is_put_off()
    {
        Given(Call).When(new RescheduleTask(Monday, "They asked for Monday")).Then(new TaskRescheduled(Monday, "They asked for Monday"));
        Given(Call).When(new RescheduleTask(Friday)).ThenNothing();
        After(Call, new TaskRescheduled(Monday)).DueAt.ShouldBe(Monday);
    }

    [Fact]
    public void What_is_done_or_cancelled_is_not_put_off_nor_given_away()
    {
        ITaskEvent[] ends = [new TaskDone(), new TaskCancelled("They bought elsewhere")];
        foreach (var end in ends)
        {
            Given(Call, end).When(new RescheduleTask(Monday)).ThenRejected("task.closed").Kind.ShouldBe(RejectionKind.WrongState);
            Given(Call, end).When(new ReassignTask("bob")).ThenRejected("task.closed");
        }
    }

    [Fact]
    public void A_task_is_done_once()
    {
        Given(Call).When(new FinishTask(new Personal("enc:v1:k1:YQ=="))).Then(new TaskDone(new Personal("enc:v1:k1:YQ==")));
        Given(Call, new TaskDone()).When(new FinishTask(new Personal("enc:v1:k1:Yg=="))).ThenNothing();
        Given(Call, new TaskCancelled("x")).When(new FinishTask()).ThenRejected("task.closed");
        Given(Call).AndSince(new TaskDone()).When(new FinishTask()).ThenRejected("task.later-outcome");
    }

    [Fact]
    public void A_task_is_cancelled_with_a_reason()
    {
        Given(Call).When(new CancelTask("They bought elsewhere")).Then(new TaskCancelled("They bought elsewhere"));
        Given(Call, new TaskCancelled("x")).When(new CancelTask("y")).ThenRejected("task.closed");
        Given(Call, new TaskDone()).When(new CancelTask("x")).ThenRejected("task.closed");
        Given(Call).AndSince(new TaskDone(), new TaskReopened("z")).When(new CancelTask("x")).Then(new TaskCancelled("x"));
    }

    [Fact]
    public void What_was_closed_goes_on_when_it_is_reopened()
    {
        Given(Call, new TaskDone()).When(new ReopenTask("Wrong number")).Then(new TaskReopened("Wrong number"));
        Given(Call, new TaskCancelled("x")).When(new ReopenTask("Wrong number")).Then(new TaskReopened("Wrong number"));
        Given(Call).When(new ReopenTask("Wrong number")).ThenNothing();
        Given(Call, new TaskDone()).AndSince(new TaskReopened("z"), new TaskDone()).When(new ReopenTask("Wrong number"))
            .ThenRejected("task.later-outcome");
        After(Call, new TaskDone(), new TaskReopened("z")).State.ShouldBe(TaskState.Open);
    }

    [Fact]
    public void Nothing_is_done_that_was_not_opened() => Given().When(new FinishTask()).ThenRejected("task.unknown")
        .Kind.ShouldBe(RejectionKind.Unknown);
}
