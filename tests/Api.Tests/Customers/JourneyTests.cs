using System.Text.Json;
using Crm.Api.Customers.Journeys;
using Crm.Api.Tests.Journeys;
using Microsoft.Extensions.DependencyInjection;

namespace Crm.Api.Tests.Customers;

/// <summary>What all departments had to do with a customer, on one timeline: its leads, notes, product requests and tickets.</summary>
public sealed class JourneyTests(CrmServer crm) : IClassFixture<CrmServer>
{
    private const string Least = "Crm-Min-Position";

    private static int tenants;

    [Fact]
    public async Task A_journey_has_four_feeds_newest_first_and_by_department_and_page_by_page()
    {
        var (http, customer, _, last) = await Story();
        using var mine = http;

        var all = await Entries(http, customer, "", last);
        all.Select(entry => $"{entry.GetProperty("department").GetString()} {entry.GetProperty("kind").GetString()}").ShouldBe(
        [
            "product product_request_state_set", "service ticket_solved", "service ticket_opened", "product product_request_raised",
            "sales opportunity_noted", "sales opportunity_touched", "marketing lead_touched", "marketing lead_captured"
        ]);
        (await Kinds(http, customer, "?department=service", last)).ShouldBe(["ticket_solved", "ticket_opened"]);
        (await Kinds(http, customer, "?kind=lead_captured,ticket_opened", last)).ShouldBe(["ticket_opened", "lead_captured"]);
        (await Kinds(http, customer, "?from=2026-03-04&until=2026-03-06", last)).ShouldBe(["opportunity_noted", "opportunity_touched"]);
        (await Kinds(http, customer, "?asOf=2026-03-04", last)).ShouldBe(["lead_touched", "lead_captured"]);

        var paged = new List<string?>();
        for (string? cursor = ""; cursor is not null;)
        {
            var page = (await http.Read($"customers/{customer}/journey?limit=3{cursor}", (Least, last))).Ok().Body;
            paged.AddRange(page.GetProperty("items").EnumerateArray().Select(entry => entry.GetProperty("id").GetString()));
            cursor = page.GetProperty("nextCursor").GetString() is { } next ? $"&cursor={Uri.EscapeDataString(next)}" : null;
        }

        paged.ShouldBe(all.Select(entry => entry.GetProperty("id").GetString()));
        (await http.Read($"customers/{customer}/journey?kind=customer_registered")).Status.ShouldBe(400);
        (await http.Read($"customers/{Guid.CreateVersion7()}/journey")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task An_entry_says_who_what_and_where_and_a_request_from_which_note_it_was_made()
    {
        var (http, customer, order, last) = await Story();
        using var mine = http;

        var entries = await Entries(http, customer, "?lang=zh-CN", last);
        var opened = entries.Single(entry => entry.GetProperty("kind").GetString() == "ticket_opened");
        opened.GetProperty("what").GetString()!.ShouldContain("受理客户工单“Spindle runs hot”，产品 CK6140（Mr Wang called.）");
        opened.GetProperty("links").GetProperty("order").GetString().ShouldBe($"/api/v1/orders/{order}");
        var raised = entries.Single(entry => entry.GetProperty("kind").GetString() == "product_request_raised");
        var note = entries.Single(entry => entry.GetProperty("kind").GetString() == "opportunity_noted");
        raised.GetProperty("links").GetProperty("madeFrom").GetString().ShouldBe(note.GetProperty("id").GetString());
        (await crm.TablesWith("Mr Wang called.")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Nobody_reads_there_what_he_could_not_read_of_the_records()
    {
        var (http, customer, _, last) = await Story();
        using var mine = http;
        (await http.Write("members", new { id = "bob", role = "rep", rep = "bob" })).Ok();
        using var bob = crm.With((await http.Write("api-keys", new { name = "k", member = "bob" })).Ok()["key"]);
        string[] functions = ["customers.read", "tickets.read"];
        (await http.Put("roles/service", new { functions, scope = "all" })).Ok();
        (await http.Write("members", new { id = "sam", role = "service" })).Ok();
        using var sam = crm.With((await http.Write("api-keys", new { name = "k", member = "sam" })).Ok()["key"]);

        (await Departments(bob, customer, last)).ShouldBe(["product", "service"], ignoreOrder: true);
        (await Departments(sam, customer, last)).ShouldBe(["service"]);
    }

    [Fact]
    public async Task A_visit_to_the_customer_itself_is_told_and_a_request_can_come_of_it()
    {
        using var http = await Tenant();
        var customer = (await http.Write("customers", new { name = "Hengce", occurredAt = "2026-03-01T02:00:00Z" })).Ok().Id;
        var visit = new { clientId = Guid.NewGuid(), occurredAt = "2026-03-02T02:00:00Z", customerId = customer };
        (await http.Write("visits/sync", new { deviceId = "phone-1", batch = new[] { visit } })).Ok();
        var touch = (await http.History($"customers/{customer}")).Single(e => e.GetProperty("type").GetString() == "customer_touched")
            .GetProperty("id").GetGuid();
        var last = (await http.Write("product-requests", new
        {
            customerId = customer, product = "CK6140", title = "PDF", touchId = touch, occurredAt = "2026-03-03T02:00:00Z"
        })).Ok().Position;

        var entries = await Entries(http, customer, "", last);
        entries.Select(entry => $"{entry.GetProperty("department").GetString()} {entry.GetProperty("kind").GetString()}")
            .ShouldBe(["product product_request_raised", "sales customer_touched"]);
        entries[1].GetProperty("links").GetProperty("record").GetString().ShouldBe($"/api/v1/customers/{customer}");
    }

    [Fact]
    public async Task What_others_wanted_before_the_customer_did_is_not_its_story_at_that_moment()
    {
        using var http = await Tenant();
        var first = (await http.Write("customers", new { name = "Hengce", occurredAt = "2026-03-01T02:00:00Z" })).Ok().Id;
        var later = (await http.Write("customers", new { name = "Acme", occurredAt = "2026-03-01T02:00:00Z" })).Ok().Id;
        var request = (await http.Write("product-requests",
            new { customerId = first, product = "CK6140", title = "PDF", occurredAt = "2026-03-02T02:00:00Z" })).Ok().Id;
        (await http.Write($"product-requests/{request}/state", new { state = "planned", occurredAt = "2026-03-03T02:00:00Z" })).Ok();
        var last = (await http.Write($"product-requests/{request}/customers",
            new { customerId = later, occurredAt = "2026-03-05T02:00:00Z" })).Ok().Position;

        (await Kinds(http, later, "?asOf=2026-03-04", last)).ShouldBeEmpty();
        (await Kinds(http, later, "?asOf=2026-03-06", last)).ShouldBe(["product_request_joined", "product_request_state_set"]);
        (await Kinds(http, first, "?asOf=2026-03-04", last)).ShouldBe(["product_request_state_set", "product_request_raised"]);
    }

    [Fact]
    public async Task A_program_says_a_ticket_of_another_system_as_often_as_it_likes()
    {
        using var http = await Tenant();
        var customer = (await http.Write("customers", new { name = "Hengce" })).Ok().Id;
        var stranger = (await http.Write("customers", new { name = "Acme" })).Ok().Id;
        var order = (await http.Write("orders", new { customerId = customer, number = "1", amount = Talk.Money(1m) })).Ok().Id;
        var ticket = new { customerId = customer, title = "Hot", orderId = order, agent = "sam", text = "Mr Li" };

        var first = (await http.Put("tickets/by-external/zendesk/8812", ticket)).Ok();
        var again = (await http.Put("tickets/by-external/zendesk/8812", ticket)).Ok();
        var changed = (await http.Put("tickets/by-external/zendesk/8812", new { customerId = customer, title = "Very hot" })).Ok();
        (first.Status, again.Status, again.Id, changed.Id).ShouldBe((201, 200, first.Id, first.Id));
        (await http.History($"tickets/{first.Id}")).Count.ShouldBe(2);
        var now = (await http.Read($"tickets/{first.Id}")).Ok();
        (now["title"], now["agent"], now["externalId"], now["text"]).ShouldBe(("Very hot", "sam", "zendesk:8812", "Mr Li"));
        (await Ids(http, $"tickets?externalId=zendesk%3A8812&orderId={order}&state=open", changed.Position)).ShouldBe([first.Id]);

        (await (await http.Put("tickets/by-external/zendesk/8812", new { customerId = stranger, title = "x" })).Refused()).Code
            .ShouldBe("ticket.opened");
        (await (await http.Write("tickets", new { customerId = stranger, title = "x", orderId = order })).Refused()).Code
            .ShouldBe("ticket.other-order");
    }

    [Fact]
    public async Task The_pool_is_listed_by_product_and_state_and_by_how_many_want_it()
    {
        using var http = await Tenant();
        var customers = new List<Guid>();
        foreach (var name in (string[])["Hengce", "Acme", "Bolt"])
        {
            customers.Add((await http.Write("customers", new { name })).Ok().Id);
        }

        var few = (await http.Write("product-requests", new { customerId = customers[0], product = "CK6140", title = "PDF" })).Ok().Id;
        var many = (await http.Write("product-requests", new { customerId = customers[0], product = "CK6140", title = "Lights" })).Ok().Id;
        (await http.Write("product-requests", new { customerId = customers[0], product = "other", title = "x" })).Ok();
        foreach (var customer in customers)
        {
            (await http.Write($"product-requests/{many}/customers", new { customerId = customer })).Ok();
        }

        var last = (await http.Write($"product-requests/{few}/state", new { state = "planned" })).Ok().Position;
        (await Ids(http, "product-requests?product=CK6140&sort=-customerCount", last)).ShouldBe([many, few]);
        (await Ids(http, "product-requests?product=CK6140&state=planned", last)).ShouldBe([few]);
        (await Ids(http, $"product-requests?customerId={customers[2]}", last)).ShouldBe([many]);
        (await http.Read($"product-requests/{many}")).Ok().Body.GetProperty("customerCount").GetInt32().ShouldBe(3);
        (await (await http.Write("product-requests",
            new { customerId = customers[0], product = "x", title = "x", touchId = Guid.CreateVersion7() })).Refused()).Code
            .ShouldBe("product-request.touch");
    }

    [Fact]
    public async Task Of_more_facts_than_can_be_gone_through_those_recorded_last_are_shown_and_it_says_so()
    {
        var (http, customer, _, last) = await Story();
        using var mine = http;
        (await http.Read($"customers/{customer}/journey", (Least, last))).Ok().Body.GetProperty("isCut").GetBoolean().ShouldBeFalse();
        var by = new Caller($"journeys-{tenants}", "operator");

        (await Page(most: 3)).ShouldBe(
            "True product_request_state_set ticket_solved ticket_opened product_request_raised", "what it wants is never left out");
        (await Page(most: 8)).ShouldStartWith("False product_request_state_set ticket_solved ticket_opened product_request_raised");

        async Task<string> Page(int most)
        {
            var page = (await ActivatorUtilities.CreateInstance<CustomerJourney>(crm.App.Services, most).Page(
                by, customer, new JourneyQuestion(new(), new()), new Lens(null, null, null), least: null, "en", default)).ShouldNotBeNull();
            return string.Join(' ', page.Items.Select(entry => entry.Kind).Prepend($"{page.IsCut}"));
        }
    }

    // A campaign brings a lead, which becomes a customer; it is visited, wants something, orders, and has a fault.
    private async Task<(HttpClient Http, Guid Customer, Guid Order, string? Last)> Story()
    {
        var http = await Tenant();
        var lead = (await http.Write("leads",
            new { source = "fair", campaign = "CIMT", company = "Hengce", occurredAt = "2026-03-01T02:00:00Z" })).Ok().Id;
        (await http.Write($"leads/{lead}/touches",
            new { kind = "download", direction = "inbound", occurredAt = "2026-03-02T02:00:00Z" })).Ok();
        var won = (await http.Write($"leads/{lead}/qualification", new
        {
            opportunityName = "Lathe", amount = Talk.Money(1m), rep = "ann", occurredAt = "2026-03-03T02:00:00Z"
        })).Ok();
        var known = (await http.Read($"leads/{lead}")).Ok();
        var (customer, deal) = (Guid.Parse(known["customerId"]!), Guid.Parse(known["opportunityId"]!));
        (await http.Write($"opportunities/{deal}/touches",
            new { kind = "visit", direction = "outbound", occurredAt = "2026-03-04T02:00:00Z" })).Ok();
        (await http.Write($"opportunities/{deal}/notes", new { text = "They want PDF.", occurredAt = "2026-03-05T02:00:00Z" })).Ok();
        var note = (await http.History($"opportunities/{deal}")).Single(e => e.GetProperty("type").GetString() == "opportunity_noted")
            .GetProperty("id").GetGuid();
        var request = (await http.Write("product-requests", new
        {
            customerId = customer, product = "CK6140", title = "Reports in PDF", touchId = note, occurredAt = "2026-03-06T02:00:00Z"
        })).Ok().Id;
        var order = (await http.Write("orders", new { customerId = customer, number = "1", amount = Talk.Money(1m) })).Ok().Id;
        var ticket = (await http.Write("tickets", new
        {
            customerId = customer, title = "Spindle runs hot", product = "CK6140", text = "Mr Wang called.", orderId = order,
            occurredAt = "2026-03-07T02:00:00Z"
        })).Ok().Id;
        (await http.Write($"tickets/{ticket}/solution", new { note = "a bearing", occurredAt = "2026-03-08T02:00:00Z" })).Ok();
        var last = (await http.Write($"product-requests/{request}/state",
            new { state = "done", occurredAt = "2026-03-09T02:00:00Z" })).Ok();
        return (http, customer, order, last.Position ?? won.Position);
    }

    private Task<HttpClient> Tenant() => crm.Tenant($"journeys-{Interlocked.Increment(ref tenants)}");

    private static async Task<IReadOnlyList<JsonElement>> Entries(HttpClient http, Guid customer, string query, string? least) =>
        [.. (await http.Read($"customers/{customer}/journey{query}", (Least, least))).Ok().Body.GetProperty("items").EnumerateArray()];

    private static async Task<IReadOnlyList<string?>> Kinds(HttpClient http, Guid customer, string query, string? least) =>
        [.. (await Entries(http, customer, query, least)).Select(entry => entry.GetProperty("kind").GetString())];

    private static async Task<IReadOnlyList<string?>> Departments(HttpClient http, Guid customer, string? least) =>
        [.. (await Entries(http, customer, "", least)).Select(entry => entry.GetProperty("department").GetString()).Distinct()];

    private static async Task<IReadOnlyList<Guid>> Ids(HttpClient http, string path, string? least) =>
        [.. (await http.Read(path, (Least, least))).Ok().Body.GetProperty("items").EnumerateArray()
            .Select(item => item.GetProperty("id").GetGuid())];
}
