using Crm.Api.Access;
using Crm.Api.Customers;
using Crm.Api.Exports;
using Crm.Api.Http;
using Crm.Api.Http.Shapes;
using Crm.Api.Leads;
using Crm.Api.Lists;
using Crm.Domain;
using Crm.Domain.Access;
using Crm.Domain.Contacts;
using Crm.EventStore.Sealing;
using Crm.Projections;
using Crm.Projections.Contacts;

namespace Crm.Api.Contacts;

/// <summary>Contacts over HTTP: the people at a customer, and what each does in its decisions.</summary>
public static class ContactEndpoints
{
    public static void MapContacts(this IEndpointRouteBuilder app)
    {
        var contacts = app.MapGroup("/contacts").WithTags("Contacts").ChangedByThoseWhoSee("contact");

        contacts.MapPost("/", async (Body<RegisterContactRequest> body, Incoming incoming, KnownCustomers known, Sealer sealer, Writes writes, CancellationToken ct) =>
        {
            var (r, id, tenant) = (body.Value, Guid.CreateVersion7(), incoming.By.Tenant);
            await known.MustExist(tenant, r.CustomerId, ct);
            var seal = new Seal(sealer, tenant, person: id, isNew: true, ct);
            var command = await r.Said.Normal(NormalForm.CountryOf(incoming.By.Zone.Id)).Registration(r.CustomerId, seal);
            var call = incoming.Call(body, r.OccurredAt, StatusCodes.Status201Created) with { PersonKeys = seal.Made };
            return await writes.Send(ContactDecider.Instance, id, command, call, ct, createdUnder: "/api/v1/contacts");
        }).Creates().Needs(Functions.ContactsWrite).WithName("registerContact").WithSummary("Register a contact: a person at a customer");

        contacts.MapPatch("/{id:guid}", async (Guid id, Patch<ChangeContactRequest> patch, Incoming incoming, Commands commands, Sealer sealer, Writes writes, CancellationToken ct) =>
        {
            var tenant = incoming.By.Tenant;
            var seal = new Seal(sealer, tenant, person: id, isNew: false, ct);
            var known = (await commands.Latest(ContactDecider.Instance, tenant, id, ct)).State.Details;
            var command = await patch.Value.Said.Normal(NormalForm.CountryOf(incoming.By.Zone.Id)).Change([.. patch.Cleared.Except(["occurredAt"])], seal, known);
            return await writes.Send(ContactDecider.Instance, id, command, incoming.Call(patch.Body, patch.Value.OccurredAt) with { PersonKeys = seal.Made }, ct);
        }).Changes().Needs(Functions.ContactsWrite).WithName("changeContact").WithSummary("Change what is known of a contact, member by member");

        contacts.MapPost("/{id:guid}/resubscription", (
            Guid id, Body<ResubscribeContactRequest> body, Incoming incoming, ContactMail mail, CancellationToken ct) =>
            mail.Resubscribe(id, body.Value, incoming.Call(body, occurredAt: null), ct))
            .Changes().Needs(Functions.ContactsWrite).WithName("resubscribeContact")
            .WithSummary("Note that a contact who unsubscribed wants mails again");

        contacts.MapGet("/{id:guid}", (Guid id, Query<RecordQuestion> query, Caller by, IfNoneMatch held, Records records, CancellationToken ct) =>
            records.One(ContactAnswer.List, by, id, query.Value, held, Missing(), ct))
            .Produces<ContactAnswer>().Needs(Functions.ContactsRead).WithName("getContact").WithSummary("One contact, now or as of any moment");

        contacts.MapGet("/{id:guid}/events", (Guid id, Query<OneQuestion> query, Caller by, IfNoneMatch held, Records records, CancellationToken ct) =>
            records.Events<IContactEvent>(ContactAnswer.List, by, id, query.Value.Times, held, Missing(), ct))
            .Produces<EventList>().Needs(Functions.ContactsRead).WithName("getContactEvents").WithSummary("What happened to a contact, in the order of recording");

        contacts.MapGet("/", (Query<Paged<ContactQuestion>> query, Caller by, Headers headers, IfNoneMatch held, ListReader lists, CancellationToken ct) =>
            lists.Page(ContactAnswer.List, by, query.Value.Asked, headers.MinPosition, held, ct))
            .Produces<PageOf<ContactAnswer>>().Needs(Functions.ContactsRead).WithName("listContacts").WithSummary("Contacts, newest first, now or as of any moment");

        contacts.MapSearch(ContactAnswer.List, Functions.ContactsRead).WithName("searchContacts").WithSummary("Contacts that a filter describes, now or as of any moment");

        contacts.MapExport("contacts", ContactAnswer.List, Functions.ContactsRead, (ContactQuestion q) => q.Asked)
            .WithName("exportContacts").WithSummary("All contacts that are asked for, as a file, now or as of any moment");
    }

