using System.Text;

namespace Crm.Api.Tests.Journeys;

/// <summary>Customers are changed member by member, and by the name that another system has for them.</summary>
public sealed class CustomerChangeTests(CrmServer crm) : IClassFixture<CrmServer>
{
    private HttpClient Http => crm.Http;

    [Fact]
    public async Task What_is_absent_stays_and_what_is_null_is_cleared()
    {
        var id = (await Http.Write("customers", new { name = "Hengce", industry = "machinery", website = "https://hengce.example.cn" })).Ok().Id;

        var changed = (await Say(HttpMethod.Patch, $"customers/{id}", """{"name":"Hengce Ltd","website":null}""", "application/merge-patch+json")).Ok();
        var again = (await Say(HttpMethod.Patch, $"customers/{id}", """{"name":"Hengce Ltd","website":null}""", "application/merge-patch+json")).Ok();

        var customer = (await Http.Read($"customers/{id}")).Ok();
        (customer["name"], customer["industry"], customer["website"]).ShouldBe(("Hengce Ltd", "machinery", null));
        (changed.ETag, again.ETag).ShouldBe(("\"2\"", "\"2\""));
        (await Http.Read($"customers/{id}/history")).Ok().Text.ShouldContain("changed the customer");
    }

    [Fact]
    public async Task A_patch_on_an_older_version_is_refused_and_names_the_present_one()
    {
        var id = (await Http.Write("customers", new { name = "Hengce" })).Ok().Id;
        (await Say(HttpMethod.Patch, $"customers/{id}", """{"region":"East"}""")).Ok();

        var late = await Say(HttpMethod.Patch, $"customers/{id}", """{"region":"West"}""", headers: ("If-Match", "\"1\""));

        (late.Status, late.ETag).ShouldBe((412, "\"2\""));
    }

    [Theory]
    [InlineData("""{"name":null}""", 422)]
    [InlineData("""{"id":"0198c5f2-8a40-7d11-8c1b-2f6e5d4c3b2a"}""", 400)]
    [InlineData("""{"leadId":null}""", 400)]
    [InlineData("""{"employees":-1}""", 400)]
    [InlineData("[]", 400)]
    public async Task What_cannot_be_changed_is_refused(string patch, int status)
    {
        var id = (await Http.Write("customers", new { name = "Hengce" })).Ok().Id;

        (await Say(HttpMethod.Patch, $"customers/{id}", patch)).Status.ShouldBe(status);
    }

    [Fact]
    public async Task A_customer_belongs_to_one_that_there_is()
    {
        var parent = (await Http.Write("customers", new { name = "Group" })).Ok().Id;
        var id = (await Http.Write("customers", new { name = "Daughter", parentId = parent })).Ok().Id;

        var refused = await Say(HttpMethod.Patch, $"customers/{id}", $$"""{"parentId":"{{Guid.CreateVersion7()}}"}""");

        refused.Status.ShouldBe(422);
        refused.Text.ShouldContain("/parentId");
        (await Http.Write("customers", new { name = "Orphan", parentId = Guid.CreateVersion7() })).Status.ShouldBe(422);
    }

    [Fact]
    public async Task A_patch_comes_as_json()
    {
        var id = (await Http.Write("customers", new { name = "Hengce" })).Ok().Id;

        (await Say(HttpMethod.Patch, $"customers/{id}", "{}", "text/plain")).Status.ShouldBe(415);
    }

    [Fact]
    public async Task Fifty_who_say_one_external_id_at_once_make_one_customer()
    {
        var replies = await Task.WhenAll(Enumerable.Range(0, 50).Select(n => Say(HttpMethod.Put, "customers/by-external/sap/4711", $$"""{"name":"Hengce","employees":{{n}}}""")));

        replies.ShouldAllBe(r => r.Status == 200 || r.Status == 201);
        replies.Count(r => r.Status == 201).ShouldBe(1);
        replies.Select(r => r.Id).Distinct().ShouldHaveSingleItem();
        var customer = (await Http.Read("customers/by-external/sap/4711")).Ok();
        customer.Id.ShouldBe(replies[0].Id);
        customer.Body.GetProperty("externalIds").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task A_customer_that_was_identified_before_is_found_and_changed()
    {
        var id = (await Http.Write("customers", new { name = "Hengce" })).Ok().Id;
        (await Http.Write($"customers/{id}/external-ids", new { system = "sap", externalId = "4712" })).Ok();

        var upserted = (await Say(HttpMethod.Put, "customers/by-external/sap/4712", """{"region":"East"}""")).Ok();

        (upserted.Status, upserted.Id, upserted.Location).ShouldBe((200, id, null));
        (await Http.Read($"customers/{id}")).Ok()["region"].ShouldBe("East");
    }

    [Fact]
    public async Task To_register_one_a_name_is_needed()
    {
        var refused = await Say(HttpMethod.Put, "customers/by-external/sap/none", """{"region":"East"}""");

        (refused.Status, (await refused.Refused()).Code).ShouldBe((400, "invalid"));
        refused.Text.ShouldContain("/name");
    }

    [Fact]
    public async Task Two_tenants_may_call_two_customers_the_same()
    {
        using var one = await crm.Tenant("upsert-one");
        using var other = await crm.Tenant("upsert-other");

        var first = (await Say(HttpMethod.Put, "customers/by-external/sap/1", """{"name":"A"}""", client: one)).Ok();
        var second = (await Say(HttpMethod.Put, "customers/by-external/sap/1", """{"name":"B"}""", client: other)).Ok();

        (first.Status, second.Status).ShouldBe((201, 201));
        first.Id.ShouldNotBe(second.Id);
        (await one.Read("customers/by-external/sap/1")).Ok()["name"].ShouldBe("A");
    }

    private async Task<Reply> Say(HttpMethod method, string path, string json, string type = "application/json", HttpClient? client = null, params IReadOnlyList<(string Name, string Value)> headers)
    {
        using var message = new HttpRequestMessage(method, path) { Content = new StringContent(json, Encoding.UTF8, type) };
        foreach (var (name, value) in headers)
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }

        var answer = await (client ?? Http).SendAsync(message);
        return new Reply(answer, await answer.Content.ReadAsStringAsync());
    }
}
