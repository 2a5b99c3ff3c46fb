using System.Globalization;
using System.Text.Json;
using Crm.Api.Access;
using Crm.Api.Audit;
using Crm.Api.Customers.Overview;
using Crm.Api.Http;
using Crm.Api.Lists;
using Crm.Api.Opportunities;
using Crm.Api.Tickets;
using Crm.Domain.Access;
using Crm.Domain.Customers;
using Crm.Domain.ProductRequests;
using Crm.Domain.Tickets;
using Crm.EventModel;
using Crm.EventStore;
using Crm.EventStore.ReadModels;
using Crm.Projections;
using Crm.Projections.Opportunities;
using Crm.Projections.Tickets;
using Npgsql;

namespace Crm.Api.Customers.Journeys;

/// <summary>
/// One timeline of a customer from four feeds: what marketing brought, what sales did, what it wants of products, and its tickets; as it
/// stands, or as it stood at any moment. It is made of the very facts of the records, so it tells nothing that they do not.
/// </summary>
/// <param name="mostFacts">Of a customer with more facts than these those that were recorded last are looked at.</param>
public sealed class CustomerJourney(
    Queries queries, Store store, Telling telling, Cursors cursors, Organisations organisations, int mostFacts = 20_000)
{
    private static readonly IReadOnlyList<ReadModel> Models =
        [Catalog.Customers, Catalog.Leads, Catalog.Opportunities, Catalog.ProductRequests, Catalog.Tickets];

    private static readonly RowsOfCustomer<OpportunityList.Row, OpportunityAnswer> Deals = new(OpportunityAnswer.List);
    private static readonly RowsOfCustomer<TicketList.Row, TicketAnswer> Tickets = new(TicketAnswer.List);

    // There are few of them. Whether it wanted it already at the moment that is asked about is seen by the facts.
    private static readonly string Wanted = $"""
        select request_id from {ModelTables.Of(Catalog.ProductRequests).Rows} where tenant_id = $1 and $2 = any(customer_ids)
        """;

    private readonly IReadOnlyList<string> aliases = JourneyFeeds.Aliases(store.Types);
    private readonly IReadOnlyList<string> wants = JourneyFeeds.Wants(store.Types);

    /// <returns>Null where there is no such customer.</returns>
    /// <exception cref="Problem">400: the cursor is not one of ours.</exception>
    public async Task<JourneyAnswer?> Page(
        Caller by, Guid customer, JourneyQuestion question, Lens lens, PositionToken? least, string language, CancellationToken ct)
    {
        var bound = Bound(by, customer, question, lens);
        var from = question.Page.Cursor is { } cursor
            ? cursors.Read(cursor, bound, (code, message) => Fault.InQuery("cursor", code, message)) : null;
        queries.MustBeOurs(least);
        var (read, position) = await queries.Read(by.Tenant, Models, lens, from is null ? least : queries.Token(from.Position),
            (connection, known) => Read(new(by, customer, lens, connection, Math.Min(known, from?.Position ?? known)), ct), ct);
        if (read is not var (facts, isCut))
        {
            return null;
        }

        // Pages that follow show what the first showed: nothing that was said since.
        var (shown, last) = (from?.Position ?? position, from is null ? ((DateTimeOffset, long)?)null : Place(from));
        var found = facts.Where(fact => Asks(question, fact, by, customer))
            .OrderByDescending(fact => fact.OccurredAt).ThenByDescending(fact => fact.Position)
            .Where(fact => last is null || (fact.OccurredAt, fact.Position).CompareTo(last.Value) < 0)
            .Take(question.Page.Limit + 1).ToList();
        var page = found.Take(question.Page.Limit).ToList();
        var next = found.Count > page.Count ? cursors.Write(Cursor(shown, page[^1]), bound) : null;
        return new(lens.AsOf, lens.KnownAt, shown, await Told(by, customer, page, shown, language, ct), next, isCut);
    }

    private async Task<(IReadOnlyList<Recorded> Facts, bool IsCut)?> Read(Asking asking, CancellationToken ct)
    {
        var (by, lens, connection, known) = (asking.By, asking.Lens, asking.Connection, asking.Known);
        if ((await View(CustomerAnswer.List, asking).Of([asking.Customer], ct)).SingleOrDefault() is not { } row)
        {
            return null;
        }

        var records = new HashSet<Guid> { asking.Customer };
        var deals = May(by, Functions.OpportunitiesRead) && !by.Sight.Hides("opportunity", "customerId")
            ? await Deals.Of(by, asking.Customer, lens, connection, known, ct) : [];
        if (!by.Sight.Hides("opportunity", "touches"))
        {
            records.UnionWith(deals.Select(deal => deal.OpportunityId));
        }

        var leads = deals.Select(deal => deal.LeadId).Append(row.LeadId).OfType<Guid>().Distinct().ToList();
        if (May(by, Functions.LeadsRead) && !by.Sight.Hides("lead", "touches") && leads.Count > 0)
        {
            records.UnionWith((await View(Leads.LeadAnswer.List, asking).Of(leads, ct)).Select(lead => lead.LeadId));
        }

        if (May(by, Functions.TicketsRead) && !by.Sight.Hides("ticket", "customerId"))
        {
            records.UnionWith((await Tickets.Of(by, asking.Customer, lens, connection, known, ct)).Select(ticket => ticket.TicketId));
        }

        IReadOnlyList<Guid> requests = [];
        if (May(by, Functions.ProductRequestsRead) && !by.Sight.Hides("product-request", "customerIds"))
        {
            records.UnionWith(requests = await Requests(asking, ct));
        }

        var events = await LogReader.OfTypes(connection, store.Types, by.Tenant, records, aliases, known, ct, mostFacts + 1);
        var isCut = events.Count > mostFacts;

        // That it wants something is never left out: without it nobody could tell whether what became of that is its story.
        var wanted = isCut && requests.Count > 0
            ? await LogReader.OfTypes(connection, store.Types, by.Tenant, requests, wants, known, ct) : [];
        IReadOnlyList<Recorded> facts = [.. wanted.UnionBy(events.Skip(events.Count - mostFacts), e => e.Position)
            .OrderBy(e => e.Position).GroupBy(e => e.StreamId)
            .Select(stream => FoldOrder.Of([.. stream], store.Types).Where(fact => fact.OccurredAt < lens.Until).ToList())
            .Where(facts => JourneyFeeds.Concern(facts.Select(fact => fact.Data), asking.Customer)).SelectMany(facts => facts)];
        return (facts, isCut);
    }

    private static async Task<IReadOnlyList<Guid>> Requests(Asking asking, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(Wanted, asking.Connection);
        command.Parameters.AddWithValue(asking.By.Tenant);
        command.Parameters.AddWithValue(asking.Customer.ToString());
        await using var reader = await command.ExecuteReaderAsync(ct);
        var ids = new List<Guid>();
        while (await reader.ReadAsync(ct))
        {
            ids.Add(reader.GetGuid(0));
        }

        return ids;
    }

    private static bool Asks(JourneyQuestion question, Recorded fact, Caller by, Guid customer) =>
        JourneyFeeds.Of(fact.Data, customer) is { } feed
        && !(fact.Data is CustomerTouched && by.Sight.Hides("customer", "touches"))
        && (question.Department is null || JourneyFeeds.DepartmentOf(feed) == question.Department)
        && (question.Kinds.Count == 0 || question.Kinds.Contains(fact.TypeName))
        && (question.From is not { } from || fact.OccurredAt >= from.In(by.Zone))
        && (question.Until is not { } until || fact.OccurredAt < until.In(by.Zone));

    // Each in the words of its record's history, which its whole stream has to be read for.
    private async Task<IReadOnlyList<JourneyEntry>> Told(
        Caller by, Guid customer, IReadOnlyList<Recorded> page, long upTo, string language, CancellationToken ct)
    {
        var (facts, organisation) = (page.ToDictionary(fact => fact.EventId), await organisations.Of(by.Tenant, ct));
        var streams = await store.ReadStreams(by.Tenant, [.. page.Select(fact => fact.StreamId).Distinct()], upTo, ct);
        var entries = new List<JourneyEntry>();
        foreach (var stream in streams.Values)
        {
            foreach (var told in await telling.Tell(stream, e => facts.ContainsKey(e.EventId), by, language, ct))
            {
                var fact = facts[told.Id];
                var feed = JourneyFeeds.Of(fact.Data, customer)!.Value;
                var team = told.Actor is { } actor ? organisation.Members.GetValueOrDefault(actor)?.Team : null;
                entries.Add(new(
                    told.Id, fact.OccurredAt, told.RecordedAt, feed, JourneyFeeds.DepartmentOf(feed), told.Kind, told.Actor, team,
                    told.Sentence, told.SubjectName, Links(by, fact)));
            }
        }

        return [.. entries.OrderByDescending(entry => (entry.At, facts[entry.Id].Position))];
    }

    private static IReadOnlyDictionary<string, string> Links(Caller by, Recorded fact)
    {
        var links = new Dictionary<string, string> { ["record"] = $"/api/v1/{JourneyFeeds.PathOf(fact.Data)}/{fact.StreamId}" };
        if (fact.Data is TicketOpened { OrderId: { } order } && May(by, Functions.OrdersRead) && !by.Sight.Hides("ticket", "orderId"))
        {
            links["order"] = $"/api/v1/orders/{order}";
        }

        if (fact.Data switch { ProductRequestRaised e => e.TouchId, ProductRequestJoined e => e.TouchId, _ => null } is { } touch)
        {
            links["madeFrom"] = $"{touch}";
        }

        return links;
    }

    private static Cursor Cursor(long position, Recorded last) => new(
        position, [last.OccurredAt.UtcTicks.ToString(CultureInfo.InvariantCulture), last.Position.ToString(CultureInfo.InvariantCulture)]);

    private static (DateTimeOffset, long) Place(Cursor cursor) => (
        new(long.Parse(cursor.Keys[0]!, CultureInfo.InvariantCulture), TimeSpan.Zero),
        long.Parse(cursor.Keys[1]!, CultureInfo.InvariantCulture));

    // Everything that decides which entries there are.
    private static string Bound(Caller by, Guid customer, JourneyQuestion question, Lens lens) => JsonSerializer.Serialize((object?[])
    [
        "journey", by.Tenant, customer, lens.AsOf, lens.KnownAt, question.Department, question.Kinds, question.From?.In(by.Zone),
        question.Until?.In(by.Zone)
    ]);

    private static bool May(Caller by, string function) => by.Rights.Functions.Contains(function);

    private static ListView<TRow> View<TRow, TAnswer>(RecordList<TRow, TAnswer> list, Asking asking) where TRow : class =>
        new(list, list.Rows, asking.By, new Seen(asking.Lens, asking.Known, IsPinned: false), asking.Connection);

    private sealed record Asking(Caller By, Guid Customer, Lens Lens, NpgsqlConnection Connection, long Known);
}
