using System.Collections.Immutable;

namespace Crm.Domain.Commitments;

public enum CommitmentState { Open, Kept, Broken, Withdrawn }

/// <summary>What somebody promised a customer by when. How it was made is the ground that later facts lie upon, even those dated before
/// it.</summary>
public sealed record Commitment
{
    public static readonly Commitment None = new();

    public CommitmentMade? Made { get; private init; }

    /// <summary>Who answers for it: whoever made it, until it is handed over.</summary>
    public string? Rep => HandedTo ?? Made?.Rep;

    public CommitmentState State { get; private init; }

    /// <summary>Why it was broken or withdrawn.</summary>
    public string? Reason { get; private init; }

    /// <summary>Other promises that it stands beside.</summary>
    public ImmutableHashSet<Guid> Beside { get; private init; } = [];

    private DateTimeOffset? MovedTo { get; init; }

    private string? HandedTo { get; init; }

    public DateTimeOffset? DueAt => MovedTo ?? Made?.DueAt;

    public static Commitment Evolve(Commitment state, ICommitmentEvent @event) => @event switch
    {
        CommitmentMade e => state with { Made = e, Beside = state.Beside.Union(e.Beside ?? []) },
        CommitmentMoved e => state with { MovedTo = e.DueAt },
        CommitmentHandedOver e => state with { HandedTo = e.Rep },
        CommitmentReconciled e => state with { Beside = state.Beside.Add(e.With) },
        CommitmentKept => state with { State = CommitmentState.Kept, Reason = null },
        CommitmentBroken e => state with { State = CommitmentState.Broken, Reason = e.Reason },
        CommitmentWithdrawn e => state with { State = CommitmentState.Withdrawn, Reason = e.Reason },
        _ => state
    };
}
