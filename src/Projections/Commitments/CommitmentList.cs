using Crm.Domain.Commitments;
using Crm.EventModel;

namespace Crm.Projections.Commitments;

/// <summary>Every promise to a customer as it stands, and as it stood at any moment: who made it, by when, and what became of it.</summary>
public sealed class CommitmentList : ReadModel<CommitmentList.Row>
{
    /// <param name="MadeAt">Null while there are only facts dated before the promise; such a row is not listed.</param>
    /// <param name="Text">Sealed, as is the note.</param>
    /// <param name="State"><c>open</c>, <c>kept</c>, <c>broken</c> or <c>withdrawn</c>. Overdue it is by the moment that is asked about,
    /// not by a fact.</param>
    /// <param name="Moves">How often it was put off or brought forward.</param>
    /// <param name="KeptLate">Whether it was kept after it was due; null while it is not kept.</param>
    /// <param name="Reason">Why it was broken or withdrawn.</param>
    /// <param name="Beside">Ids of other promises that it stands beside.</param>
    public sealed record Row(
        Guid CommitmentId, DateTimeOffset? MadeAt, Guid? CustomerId, Guid? OpportunityId, string? Kind, string? Product, decimal? Quantity,
        string? Terms,
        string? Text, string? Rep, string State, DateTimeOffset? DueAt, int Moves, DateTimeOffset? SettledAt, bool? KeptLate,
        string? Reason, string? Note,
        IReadOnlyList<string> Beside);

    public const string Open = "open";
    public const string Kept = "kept";

    /// <summary>Members that hold sealed text.</summary>
    public static readonly IReadOnlyList<string> Sealed = [nameof(Row.Text), nameof(Row.Note)];

    public override string Name => "commitment_list";

    public override int Version => 1;

    public override bool KeepsHistory => true;

    public override Type Reads => typeof(ICommitmentEvent);

    /// <summary>What a customer was promised, what is due, and what of a product.</summary>
    public override IReadOnlyList<string> Indexes => ["customer_id", "state, due_at", "product, due_at"];

    public override IReadOnlyList<string> HistoryIndexes => ["customer_id, commitment_id"];

    public override Row? Fold(Row? row, Recorded e)
    {
        var promise = row ?? new Row(e.StreamId, null, null, null, null, null, null, null, null, null, Open, null, 0, null, null, null,
            null, []);
        return e.Data switch
        {
            CommitmentMade x => Made(promise, x, e.OccurredAt),
            CommitmentMoved x => promise with { DueAt = x.DueAt, Moves = promise.Moves + 1 },
            CommitmentHandedOver x => promise with { Rep = x.Rep },
            CommitmentReconciled x => promise with { Beside = [.. promise.Beside.Union([x.With.ToString()])] },
            CommitmentKept x => Settled(promise, Kept, e.OccurredAt) with
            {
                KeptLate = e.OccurredAt > promise.DueAt,
                Note = x.Note?.Sealed
            },
            CommitmentBroken x => Settled(promise, "broken", e.OccurredAt) with { Reason = x.Reason },
            CommitmentWithdrawn x => Settled(promise, "withdrawn", e.OccurredAt) with { Reason = x.Reason },
            _ => row
        };
    }

    // How it was made is the ground that other facts lie upon, even those dated before it.
    private static Row Made(Row promise, CommitmentMade x, DateTimeOffset at) => promise with
    {
        MadeAt = at,
        CustomerId = x.CustomerId,
        OpportunityId = x.OpportunityId,
        Kind = x.Kind,
        Product = x.Product,
        Quantity = x.Quantity,
        Terms = x.Terms,
        Text = x.Text?.Sealed,
        Rep = promise.Rep ?? x.Rep,
        DueAt = promise.DueAt ?? x.DueAt,
        Beside = [.. (x.Beside ?? []).Select(id => id.ToString()).Union(promise.Beside)]
    };

    private static Row Settled(Row promise, string state, DateTimeOffset at) =>
        promise with { State = state, SettledAt = at, KeptLate = null, Reason = null, Note = null };
}
