namespace Crm.Domain.Customers;

// Stored forever as JSON under these names: add, never rename. See docs/events.md.
public interface ICustomerEvent;

public sealed record CustomerRegistered(
    string Name,
    string? Industry = null,
    string? Region = null,
    string? Country = null,
    int? Employees = null,
    string? Website = null,
    Guid? ParentId = null,
    Guid? LeadId = null) : ICustomerEvent;

public sealed record CustomerIdentified(string System, string ExternalId) : ICustomerEvent;
public sealed record CustomerLeadJoined(Guid LeadId, Guid OpportunityId) : ICustomerEvent;
