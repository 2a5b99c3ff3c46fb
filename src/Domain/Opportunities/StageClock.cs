using System.Collections.Immutable;
using Crm.Domain.Activities;

namespace Crm.Domain.Opportunities;

/// <summary>
/// Since when an opportunity is in its stage, since when it lies still there, and how it is marked. Unlike <see cref="Opportunity"/> it
/// knows when things happened. A mark stands on what it was counted from: where that turns out otherwise it was never there.
/// </summary>
public sealed record StageClock
{
    public static readonly StageClock None = new();

    public string? Stage { get; init; }

    public OpportunityOutcome Outcome { get; init; }

    public bool IsFlagged { get; init; }

    /// <summary>The version by which it is judged in its stage; null where that asks for nothing and sets no limits.</summary>
    public long? Playbook { get; init; }

    /// <summary>When it came to its stage, or was reopened there; null where no version judges it.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>When it was last touched or changed since; null where no version judges it.</summary>
    public DateTimeOffset? SilentSince { get; init; }

    /// <summary>By limit.</summary>
    public ImmutableSortedDictionary<string, StageMark> Marks { get; init; } =
        ImmutableSortedDictionary.Create<string, StageMark>(StringComparer.Ordinal);

    /// <summary>Marks that ended, which nobody has said yet: by limit, and why.</summary>
    public ImmutableSortedDictionary<string, EndedMark> Ended { get; init; } =
        ImmutableSortedDictionary.Create<string, EndedMark>(StringComparer.Ordinal);

    /// <summary>From when a limit is counted; null where none is.</summary>
    public DateTimeOffset? SinceOf(MarkOf of) => of == MarkOf.Silence ? SilentSince : Since;

    /// <param name="at">When it happened.</param>
    public static StageClock Evolve(StageClock state, IOpportunityEvent @event, DateTimeOffset at) => @event switch
    {
        OpportunityOpened when state.Stage is not null => state,
        OpportunityOpened e => state.In(e.Stage, e.Playbook, at),
        OpportunityStageEntered e => state.In(e.Stage, e.Playbook, at),
        OpportunityTouched or OpportunityNoted or OpportunityChanged or OpportunityAmountChanged or OpportunityAmountHeld
            or OpportunityCloseDateChanged or IAttachmentAdded => state.Stirred(at),
        OpportunityWon => state.Without(mark => mark.Of != MarkOf.Evidence, MarkCleared.Closed) with { Outcome = OpportunityOutcome.Won },
        OpportunityLost => state.Without(_ => true, MarkCleared.Closed) with { Outcome = OpportunityOutcome.Lost },
        OpportunityReopened { Stage: { } stage } e => state.In(stage, e.Playbook, at) with { Outcome = OpportunityOutcome.Open },
        OpportunityReopened => state.In(state.Stage, state.Playbook, at) with { Outcome = OpportunityOutcome.Open },
        OpportunityFlagged => state.Without(_ => true, MarkCleared.Flagged) with { IsFlagged = true },
        OpportunityFlagWithdrawn => state with { IsFlagged = false },
        OpportunityMarked e when state.Bears(e) =>
            state with { Marks = state.Marks.SetItem(e.Limit, StageMark.By(e, state.Marks.GetValueOrDefault(e.Limit)?.At ?? at)) },
        OpportunityMarked e => state.Ending(StageMark.By(e, at), state.IsFlagged ? MarkCleared.Flagged : MarkCleared.Corrected),
        OpportunityMarkEscalated e when state.Marks.TryGetValue(e.Limit, out var mark) =>
            state with { Marks = state.Marks.SetItem(e.Limit, mark with { IsEscalated = true }) },
        OpportunityMarkCleared e => state with { Marks = state.Marks.Remove(e.Limit), Ended = state.Ended.Remove(e.Limit) },
        _ => state
    };

    // In its own terms: where it is in that stage, under that version, and what the mark was counted from is still so.
    private bool Bears(OpportunityMarked e) => !IsFlagged && (e.Of == MarkOf.Evidence
        ? Outcome != OpportunityOutcome.Lost
        : Outcome == OpportunityOutcome.Open && (e.Stage, e.Playbook) == (Stage, Playbook) && e.Since == SinceOf(e.Of));

    private StageClock In(string? stage, long? playbook, DateTimeOffset at) =>
        Without(mark => mark.Of != MarkOf.Evidence, MarkCleared.Moved) with
        {
            Stage = stage,
            Playbook = playbook,
            Since = playbook is null ? null : at,
            SilentSince = playbook is null ? null : at
        };

    private StageClock Stirred(DateTimeOffset at) => Playbook is null ? this
        : Without(mark => mark.Of == MarkOf.Silence, MarkCleared.Touched) with { SilentSince = at };

    private StageClock Without(Func<StageMark, bool> which, MarkCleared why) =>
        Marks.Values.Where(which).Aggregate(this, (state, mark) => state.Ending(mark, why));

    private StageClock Ending(StageMark mark, MarkCleared why) =>
        this with { Marks = Marks.Remove(mark.Limit), Ended = Ended.SetItem(mark.Limit, new(mark, why)) };
}

/// <summary>How an opportunity is marked.</summary>
/// <param name="At">Since when it is.</param>
/// <param name="Since">What it is counted from.</param>
/// <param name="Due">Up to when it was within the limit.</param>
/// <param name="IsEscalated">Those further up were told.</param>
public sealed record StageMark(
    string Limit, MarkOf Of, DateTimeOffset At, bool IsRed = true, string Name = "", DateTimeOffset Since = default,
    DateTimeOffset Due = default, DateTimeOffset? EscalateAt = null, Guid? TaskId = null, IReadOnlyList<GoneEvidence>? Gone = null,
    bool IsEscalated = false)
{
    public static StageMark By(OpportunityMarked e, DateTimeOffset at) =>
        new(e.Limit, e.Of, at, e.IsRed, e.Name, e.Since, e.Due, e.EscalateAt, e.TaskId, e.Gone);
}

/// <summary>A mark that is there no more.</summary>
public sealed record EndedMark(StageMark Mark, MarkCleared Why);
