using System.Text.Json;
using Crm.Api.Tests.Journeys;

namespace Crm.Api.Tests.Customers;

/// <summary>How often customers are to be seen: by their tier, overdue as of any day, and kept to by whom.</summary>
public sealed class CadenceTests(CrmServer crm) : IClassFixture<CrmServer>
{
    private const string Least = "Crm-Min-Position";

    private static int tenants;

    [Fact]
    public async Task A_customer_is_overdue_when_nobody_has_visited_it_for_longer_than_its_tier_allows()
    {
        using var http = await Tenant();
        var (hengce, deal) = await Customer(http, "Hengce", "ann", "A");
        await Customer(http, "Acme", "bob", "C");
        await Touch(http, deal, "visit", "2026-03-05T00:00:00Z");
        var last = await Touch(http, deal, "mail", "2026-03-11T00:00:00Z");

        (await Overdue(http, "?asOf=2026-03-12", last)).ShouldBeEmpty();
        var overdue = (await Overdue(http, "?asOf=2026-03-13", last)).ShouldHaveSingleItem();
        (overdue.GetProperty("customerId").GetGuid(), overdue.GetProperty("name").GetString(), overdue.GetProperty("rep").GetString(),
            overdue.GetProperty("dueAt").GetString())
            .ShouldBe((hengce, "Hengce", "ann", "2026-03-12T00:00:00Z"));
        (await Overdue(http, "?asOf=2026-03-08&tier=C", last)).ShouldBeEmpty();
        (await Overdue(http, "?asOf=2026-06-08", last)).Count.ShouldBe(2);
        (await Overdue(http, "?asOf=2026-06-08&tier=C", last)).Single().GetProperty("lastTouchAt").ValueKind.ShouldBe(JsonValueKind.Null);
        (await Overdue(http, "?asOf=2026-06-08&rep=bob", last)).Count.ShouldBe(1);

        var left = (await http.Write($"customers/{hengce}/tier", new { reason = "lost", occurredAt = "2026-03-20T00:00:00Z" })).Ok()
            .Position;
        (await Overdue(http, "?asOf=2026-06-08&tier=A", left)).ShouldBeEmpty();
        (await Overdue(http, "?asOf=2026-03-15&tier=A", left)).Count.ShouldBe(1);
        (await (await http.Write($"customers/{hengce}/tier", new { tier = "Z" })).Refused()).Code.ShouldBe("customer.tier");
    }

    [Fact]
    public async Task Whoever_keeps_to_it_is_told_by_rep_and_nobody_sees_others_whose_records_he_does_not_see()
    {
        using var http = await Tenant();
        var (_, deal) = await Customer(http, "Hengce", "ann", "A");
        await Customer(http, "Acme", "bob", "A");
        await Touch(http, deal, "visit", "2026-03-03T00:00:00Z");
        var last = await Touch(http, deal, "visit", "2026-03-16T00:00:00Z");
        (await http.Write("members", new { id = "m-1", role = "rep", rep = "bob" })).Ok();
        using var bob = crm.With((await http.Write("api-keys", new { name = "k", member = "m-1" })).Ok()["key"]);

        var told = (await http.Read("reports/cadence?from=2026-03-01&to=2026-03-29", (Least, last))).Ok().Body;
        told.GetProperty("periods").GetRawText().ShouldBe("""{"count":2,"of":8,"rate":0.25}""");
        told.GetProperty("reps").EnumerateArray()
            .Select(rep => $"{rep.GetProperty("rep").GetString()} {rep.GetProperty("periods").GetProperty("rate").GetDouble()}")
            .ShouldBe(["ann 0.5", "bob 0"]);
        (await bob.Read("reports/cadence?from=2026-03-01&to=2026-03-29", (Least, last))).Ok().Body.GetProperty("reps").GetArrayLength()
            .ShouldBe(1);
        (await Overdue(bob, "?asOf=2026-06-08", last)).Count.ShouldBe(1);
        (await http.Read("reports/cadence?from=2026-03-01&to=2026-02-01")).Status.ShouldBe(400);
    }

    private async Task<HttpClient> Tenant()
    {
        var http = await crm.Tenant($"cadences-{Interlocked.Increment(ref tenants)}");
        var tiers = new object[] { new { key = "A", name = "Key accounts", visitEveryDays = 7, kinds = new[] { "visit" } },
            new { key = "C", name = "Others", visitEveryDays = 90 } };
        (await http.Put("playbook/draft", new { name = "Tiers", tiers })).Ok();
        (await http.Write("playbook/publication", new { from = (string?)null })).Ok();
        return http;
    }

    private static async Task<(Guid Customer, Guid Deal)> Customer(HttpClient http, string name, string rep, string tier)
    {
        var customer = (await http.Write("customers", new { name, occurredAt = "2026-02-01T00:00:00Z" })).Ok().Id;
        var deal = (await http.Write("opportunities",
            new { name, amount = Talk.Money(1m), customerId = customer, rep, occurredAt = "2026-02-02T00:00:00Z" })).Ok().Id;
        (await http.Write($"customers/{customer}/tier", new { tier, occurredAt = "2026-03-01T00:00:00Z" })).Ok();
        return (customer, deal);
    }

    private static async Task<string?> Touch(HttpClient http, Guid deal, string kind, string at) =>
        (await http.Write($"opportunities/{deal}/touches", new { kind, direction = "outbound", occurredAt = at })).Ok().Position;

    private static async Task<IReadOnlyList<JsonElement>> Overdue(HttpClient http, string query, string? least) =>
        [.. (await http.Read($"customers/overdue{query}", (Least, least))).Ok().Body.GetProperty("items").EnumerateArray()];
}
