using Crm.Domain.Leads;

namespace Crm.Api.Automations;

/// <summary>Why a lead is looked at: something happened to it, or a moment has come.</summary>
/// <param name="At">By the playbook of which moment it is decided.</param>
/// <param name="Event">What happened; null where a moment has come.</param>
/// <param name="IsOfFile">It came by an import.</param>
public sealed record LeadCause(Guid Lead, DateTimeOffset At, Guid? Event, bool IsOfFile = false)
{
    public bool Rings => Event is null;
}

/// <summary>A lead as it is decided on.</summary>
/// <param name="New">What was decided so far, and the cause of each.</param>
internal sealed record LeadCase(Lead Lead, LeadClock Clock, Known Known, IReadOnlyList<(ILeadEvent Fact, LeadCause Cause)> New)
{
    public LeadCase With(IEnumerable<ILeadEvent> facts, LeadCause cause, DateTimeOffset now) => facts.Aggregate(this, (state, fact) => state with
    {
        Lead = Lead.Evolve(state.Lead, fact),
        Clock = LeadClock.Evolve(state.Clock, fact, now),
        New = [.. state.New, (fact, cause)]
    });
}
