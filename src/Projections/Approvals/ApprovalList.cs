using System.Text.Json;
using Crm.Domain.Approvals;
using Crm.EventModel;

namespace Crm.Projections.Approvals;

/// <summary>What was asked to be approved, for whom it waits, and how it ended.</summary>
public sealed class ApprovalList : ReadModel<ApprovalList.Row>
{
    /// <param name="RequestedAt">Null while there are only facts dated before it was asked; such a row is not listed.</param>
    /// <param name="State"><c>pending</c>, <c>granted</c>, <c>refused</c> or <c>withdrawn</c>.</param>
    /// <param name="Step">The key of the step that it is at, or was last.</param>
    /// <param name="Rep">Whose the record was when it was asked about.</param>
    /// <param name="Asked">Who is asked and has not decided.</param>
    /// <param name="StandIns">Who stands in for whom: the one who is asked, a space, the other.</param>
    /// <param name="Waiting">For whom it waits: both.</param>
    /// <param name="Involved">Whoever asked, was ever asked, or stood in.</param>
    /// <param name="DueAt">When something happens by itself; null where nothing does.</param>
    public sealed record Row(
        Guid ApprovalId, DateTimeOffset? RequestedAt, string? Flow, string? Name, string? SubjectKind, Guid? SubjectId, string? Purpose,
            string State,
        string? Step, string? AskedBy, string? Rep, string? Team, IReadOnlyList<string> Asked, IReadOnlyList<string> StandIns,
        IReadOnlyList<string> Waiting, IReadOnlyList<string> Involved, DateTimeOffset? DueAt, DateTimeOffset? SettledAt);

    /// <summary>Members by which the row is made, and nobody asks.</summary>
    public static readonly IReadOnlyList<string> Unasked = [nameof(Row.Asked), nameof(Row.StandIns)];

    public override string Name => "approval_list";

    public override int Version => 1;

    public override bool KeepsHistory => true;

    public override Type Reads => typeof(IApprovalEvent);

    /// <summary>What is due.</summary>
    public override IReadOnlyList<string> Indexes => ["due_at"];

    public override Row? Fold(Row? row, Recorded e)
    {
        var approval = row ?? new Row(e.StreamId, null, null, null, null, null, null, "pending", null, null, null, null, [], [], [], [],
            null, null);
        return e.Data switch
        {
            ApprovalRequested x => approval with
            {
                RequestedAt = e.OccurredAt,
                Flow = x.Flow,
                Name = x.Name,
                SubjectKind = JsonNamingPolicy.KebabCaseLower.ConvertName(x.Subject.Kind.ToString()),
                SubjectId = x.Subject.Id,
                Purpose = x.Purpose,
                AskedBy = x.By,
                Rep = x.Rep,
                Team = x.Team,
                Involved = [.. approval.Involved.Union([x.By])]
            },
            ApprovalStepReached x when approval.SettledAt is null =>
                Asking(approval with { Step = x.Step, DueAt = x.DueAt, StandIns = [] }, x.Approvers),
            ApprovalGiven x => Without(approval, x.Member),
            ApprovalDeclined x => Without(approval, x.Member),
            ApprovalTransferred x => Moved(approval, x.From, x.To),
            ApprovalEscalated x => x.Moves.Aggregate(approval with { DueAt = x.DueAt }, (moved, move) => Moved(moved, move.From, move.To)),
            ApprovalDelegated x =>
                Asking(approval with { StandIns = [.. approval.StandIns.Where(one => !IsOf(one, x.Member)), $"{x.Member} {x.To}"] },
                    approval.Asked),
            ApprovalReminded x => approval with { DueAt = x.DueAt },
            ApprovalTimedOut => approval with { DueAt = null },
            ApprovalGranted => Over(approval, "granted", e.OccurredAt),
            ApprovalRefused => Over(approval, "refused", e.OccurredAt),
            ApprovalWithdrawn => Over(approval, "withdrawn", e.OccurredAt),
            _ => row
        };
    }

    private static Row Moved(Row row, string from, string to) => !row.Asked.Contains(from) ? row
        : Asking(row with { StandIns = [.. row.StandIns.Where(one => !IsOf(one, from))] },
            [.. row.Asked.Where(one => one != from).Union([to])]);

    private static Row Without(Row row, string member) =>
        Asking(row with { StandIns = [.. row.StandIns.Where(one => !IsOf(one, member))] }, [.. row.Asked.Where(one => one != member)]);

    private static Row Asking(Row row, IReadOnlyList<string> asked)
    {
        IReadOnlyList<string> waiting = row.SettledAt is null
            ? [.. asked.Union(row.StandIns.Select(one => one[(one.IndexOf(' ', StringComparison.Ordinal) + 1)..]))] : [];
        return row with { Asked = asked, Waiting = waiting, Involved = [.. row.Involved.Union(waiting)] };
    }

    // The first end stands.
    private static Row Over(Row row, string state, DateTimeOffset at) => row.SettledAt is not null ? row
        : row with { State = state, SettledAt = at, DueAt = null, Asked = [], StandIns = [], Waiting = [] };

    private static bool IsOf(string standIn, string member) => standIn.StartsWith(member + " ", StringComparison.Ordinal);
}
