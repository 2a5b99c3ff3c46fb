using System.Text.Json.Nodes;
using Crm.Api.Access;
using Crm.Api.Commitments;
using Crm.Api.Contacts;
using Crm.Api.Http;
using Crm.Api.Lists;
using Crm.Api.Opportunities;
using Crm.Api.Orders;
using Crm.Api.Tickets;
using Crm.Domain.Access;
using Crm.EventModel;
using Crm.EventStore.ReadModels;
using Crm.Projections;
using Crm.Projections.Commitments;
using Crm.Projections.Contacts;
using Crm.Projections.Customers;
using Crm.Projections.Opportunities;
using Crm.Projections.Orders;
using Crm.Projections.Tickets;
using Npgsql;

namespace Crm.Api.Customers.Overview;

/// <summary>All that is known of a customer, read in one snapshot: as it stands, or as it stood at any moment.</summary>
public sealed class CustomerOverview(Queries queries, DecisionChains chains, Unsealer unsealer, EventStore.Store store)
{
    private const int MostItems = 100;

    private static readonly IReadOnlyList<ReadModel> Models =
    [
        Catalog.Customers, Catalog.Contacts, Catalog.BuyingRoles, Catalog.Opportunities, Catalog.Orders, Catalog.Commitments,
        Catalog.Tickets, Catalog.Activity, Catalog.Leads
    ];

    private static readonly RowsOfCustomer<ContactList.Row, ContactAnswer> Contacts = new(ContactAnswer.List);
    private static readonly RowsOfCustomer<OpportunityList.Row, OpportunityAnswer> Deals = new(OpportunityAnswer.List);
    private static readonly RowsOfCustomer<OrderList.Row, OrderAnswer> Orders = new(OrderAnswer.List);
    private static readonly RowsOfCustomer<CommitmentList.Row, CommitmentAnswer> Promises = new(CommitmentAnswer.List);
    private static readonly RowsOfCustomer<TicketList.Row, TicketAnswer> Tickets = new(TicketAnswer.List);

    private readonly CustomerDocuments documents = new(store, unsealer);

    /// <returns>The answer, trimmed to what the caller sees, and the position that it shows; null where there is no such
    /// customer.</returns>
    public Task<(JsonObject? Answer, long Position)> Of(
        Caller by, Guid customer, OverviewQuestion question, Lens lens, PositionToken? least, CancellationToken ct) =>
        queries.Read(by.Tenant, Models, lens, least,
            (connection, known) => Read(new(by, customer, lens, connection, known), question, ct), ct);

    /// <summary>Touches before one, of the records that the caller sees.</summary>
    public Task<(IReadOnlyList<TouchAnswer>? Touches, long Position)> Touches(
        Caller by, Guid customer, (DateTimeOffset At, Guid Id)? before, int most, Lens lens, PositionToken? least, CancellationToken ct) =>
        queries.Read(by.Tenant, Models, lens, least, async (connection, known) =>
        {
            var asking = new Asking(by, customer, lens, connection, known);
            return await Customer(asking, ct) is { } row
                ? await Touches(asking, await Records(asking, row, await Own(asking, ct), ct), before, most, ct)
                : (IReadOnlyList<TouchAnswer>?)null;
        }, ct);