    public static Rejection Missing() => Rejection.Unknown("contact.unknown", "There is no such contact.");
}

/// <param name="Title">What the person does at the customer.</param>
/// <param name="BuyingRole">What the person does in the customer's decisions to buy.</param>
public sealed record RegisterContactRequest(
    Guid CustomerId, string Name, [Text(254)] string? Email = null, [Text(40)] string? Phone = null, string? Title = null, BuyingRole? BuyingRole = null,
    string? ExternalId = null, DateTimeOffset? OccurredAt = null) : IChecked
{
    internal ContactSaid Said => new(Name, Email, Phone, Title, BuyingRole, ExternalId);

    public IEnumerable<(string Member, string Code, string Message)> Check() => Said.Check();
}

/// <summary>What is absent stays as it is; what is null is not known any more.</summary>
/// <inheritdoc cref="RegisterContactRequest"/>
public sealed record ChangeContactRequest(
    string? Name = null, [Text(254)] string? Email = null, [Text(40)] string? Phone = null, string? Title = null, BuyingRole? BuyingRole = null,
    string? ExternalId = null, DateTimeOffset? OccurredAt = null) : IChecked
{
    internal ContactSaid Said => new(Name, Email, Phone, Title, BuyingRole, ExternalId);

    public IEnumerable<(string Member, string Code, string Message)> Check() => Said.Check();
}

/// <param name="Reason">How we know that the person does.</param>
public sealed record ResubscribeContactRequest([Text(500)] string Reason);

public sealed record ContactQuestion(
    Times Times, ListWords Words, Guid? CustomerId = null, BuyingRole? BuyingRole = null, string? ExternalId = null) : IListQuestion
{
    public Asked Asked => Asked.Of(Times, Words, ("customerId", CustomerId?.ToString()),
        ("buyingRole", BuyingRole is { } role ? ChoiceShape.Spell(role.ToString()) : null), ("externalId", ExternalId));
}

/// <param name="Name">Null where the person has been forgotten.</param>
/// <param name="Title">What the person does at the customer.</param>
/// <param name="BuyingRole">What the person does in the customer's decisions to buy: <c>user</c>, <c>technical-evaluator</c>, <c>buyer</c> or <c>decision-maker</c>.</param>
[Sparse]
public sealed record ContactAnswer(
    Guid Id, DateTimeOffset RegisteredAt, Guid CustomerId, string? Name, string? Email, string? Phone, string? Title, string? BuyingRole, string? ExternalId)
{
    public static readonly RecordList<ContactList.Row, ContactAnswer> List = new("contact", Catalog.Contacts, "registeredAt", Of, ContactList.Sealed);

    public static async Task<ContactAnswer> Of(ContactList.Row r, Unsealer unsealer, string tenant, CancellationToken ct) => new(
        r.ContactId, r.RegisteredAt!.Value, r.CustomerId!.Value, await unsealer.Open(tenant, r.Name, ct), await unsealer.Open(tenant, r.Email, ct),
        await unsealer.Open(tenant, r.Phone, ct), r.Title, r.BuyingRole, r.ExternalId);
}
