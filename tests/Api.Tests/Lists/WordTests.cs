using Crm.Api.Access;
using Crm.Api.Customers;
using Crm.Api.Http;
using Crm.Api.Lists;
using Crm.Api.Tests.Journeys;

namespace Crm.Api.Tests.Lists;

/// <summary>Records found by words, or parts of words, in what they are called: in Chinese as in Latin, now and at any moment of the past.</summary>
public sealed class WordTests(CrmServer crm) : IClassFixture<CrmServer>
{
    [Fact]
    public async Task A_customer_is_found_by_any_part_of_its_name()
    {
        using var http = await crm.Tenant("parts");
        var hengce = await Customer(http, "苏州恒测仪器有限公司", website: "https://hengce.example.cn");
        var yuanfeng = await Customer(http, "上海源峰仪器有限公司");
        var acme = await Customer(http, "ＡＣＭＥ　Ｔｒａｄｉｎｇ GmbH \U00020BB7野屋");

        (await Found(http, "恒测")).ShouldBe([hengce]);
        (await Found(http, "仪器有限")).ShouldBe([yuanfeng, hengce]);
        (await Found(http, "苏")).ShouldBe([hengce]);
        (await Found(http, "司")).ShouldBe([yuanfeng, hengce]);
        (await Found(http, "hengce.ex")).ShouldBe([hengce]);
        (await Found(http, "acme")).ShouldBe([acme]);
        (await Found(http, "ａｃｍe TRAD")).ShouldBe([acme]);
        (await Found(http, "\U00020BB7")).ShouldBe([acme]);
        (await Found(http, "仪器 上海")).ShouldBe([yuanfeng], "every word is wanted, in any order");
        (await Found(http, "恒仪")).ShouldBeEmpty("what stands apart is no part");
        (await Found(http, "100%")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Leads_are_found_by_company_and_opportunities_by_name_each_only_in_their_own_list()
    {
        using var http = await crm.Tenant("kinds");
        var lead = (await http.Write("leads", new { source = "web", company = "同名科技" })).Ok();
        var deal = await http.Open(new { name = "同名科技 2027 续约" });
        await Customer(http, "同名科技");

        (await http.Read("leads?q=%E5%90%8C%E5%90%8D", ("Crm-Min-Position", deal.Position))).Ids().ShouldBe([lead.Id.ToString()]);
        (await http.Read("opportunities?q=2027%20%E5%90%8C%E5%90%8D", ("Crm-Min-Position", deal.Position))).Ids().ShouldBe([deal.Id.ToString()]);
    }

    [Fact]
    public async Task A_renamed_customer_is_found_by_the_name_that_it_had_at_the_moment_asked_about()
    {
        using var http = await crm.Tenant("renamed");
        var id = await Customer(http, "旧名贸易", occurredAt: "2026-01-10T00:00:00Z");
        var changed = (await http.Patch($"customers/{id}", new { name = "新名贸易", occurredAt = "2026-03-01T00:00:00Z" })).Ok();

        (await Found(http, "新名", changed.Position)).ShouldBe([id]);
        (await Found(http, "旧名")).ShouldBeEmpty();
        (await Found(http, "旧名", and: "&asOf=2026-02-01")).ShouldBe([id]);
        (await Found(http, "新名", and: "&asOf=2026-02-01")).ShouldBeEmpty();
        (await http.Read("customers?filter=name~%E6%97%A7%E5%90%8D&asOf=2026-02-01")).Ids().ShouldBe([id]);
    }

    [Fact]
    public async Task A_search_has_pages_that_show_each_record_once_while_others_write()
    {
        using var http = await crm.Tenant("paged");
        var ids = new List<string>();
        for (var i = 0; i < 25; i++)
        {
            ids.Add(await Customer(http, $"翻页公司{i}"));
        }

        var pages = await http.Pages("customers?q=%E7%BF%BB%E9%A1%B5&limit=7&total=true", await Head(http), async () => await Customer(http, "翻页公司 later"));

        pages.SelectMany(page => page.Ids()).Order().ShouldBe(ids.Order());
        pages[0]["total"].ShouldBe("25");
        var body = (await http.Write("customers/search", new { q = "翻页公司1", total = true, fields = new[] { "name" } })).Ok();
        body["total"].ShouldBe("11");
        (await http.Read($"customers?q=other&cursor={pages[0]["nextCursor"]}")).Status.ShouldBe(400);
    }

    [Fact]
    public async Task A_name_that_the_caller_may_not_see_is_not_searched()
    {
        var hidden = new Insight(crm, owners: null, "customer.name");
        var id = await Customer(crm.Http, "隐藏的名字", website: "https://shown.example");
        (await Found(crm.Http, "隐藏的")).ShouldBe([id]);

        (await hidden.List(CustomerAnswer.List, new Asked(new Page(), new Times()) { Words = "隐藏的" })).ShouldBeEmpty();
        (await hidden.List(CustomerAnswer.List, new Asked(new Page(), new Times()) { Words = "shown.example" })).Count.ShouldBe(1);
        var blind = new Insight(crm, owners: null, "customer.name", "customer.website");
        var (status, problem, _) = await blind.Page(CustomerAnswer.List, new Asked(new Page(), new Times()) { Words = "shown" });
        (status, problem.GetProperty("Errors")[0].GetProperty("Code").GetString()).ShouldBe((400, "unknown-parameter"));
    }

    [Theory]
    [InlineData("customers?q=1%202%203%204%205%206%207%208%209", "q", "bad-text")]
    [InlineData("customers?q=%20", "q", "bad-text")]
    [InlineData("customers?region=", "region", "bad-text")]
    [InlineData("imports/rows?q=x", "q", "unknown-parameter")]
    public async Task What_is_wrong_with_words_is_said(string path, string where, string code)
    {
        var refusal = await (await crm.Http.Read(path)).Refused();

        (refusal.Status, refusal.Errors.Single().Where, refusal.Errors.Single().Code).ShouldBe((400, where, code));
    }

    private static async Task<string> Customer(HttpClient http, string name, string? website = null, string? occurredAt = null) =>
        (await http.Write("customers", new { name, website, occurredAt })).Ok().Id.ToString();

    private static async Task<IReadOnlyList<string>> Found(HttpClient http, string words, string? least = null, string and = "") =>
        (await http.Read($"customers?q={Listed.Escape(words)}{and}", ("Crm-Min-Position", least ?? await Head(http)))).Ids();

    // The position of the newest event: what is read shows all that was written before.
    private static async Task<string?> Head(HttpClient http) => (await http.Write("leads", new { source = "web" })).Ok().Position;
}
