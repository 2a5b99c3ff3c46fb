using Crm.Api.Http;
using Crm.Api.Http.Shapes;
using Crm.Api.Lists;
using Crm.Domain;
using Crm.Domain.Conditions;
using Crm.Domain.Tasks;
using Crm.Projections;
using Crm.Projections.Tasks;
using Operator = Crm.Domain.Conditions.Operator;

namespace Crm.Api.Tasks;

/// <summary>The record that a task is about.</summary>
public sealed record AboutRequest(AboutKind Kind, Guid Id);

/// <param name="Kind">A key such as <c>first-call</c>, by which alike tasks are found and counted.</param>
/// <param name="DueAt">By when.</param>
/// <param name="About">A record that there is, and that you see.</param>
/// <param name="Rep">Who is to do it. Left out, and team as well: whoever sees only some records opens it for himself; of others it is
/// nobody's yet.</param>
/// <param name="Team">Whose board it stands on.</param>
/// <param name="Text">What is to be known about it; kept sealed, as notes are.</param>
public sealed record OpenTaskRequest(
    string Title, [Text(OpenTask.LongestKind)] string Kind, DateTimeOffset DueAt, AboutRequest? About = null, string? Rep = null,
    string? Team = null, [Text(4000)] string? Text = null, DateTimeOffset? OccurredAt = null);

/// <param name="Rep">Left out: back to its team, and nobody's yet.</param>
/// <param name="Team">Left out: as it is.</param>
public sealed record ReassignTaskRequest(string? Rep = null, string? Team = null, string? Reason = null, DateTimeOffset? OccurredAt = null);

public sealed record RescheduleTaskRequest(DateTimeOffset DueAt, string? Reason = null, DateTimeOffset? OccurredAt = null);

/// <param name="Note">What came of it; kept sealed, as notes are.</param>
public sealed record FinishTaskRequest([Text(4000)] string? Note = null, DateTimeOffset? OccurredAt = null);

public sealed record ReopenTaskRequest(string Reason, DateTimeOffset? OccurredAt = null);

public sealed record CancelTaskRequest([Field("cancelledBecause")] string Reason, DateTimeOffset? OccurredAt = null);

/// <param name="About">Only those about this record.</param>
/// <param name="DueFrom">Only those that are due at this moment or later.</param>
/// <param name="DueBefore">Only those that are due before this moment.</param>
/// <param name="Overdue">Only those that are open and were due before the moment that is asked about; with <c>false</c>, the
/// others.</param>
public sealed record TaskQuestion(
    Times Times, ListWords Words, string? Q = null, TaskState? State = null, [Text(OpenTask.LongestKind)] string? Kind = null,
    string? Rep = null, string? Team = null, Guid? About = null, Moment? DueFrom = null, Moment? DueBefore = null, bool? Overdue = null)
    : IListQuestion
{
    public Asked Asked => Asked.Of(
        Times, Words,
        ("state", State is { } state ? ChoiceShape.Spell(state.ToString()) : null), ("kind", Kind), ("rep", Rep), ("team", Team))
        .And("about", "aboutId", About?.ToString()).Seeking(Q) with
    {
        Bounds = [("dueFrom", "dueAt", Operator.Gte, DueFrom), ("dueBefore", "dueAt", Operator.Lt, DueBefore)],
        Passing = Overdue is { } overdue
            ? new Passing("overdue", ["state", "dueAt"], at => overdue ? TaskIs.Overdue(at) : new Condition.Not(TaskIs.Overdue(at)))
            : null
    };
}

/// <param name="Kind"><c>lead</c>, <c>customer</c>, <c>opportunity</c>, <c>contact</c>, <c>order</c> or <c>campaign</c>.</param>
public sealed record AboutAnswer(string Kind, Guid Id);

/// <param name="State"><c>open</c>, <c>done</c> or <c>cancelled</c>.</param>
/// <param name="Text">Null where there is none, or where it was forgotten.</param>
/// <param name="Note">What came of it, of one that is done.</param>
/// <param name="DoneLate">Whether it was done after it was due; null while it is not done.</param>
/// <param name="Automation">What opened it; null where a person did.</param>
/// <param name="CausedBy">The event that the automation took for its cause.</param>
[Sparse]
public sealed record TaskAnswer(
    Guid Id, DateTimeOffset OpenedAt, string Title, string Kind, AboutAnswer? About, string? Rep, string? Team, string State,
    DateTimeOffset DueAt, string? Text, string? Note, DateTimeOffset? DoneAt, bool? DoneLate, DateTimeOffset? CancelledAt,
    string? CancelledBecause, string? Automation, Guid? CausedBy)
{
    public static readonly RecordList<TaskList.Row, TaskAnswer> List = new(
        "task", Catalog.Tasks, "openedAt", Of, TaskList.Unasked,
        shownIn: new Dictionary<string, string> { ["aboutKind"] = "about", ["aboutId"] = "about" }, searched: ["title"]);

    public static async Task<TaskAnswer> Of(TaskList.Row r, Unsealer unsealer, string tenant, CancellationToken ct) => new(
        r.TaskId, r.OpenedAt!.Value, r.Title!, r.Kind!, r.AboutId is { } about ? new AboutAnswer(r.AboutKind!, about) : null, r.Rep,
        r.Team, r.State, r.DueAt!.Value, await unsealer.Open(tenant, r.Text, ct), await unsealer.Open(tenant, r.Note, ct), r.DoneAt,
        r.DoneLate, r.CancelledAt, r.CancelledBecause, r.Automation, r.CausedBy);
}
