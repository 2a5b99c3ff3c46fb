using System.Collections.Immutable;

namespace Crm.Domain.Leads;

/// <summary>Somebody who may become a customer, or may not.</summary>
public sealed record Lead : IOwned
{
    public static readonly Lead None = new();

    public LeadCaptured? Captured { get; private init; }

    /// <summary>As it was captured, with everything that was changed since.</summary>
    public LeadCaptured? Details { get; private init; }

    public string? Rep { get; private init; }
    public string? Team { get; private init; }

    /// <summary>What became of it; once there, it stays.</summary>
    public LeadQualified? Qualified { get; private init; }

    /// <summary>Why it was set aside; null while it is not.</summary>
    public LeadDisqualified? Disqualified { get; private init; }

    /// <summary>How often it was set aside, revived since or not.</summary>
    public int Disqualifications { get; private init; }

    public ImmutableHashSet<Guid> Touches { get; private init; } = [];
    public ImmutableHashSet<Guid> Notes { get; private init; } = [];

    public static Lead Evolve(Lead state, ILeadEvent @event) => @event switch
    {
        LeadCaptured e => state with { Captured = e, Details = e },
        LeadChanged e => state with { Details = e.Over(state.Details ?? new LeadCaptured("")) },
        LeadAssigned e => state with { Rep = e.Rep, Team = e.Team ?? state.Team },
        LeadTouched e => state with { Touches = state.Touches.Add(e.TouchId) },
        LeadNoted e => state with { Notes = state.Notes.Add(e.NoteId) },
        LeadQualified e => state with { Qualified = e, Disqualified = null },
        LeadDisqualified e => state with { Disqualified = e, Disqualifications = state.Disqualifications + 1 },
        LeadRevived => state with { Disqualified = null },
        _ => state
    };
}
