namespace Crm.Api.Tests.Journeys;

/// <summary>Leads and opportunities are changed member by member.</summary>
public sealed class RecordChangeTests(CrmServer crm) : IClassFixture<CrmServer>
{
    private HttpClient Http => crm.Http;

    [Fact]
    public async Task Of_a_lead_what_is_absent_stays_what_is_null_is_cleared_and_the_same_said_again_is_nothing()
    {
        var id = (await Http.Write("leads", new { source = "web", company = "Hengce", contact = "李雷", email = "li@example.cn", campaign = "spring" })).Ok().Id;

        const string Patch = """{"company":"苏州恒测","contact":"韩梅梅","campaign":null,"phone":"+86 512 5555 0142"}""";
        var changed = (await Http.Patch($"leads/{id}", Patch)).Ok();
        var again = (await Http.Patch($"leads/{id}", Patch)).Ok();

        var lead = (await Http.Read($"leads/{id}")).Ok();
        (lead["company"], lead["contact"], lead["email"], lead["phone"], lead["campaign"], lead["source"])
            .ShouldBe(("苏州恒测", "韩梅梅", "li@example.cn", "+8651255550142", null, "web"));
        (changed.ETag, again.ETag).ShouldBe(("\"2\"", "\"2\""));
        (await Http.Read($"leads?filter=company=%E8%8B%8F%E5%B7%9E%E6%81%92%E6%B5%8B", ("Crm-Min-Position", changed.Position))).Body.GetProperty("items").GetArrayLength().ShouldBe(1);
        var history = (await Http.Read($"leads/{id}/history")).Ok().Text;
        history.ShouldContain("changed the lead");
        history.ShouldContain("韩梅梅");
        (await crm.TablesWith("韩梅梅")).ShouldBeEmpty("a person's name is sealed when it is changed, too");
    }

    [Fact]
    public async Task A_qualified_lead_can_still_be_put_in_order()
    {
        var id = (await Http.Write("leads", new { source = "web", company = "Hengce" })).Ok().Id;
        (await Http.Write($"leads/{id}/qualification", new { opportunityName = "D", amount = Talk.Money(10) })).Ok();

        (await Http.Patch($"leads/{id}", new { role = "buyer" })).Ok();

        var lead = (await Http.Read($"leads/{id}")).Ok();
        (lead["status"], lead["role"]).ShouldBe(("qualified", "buyer"));
    }

    [Fact]
    public async Task Of_an_opportunity_several_members_change_at_once_each_by_the_fact_that_is_its_own()
    {
        var customer = (await Http.Write("customers", new { name = "Hengce" })).Ok().Id;
        var id = (await Http.Open(new { product = "GTX", competitor = "Acme", tags = new[] { "a", "b" }, expectedClose = "2026-05-01" })).Id;

        var changed = (await Http.Patch($"opportunities/{id}", new Dictionary<string, object?>
        {
            ["name"] = "续约",
            ["type"] = "renewal",
            ["amount"] = Talk.Money(1500),
            ["expectedClose"] = "2026-06-01",
            ["customerId"] = customer,
            ["competitor"] = null,
            ["tags"] = new[] { "c" }
        })).Ok();

        var deal = (await Http.Read($"opportunities/{id}")).Ok();
        (deal["name"], deal["type"], deal["product"], deal["competitor"], deal["expectedClose"], deal["customerId"])
            .ShouldBe(("续约", "renewal", "GTX", null, "2026-06-01", customer.ToString()));
        deal.Body.GetProperty("amount").GetProperty("amount").GetString().ShouldBe("1500.00");
        deal.Body.GetProperty("tags").EnumerateArray().Select(tag => tag.GetString()).ShouldBe(["c"]);
        (await Http.History($"opportunities/{id}")).Select(e => e.GetProperty("type").GetString())
            .ShouldBe(["opportunity_opened", "opportunity_changed", "opportunity_amount_changed", "opportunity_close_date_changed"]);
        changed.ETag.ShouldBe("\"4\"");
        (await Http.Patch($"opportunities/{id}", new { tags = new[] { "c" }, name = "续约" })).Ok().ETag.ShouldBe("\"4\"");
    }

    [Fact]
    public async Task A_closed_opportunity_keeps_its_amount_and_may_still_be_described()
    {
        var id = (await Http.Open()).Id;
        (await Http.Write($"opportunities/{id}/loss", new { reason = "price", competitor = "Acme" })).Ok();

        (await Http.Patch($"opportunities/{id}", new { amount = Talk.Money(5), name = "No" })).Status.ShouldBe(409);
        (await Http.Patch($"opportunities/{id}", new { competitor = "Acme" })).Ok().ETag.ShouldBe("\"2\"", "the loss said so");
        (await Http.Patch($"opportunities/{id}", new { competitor = "Hooli" })).Ok();

        var deal = (await Http.Read($"opportunities/{id}")).Ok();
        (deal["name"], deal["competitor"]).ShouldBe(("Deal", "Hooli"), "all of a patch happens, or nothing");
    }