    private async Task<JsonObject?> Read(Asking asking, OverviewQuestion question, CancellationToken ct)
    {
        if (await Customer(asking, ct) is not { } customer)
        {
            return null;
        }

        var (by, lens) = (asking.By, asking.Lens);
        var deals = await Own(asking, ct);
        var records = await Records(asking, customer, deals, ct);
        var touches = Sees(by) ? await Touches(asking, records, before: null, question.Touches + 1, ct) : null;
        var chain = May(by, Functions.ContactsRead) && !by.Sight.Hides("contact", "buyingRole")
            ? await chains.Of(by.Tenant, [asking.Customer], lens, asking.Connection, asking.Known, ct) : null;
        return new JsonObject
        {
            ["asOf"] = Node(lens.AsOf),
            ["knownAt"] = Node(lens.KnownAt),
            ["position"] = asking.Known,
            ["customer"] = new Trimming(CustomerAnswer.List, by.Sight, fields: null).Json(CustomerAnswer.Of(customer)),
            ["contacts"] = await Part(asking, Contacts, ContactAnswer.List, Functions.ContactsRead, "contacts", ct),
            ["decisionChain"] = chain is null ? null
                : Node(await chains.Told(by, asking.Customer, chain[asking.Customer], lens, asking.Known, ct)),
            ["opportunities"] = SeesDeals(by)
                ? await Part(asking, deals, OpportunityAnswer.List, "opportunities", ct) : null,
            ["owners"] = SeesDeals(by) && !by.Sight.Hides("opportunity", "rep")
                && !by.Sight.Hides("opportunity", "team")
                ? Node(await Owners(asking, deals, ct)) : null,
            ["orders"] = await Part(asking, Orders, OrderAnswer.List, Functions.OrdersRead, "orders", ct),
            ["commitments"] = await Part(asking, Promises, CommitmentAnswer.List, Functions.CommitmentsRead, "commitments", ct),
            ["tickets"] = await Part(asking, Tickets, TicketAnswer.List, Functions.TicketsRead, "tickets", ct),
            ["touches"] = touches is null ? null : Node(new OverviewTouches(
                [.. touches.Take(question.Touches)], touches.Count > question.Touches
                    ? Older(asking, touches.Take(question.Touches).LastOrDefault()) : null)),
            ["documents"] = May(by, Functions.AttachmentsRead) && !by.Sight.HidesFiles
                ? Node(await documents.Of(by, records, lens, asking.Connection, asking.Known, ct)) : null
        };
    }

    private static async Task<CustomerList.Row?> Customer(Asking asking, CancellationToken ct) =>
        (await View(CustomerAnswer.List, asking).Of([asking.Customer], ct)).SingleOrDefault();

    private static async Task<IReadOnlyList<OpportunityList.Row>> Own(Asking asking, CancellationToken ct) =>
        SeesDeals(asking.By)
            ? await Deals.Of(asking.By, asking.Customer, asking.Lens, asking.Connection, asking.Known, ct) : [];

    // The customer, what was sold to it, and the leads that it came from, as far as the caller sees them.
    private static async Task<IReadOnlyDictionary<Guid, string>> Records(
        Asking asking, CustomerList.Row customer, IReadOnlyList<OpportunityList.Row> deals, CancellationToken ct)
    {
        var leads = deals.Select(deal => deal.LeadId).Append(customer.LeadId).OfType<Guid>().Distinct().ToList();
        var seen = May(asking.By, Functions.LeadsRead) && leads.Count > 0 ? await View(Leads.LeadAnswer.List, asking).Of(leads, ct) : [];
        return deals.Select(deal => (deal.OpportunityId, "opportunity")).Concat(seen.Select(lead => (lead.LeadId, "lead")))
            .Append((customer.CustomerId, "customer")).ToDictionary();
    }

    private static Task<IReadOnlyList<TouchAnswer>> Touches(
        Asking asking, IReadOnlyDictionary<Guid, string> records, (DateTimeOffset At, Guid Id)? before, int most, CancellationToken ct) =>
        CustomerTouches.Of(
            asking.By.Tenant, [.. records.Where(record => !asking.By.Sight.Hides(record.Value, "touches")).Select(record => record.Key)],
            before, most, asking.Lens, asking.Connection, asking.Known, ct);

