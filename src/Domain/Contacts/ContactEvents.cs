namespace Crm.Domain.Contacts;

// Stored forever as JSON under these names: add, never rename. See docs/events.md.
public interface IContactEvent;

/// <summary>What somebody does in his company's decision to buy.</summary>
public enum BuyingRole { User, TechnicalEvaluator, Buyer, DecisionMaker }

public sealed record ContactRegistered(
    Guid CustomerId,
    Personal Name,
    Personal? Email = null,
    Personal? Phone = null,
    string? Title = null,
    BuyingRole? BuyingRole = null,
    string? ExternalId = null) : IContactEvent;

/// <summary>What is given is so from now on. Whose contact it is stays.</summary>
/// <param name="Cleared">Members that are not known any more, in camelCase.</param>
public sealed record ContactChanged(
    Personal? Name = null,
    Personal? Email = null,
    Personal? Phone = null,
    string? Title = null,
    BuyingRole? BuyingRole = null,
    string? ExternalId = null,
    IReadOnlyList<string>? Cleared = null) : IContactEvent
{
    /// <summary>The details as they are after this.</summary>
    public ContactRegistered Over(ContactRegistered details) => details with
    {
        Name = Name ?? details.Name,
        Email = Change.Of(Cleared, "email", Email, details.Email),
        Phone = Change.Of(Cleared, "phone", Phone, details.Phone),
        Title = Change.Of(Cleared, "title", Title, details.Title),
        BuyingRole = Change.Of(Cleared, "buyingRole", BuyingRole, details.BuyingRole),
        ExternalId = Change.Of(Cleared, "externalId", ExternalId, details.ExternalId)
    };
}

/// <summary>The person wants no mails that go out by themselves.</summary>
public sealed record ContactUnsubscribed : IContactEvent;

/// <summary>The person wants them again.</summary>
/// <param name="Reason">How we know.</param>
public sealed record ContactResubscribed(Personal Reason) : IContactEvent;

/// <summary>An import was taken back, and with it what it had said here.</summary>
/// <param name="ImportId">Which one.</param>
public sealed record ContactImportUndone(Guid ImportId, IReadOnlyList<Guid> Events) : IContactEvent, IRetraction;
