using Crm.Api.Contacts;
using Crm.Domain;
using Crm.Domain.Contacts;
using Crm.EventModel;

namespace Crm.Api.Imports;

/// <summary>
/// What a row says of a contact, in normal form. What it says of the person is held against what is known, and sealed where it is new. Of a contact that there is
/// it adds what nobody has said yet, unless the person was forgotten.
/// </summary>
internal sealed class ContactSaying(Guid customer, ContactSaid said, DateTimeOffset? at) : ISaying
{
    public async Task<Part> Decide(Guid stream, IReadOnlyList<Recorded> known, EventTypes types, Seal seal)
    {
        var contact = FoldOrder.Of(known, types).Select(fact => fact.Data).OfType<IContactEvent>().Aggregate(Contact.None, Contact.Evolve);
        List<Dated<IContactCommand>> commands = contact is { Registered: { } first, Details: { } now }
            ? await Again(first, now, seal)
            : [new(await said.Registration(customer, seal), at)];
        return new Saying<Contact, IContactCommand, IContactEvent>(ContactDecider.Instance, commands).Decide(stream, known, types);
    }

    private async Task<List<Dated<IContactCommand>>> Again(ContactRegistered first, ContactRegistered now, Seal seal)
    {
        var later = await seal.IsForgotten(first.Name) ? new ContactSaid(Name: null) : new ContactSaid(
            Name: null, first.Email is null ? said.Email : null, first.Phone is null ? said.Phone : null, first.Title is null ? said.Title : null,
            first.BuyingRole is null ? said.BuyingRole : null);
        var (register, more) = (await said.Without(later).Registration(customer, seal, first), await later.Change(cleared: null, seal, now));
        if (!IsSamePerson(first, register) || IsOther(now.Email, more.Email) || IsOther(now.Phone, more.Phone) || IsOther(now.Title, more.Title)
            || IsOther(now.BuyingRole, more.BuyingRole))
        {
            throw Rejection.WrongState("contact.registered", "This contact is registered already, with other values.");
        }

        return more == new ChangeContact() ? [new(register, at)] : [new(register, at), new(more, OccurredAt: null)];
    }

    private static bool IsSamePerson(ContactRegistered known, RegisterContact said) => known.Name == said.Name && known.Email == said.Email && known.Phone == said.Phone;

    private static bool IsOther<T>(T? known, T? said) => known is not null && said is not null && !known.Equals(said);
}