    private static async Task<IReadOnlyList<OwnerAnswer>> Owners(
        Asking asking, IReadOnlyList<OpportunityList.Row> deals, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand($"""
            select at, opportunity_id, rep, team from (
                select at, version, opportunity_id, rep, team, lag(rep) over same as old_rep, lag(team) over same as old_team,
                       row_number() over same as place
                from {ModelTables.Of(Catalog.Opportunities).History}
                where tenant_id = $1 and opportunity_id = any($2) and at < $3 and is_there
                  and from_position <= $4 and (to_position is null or to_position > $4)
                window same as (partition by opportunity_id order by at, version)) states
            where place = 1 or (rep, team) is distinct from (old_rep, old_team)
            order by at desc, version desc, opportunity_id
            """, asking.Connection);
        foreach (var value in (object[])[asking.By.Tenant, deals.Select(deal => deal.OpportunityId).ToArray(),
            asking.Lens.Until.ToUniversalTime(), asking.Known])
        {
            command.Parameters.AddWithValue(value);
        }

        var owners = new List<OwnerAnswer>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            owners.Add(new(reader.GetFieldValue<DateTimeOffset>(0), reader.GetGuid(1), Text(2), Text(3)));
        }

        return owners;

        string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
    }

    private async Task<JsonObject?> Part<TRow, TAnswer>(
        Asking asking, RowsOfCustomer<TRow, TAnswer> rows, RecordList<TRow, TAnswer> list, string function, string path,
        CancellationToken ct)
        where TRow : class where TAnswer : notnull =>
        May(asking.By, function) && !asking.By.Sight.Hides(list.Name, "customerId")
            ? await Part(asking, await rows.Of(asking.By, asking.Customer, asking.Lens, asking.Connection, asking.Known, ct), list, path,
                ct) : null;

    private async Task<JsonObject> Part<TRow, TAnswer>(Asking asking, IReadOnlyList<TRow> rows, RecordList<TRow, TAnswer> list, string path,
        CancellationToken ct)
        where TRow : class where TAnswer : notnull
    {
        var (shown, trimming) = (rows.Take(MostItems).ToList(), new Trimming(list, asking.By.Sight, fields: null));
        await unsealer.Fetch(asking.By.Tenant, shown.SelectMany(row => list.SealedIn(row)), ct);
        var items = new JsonArray();
        foreach (var row in shown)
        {
            items.Add((JsonNode)trimming.Json(await list.Answer(row, unsealer, asking.By.Tenant, ct)));
        }

        return new JsonObject
        {
            ["items"] = items,
            ["total"] = rows.Count,
            ["all"] = $"/api/v1/{path}?filter={Uri.EscapeDataString($"customerId={asking.Customer}")}{Times(asking.Lens)}"
        };
    }

    private static string? Older(Asking asking, TouchAnswer? last) => last is null ? null
        : $"/api/v1/customers/{asking.Customer}/touches?beforeId={last.Id}{Time("before", last.At)}{Times(asking.Lens)}";

    private static string Times(Lens lens) => $"{Time("asOf", lens.AsOf)}{Time("knownAt", lens.KnownAt)}";

    private static string Time(string name, DateTimeOffset? moment) =>
        moment is { } at ? $"&{name}={Uri.EscapeDataString(AnswerJson.Text(at))}" : "";

    private static JsonNode? Node<T>(T value) => System.Text.Json.JsonSerializer.SerializeToNode(value, AnswerJson.Options);

    private static bool May(Caller by, string function) => by.Rights.Functions.Contains(function);

    // Whose an opportunity is may be hidden: then none is told of here.
    private static bool SeesDeals(Caller by) => May(by, Functions.OpportunitiesRead) && !by.Sight.Hides("opportunity", "customerId");

    private static bool Sees(Caller by) => SeesDeals(by) || May(by, Functions.LeadsRead);

    private static ListView<TRow> View<TRow, TAnswer>(RecordList<TRow, TAnswer> list, Asking asking) where TRow : class =>
        new(list, list.Rows, asking.By, new Seen(asking.Lens, asking.Known, IsPinned: false), asking.Connection);

    private sealed record Asking(Caller By, Guid Customer, Lens Lens, NpgsqlConnection Connection, long Known);
}
