using Crm.Api.Leads;
using Crm.Domain.Leads;
using Crm.Domain.Scoring.Leads;

namespace Crm.Api.Automations;

/// <summary>Why a lead is looked at: something happened to it, or a moment has come.</summary>
/// <param name="At">By the playbook of which moment it is decided.</param>
/// <param name="Event">What happened; null where a moment has come.</param>
/// <param name="Fact">What it says.</param>
/// <param name="IsOfFile">It came by an import.</param>
public sealed record LeadCause(Guid Lead, DateTimeOffset At, Guid? Event, object? Fact = null, bool IsOfFile = false)
{
    public bool Rings => Event is null;
}

/// <summary>A lead as it is decided on.</summary>
/// <param name="New">What was decided so far, and the cause of each.</param>
/// <param name="Facts">What happened to it so far.</param>
internal sealed record LeadCase(Lead Lead, LeadClock Clock, Known Known, IReadOnlyList<LeadFact> Facts, IReadOnlyList<Decided> New)
{
    public static LeadCase Of(TimedLead lead) => new(lead.Lead, lead.Clock, lead.Known, lead.Facts, []);

    /// <summary>The version that the next fact will make.</summary>
    public long Next => Known.Version + New.Count + 1;

    public LeadCase With(ILeadEvent fact, Guid eventId, LeadCause cause, DateTimeOffset now) => this with
    {
        Lead = Lead.Evolve(Lead, fact),
        Clock = LeadClock.Evolve(Clock, fact, now),
        New = [.. New, new Decided(fact, eventId, cause)]
    };
}

internal sealed record Decided(ILeadEvent Fact, Guid EventId, LeadCause Cause);
