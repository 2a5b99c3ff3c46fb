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

/// <summary>What is given is so from now on.</summary>
/// <param name="Cleared">Members that are not known any more, in camelCase.</param>
public sealed record LeadChanged(
    string? Source = null,
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
    string? ExternalId = null,
    IReadOnlyList<string>? Cleared = null) : ILeadEvent, INaming
{
    IEnumerable<string?> INaming.Names => [Company];

    /// <summary>The details as they are after this.</summary>
    public LeadCaptured Over(LeadCaptured details) => details with
    {
        Source = Source ?? details.Source,
        Company = Change.Of(Cleared, "company", Company, details.Company),
        Contact = Change.Of(Cleared, "contact", Contact, details.Contact),
        Email = Change.Of(Cleared, "email", Email, details.Email),
        Phone = Change.Of(Cleared, "phone", Phone, details.Phone),
        Role = Change.Of(Cleared, "role", Role, details.Role),
        Region = Change.Of(Cleared, "region", Region, details.Region),
        Industry = Change.Of(Cleared, "industry", Industry, details.Industry),
        Employees = Change.Of(Cleared, "employees", Employees, details.Employees),
        Campaign = Change.Of(Cleared, "campaign", Campaign, details.Campaign),
        Product = Change.Of(Cleared, "product", Product, details.Product),
        ExternalId = Change.Of(Cleared, "externalId", ExternalId, details.ExternalId)
    };
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
