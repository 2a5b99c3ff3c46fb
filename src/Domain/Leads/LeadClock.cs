using System.Collections.Immutable;
using Crm.Domain.Activities;

namespace Crm.Domain.Leads;

/// <summary>
/// Who has a lead, since when, and what is expected of him by when: what the clocks of a playbook go by. Unlike <see cref="Lead"/> it knows
/// when things happened.
/// </summary>
public sealed record LeadClock
{
    public static readonly LeadClock None = new();

    /// <summary>Captured, neither qualified nor set aside, no part of another, and business.</summary>
    public bool IsOpen => IsCaptured && !IsClosed && !IsMerged && !IsFlagged;

    public string? Rep { get; init; }
    public string? Team { get; init; }
    public DateTimeOffset? AssignedAt { get; init; }

    /// <summary>How many reps have had it by rules, one after another.</summary>
    public int Round { get; init; }

    /// <summary>Who has had it in these rounds: it goes to each once.</summary>
    public ImmutableSortedSet<string> Turns { get; init; } = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

    /// <summary>Who had it and has it no more, and since when.</summary>
    public ImmutableSortedDictionary<string, DateTimeOffset> Had { get; init; } =
        ImmutableSortedDictionary.Create<string, DateTimeOffset>(StringComparer.Ordinal);

    /// <summary>The tasks that came with it, the last that of whoever has it now, where he got one.</summary>
    public ImmutableList<Guid> Tasks { get; init; } = [];

    /// <summary>The task of whoever has it; null where he got none.</summary>
    public Guid? Task { get; init; }

    public DateTimeOffset? RemindAt { get; init; }
    public DateTimeOffset? RespondBy { get; init; }
    public DateTimeOffset? SilentAt { get; init; }

    /// <summary>How far up it was told that nobody follows up.</summary>
    public int SilenceStep { get; init; }

    /// <summary>The last follow-up of whoever has it.</summary>
    public DateTimeOffset? FollowedUpAt { get; init; }

    /// <summary>When the rules are asked again who gets it.</summary>
    public DateTimeOffset? TryAgainAt { get; init; }

    /// <summary>Why they gave it to nobody; null where they did, or were not asked.</summary>
    public string? LeftBecause { get; init; }

    /// <summary>How often they were asked in vain.</summary>
    public int Attempts { get; init; }

    public bool IsCaptured { get; init; }
    public bool IsClosed { get; init; }
    public bool IsMerged { get; init; }
    public bool IsFlagged { get; init; }

    /// <summary>The mails that it is sent; null while it is sent none, and after it came to us.</summary>
    public LeadNurture? Nurture { get; init; }

    /// <summary>The sequences of mails that it was ever sent.</summary>
    public ImmutableSortedSet<string> Sequences { get; init; } = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

    /// <summary>It came to us while it was sent mails, or after: then it is for a rep, and no rule begins others.</summary>
    public bool HasAnswered { get; init; }

    /// <summary>It wants no mails that go out by themselves.</summary>
    public bool IsUnsubscribed { get; init; }

    /// <summary>The band that its points were in when they were last in another one.</summary>
    public string? Band { get; init; }

    /// <summary>The next moment at which something is due; null where nothing is.</summary>
    public DateTimeOffset? Due => !IsOpen ? null
        : Rep is null ? ((DateTimeOffset?[])[Nurture is null ? TryAgainAt : null, Nurture?.NextAt]).Min()
        : ((DateTimeOffset?[])[RemindAt, RespondBy, SilentAt]).Min();

