using System.Collections.Immutable;
using Crm.Domain.Playbooks;

namespace Crm.Domain.Approvals;

public enum ApprovalOutcome { Pending, Granted, Refused, Withdrawn }

/// <summary>Something that is to be approved: where it is, who is asked, and what they said.</summary>
public sealed record Approval
{
    public static readonly Approval None = new();

    public ApprovalRequested? Requested { get; private init; }

    public ApprovalOutcome Outcome { get; private init; }

    /// <summary>At which it is, or was last.</summary>
    public string? Step { get; private init; }

    /// <summary>Those who are asked at this step.</summary>
    public ImmutableList<ApprovalSeat> Seats { get; private init; } = [];

    /// <summary>How many of them have to grant.</summary>
    public int Needed { get; private init; }

    public DateTimeOffset? DueAt { get; private init; }

    /// <summary>Who said what at which step; so that said twice is nothing, however far it went since.</summary>
    public ImmutableHashSet<(string Step, string By, bool Granted)> Said { get; private init; } = [];

    /// <summary>Who handed what on to whom.</summary>
    public ImmutableHashSet<(string Step, string By, string To)> Handed { get; private init; } = [];

    /// <summary>Whoever asked, was ever asked, or stood in.</summary>
    public ImmutableHashSet<string> Involved { get; private init; } = [];

    private int Turns { get; init; }

    public bool IsPending => Requested is not null && Outcome == ApprovalOutcome.Pending;

    public ApprovalStepSection? StepIs => Requested?.Steps.FirstOrDefault(step => step.Key == Step);

    public IEnumerable<ApprovalSeat> Open => IsPending ? Seats.Where(seat => seat.Granted is null) : [];

    public static Approval Evolve(Approval state, IApprovalEvent @event) => @event switch
    {
        ApprovalRequested e => state with { Requested = e, Involved = state.Involved.Add(e.By) },
        ApprovalStepReached e => state.At(e),
        ApprovalGiven e => state.Saying(e.Step, e.Member, e.By, granted: true),
        ApprovalDeclined e => state.Saying(e.Step, e.Member, e.By, granted: false),
        ApprovalTransferred e =>
            state.Moved(e.Step, [new(e.From, e.To)]) with { Handed = e.By is { } by ? state.Handed.Add((e.Step, by, e.To)) : state.Handed },
        ApprovalDelegated e => state with
        {
            Seats = state.Seats.ConvertAll(seat => state.Step == e.Step && seat.Member == e.Member ? seat with { Delegate = e.To } : seat),
            Involved = state.Involved.Add(e.To)
        },
        ApprovalReminded e => state with { DueAt = e.DueAt },
        ApprovalEscalated e => state.Moved(e.Step, e.Moves) with { DueAt = e.DueAt },
        ApprovalTimedOut => state with { DueAt = null },
        ApprovalGranted => state.Over(ApprovalOutcome.Granted),
        ApprovalRefused => state.Over(ApprovalOutcome.Refused),
        ApprovalWithdrawn => state.Over(ApprovalOutcome.Withdrawn),
        _ => state
    };

    private Approval At(ApprovalStepReached e) => this with
    {
        Step = e.Step,
        Seats = [.. e.Approvers.Select((member, i) => new ApprovalSeat(member, Turns + i))],
        Turns = Turns + e.Approvers.Count,
        Needed = e.Needed,
        DueAt = e.DueAt,
        Involved = Involved.Union(e.Approvers)
    };

    private Approval Saying(string step, string member, string by, bool granted) => this with
    {
        Said = Said.Add((step, by, granted)),
        Seats = Seats.ConvertAll(seat =>
            Step == step && seat.Member == member && seat.Granted is null ? seat with { Granted = granted, By = by } : seat)
    };

    // Whoever gets it is asked anew: what was sent for an earlier turn is good for nothing any more.
    private Approval Moved(string step, IReadOnlyList<ApprovalMove> moves)
    {
        var moved = this;
        foreach (var move in Step == step ? moves : [])
        {
            var turns = moved.Turns;
            moved = moved with
            {
                Seats = moved.Seats.ConvertAll(seat =>
                    seat.Member == move.From && seat.Granted is null ? new ApprovalSeat(move.To, turns) : seat),
                Turns = turns + 1,
                Involved = moved.Involved.Add(move.To)
            };
        }

        return moved;
    }

    // The first end stands.
    private Approval Over(ApprovalOutcome outcome) =>
        Outcome != ApprovalOutcome.Pending ? this : this with { Outcome = outcome, DueAt = null };
}

/// <summary>One who is asked.</summary>
/// <param name="Turn">Told apart from each other time that somebody is asked for this approval.</param>
/// <param name="Granted">Null while he has not decided.</param>
/// <param name="By">Who did.</param>
/// <param name="Delegate">Who stands in for him.</param>
public sealed record ApprovalSeat(string Member, int Turn, bool? Granted = null, string? By = null, string? Delegate = null);
