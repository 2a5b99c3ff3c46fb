using Crm.Api.Http;
using Crm.Api.Leads;
using Crm.Api.Nurture;
using Crm.Domain;
using Crm.Domain.Contacts;
using Crm.EventModel;
using Crm.EventStore;
using Crm.EventStore.Sealing;

namespace Crm.Api.Contacts;

/// <summary>Whether people at customers want mails that go out by themselves, and at which address. Who unsubscribes does so for himself
/// and for the address that was written to, in whatever lead or contact it stands.</summary>
public sealed class ContactMail(Commands commands, Store store, RefusedMail refused, LeadKeys keys, Unsealer unsealer, Sealer sealer,
    Writes writes)
{
    /// <summary>Where somebody is written to; or why he is not.</summary>
    public async Task<(string? Address, string? Against)> AddressOf(string tenant, Contact contact, CancellationToken ct) =>
        await unsealer.Open(tenant, contact.Details?.Email?.Sealed, ct) is not { } address ? (null, "no-address")
        : contact.IsUnsubscribed || await refused.HolderOf(tenant, keys.RefusedMail(tenant, address), ct) is not null
            ? (null, "unsubscribed")
        : (address, null);

    /// <param name="claim">Of the address that was written to.</param>
    public async Task<Decision> Unsubscribe(string tenant, Guid id, (string Kind, string Key) claim, CancellationToken ct)
    {
        var (contact, known) = await Latest(tenant, id, ct);
        var isNew = await refused.HolderOf(tenant, claim, ct) is null;
        return new Decision(known.Version, [PartOf(id, known, contact.IsUnsubscribed && !isNew ? [] : [new ContactUnsubscribed()])])
        {
            Claims = isNew ? [new Claim(claim.Kind, claim.Key, id)] : []
        };
    }

    /// <summary>The person wants mails again, at the address that is known by now.</summary>
    public async Task<IResult> Resubscribe(Guid id, ResubscribeContactRequest r, Call call, CancellationToken ct)
    {
        var tenant = call.By.Tenant;
        var seal = new Seal(sealer, tenant, person: id, isNew: false, ct);
        var said = new ContactResubscribed(await seal.Required(r.Reason));
        return writes.Answer(await commands.Send(call with { PersonKeys = seal.Made }, async () =>
        {
            var (contact, known) = await Latest(tenant, id, ct);
            _ = contact.Registered ?? throw ContactEndpoints.Missing();
            var claim = await unsealer.Open(tenant, contact.Details?.Email?.Sealed, ct) is { } address
                ? keys.RefusedMail(tenant, address) : ((string Kind, string Key)?)null;
            var holder = await refused.HolderOf(tenant, claim, ct);
            return new Decision(known.Version, [PartOf(id, known, contact.IsUnsubscribed || holder is not null ? [said] : [])])
            {
                Claims = holder is { } held ? [new Claim(claim!.Value.Kind, claim.Value.Key, held, Take: false)] : []
            };
        }, playbookVersion: null, ct), createdUnder: null);
    }

    private async Task<(Contact Contact, Known Known)> Latest(string tenant, Guid id, CancellationToken ct)
    {
        var stream = await store.ReadStream(tenant, id, null, ct);
        var facts = FoldOrder.Of(stream, store.Types);
        var contact = facts.Select(fact => fact.Data).OfType<IContactEvent>().Aggregate(Contact.None, Contact.Evolve);
        return (contact, Known.Of(stream, facts, contact));
    }

    private static Part PartOf(Guid id, Known known, IReadOnlyList<IContactEvent> facts) =>
        new(id, ContactDecider.Instance.StreamType, known, facts, (state, e) => Contact.Evolve((Contact)state, (IContactEvent)e));
}
