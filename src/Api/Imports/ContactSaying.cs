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
        var facts = FoldOrder.Of(known, types).Select(fact => fact.Data).OfType<IContactEvent>().ToList();
        List<Dated<IContactCommand>> commands = facts.Aggregate(Contact.None, Contact.Evolve) is { Registered: { } first, Details: { } now }
            ? await Again(first, now, EverKnown(facts), seal)
            : [new(await said.Registration(customer, seal), at)];
        return new Saying<Contact, IContactCommand, IContactEvent>(ContactDecider.Instance, commands).Decide(stream, known, types);
    }

    // What was known last, cleared since or not.
    private static ContactRegistered? EverKnown(IEnumerable<IContactEvent> facts) =>
        facts.Select(fact => fact is ContactChanged change ? change with { Cleared = null } : fact).Aggregate(Contact.None, Contact.Evolve).Details;

    private async Task<List<Dated<IContactCommand>>> Again(ContactRegistered first, ContactRegistered now, ContactRegistered? ever, Seal seal)
    {
        // Of a person who was forgotten nothing is told again, and nothing sealed anew.
        if (await seal.IsForgotten(first.Name))
        {
            return [];
        }

        var told = said with
        {
            Email = first.Email is null ? await Uncleared(said.Email, ever?.Email, now.Email) : said.Email,
            Phone = first.Phone is null ? await Uncleared(said.Phone, ever?.Phone, now.Phone) : said.Phone
        };
        var later = new ContactSaid(
            Name: null, first.Email is null ? told.Email : null, first.Phone is null ? told.Phone : null, first.Title is null ? told.Title : null,
            first.BuyingRole is null ? told.BuyingRole : null);
        var (register, more) = (await told.Without(later).Registration(customer, seal, first), await later.Change(cleared: null, seal, now));
        if (!IsSamePerson(first, register) || IsOther(now.Email, more.Email) || IsOther(now.Phone, more.Phone) || IsOther(now.Title, more.Title)
            || IsOther(now.BuyingRole, more.BuyingRole))
        {
            throw Rejection.WrongState("contact.registered", "This contact is registered already, with other values.");
        }

        return more == new ChangeContact() ? [new(register, at)] : [new(register, at), new(more, OccurredAt: null)];

        // What somebody cleared since a file said it stays cleared.
        async Task<string?> Uncleared(string? text, Personal? was, Personal? now) =>
            text is not null && was is not null && now is null && await seal.Says(was, text) ? null : text;
    }

    private static bool IsSamePerson(ContactRegistered known, RegisterContact said) => known.Name == said.Name && known.Email == said.Email && known.Phone == said.Phone;

    private static bool IsOther<T>(T? known, T? said) => known is not null && said is not null && !known.Equals(said);
}
