namespace Crm.Domain.Contacts;

public interface IContactCommand;

public sealed record RegisterContact(
    Guid CustomerId,
    Personal Name,
    Personal? Email = null,
    Personal? Phone = null,
    string? Title = null,
    BuyingRole? BuyingRole = null,
    string? ExternalId = null) : IContactCommand;

/// <summary>What is null stays as it is; what is named in <paramref name="Cleared"/> is not known any more.</summary>
public sealed record ChangeContact(
    Personal? Name = null,
    Personal? Email = null,
    Personal? Phone = null,
    string? Title = null,
    BuyingRole? BuyingRole = null,
    string? ExternalId = null,
    IReadOnlyList<string>? Cleared = null) : IContactCommand;

public static class ContactDecider
{
    public static readonly Decider<Contact, IContactCommand, IContactEvent> Instance = new("contact", Contact.None, Decide, Contact.Evolve, Precede);

    public static IReadOnlyList<IContactEvent> Decide(Contact state, IContactCommand command) => (state, command) switch
    {
        ({ Registered: null }, RegisterContact c) => [Register(c)],
        ({ Registered: { } known }, RegisterContact c) when Same(known, Register(c)) => [],
        (_, RegisterContact) => throw Registered(),

        ({ Registered: null }, _) => throw Rejection.Unknown("contact.unknown", "There is no such contact."),

        (_, ChangeContact c) => Changed(state.Details!, c),
        _ => []
    };

    public static void Precede(Contact latest, IContactCommand command)
    {
        if (command is RegisterContact && latest.Registered is not null)
            throw Registered();
    }

    private static ContactRegistered Register(RegisterContact c) => new(c.CustomerId, c.Name, c.Email, c.Phone, c.Title, c.BuyingRole, c.ExternalId);

    // Personal data is sealed anew each time it is sent, so it cannot tell whether the same was said.
    private static bool Same(ContactRegistered known, ContactRegistered said) =>
        known == said with { Name = known.Name, Email = known.Email, Phone = known.Phone };

    // Only what becomes another than it was is a fact.
    private static IReadOnlyList<IContactEvent> Changed(ContactRegistered details, ChangeContact c)
    {
        if (c.Cleared?.Contains("name") == true)
            throw Rejection.BrokenRule("contact.name", "A contact has a name; send another one.", "name");

        var changed = new ContactChanged(
            Change.Other(c.Name, details.Name), Change.Other(c.Email, details.Email), Change.Other(c.Phone, details.Phone),
            Change.Other(c.Title, details.Title), Change.Other(c.BuyingRole, details.BuyingRole), Change.Other(c.ExternalId, details.ExternalId),
            Change.Cleared(c.Cleared, name => Known(details, name)));
        return changed == new ContactChanged() ? [] : [changed];
    }

    private static bool Known(ContactRegistered details, string name) => name switch
    {
        "email" => details.Email is not null,
        "phone" => details.Phone is not null,
        "title" => details.Title is not null,
        "buyingRole" => details.BuyingRole is not null,
        "externalId" => details.ExternalId is not null,
        _ => false
    };

    private static Rejection Registered() => Rejection.WrongState(
        "contact.registered", "This contact is registered already, with other values or at another time.");
}
