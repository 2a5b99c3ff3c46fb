using Crm.Domain.Leads;
using Crm.Domain.Scoring.Leads;
using Crm.EventModel;

namespace Crm.Api.Leads;

/// <summary>A lead with what is expected of whoever has it.</summary>
/// <param name="Known">What its stream came to, to be decided on.</param>
/// <param name="Facts">All that happened to it, in the order in which it is folded.</param>
internal sealed record TimedLead(Lead Lead, LeadClock Clock, Known Known, IReadOnlyList<LeadFact> Facts)
{
    /// <param name="stream">All of its events, in the order of their versions.</param>
    public static TimedLead Of(IReadOnlyList<Recorded> stream, EventTypes types)
    {
        var facts = FoldOrder.Of(stream, types);
        var all = facts.Where(fact => fact.Data is ILeadEvent).Select(fact => new LeadFact((ILeadEvent)fact.Data, fact.OccurredAt)).ToList();
        var lead = all.Aggregate(Lead.None, (known, fact) => Lead.Evolve(known, fact.Event));
        var clock = all.Aggregate(LeadClock.None, (known, fact) => LeadClock.Evolve(known, fact.Event, fact.At));
        return new(lead, clock, Known.Of(stream, facts, lead), all);
    }
}
