namespace Crm.Domain.Commitments;

public interface ICommitmentCommand;

/// <param name="Kind">1 to 40 characters.</param>
/// <param name="Quantity">More than 0; of a product.</param>
public sealed record MakeCommitment(
    Guid CustomerId,
    string Kind,
    DateTimeOffset DueAt,
    string Rep,
    Guid? OpportunityId = null,
    string? Product = null,
    decimal? Quantity = null,
    string? Terms = null,
    Personal? Text = null,
    IReadOnlyList<Guid>? Beside = null) : ICommitmentCommand
{
    public const int LongestKind = 40;
}

public sealed record MoveCommitment(DateTimeOffset DueAt, string? Reason = null) : ICommitmentCommand;
public sealed record HandOverCommitment(string Rep, string? Reason = null) : ICommitmentCommand;
public sealed record ReconcileCommitment(Guid With, string Reason) : ICommitmentCommand;
public sealed record KeepCommitment(Personal? Note = null) : ICommitmentCommand;
public sealed record BreakCommitment(string Reason) : ICommitmentCommand;
public sealed record WithdrawCommitment(string Reason) : ICommitmentCommand;

public static class CommitmentDecider
{
    public static readonly Decider<Commitment, ICommitmentCommand, ICommitmentEvent> Instance =
        new("commitment", Commitment.None, Decide, Commitment.Evolve, Precede);

    public static IReadOnlyList<ICommitmentEvent> Decide(Commitment state, ICommitmentCommand command) => (state, command) switch
    {
        ({ Made: null }, MakeCommitment c) => [Make(c)],
        (_, MakeCommitment c) when Same(state.Made!, Make(c)) => [],
        (_, MakeCommitment) => throw Made(),

        ({ Made: null }, _) => throw Unknown(),

        // Said twice: nothing happens.
        (_, MoveCommitment c) when Cut(c.DueAt) == state.DueAt => [],
        (_, HandOverCommitment c) when c.Rep == state.Rep => [],
        (_, ReconcileCommitment c) when state.Beside.Contains(c.With) => [],
        ({ State: CommitmentState.Kept }, KeepCommitment) => [],
        ({ State: CommitmentState.Broken }, BreakCommitment c) when c.Reason == state.Reason => [],
        ({ State: CommitmentState.Withdrawn }, WithdrawCommitment c) when c.Reason == state.Reason => [],

        ({ State: not CommitmentState.Open }, _) => throw Rejection.WrongState(
            "commitment.settled", $"This promise is {state.State.ToString().ToLowerInvariant()}; make another one."),

        (_, MoveCommitment c) => [new CommitmentMoved(Cut(c.DueAt), c.Reason)],
        (_, HandOverCommitment c) => [new CommitmentHandedOver(c.Rep, c.Reason)],
        (_, ReconcileCommitment c) => [new CommitmentReconciled(c.With, c.Reason)],
        (_, KeepCommitment c) => [new CommitmentKept(c.Note)],
        (_, BreakCommitment c) => [new CommitmentBroken(c.Reason)],
        (_, WithdrawCommitment c) => [new CommitmentWithdrawn(c.Reason)],
        _ => []
    };

    public static void Precede(Commitment latest, ICommitmentCommand command)
    {
        if (command is MakeCommitment && latest.Made is not null)
            throw Made();
        if (command is KeepCommitment or BreakCommitment or WithdrawCommitment && latest.State != CommitmentState.Open)
            throw Rejection.WrongState("commitment.later-outcome",
                "This promise was kept, broken or withdrawn at a later time; that stands.");
    }

    public static Rejection Unknown() => Rejection.Unknown("commitment.unknown", "There is no such promise.");

    private static CommitmentMade Make(MakeCommitment c)
    {
        if (c.Kind.Length is 0 or > MakeCommitment.LongestKind)
            throw Rejection.BrokenRule(
                "commitment.kind", $"A kind of promise is a key of 1 to {MakeCommitment.LongestKind} characters, such as delivery.",
                "kind");
        if (c.Quantity is { } quantity && (c.Product is null || quantity is <= 0 or > Money.Limit))
            throw Rejection.BrokenRule("commitment.quantity", "A quantity is more than 0, and of a product that is named.", "quantity");
        return new(
            c.CustomerId, c.Kind, Cut(c.DueAt), c.Rep, c.OpportunityId, c.Product, DeliveryPlanDecider.Normal(c.Quantity), c.Terms, c.Text,
            c.Beside is { Count: > 0 } others ? [.. others.Distinct().Order()] : null);
    }

    // Of persons, what is sealed is sealed anew each time it is sent, so it cannot tell whether the same was said. Lists are compared by
    // what is in them.
    private static bool Same(CommitmentMade known, CommitmentMade said) =>
        known == said with { Text = known.Text, Beside = known.Beside } && (known.Beside ?? []).SequenceEqual(said.Beside ?? []);

    // The store knows nothing finer than microseconds.
    private static DateTimeOffset Cut(DateTimeOffset time) => time.ToUniversalTime().AddTicks(-(time.Ticks % TimeSpan.TicksPerMicrosecond));

    private static Rejection Made() => Rejection.WrongState("commitment.made",
        "This promise is made already, with other values or at another time.");
}
