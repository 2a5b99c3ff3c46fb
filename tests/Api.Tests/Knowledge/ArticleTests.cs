using System.Text.Json;
using Crm.Api.Tests.Journeys;

namespace Crm.Api.Tests.Knowledge;

/// <summary>What somebody writes for others is found at once, by what it is for and by its words.</summary>
public sealed class ArticleTests(CrmServer crm) : IClassFixture<CrmServer>
{
    private const string Least = "Crm-Min-Position";

    private static int tenants;

    [Fact]
    public async Task An_article_is_written_found_revised_and_retired_and_its_past_stays()
    {
        using var http = await crm.Tenant($"articles-{Interlocked.Increment(ref tenants)}");
        var written = (await http.Write("knowledge/articles", new
        {
            kind = "talk-track",
            title = "竞品报价更低怎么答",
            text = "先问清报价包含什么，再讲三年总成本。",
            product = "GTX",
            stage = "Quote",
            language = "zh-CN"
        })).Ok();
        (written.Status, written.Location).ShouldBe((201, $"/api/v1/knowledge/articles/{written.Id}"));
        (await Ids(http, "?q=总成本&kind=talk-track&product=GTX", written.Position)).ShouldBe([written.Id]);
        (await Ids(http, "?q=样品", written.Position)).ShouldBeEmpty();

        var before = (await http.Read($"knowledge/articles/{written.Id}")).Ok();
        var revised = (await http.Patch($"knowledge/articles/{written.Id}", new { text = "先给样品。", stage = (string?)null })).Ok();
        var now = (await http.Read($"knowledge/articles/{written.Id}")).Ok();
        (now["revision"], now["text"], now["stage"], now["title"]).ShouldBe(("2", "先给样品。", null, "竞品报价更低怎么答"));
        (await Ids(http, "?q=样品", revised.Position)).ShouldBe([written.Id]);
        (await Ids(http, "?q=总成本", revised.Position)).ShouldBeEmpty();

        var retired = (await http.Write($"knowledge/articles/{written.Id}/retirement", new { reason = "old prices" })).Ok();
        (await Ids(http, "", retired.Position)).ShouldBeEmpty();
        (await Ids(http, "?retired=true", retired.Position)).ShouldBe([written.Id]);
        (await (await http.Patch($"knowledge/articles/{written.Id}", new { text = "x" })).Refused()).Code.ShouldBe("article.retired");
        (await http.Read($"knowledge/articles/{written.Id}/events")).Ok().Body.GetProperty("items").GetArrayLength().ShouldBe(3);
        before["revision"].ShouldBe("1");
    }

    [Fact]
    public async Task Reps_read_and_managers_write()
    {
        using var http = await crm.Tenant($"articles-{Interlocked.Increment(ref tenants)}");
        (await http.Write("members", new { id = "li", role = "rep" })).Ok();
        using var li = crm.With((await http.Write("api-keys", new { name = "li", member = "li" })).Ok()["key"]);
        var last = (await http.Write("knowledge/articles",
            new { kind = "case", title = "Spectro at Hengce", text = "They tried it for a week." })).Ok();

        (await Ids(li, "?q=hengce", last.Position)).ShouldBe([last.Id]);
        (await li.Write("knowledge/articles", new { kind = "case", title = "x", text = "x" })).Status.ShouldBe(403);
    }

    private static async Task<IEnumerable<Guid>> Ids(HttpClient http, string query, string? least) =>
        (await http.Read($"knowledge/articles{query}", (Least, least))).Ok().Body.GetProperty("items").EnumerateArray()
            .Select(item => item.GetProperty("id").GetGuid());
}
