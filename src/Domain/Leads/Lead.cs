using System.Collections.Immutable;
using Crm.Domain.Activities;

namespace Crm.Domain.Leads;

/// <summary>Somebody who may become a customer, or may not.</summary>
public sealed record Lead : IOwned, IHasEvidence
{
    public static readonly Lead None = new();

    public LeadCaptured? Captured { get; private init; }

    /// <summary>As it was captured, with everything that was changed since, and what its parts lend it.</summary>
    public LeadCaptured? Details => Known?.Shown;

    public LeadDetails? Known { get; private init; }

    public string? Rep { get; private init; }
    public string? Team { get; private init; }

    /// <summary>What it takes of what its rep may claim, until he has it no more or it is closed or flagged.</summary>
    public string? HeldSlot { get; private init; }

    /// <summary>What became of it; once there, it stays.</summary>
    public LeadQualified? Qualified { get; private init; }

    /// <summary>Why it was set aside; null while it is not.</summary>
    public LeadDisqualified? Disqualified { get; private init; }

    /// <summary>How often it was set aside, revived since or not.</summary>
    public int Disqualifications { get; private init; }

    /// <summary>Whether it is a test, or junk; null while it is business.</summary>
    public RecordFlag? Flag { get; private init; }

    /// <summary>Somebody said that it is business after all: no rule flags it any more.</summary>
    public bool IsVouchedFor { get; private init; }

    /// <summary>The levels that it has come to and not lost, in their order.</summary>
    public ImmutableList<LeadLevelReached> Levels { get; private init; } = [];

    /// <summary>The highest of them; null where it is at none.</summary>
    public LeadLevelReached? Level => Levels.IsEmpty ? null : Levels[^1];

    /// <summary>The lead that it is part of; null while it is one of its own.</summary>
    public Guid? MergedInto { get; private init; }

    /// <summary>The leads that are part of it.</summary>
    public ImmutableDictionary<Guid, LeadAbsorbed> Absorbed { get; private init; } = ImmutableDictionary<Guid, LeadAbsorbed>.Empty;

    /// <summary>Those that were, and turned out to be leads of their own.</summary>
    public ImmutableHashSet<Guid> Released { get; private init; } = [];

    /// <summary>Whether what was to be found out about it is found out: it became a customer, or was set aside.</summary>
    public bool IsClosed => Qualified is not null || Disqualified is not null;

    /// <summary>By touch.</summary>
    public ImmutableDictionary<Guid, TouchMade> Touches { get; private init; } = ImmutableDictionary<Guid, TouchMade>.Empty;

    public ImmutableHashSet<Guid> Notes { get; private init; } = [];

    public Attachments Attachments { get; private init; } = Attachments.None;

    /// <summary>How many touches it stands for: its capture, those with it, and those that its parts brought.</summary>
    public int TouchCount => (Captured is null ? 0 : 1) + Touches.Count + Absorbed.Values.Sum(part => part.Touches);

    public int CaptureCount => (Captured is null ? 0 : 1) + Absorbed.Values.Sum(part => part.Captures);

    public static Lead Evolve(Lead state, ILeadEvent @event) => @event switch
    {
        LeadCaptured e => state with { Captured = e, Known = (state.Known ?? LeadDetails.None).Captured(e) },
        LeadChanged e => state with { Known = (state.Known ?? LeadDetails.None).Changed(e) },
        LeadAssigned e => state with { Rep = e.Rep, Team = e.Team ?? state.Team, HeldSlot = state.HeldBy(e) },
        LeadReturned => state with { Rep = null, Team = null, HeldSlot = null },
        LeadTouched e => state with
        {
            Touches = state.Touches.SetItem(
                e.TouchId, new(e.Kind, e.Direction, e.Outcome, e.Via ?? state.Touches.GetValueOrDefault(e.TouchId).Via, e.Visit))
        },
        LeadNoted e => state with { Notes = state.Notes.Add(e.NoteId) },
        LeadQualified e => state with { Qualified = e, Disqualified = null, HeldSlot = null },
        LeadDisqualified e => state with { Disqualified = e, Disqualifications = state.Disqualifications + 1, HeldSlot = null },
        LeadRevived => state with { Disqualified = null },
        LeadFlagged e => state with { Flag = e.Flag, HeldSlot = null },
        LeadFlagWithdrawn => state with { Flag = null, IsVouchedFor = true },
        LeadLevelReached e => e.Rank > (state.Level?.Rank ?? 0) ? state with { Levels = state.Levels.Add(e) } : state,
        LeadFellBack e => state with { Levels = state.Levels.RemoveAll(level => e.Lost.Contains(level.Level)) },
        LeadMerged e => state with { MergedInto = e.Into, HeldSlot = null },
        LeadUnmerged => state with { MergedInto = null },
        LeadAbsorbed e => state with
        {
            Known = (state.Known ?? LeadDetails.None).Absorbed(e),
            Absorbed = state.Absorbed.SetItem(e.LeadId, e),
            Released = state.Released.Remove(e.LeadId)
        },
        LeadReleased e => state with
        {
            Touches = state.Touches.RemoveRange(
                state.Touches.Where(touch => touch.Value.Via is { } via && e.LeadIds.Contains(via)).Select(touch => touch.Key)),
            Known = (state.Known ?? LeadDetails.None).Released(e.LeadIds),
            Absorbed = state.Absorbed.RemoveRange(e.LeadIds),
            Released = state.Released.Union(e.LeadIds.Take(1))
        },
        IAttachmentAdded e => state with { Attachments = state.Attachments.With(e.File) },
        IAttachmentRemoved e => state with { Attachments = state.Attachments.Without(e.AttachmentId) },
        _ => state
    };

    // Nothing is asked to be approved about a lead.
    IReadOnlyDictionary<Guid, string> IHasEvidence.Granted => ImmutableDictionary<Guid, string>.Empty;

    public bool Knows(string field) => LeadFields.IsKnown(this, field);

    // One that is no business takes nothing.
    private string? HeldBy(LeadAssigned e) => Flag is not null ? null
        : e.Ground is null && e.Rep == Rep ? HeldSlot : e.Ground?.Slots?.FirstOrDefault(LeadPool.IsHeld);
}