    /// <param name="at">When it happened.</param>
    public static LeadClock Evolve(LeadClock state, ILeadEvent @event, DateTimeOffset at) => @event switch
    {
        LeadCaptured => state with { IsCaptured = true },
        LeadAssigned { Ground: null } e when e.Rep == state.Rep => state with { Team = e.Team ?? state.Team },
        LeadAssigned e => state.Given(e, at).Ended(NurtureEnd.Taken),
        LeadLeftInPool e => state with { TryAgainAt = e.TryAgainAt, LeftBecause = e.Why, Attempts = state.Attempts + 1 },
        LeadTouched e => state.Touched(e, at),
        LeadAbsorbed { MatchedBy: not null } => state.Ended(NurtureEnd.Interaction),
        LeadNurtureStarted e => state with { HasAnswered = false, Nurture = LeadNurture.Of(e), Sequences = state.Sequences.Add(e.Sequence) },
        LeadNurtureMailed e => state with { Nurture = state.Nurture?.After(e) },
        LeadNurtureEnded e => state with
        {
            Nurture = e.Because == NurtureEnd.Completed && state.Nurture is { } all ? all with { NextAt = null } : null
        },
        LeadUnsubscribed => state.Ended(NurtureEnd.Unsubscribed) with { IsUnsubscribed = true },
        LeadResubscribed => state with { IsUnsubscribed = false },
        LeadBandEntered e => state with { Band = e.Band, Tasks = e.TaskId is { } task ? state.Tasks.Add(task) : state.Tasks },
        LeadReminded => state with { RemindAt = null },
        LeadResponseMissed => state with { RemindAt = null, RespondBy = null },
        LeadReturned e => state.Returned(e, at),
        LeadSilent e => state with { SilenceStep = e.Step, SilentAt = e.NextAt },
        LeadClocksStopped => state.Unexpected().Ended(NurtureEnd.Withdrawn),
        LeadFollowUpExpected e => state with { SilenceStep = 0, SilentAt = e.By },
        LeadQualified or LeadDisqualified => state.Unexpected().Ended(NurtureEnd.Closed) with { IsClosed = true },
        LeadRevived => state with { IsClosed = false },
        LeadMerged => state.Unexpected().Ended(NurtureEnd.Closed) with { IsMerged = true },
        LeadUnmerged => state with { IsMerged = false },
        LeadFlagged => state.Ended(NurtureEnd.Closed) with { IsFlagged = true },
        LeadFlagWithdrawn => state with { IsFlagged = false },
        _ => state
    };

    // They came to us; or somebody of ours followed up, which is another thing.
    private LeadClock Touched(LeadTouched e, DateTimeOffset at)
    {
        var answered = e.Direction == Direction.Inbound ? Ended(NurtureEnd.Interaction) : this;
        return answered.Rep is not null && Touch.IsFollowUp(e.Kind, e.Direction) ? answered.FollowedUp(at) : answered;
    }

    private LeadClock Ended(NurtureEnd why) =>
        this with { Nurture = Nurture?.Stopped(why), HasAnswered = HasAnswered || (Nurture is not null && why == NurtureEnd.Interaction) };

    private LeadClock Unexpected() => this with { RemindAt = null, RespondBy = null, SilentAt = null, TryAgainAt = null };

    private LeadClock Given(LeadAssigned e, DateTimeOffset at)
    {
        var byRule = e.Ground?.By == AssignedBy.Rule;
        return (Rep == e.Rep ? this : Left(at)) with
        {
            Rep = e.Rep,
            Team = e.Team ?? Team,
            AssignedAt = at,
            Round = byRule ? e.Ground!.Round : 0,
            Turns = byRule ? Turns.Add(e.Rep) : Turns.Clear(),
            RemindAt = e.Terms?.RemindAt,
            RespondBy = e.Terms?.RespondBy,
            SilentAt = e.Terms?.SilentAt,
            TryAgainAt = null,
            LeftBecause = null,
            Attempts = 0,
            Task = e.Ground?.TaskId,
            Tasks = e.Ground?.TaskId is { } task ? Tasks.Add(task) : Tasks
        };
    }

    // Whoever did not follow up has had his turn; where it was let go of, the rounds begin anew.
    private LeadClock Returned(LeadReturned e, DateTimeOffset at)
    {
        var goesOn = e.Because == ReturnedBecause.NoResponse;
        return Left(at) with
        {
            Rep = null,
            Team = null,
            AssignedAt = null,
            Task = null,
            Round = goesOn ? Round : 0,
            Turns = goesOn ? Turns.Add(e.Rep) : Turns.Clear()
        };
    }

    // Whoever had it is done with it, and what was expected of him with it.
    private LeadClock Left(DateTimeOffset at) => this with
    {
        Had = Rep is null ? Had : Had.SetItem(Rep, at),
        RemindAt = null,
        RespondBy = null,
        SilentAt = null,
        SilenceStep = 0,
        FollowedUpAt = null
    };

    // The clock of silence is not set forward here, since that takes a calendar: when it rings, it is seen that somebody followed up. One
    // that has run out is wound up.
    private LeadClock FollowedUp(DateTimeOffset at) => this with
    {
        FollowedUpAt = FollowedUpAt > at ? FollowedUpAt : at,
        RemindAt = null,
        RespondBy = null,
        SilentAt = SilentAt is null && SilenceStep > 0 ? at : SilentAt
    };
}
