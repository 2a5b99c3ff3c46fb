using System.Text.Json;
using Crm.Api.Tests.Attachments;
using Crm.Api.Tests.Journeys;

namespace Crm.Api.Tests.Customers;

/// <summary>A customer in the round: all that is known of it in one call, as of any moment, and no more than the lists tell.</summary>
public sealed class OverviewTests(CrmServer crm) : IClassFixture<CrmServer>
{
    private const string Least = "Crm-Min-Position";

    private static int tenants;

    [Fact]
    public async Task One_call_tells_what_all_lists_tell_of_a_customer_and_of_no_other()
    {
        using var http = await Tenant();
        var (customer, deal, last) = await Hengce(http);
        await Hengce(http);
        last = (await http.Attach($"opportunities/{deal}", "offer.pdf", Attaching.Pdf(), ("label", "offer"))).Ok().Position;

        var told = (await http.Read($"customers/{customer}/overview?touches=2", (Least, last))).Ok().Body;

        told.GetProperty("customer").GetRawText().ShouldBe((await http.Read($"customers/{customer}")).Ok().Text);
        foreach (var list in (string[])["contacts", "opportunities", "orders", "commitments", "tickets"])
        {
            var part = told.GetProperty(list);
            part.GetProperty("total").GetInt32().ShouldBe(list == "contacts" ? 2 : 1, list);
            var all = (await http.Read(part.GetProperty("all").GetString()!["/api/v1/".Length..], (Least, last))).Ok().Body;
            part.GetProperty("items").GetRawText().ShouldBe(all.GetProperty("items").GetRawText(), list);
        }

        told.GetProperty("decisionChain").GetRawText().ShouldBe(
            (await http.Read($"customers/{customer}/decision-chain", (Least, last))).Ok().Text);
        Owners(told).ShouldBe([(deal, "bob"), (deal, "ann")]);
        var document = told.GetProperty("documents").EnumerateArray().ShouldHaveSingleItem();
        (document.GetProperty("name").GetString(), document.GetProperty("record").GetString(), document.GetProperty("recordId").GetGuid())
            .ShouldBe(("offer.pdf", "opportunity", deal));
        (await http.GetAsync(document.GetProperty("content").GetString()!)).IsSuccessStatusCode.ShouldBeTrue();
        Touches(told.GetProperty("touches")).ShouldBe(["meeting", "visit"]);
        var older = (await http.Read(told.GetProperty("touches").GetProperty("older").GetString()!["/api/v1/".Length..], (Least, last)))
            .Ok().Body;
        Touches(older).ShouldBe(["call"]);
        (await http.Read($"customers/{customer}/overview", (Least, last))).Ok().Body.GetProperty("touches")
            .GetProperty("older").ValueKind.ShouldBe(JsonValueKind.Null);
        (await http.Read($"customers/{Guid.CreateVersion7()}/overview")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task Of_a_past_moment_it_tells_what_was_so_then()
    {
        using var http = await Tenant();
        var (customer, deal, last) = await Hengce(http);
        var (other, _, later) = await Hengce(http);
        var moved = (await http.Patch($"opportunities/{deal}", new { customerId = other, occurredAt = "2026-06-01T00:00:00Z" }))
            .Ok().Position;

        var then = (await http.Read($"customers/{customer}/overview?asOf=2026-03-12", (Least, moved))).Ok().Body;
        then.GetProperty("contacts").GetProperty("total").GetInt32().ShouldBe(1);
        Owners(then).ShouldBe([(deal, "ann")]);
        Touches(then.GetProperty("touches")).ShouldBe(["call"]);
        then.GetProperty("orders").GetProperty("total").GetInt32().ShouldBe(0);
        then.GetProperty("decisionChain").GetProperty("missing").GetArrayLength().ShouldBe(3);
        (await http.Read(then.GetProperty("contacts").GetProperty("all").GetString()!["/api/v1/".Length..], (Least, moved)))
            .Ok().Body.GetProperty("items").GetArrayLength().ShouldBe(1);

        (await http.Read($"customers/{customer}/overview", (Least, moved))).Ok().Body.GetProperty("opportunities").GetProperty("total")
            .GetInt32().ShouldBe(0);
        (await http.Read($"customers/{customer}/overview?asOf=2026-05-01", (Least, moved))).Ok().Body.GetProperty("opportunities")
            .GetProperty("total").GetInt32().ShouldBe(1);
        (await http.Read($"customers/{other}/overview", (Least, moved))).Ok().Body.GetProperty("opportunities").GetProperty("total")
            .GetInt32().ShouldBe(2);
        (await http.Read($"customers/{customer}/overview?asOf=2026-01-01", (Least, moved))).Status.ShouldBe(404);
        (last is null, later is null).ShouldBe((false, false));
    }

    [Fact]
    public async Task Nobody_learns_from_it_what_he_may_not_read_elsewhere()
    {
        using var admin = await Tenant();
        var (customer, deal, last) = await Hengce(admin);
        (await admin.Put("roles/desk", new
        {
            functions = new[] { "customers.read", "contacts.read" }, scope = "all",
            hiddenFields = new[] { "contact.email" }
        })).Ok();
        (await admin.Put("roles/blind", new
        {
            functions = new[] { "customers.read", "opportunities.read", "attachments.read" }, scope = "all",
            hiddenFields = new[] { "opportunity.customerId" }
        })).Ok();
        (await admin.Write("members", new { id = "m-1", role = "desk" })).Ok();
        (await admin.Write("members", new { id = "m-3", role = "blind" })).Ok();
        (await admin.Write("members", new { id = "m-2", role = "rep", rep = "eve" })).Ok();
        using var desk = crm.With((await admin.Write("api-keys", new { name = "k", member = "m-1" })).Ok()["key"]);
        using var eve = crm.With((await admin.Write("api-keys", new { name = "k", member = "m-2" })).Ok()["key"]);

        var told = (await desk.Read($"customers/{customer}/overview", (Least, last))).Ok();
        foreach (var part in (string[])["opportunities", "orders", "commitments", "tickets", "owners", "touches", "documents"])
        {
            told.Body.GetProperty(part).ValueKind.ShouldBe(JsonValueKind.Null, part);
        }

        told.Text.ShouldContain("王伟");
        told.Text.ShouldNotContain("wei@hengce.example.cn");
        using var blind = crm.With((await admin.Write("api-keys", new { name = "k", member = "m-3" })).Ok()["key"]);
        (await blind.Read($"customers/{customer}/overview", (Least, last))).Ok().Text
            .ShouldNotContain(deal.ToString(), Case.Sensitive, "nobody tells him whose it is");
        var hers = (await eve.Read($"customers/{customer}/overview", (Least, last))).Ok();
        hers.Text.ShouldNotContain(deal.ToString());
        Touches(hers.Body.GetProperty("touches")).ShouldBeEmpty();
        (await crm.Http.Read($"customers/{customer}/overview")).Status.ShouldBe(404);
    }

    private async Task<HttpClient> Tenant() => await crm.Tenant($"overviews-{Interlocked.Increment(ref tenants)}");

    private static async Task<(Guid Customer, Guid Deal, string? Last)> Hengce(HttpClient http)
    {
        var customer = (await http.Write("customers", new { name = "Hengce", occurredAt = "2026-03-01T00:00:00Z" })).Ok().Id;
        (await http.Write("contacts", new
        {
            customerId = customer, name = "王伟", email = "wei@hengce.example.cn", buyingRole = "buyer",
            occurredAt = "2026-03-02T00:00:00Z"
        })).Ok();
        (await http.Write("contacts", new
        {
            customerId = customer, name = "李娜", buyingRole = "decision-maker",
            occurredAt = "2026-03-20T00:00:00Z"
        })).Ok();
        var deal = (await http.Write("opportunities",
            new { name = "Lathes", amount = Talk.Money(1m), customerId = customer, rep = "ann", occurredAt = "2026-03-03T00:00:00Z" }))
            .Ok().Id;
        await Touch(http, deal, "call", "2026-03-10T00:00:00Z");
        (await http.Write($"opportunities/{deal}/assignment", new { rep = "bob", occurredAt = "2026-03-15T00:00:00Z" })).Ok();
        await Touch(http, deal, "visit", "2026-03-16T00:00:00Z");
        await Touch(http, deal, "meeting", "2026-03-17T00:00:00Z");
        (await http.Write("orders", new
        {
            customerId = customer, number = $"o-{Guid.NewGuid():N}", amount = Talk.Money(1m),
            occurredAt = "2026-03-25T00:00:00Z"
        })).Ok();
        (await http.Write("tickets", new { customerId = customer, title = "Hot", occurredAt = "2026-03-26T00:00:00Z" })).Ok();
        var last = (await http.Write("commitments",
            new { customerId = customer, kind = "delivery", dueAt = "2026-05-01T00:00:00Z", occurredAt = "2026-03-26T00:00:00Z" })).Ok();
        return (customer, deal, last.Position);
    }

    private static async Task Touch(HttpClient http, Guid deal, string kind, string at) =>
        (await http.Write($"opportunities/{deal}/touches", new { kind, direction = "outbound", occurredAt = at })).Ok();

    private static IEnumerable<string?> Touches(JsonElement of) =>
        of.GetProperty("items").EnumerateArray().Select(touch => touch.GetProperty("kind").GetString());

    private static IEnumerable<(Guid, string?)> Owners(JsonElement told) =>
        told.GetProperty("owners").EnumerateArray().Select(owner => (
            owner.GetProperty("opportunityId").GetGuid(), owner.GetProperty("rep").GetString()));
}
