namespace Crm.Domain.Tasks;

public enum TaskState { Open, Done, Cancelled }

/// <summary>
/// Something that somebody is to do by a certain time. How it was opened is the ground that later facts lie upon, even those dated before
/// it.
/// </summary>
public sealed record SalesTask : IOwned
{
    public static readonly SalesTask None = new();

    public TaskOpened? Opened { get; private init; }
    public TaskDone? Done { get; private init; }
    public TaskCancelled? Cancelled { get; private init; }

    /// <summary>How often it was done or cancelled, reopened since or not.</summary>
    public int Closings { get; private init; }

    private TaskReassigned? Reassigned { get; init; }
    private string? JoinedTeam { get; init; }
    private DateTimeOffset? RescheduledTo { get; init; }

    public TaskState State => Done is not null ? TaskState.Done : Cancelled is not null ? TaskState.Cancelled : TaskState.Open;

    public bool IsClosed => State != TaskState.Open;

    public DateTimeOffset? DueAt => RescheduledTo ?? Opened?.DueAt;
    public string? Rep => Reassigned is { } reassigned ? reassigned.Rep : Opened?.Rep;
    public string? Team => JoinedTeam ?? Opened?.Team;

    public static SalesTask Evolve(SalesTask state, ITaskEvent @event) => @event switch
    {
        TaskOpened e => state with { Opened = e },
        TaskReassigned e => state with { Reassigned = e, JoinedTeam = e.Team ?? state.JoinedTeam },
        TaskRescheduled e => state with { RescheduledTo = e.DueAt },
        TaskDone e => state with { Done = e, Cancelled = null, Closings = state.Closings + 1 },
        TaskCancelled e => state with { Cancelled = e, Done = null, Closings = state.Closings + 1 },
        TaskReopened => state with { Done = null, Cancelled = null },
        _ => state
    };
}
