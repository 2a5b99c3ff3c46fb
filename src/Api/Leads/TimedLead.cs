using Crm.Domain.Leads;
using Crm.EventModel;

namespace Crm.Api.Leads;

/// <summary>A lead with what is expected of whoever has it.</summary>
/// <param name="Known">What its stream came to, to be decided on.</param>
internal sealed record TimedLead(Lead Lead, LeadClock Clock, Known Known)
{
    /// <param name="stream">All of its events, in the order of their versions.</param>
    public static TimedLead Of(IReadOnlyList<Recorded> stream, EventTypes types)
    {
        var facts = FoldOrder.Of(stream, types);
        var lead = facts.Select(fact => fact.Data).OfType<ILeadEvent>().Aggregate(Lead.None, Lead.Evolve);
        var clock = facts.Aggregate(LeadClock.None, (known, fact) => fact.Data is ILeadEvent e ? LeadClock.Evolve(known, e, fact.OccurredAt) : known);
        return new(lead, clock, Known.Of(stream, facts, lead));
    }
}
