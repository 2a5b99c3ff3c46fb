using System.Net;
using System.Text;
using System.Text.Json;
using Crm.Api.Tests.Journeys;

namespace Crm.Api.Tests.Lists;

/// <summary>Lists asked by a body.</summary>
public sealed class SearchTests(CrmServer crm) : IClassFixture<CrmServer>
{
    private HttpClient Http => crm.Http;

    [Fact]
    public async Task A_search_finds_page_by_page_what_the_list_finds()
    {
        var (region, least) = await Deals();
        var ids = new List<string>();
        string? cursor = null;
        do
        {
            var page = (await Http.Write("opportunities/search", Body(region, cursor), ("Crm-Min-Position", least))).Ok();
            page["total"].ShouldBe("3");
            page.Body.GetProperty("items")[0].EnumerateObject().Select(m => m.Name).ShouldBe(["id", "amount", "customer"]);
            page.Message.Headers.Contains("Link").ShouldBeFalse();
            ids.AddRange(page.Ids());
            cursor = page["nextCursor"];
        }
        while (cursor is not null);

        ids.ShouldBe((await Http.Read($"opportunities?filter=region={region},amount>=200&sort=-amount")).Ids());
    }

    [Theory]
    [InlineData("leads")]
    [InlineData("customers")]
    public async Task Leads_and_customers_are_searched_as_well(string records)
    {
        var written = (await Http.Write(records, records == "leads" ? new { source = "x", company = "Searched" } : new { name = "Searched" })).Ok();
        var field = records == "leads" ? "company" : "name";
        var body = $$"""{"filter":{"field":"{{field}}","operator":"contains","value":"searched"},"limit":200}""";

        (await Http.Write($"{records}/search", body, ("Crm-Min-Position", written.Position))).Ids().ShouldContain(written.Id.ToString());
        (await Http.Write($"{records}/search", "{}")).Ok().Ids().ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Query_asks_the_list_itself()
    {
        var (region, least) = await Deals();
        var request = new HttpRequestMessage(new HttpMethod("QUERY"), "opportunities") { Content = new StringContent(Body(region, null), Encoding.UTF8, "application/json") };
        request.Headers.Add("Crm-Min-Position", least);
        var reply = await Http.SendAsync(request);

        reply.StatusCode.ShouldBe(HttpStatusCode.OK);
        JsonDocument.Parse(await reply.Content.ReadAsStringAsync()).RootElement.GetProperty("items").GetArrayLength().ShouldBe(2);
        (await Http.SendAsync(new HttpRequestMessage(new HttpMethod("QUERY"), "pipeline"))).StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
    }

    [Theory]
    [InlineData("""{"filter":{"any":[{"field":"nmae","operator":"eq","value":"x"}]}}""", "/filter/any/0/field", "unknown-field")]
    [InlineData("""{"filter":7}""", "/filter", "wrong-type")]
    [InlineData("""{"filter":{"all":[{"all":[{"all":[{"all":[{"all":[{"all":[]}]}]}]}]}]}}""", "/filter/all/0/all/0/all/0/all/0/all/0", "too-deep")]
    [InlineData("""{"sort":["name","-amuont"]}""", "/sort/1", "unknown-field")]
    [InlineData("""{"fields":["x"]}""", "/fields/0", "unknown-field")]
    [InlineData("""{"expand":["owner"]}""", "/expand/0", "not-one-of")]
    [InlineData("""{"limt":5}""", "/limt", "unknown-member")]
    [InlineData("""{"limit":201}""", "/limit", "out-of-range")]
    [InlineData("""{"cursor":"AAAA"}""", "/cursor", "bad-cursor")]
    [InlineData("""{"at":"2026-01-01","asOf":"2026-01-01"}""", "/at", "not-together")]
    [InlineData("""{"knownAt":"2999-01-01"}""", "/knownAt", "in-the-future")]
    public async Task What_is_wrong_with_a_search_is_said_with_its_place(string body, string where, string code)
    {
        var refusal = await (await Http.Write("opportunities/search", body)).Refused();

        (refusal.Status, refusal.Errors.Single().Where, refusal.Errors.Single().Code).ShouldBe((400, where, code));
    }

    private async Task<(string Region, string? Position)> Deals()
    {
        var region = Guid.NewGuid().ToString("N");
        string? position = null;
        for (var i = 1; i <= 4; i++)
        {
            position = (await Http.Open(new { region, amount = Talk.Money(100 * i) })).Position;
        }

        return (region, position);
    }

    private static string Body(string region, string? cursor) => JsonSerializer.Serialize(new
    {
        filter = new { all = new[] { new { field = "region", @operator = "eq", value = region }, new { field = "amount", @operator = "gte", value = "200" } } },
        sort = new[] { "-amount" },
        fields = new[] { "id", "amount" },
        expand = new[] { "customer" },
        limit = 2,
        total = true,
        cursor
    });
}
