using Crm.Domain.Contacts;
using Crm.Domain.Opportunities;
using Crm.Domain.Warnings;
using Crm.EventModel;
using Crm.EventStore;
using Crm.EventStore.ReadModels;
using Crm.Projections;
using Npgsql;

namespace Crm.Api.Warnings;

/// <summary>Makes of events what warnings are made of.</summary>
internal static class DealStories
{
    private static readonly string Contacts = ModelTables.Of(Catalog.BuyingRoles).Rows;

    /// <param name="stream">All events of an opportunity that were known, in the order of their versions.</param>
    public static IReadOnlyList<DealFact> FactsOf(IReadOnlyList<Recorded> stream, EventTypes types) =>
    [
        .. FoldOrder.Of(stream, types).Where(fact => fact.Data is IOpportunityEvent)
            .Select(fact => new DealFact(Place(fact), fact.OccurredAt, (IOpportunityEvent)fact.Data))
    ];

    /// <summary>Opportunities by their ids, with what the contacts of their customers do in decisions.</summary>
    /// <param name="deals">Their facts.</param>
    /// <param name="read">Reads streams of contacts.</param>
    /// <param name="known">What of a contact was known of a deal; left out, all of it.</param>
    public static async Task<IReadOnlyDictionary<Guid, DealStory>> Of(
        IReadOnlyDictionary<Guid, IReadOnlyList<DealFact>> deals, NpgsqlConnection connection, string tenant, EventTypes types,
        Func<IReadOnlyCollection<Guid>, Task<IEnumerable<Recorded>>> read, CancellationToken ct,
        Func<Guid, IReadOnlyList<Recorded>, IReadOnlyList<Recorded>>? known = null)
    {
        var customers = deals.Select(deal => (deal.Key, Customer: new DealStory(deal.Value, []).Deal.Details?.CustomerId))
            .Where(deal => deal.Customer is not null).ToDictionary(deal => deal.Key, deal => deal.Customer!.Value);
        var contacts = customers.Count == 0 ? [] : await ContactsOf(connection, tenant, [.. customers.Values.Distinct()], ct);
        var streams = contacts.Count == 0 ? [] : (await read([.. contacts.Select(one => one.Contact)])).GroupBy(e => e.StreamId)
            .ToDictionary(contact => contact.Key, contact => (IReadOnlyList<Recorded>)[.. contact]);
        var roles = known is null ? streams.ToDictionary(contact => contact.Key, contact => RolesOf(contact.Value, types)) : [];
        var people = contacts.Where(one => streams.ContainsKey(one.Contact)).ToLookup(one => one.Customer, one => one.Contact);
        return deals.ToDictionary(deal => deal.Key, deal => new DealStory(
            deal.Value, customers.TryGetValue(deal.Key, out var customer)
                ? [.. people[customer].SelectMany(one => Roles(deal.Key, one)).OrderBy(role => role.At).ThenBy(role => role.Place.Position)]
                : []));

        IReadOnlyList<RoleFact> Roles(Guid deal, Guid contact) =>
            known is null ? roles[contact] : RolesOf(known(deal, streams[contact]), types);
    }

    private static IReadOnlyList<RoleFact> RolesOf(IReadOnlyList<Recorded> stream, EventTypes types) => RoleFact.Of(
        FoldOrder.Of(stream, types).Where(fact => fact.Data is IContactEvent)
            .Select(fact => (Place(fact), fact.OccurredAt, (IContactEvent)fact.Data)));

    // Whose contact somebody is never changes, so the rows of today tell it for any day.
    private static async Task<IReadOnlyList<(Guid Contact, Guid Customer)>> ContactsOf(
        NpgsqlConnection connection, string tenant, Guid[] customers, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            $"select contact_id, customer_id from {Contacts} where tenant_id = $1 and customer_id = any($2) order by contact_id",
            connection);
        command.Parameters.AddWithValue(tenant);
        command.Parameters.AddWithValue(customers);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var found = new List<(Guid, Guid)>();
        while (await reader.ReadAsync(ct))
        {
            found.Add((reader.GetGuid(0), reader.GetGuid(1)));
        }

        return found;
    }

    private static FactPlace Place(Recorded e) => new(e.StreamId, e.EventId, e.Position);
}