    [Fact]
    public async Task What_was_changed_goes_along_when_the_lead_is_qualified_and_what_changes_later_does_not()
    {
        var id = (await Http.Write("leads", new { source = "web", region = "East", product = "GTX" })).Ok().Id;
        (await Http.Patch($"leads/{id}", new { company = "Neu GmbH", region = "West", industry = "pharma", employees = 99, product = "MG", source = "fair" })).Ok();
        var qualification = new { opportunityName = "D", amount = Talk.Money(10) };

        var qualified = (await Http.Write($"leads/{id}/qualification", qualification)).Ok();
        (await Http.Patch($"leads/{id}", new { company = "Later GmbH", product = "Chroma", source = "mail" })).Ok();
        var again = (await Http.Write($"leads/{id}/qualification", qualification)).Ok();

        var customer = (await Http.Read($"customers/{qualified["customerId"]}")).Ok();
        (customer["name"], customer["region"], customer["industry"], customer["employees"]).ShouldBe(("Neu GmbH", "West", "pharma", "99"));
        var deal = (await Http.Read($"opportunities/{qualified["opportunityId"]}")).Ok();
        (deal["region"], deal["product"], deal["source"]).ShouldBe(("West", "MG", "fair"));
        (again["opportunityId"], (await Http.Read($"opportunities/{qualified["opportunityId"]}")).ETag).ShouldBe((qualified["opportunityId"], "\"1\""));
    }

    [Fact]
    public async Task Tags_that_were_emptied_before_a_corrected_opening_are_as_the_opening_says_and_can_be_emptied_again()
    {
        var opened = await Http.Open(new { tags = new[] { "a" }, occurredAt = "2026-01-10T00:00:00Z" });
        (await Http.Patch($"opportunities/{opened.Id}", new { tags = Array.Empty<string>(), occurredAt = "2026-02-01T00:00:00Z" })).Ok();
        var opening = (await Http.History($"opportunities/{opened.Id}"))[0].GetProperty("id").GetString();
        (await Http.Write($"opportunities/{opened.Id}/corrections", new { eventId = opening, reason = "later", occurredAt = "2026-03-01T00:00:00Z" }, ("If-Match", "\"2\""))).Ok();
        (await Http.Read($"opportunities/{opened.Id}")).Body.GetProperty("tags").GetArrayLength().ShouldBe(1);

        (await Http.Patch($"opportunities/{opened.Id}", new { tags = Array.Empty<string>() })).Ok();

        (await Http.Read($"opportunities/{opened.Id}")).Body.GetProperty("tags").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Customers_do_not_belong_to_each_other_in_a_ring()
    {
        var top = (await Http.Write("customers", new { name = "Top" })).Ok().Id;
        var below = (await Http.Write("customers", new { name = "Below", parentId = top })).Ok().Id;

        var self = await (await Http.Patch($"customers/{top}", new { parentId = top })).Refused();
        var ring = await (await Http.Patch($"customers/{top}", new { parentId = below })).Refused();

        (self.Code, ring.Code, ring.Errors.Single().Where).ShouldBe(("customer.ring", "customer.ring", "/parentId"));
    }

    [Theory]
    [InlineData("leads", """{"source":null}""", 422, "/source")]
    [InlineData("leads", """{"rep":"m-1"}""", 400, "/rep")]
    [InlineData("leads", """{"company":"  "}""", 400, "/company")]
    [InlineData("leads", """{"email":7}""", 400, "/email")]
    [InlineData("opportunities", """{"name":null}""", 422, "/name")]
    [InlineData("opportunities", """{"amount":null}""", 422, "/amount")]
    [InlineData("opportunities", """{"stage":"Proposal"}""", 400, "/stage")]
    [InlineData("opportunities", """{"customerId":"0198c5f2-8a40-7d11-8c1b-2f6e5d4c3b2a"}""", 422, "/customerId")]
    [InlineData("opportunities", """{"amount":{"amount":"5","currency":"EUR"}}""", 422, "/amount")]
    public async Task What_cannot_be_changed_so_is_refused_by_name(string records, string patch, int status, string where)
    {
        var id = records == "leads" ? (await Http.Write("leads", new { source = "web" })).Ok().Id : (await Http.Open()).Id;

        var refusal = await (await Http.Patch($"{records}/{id}", patch)).Refused();

        (refusal.Status, refusal.Errors.Single().Where).ShouldBe((status, where));
        (await Http.Read($"{records}/{id}")).ETag.ShouldBe("\"1\"");
    }

    [Fact]
    public async Task A_patch_on_an_older_version_or_of_nothing_is_refused()
    {
        var id = (await Http.Open()).Id;
        (await Http.Patch($"opportunities/{id}", new { product = "GTX" }, ("If-Match", "\"1\""))).Ok();

        (await Http.Patch($"opportunities/{id}", new { product = "MG" }, ("If-Match", "\"1\""))).Status.ShouldBe(412);
        (await Http.Patch($"opportunities/{Guid.NewGuid()}", new { product = "MG" })).Status.ShouldBe(404);
        (await Http.Patch($"leads/{Guid.NewGuid()}", new { product = "MG" })).Status.ShouldBe(404);
    }
}
