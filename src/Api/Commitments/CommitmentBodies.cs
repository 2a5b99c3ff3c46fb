using Crm.Api.Http;
using Crm.Api.Http.Shapes;
using Crm.Api.Lists;
using Crm.Domain;
using Crm.Domain.Commitments;
using Crm.Domain.Conditions;
using Crm.Projections;
using Crm.Projections.Commitments;
using Operator = Crm.Domain.Conditions.Operator;

namespace Crm.Api.Commitments;

/// <param name="Kind">A key such as <c>delivery</c>, by which alike promises are found and held against each other.</param>
/// <param name="DueAt">By when.</param>
/// <param name="Rep">Who promised it; left out, you.</param>
/// <param name="Product">What it is about; promises that name none are held against no other.</param>
/// <param name="Quantity">How much of the product, in the unit in which its delivery is planned.</param>
/// <param name="Terms">What was promised in words that can be compared, such as <c>8% off</c>; nothing of a person.</param>
/// <param name="Text">What else there is to know about it; kept sealed, as notes are.</param>
/// <param name="Beside">Other promises to the same customer beside which this one stands: all of them are meant.</param>
public sealed record MakeCommitmentRequest(
    Guid CustomerId, [Text(MakeCommitment.LongestKind)] string Kind, DateTimeOffset DueAt, string? Rep = null, Guid? OpportunityId = null,
    string? Product = null, decimal? Quantity = null, string? Terms = null, [Text(4000)] string? Text = null,
    [Items(50)] IReadOnlyList<Guid>? Beside = null, DateTimeOffset? OccurredAt = null);

public sealed record MoveCommitmentRequest(DateTimeOffset DueAt, string? Reason = null, DateTimeOffset? OccurredAt = null);

/// <param name="With">The other promise, to the same customer.</param>
/// <param name="Reason">Why both can stand.</param>
public sealed record ReconcileCommitmentRequest([Field("beside")] Guid With, string Reason);

/// <param name="Note">What came of it; kept sealed, as notes are.</param>
public sealed record KeepCommitmentRequest([Text(4000)] string? Note = null, DateTimeOffset? OccurredAt = null);

public sealed record BreakCommitmentRequest(string Reason, DateTimeOffset? OccurredAt = null);

public sealed record WithdrawCommitmentRequest(string Reason, DateTimeOffset? OccurredAt = null);

/// <param name="DueFrom">Only those that are due at this moment or later.</param>
/// <param name="DueBefore">Only those that are due before this moment.</param>
/// <param name="Overdue">Only those that are open and were due before the moment that is asked about; with <c>false</c>, the
/// others.</param>
public sealed record CommitmentQuestion(
    Times Times, ListWords Words, Guid? CustomerId = null, Guid? OpportunityId = null, CommitmentState? State = null,
    [Text(MakeCommitment.LongestKind)] string? Kind = null, string? Product = null, string? Rep = null, Moment? DueFrom = null,
    Moment? DueBefore = null,
    bool? Overdue = null) : IListQuestion
{
    public Asked Asked => Asked.Of(
        Times, Words, ("customerId", CustomerId?.ToString()), ("opportunityId", OpportunityId?.ToString()),
        ("state", State is { } state ? ChoiceShape.Spell(state.ToString()) : null), ("kind", Kind), ("product", Product), ("rep", Rep)) with
    {
        Bounds = [("dueFrom", "dueAt", Operator.Gte, DueFrom), ("dueBefore", "dueAt", Operator.Lt, DueBefore)],
        Passing = Overdue is { } overdue
            ? new Passing("overdue", ["state", "dueAt"], at => overdue ? IsOverdue(at) : new Condition.Not(IsOverdue(at)))
            : null
    };

    private static Condition IsOverdue(DateTimeOffset at) => new Condition.All(
        [Test("state", Operator.Eq, CommitmentList.Open), Test("dueAt", Operator.Lt, at)]);

    private static Condition.Test Test(string field, Operator @operator, object value) =>
        new(CommitmentAnswer.List.Fields[field].Field, @operator, [value]);
}

/// <param name="Kind">A key such as <c>delivery</c>.</param>
/// <param name="Text">Null where there is none, or where it was forgotten.</param>
/// <param name="Rep">Who promised it.</param>
/// <param name="State"><c>open</c>, <c>kept</c>, <c>broken</c> or <c>withdrawn</c>.</param>
/// <param name="Moves">How often it was put off or brought forward.</param>
/// <param name="SettledAt">When it was kept, broken or withdrawn.</param>
/// <param name="KeptLate">Whether it was kept after it was due; null while it is not kept.</param>
/// <param name="Reason">Why it was broken or withdrawn.</param>
/// <param name="Note">What came of it, of one that was kept.</param>
/// <param name="Beside">Ids of other promises beside which it stands.</param>
[Sparse]
public sealed record CommitmentAnswer(
    Guid Id, DateTimeOffset MadeAt, Guid CustomerId, Guid? OpportunityId, string Kind, string? Product, decimal? Quantity, string? Terms,
    string? Text,
    string Rep, string State, DateTimeOffset DueAt, int Moves, DateTimeOffset? SettledAt, bool? KeptLate, string? Reason, string? Note,
    IReadOnlyList<string> Beside)
{
    public static readonly RecordList<CommitmentList.Row, CommitmentAnswer> List =
        new("commitment", Catalog.Commitments, "madeAt", Of, CommitmentList.Sealed);

    private static async Task<CommitmentAnswer> Of(CommitmentList.Row r, Unsealer unsealer, string tenant, CancellationToken ct) => new(
        r.CommitmentId, r.MadeAt!.Value, r.CustomerId!.Value, r.OpportunityId, r.Kind!, r.Product, r.Quantity, r.Terms,
        await unsealer.Open(tenant, r.Text, ct), r.Rep!, r.State, r.DueAt!.Value, r.Moves, r.SettledAt, r.KeptLate, r.Reason,
        await unsealer.Open(tenant, r.Note, ct), r.Beside);
}
