using Crm.Domain.Leads;

namespace Crm.Domain.Scoring.Leads;

/// <summary>Something that happened to a lead, and when. Of one lead they come in the order in which everything folds them.</summary>
public readonly record struct LeadFact(ILeadEvent Event, DateTimeOffset At);
