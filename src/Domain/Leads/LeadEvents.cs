using Crm.Domain.Activities;

namespace Crm.Domain.Leads;

// Stored forever as JSON under these names: add, never rename. See docs/events.md.
public interface ILeadEvent;

public sealed record LeadCaptured(
    string Source,
    string? Company = null,
    Personal? Contact = null,
    Personal? Email = null,
    Personal? Phone = null,
    string? Role = null,
    string? Region = null,
    string? Industry = null,
    int? Employees = null,
    string? Campaign = null,
    string? Product = null,
    Personal? Message = null,
    string? ExternalId = null) : ILeadEvent, INaming
{
    IEnumerable<string?> INaming.Names => [Company];
}

public sealed record LeadAssigned(string Rep, string? Team = null) : ILeadEvent;

public sealed record LeadTouched(
    Guid TouchId,
    TouchKind Kind,
    Direction Direction,
    string? Channel = null,
    string? Outcome = null,
    int? DurationSeconds = null,
    Personal? Summary = null) : ILeadEvent;

public sealed record LeadNoted(Guid NoteId, Personal Text) : ILeadEvent;
public sealed record LeadQualified(Guid CustomerId, Guid OpportunityId) : ILeadEvent;
public sealed record LeadDisqualified(string Reason, Personal? Comment = null) : ILeadEvent;
public sealed record LeadRevived(string? Reason = null) : ILeadEvent;
