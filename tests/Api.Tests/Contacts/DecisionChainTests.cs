using Crm.Api.Tests.Journeys;

namespace Crm.Api.Tests.Contacts;

/// <summary>Who decides at a customer: by role, how complete, how it changed, as of any day, and only for those who may know.</summary>
public sealed class DecisionChainTests(CrmServer crm) : IClassFixture<CrmServer>
{
    private const string Least = "Crm-Min-Position";

    private static int tenants;

    [Fact]
    public async Task Who_decides_is_known_as_of_any_day_with_how_much_of_the_chain_is_there_and_how_it_changed()
    {
        var http = crm.Http;
        var customer = (await http.Write("customers", new { name = "Hengce", occurredAt = "2026-02-01T00:00:00Z" })).Ok().Id;
        var wang = await Contact(http, customer, "王伟", "technical-evaluator", "2026-03-01T00:00:00Z");
        var li = await Contact(http, customer, "李娜", "buyer", "2026-03-02T00:00:00Z");
        var deal = (await http.Write("opportunities",
            new { name = "Lathes", amount = Talk.Money(1m), customerId = customer, occurredAt = "2026-03-03T00:00:00Z" })).Ok().Id;
        var last = (await http.Patch($"contacts/{li}", new { buyingRole = "decision-maker", occurredAt = "2026-04-01T00:00:00Z" }))
            .Ok().Position;

        var now = (await http.Read($"customers/{customer}/decision-chain", (Least, last))).Ok().Body;
        now.GetProperty("completeness").GetRawText().ShouldBe("""{"count":2,"of":4,"rate":0.5}""");
        now.GetProperty("missing").GetRawText().ShouldBe("""["user","buyer"]""");
        Holders(now).ShouldBe([("technical-evaluator", wang, "王伟", "2026-03-01T00:00:00Z"),
            ("decision-maker", li, "李娜", "2026-04-01T00:00:00Z")]);
        Changes(now).ShouldBe([(li, "buyer", "decision-maker"), (li, null, "buyer"), (wang, null, "technical-evaluator")]);

        var then = (await http.Read($"opportunities/{deal}/decision-chain?asOf=2026-03-15", (Least, last))).Ok().Body;
        then.GetProperty("customerId").GetGuid().ShouldBe(customer);
        then.GetProperty("missing").GetRawText().ShouldBe("""["user","decision-maker"]""");
        Changes(then).ShouldBe([(li, null, "buyer"), (wang, null, "technical-evaluator")]);
        (await http.Read($"customers/{customer}/decision-chain?asOf=2026-01-15", (Least, last))).Status.ShouldBe(404);

        var deciders = (await http.Read($"buying-roles?customerId={customer}&filter=roleSince>=2026-03-15", (Least, last)))
            .Ok().Body.GetProperty("items");
        deciders.GetArrayLength().ShouldBe(1);
        (deciders[0].GetProperty("name").GetString(), deciders[0].GetProperty("previousRole").GetString()).ShouldBe(("李娜", "buyer"));
        (await http.Read($"buying-roles?customerId={customer}&buyingRole=buyer&asOf=2026-03-15", (Least, last)))
            .Ok().Body.GetProperty("items").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task A_change_that_is_told_late_is_in_what_is_known_now_and_not_in_what_was_known_before()
    {
        var http = crm.Http;
        var customer = (await http.Write("customers", new { name = "Late", occurredAt = "2026-02-01T00:00:00Z" })).Ok().Id;
        var zhao = await Contact(http, customer, "赵敏", "decision-maker", "2026-03-01T00:00:00Z");
        var before = DateTimeOffset.UtcNow;
        var last = (await http.Patch($"contacts/{zhao}", new { buyingRole = "user", occurredAt = "2026-03-05T00:00:00Z" })).Ok().Position;

        Changes((await http.Read($"customers/{customer}/decision-chain?asOf=2026-03-06", (Least, last))).Ok().Body)
            .ShouldBe([(zhao, "decision-maker", "user"), (zhao, null, "decision-maker")]);
        Changes((await http.Read($"customers/{customer}/decision-chain?asOf=2026-03-06&knownAt={Uri.EscapeDataString($"{before:O}")}",
            (Least, last))).Ok().Body)
            .ShouldBe([(zhao, null, "decision-maker")]);
    }

    [Fact]
    public async Task What_is_asked_for_is_what_the_playbook_of_that_moment_says()
    {
        using var http = await crm.Tenant($"chains-{Interlocked.Increment(ref tenants)}");
        var customer = (await http.Write("customers", new { name = "Asked" })).Ok().Id;
        await Contact(http, customer, "Ann", "buyer");
        var before = DateTimeOffset.UtcNow;
        (await http.Put("playbook/draft", new { name = "P", decisionChain = new { roles = new[] { "buyer" } } })).Ok();
        var last = (await http.Write("playbook/publication", new { })).Ok();

        var now = (await http.Read($"customers/{customer}/decision-chain")).Ok().Body;
        now.GetProperty("completeness").GetProperty("rate").GetDouble().ShouldBe(1);
        (await http.Read($"customers/{customer}/decision-chain?at={Uri.EscapeDataString($"{before:O}")}")).Ok().Body
            .GetProperty("completeness").GetProperty("rate").GetDouble().ShouldBe(0.25);
        now.GetProperty("playbookVersion").GetInt64().ShouldBe(1);
    }

    [Fact]
    public async Task Analysts_see_roles_without_names_and_nobody_sees_the_chain_of_what_is_out_of_his_sight()
    {
        using var admin = await crm.Tenant($"chains-{Interlocked.Increment(ref tenants)}");
        var customer = (await admin.Write("customers", new { name = "Hengce" })).Ok().Id;
        var zhao = await Contact(admin, customer, "赵敏", "buyer");
        var deal = (await admin.Write("opportunities",
            new { name = "Lathes", amount = Talk.Money(1m), customerId = customer, rep = "ann" })).Ok().Id;
        var nobodys = (await admin.Write("opportunities", new { name = "Mills", amount = Talk.Money(1m) })).Ok();
        (await admin.Write("members", new { id = "m-1", role = "analyst" })).Ok();
        (await admin.Write("members", new { id = "m-2", role = "rep", rep = "bob" })).Ok();
        using var analyst = crm.With((await admin.Write("api-keys", new { name = "a", member = "m-1" })).Ok()["key"]);
        using var bob = crm.With((await admin.Write("api-keys", new { name = "b", member = "m-2" })).Ok()["key"]);

        foreach (var path in (string[])[$"customers/{customer}/decision-chain", $"opportunities/{deal}/decision-chain", "buying-roles"])
        {
            var told = (await analyst.Read(path, (Least, nobodys.Position))).Ok();
            told.Text.ShouldContain(zhao.ToString(), customMessage: path);
            told.Text.ShouldNotContain("赵敏", customMessage: path);
        }

        (await bob.Read($"opportunities/{deal}/decision-chain")).Status.ShouldBe(404);
        (await (await admin.Read($"opportunities/{nobodys.Id}/decision-chain")).Refused()).Code.ShouldBe("opportunity.no-customer");
        (await crm.Http.Read($"customers/{customer}/decision-chain")).Status.ShouldBe(404);
    }

    private static async Task<Guid> Contact(HttpClient http, Guid customer, string name, string role, string? since = null) =>
        (await http.Write("contacts", new { customerId = customer, name, buyingRole = role, occurredAt = since })).Ok().Id;

    private static IEnumerable<(string?, Guid, string?, string?)> Holders(System.Text.Json.JsonElement chain) =>
        chain.GetProperty("roles").EnumerateArray().SelectMany(role => role.GetProperty("contacts").EnumerateArray().Select(one => (
            role.GetProperty("role").GetString(), one.GetProperty("contactId").GetGuid(), one.GetProperty("name").GetString(),
            one.GetProperty("since").GetString())));

    private static IEnumerable<(Guid, string?, string?)> Changes(System.Text.Json.JsonElement chain) =>
        chain.GetProperty("changes").EnumerateArray().Select(
        change => (change.GetProperty("contactId").GetGuid(), change.GetProperty("from").GetString(),
            change.GetProperty("to").GetString()));
}
