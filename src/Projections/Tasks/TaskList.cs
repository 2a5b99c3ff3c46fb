using System.Text.Json;
using Crm.Domain.Tasks;
using Crm.EventModel;

namespace Crm.Projections.Tasks;

/// <summary>Every task as it stands, and as it stood at any moment: whose it is, by when, and what became of it.</summary>
public sealed class TaskList : ReadModel<TaskList.Row>
{
    /// <param name="OpenedAt">Null while there are only facts dated before the opening; such a row is not listed.</param>
    /// <param name="AboutKind"><c>lead</c>, <c>customer</c>, <c>opportunity</c>, <c>contact</c>, <c>order</c> or <c>campaign</c>.</param>
    /// <param name="State"><c>open</c>, <c>done</c> or <c>cancelled</c>. Overdue it is by the moment that is asked about, not by a
    /// fact.</param>
    /// <param name="Text">Sealed, as is the note.</param>
    /// <param name="DoneLate">Whether it was done after it was due; null while it is not done.</param>
    /// <param name="Automation">What opened it; null where a person did.</param>
    /// <param name="CausedBy">The event that the automation took for its cause.</param>
    /// <param name="Revision">The version of the last fact in it.</param>
    /// <param name="ChangedAt">When that was recorded.</param>
    public sealed record Row(
        Guid TaskId, DateTimeOffset? OpenedAt, string? Title, string? Kind, string? AboutKind, Guid? AboutId, string? Rep, string? Team,
        string State, DateTimeOffset? DueAt, string? Text, string? Note, DateTimeOffset? DoneAt, bool? DoneLate,
        DateTimeOffset? CancelledAt, string? CancelledBecause, string? Automation, Guid? CausedBy, long Revision, DateTimeOffset ChangedAt)
    {
        public static Row New(Guid id) => new(
            id, null, null, null, null, null, null, null, Open, null, null, null, null, null, null, null, null, null, 0,
            DateTimeOffset.MinValue);
    }

    public const string Open = "open";
    public const string Done = "done";
    public const string Cancelled = "cancelled";

    /// <summary>Members that hold sealed text.</summary>
    public static readonly IReadOnlyList<string> Sealed = [nameof(Row.Text), nameof(Row.Note)];

    /// <summary>Members that nobody can ask for: those, and what only tells calendars that something has changed.</summary>
    public static readonly IReadOnlyList<string> Unasked = [.. Sealed, nameof(Row.Revision), nameof(Row.ChangedAt)];

    public override string Name => "task_list";

    public override int Version => 1;

    public override bool KeepsHistory => true;

    public override Type Reads => typeof(ITaskEvent);

    /// <summary>What somebody has to do, by when; and what there is to do about a record.</summary>
    public override IReadOnlyList<string> Indexes => ["rep, due_at", "about_id"];

    /// <summary>What somebody had to do, by when.</summary>
    public override IReadOnlyList<string> HistoryIndexes => ["rep, due_at"];

    public override Row? Fold(Row? row, Recorded e)
    {
        var task = row ?? Row.New(e.StreamId);
        Row? next = e.Data switch
        {
            TaskOpened x => Opened(task, x, e.OccurredAt),
            TaskReassigned x => task with { Rep = x.Rep, Team = x.Team ?? task.Team },
            TaskRescheduled x => task with { DueAt = x.DueAt },
            TaskDone x => Reopened(task) with { State = Done, DoneAt = e.OccurredAt, Note = x.Note?.Sealed },
            TaskCancelled x => Reopened(task) with { State = Cancelled, CancelledAt = e.OccurredAt, CancelledBecause = x.Reason },
            TaskReopened => Reopened(task),
            _ => null
        };
        return next is null ? row : next with
        {
            DoneLate = next.DoneAt is { } done ? done > next.DueAt : null,
            Revision = Math.Max(task.Revision, e.Version),
            ChangedAt = task.ChangedAt > e.RecordedAt ? task.ChangedAt : e.RecordedAt
        };
    }

    // How it was opened is the ground that other facts lie upon, even those dated before it.
    private static Row Opened(Row task, TaskOpened x, DateTimeOffset at) => task with
    {
        OpenedAt = at,
        Title = x.Title,
        Kind = x.Kind,
        AboutKind = x.About is { } about ? JsonNamingPolicy.KebabCaseLower.ConvertName(about.Kind.ToString()) : null,
        AboutId = x.About?.Id,
        Rep = task.Rep ?? x.Rep,
        Team = task.Team ?? x.Team,
        DueAt = task.DueAt ?? x.DueAt,
        Text = x.Text?.Sealed,
        Automation = x.Cause?.Automation,
        CausedBy = x.Cause?.EventId
    };

    private static Row Reopened(Row task) => task with
    {
        State = Open,
        DoneAt = null,
        Note = null,
        CancelledAt = null,
        CancelledBecause = null
    };
}
