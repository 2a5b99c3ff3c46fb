namespace Crm.Domain.Tasks;

public interface ITaskCommand;

/// <param name="Kind">1 to 40 characters.</param>
/// <param name="Cause">Null where a person opens it.</param>
public sealed record OpenTask(
    string Title,
    string Kind,
    DateTimeOffset DueAt,
    About? About = null,
    string? Rep = null,
    string? Team = null,
    Personal? Text = null,
    TaskCause? Cause = null) : ITaskCommand
{
    public const int LongestKind = 40;
}

/// <param name="Rep">Null gives it back to its team.</param>
/// <param name="Team">Null leaves the team as it is.</param>
public sealed record ReassignTask(string? Rep = null, string? Team = null, string? Reason = null) : ITaskCommand;

public sealed record RescheduleTask(DateTimeOffset DueAt, string? Reason = null) : ITaskCommand;
public sealed record FinishTask(Personal? Note = null) : ITaskCommand;
public sealed record ReopenTask(string Reason) : ITaskCommand;
public sealed record CancelTask(string Reason) : ITaskCommand;

public static class TaskDecider
{
    public static readonly Decider<SalesTask, ITaskCommand, ITaskEvent> Instance =
        new("task", SalesTask.None, Decide, SalesTask.Evolve, Precede);

    public static IReadOnlyList<ITaskEvent> Decide(SalesTask state, ITaskCommand command) => (state, command) switch
    {
        ({ Opened: null }, OpenTask c) => [Open(c)],
        (_, OpenTask c) when Same(state.Opened!, Open(c)) => [],
        (_, OpenTask) => throw Opened(),

        ({ Opened: null }, _) => throw Rejection.Unknown("task.unknown", "There is no such task."),

        // Said twice: nothing happens.
        (_, ReassignTask c) when c.Rep == state.Rep && (c.Team ?? state.Team) == state.Team => [],
        (_, RescheduleTask c) when Cut(c.DueAt) == state.DueAt => [],
        ({ Done: not null }, FinishTask) => [],
        ({ Cancelled: { } cancelled }, CancelTask c) when c.Reason == cancelled.Reason => [],
        ({ IsClosed: false }, ReopenTask) => [],
        (_, ReopenTask c) => [new TaskReopened(c.Reason)],

        ({ IsClosed: true }, _) => throw Rejection.WrongState(
            "task.closed", $"This task is {(state.Done is not null ? "done" : "cancelled")}; reopen it first."),

        (_, ReassignTask c) => [Reassigned(state, c)],
        (_, RescheduleTask c) => [new TaskRescheduled(Cut(c.DueAt), c.Reason)],
        (_, FinishTask c) => [new TaskDone(c.Note)],
        (_, CancelTask c) => [new TaskCancelled(c.Reason)],
        _ => []
    };

    public static void Precede(SalesTask latest, ITaskCommand command)
    {
        switch (command)
        {
            case OpenTask when latest.Opened is not null:
                throw Opened();
            case FinishTask or CancelTask when latest.IsClosed:
            // It was closed at that time. If it no longer is, or was again, its story went on later.
            case ReopenTask when !latest.IsClosed || latest.Closings > 1:
                throw Rejection.WrongState("task.later-outcome", "This task was done, cancelled or reopened at a later time; that stands.");
        }
    }

    private static TaskOpened Open(OpenTask c) => c.Kind.Length is > 0 and <= OpenTask.LongestKind
        ? new TaskOpened(c.Title, c.Kind, Cut(c.DueAt), c.About, c.Rep, c.Team, c.Text, c.Cause)
        : throw Rejection.BrokenRule(
            "task.kind", $"A kind of task is a key of 1 to {OpenTask.LongestKind} characters, such as first-call.", "kind");

    // An automation that meets its cause again may have other rules by then: the task that it opened stands. Of persons, what is sealed is
    // sealed anew each time it is sent, so it cannot tell whether the same was said.
    private static bool Same(TaskOpened known, TaskOpened said) =>
        known.Cause is { } cause ? cause == said.Cause : known == said with { Text = known.Text };

    private static TaskReassigned Reassigned(SalesTask state, ReassignTask c) =>
        c.Rep is not null || c.Team is not null || state.Team is not null
        ? new TaskReassigned(c.Rep, c.Team, c.Reason)
        : throw Rejection.BrokenRule("task.nobody", "It would be nobody's: name a rep or a team.", "rep");

    // The store knows nothing finer than microseconds.
    private static DateTimeOffset Cut(DateTimeOffset time) => time.ToUniversalTime().AddTicks(-(time.Ticks % TimeSpan.TicksPerMicrosecond));

    private static Rejection Opened() =>
        Rejection.WrongState("task.opened", "This task is open already, with other values or at another time.");
}
