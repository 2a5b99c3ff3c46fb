using System.Diagnostics;
using System.Text.Json;
using Crm.Api.Tests.Automations;
using Crm.Api.Tests.Journeys;
using Crm.Support;

namespace Crm.Api.Tests.FollowUps;

/// <summary>A deal that lies still is told of once, with what could help; what a customer writes finds what others wrote.</summary>
public sealed class FollowUpTests(MovedClock crm) : IClassFixture<MovedClock>
{
    private const string Least = "Crm-Min-Position";

    private static int tenants;

    [Fact]
    public async Task A_pack_cites_articles_and_deals_and_is_the_same_to_the_byte_for_ever()
    {
        using var http = await Tenant();
        var track = await Article(http, "talk-track", "竞品报价更低怎么答", "先问清报价包含什么。再讲三年总成本。", competitor: "Acme");
        var any = await Article(http, "talk-track", "开场", "先问近况。");
        await Article(http, "talk-track", "Not for them", "x", competitor: "Other");
        var sheet = await Article(http, "competitor-sheet", "Acme", "No training.", competitor: "Acme");
        var (near, far) = (await Won(http, "Medical", 150_000m), await Won(http, "Food", 5_000m));
        var deal = await Deal(http, "Medical", 120_000m);
        var at = crm.Engine.Store.Clock.GetUtcNow();

        var pack = await Pack(http, deal, $"?at={at.Text()}");
        Ids(pack, "talkTracks", "articleId").ShouldBe([track, any]);
        Ids(pack, "competitorSheets", "articleId").ShouldBe([sheet]);
        Ids(pack, "wonDeals", "opportunityId").ShouldBe([near, far]);
        var most = pack.GetProperty("wonDeals")[0];
        (most.GetProperty("score").GetInt32(), most.GetProperty("answers")[0].GetProperty("reply").GetString()).ShouldBe((90, "样品"));
        most.GetProperty("parts").EnumerateArray().Select(part => part.GetString()).ShouldBe(["industry", "product", "amount", "stage"]);
        pack.GetProperty("talkTracks")[0].GetProperty("revision").GetInt32().ShouldBe(1);
        pack.GetProperty("compared").GetRawText().ShouldBe("""{"count":2,"of":2}""");

        (await http.Patch($"knowledge/articles/{track}", new { text = "另说。" })).Ok();
        (await http.Write($"knowledge/articles/{sheet}/retirement", new { })).Ok();
        var last = (await http.Write($"opportunities/{deal}/touches", new { kind = "call", direction = "outbound" })).Ok().Position;
        (await Pack(http, deal, $"?at={at.Text()}")).GetRawText().ShouldBe(pack.GetRawText());
        var now = await Pack(http, deal, "", last);
        (now.GetProperty("talkTracks")[0].GetProperty("revision").GetInt32(), now.GetProperty("competitorSheets").GetArrayLength())
            .ShouldBe((2, 0));
    }

    [Fact]
    public async Task A_deal_that_lies_still_is_told_of_once_and_again_when_it_does_so_again()
    {
        using var http = await Tenant();
        (await http.Write("members", new { id = "li", role = "rep" })).Ok();
        using var li = crm.With((await http.Write("api-keys", new { name = "li", member = "li" })).Ok()["key"]);
        var deal = await Deal(http, "Medical", 1m, rep: "li");
        await crm.Move(TimeSpan.FromDays(13));
        (await http.Write($"opportunities/{deal}/touches", new { kind = "call", direction = "outbound" })).Ok();
        await crm.Move(TimeSpan.FromDays(14).Add(TimeSpan.FromMinutes(1)));

        await Patience.Until("he has a task", async () => (await Tasks(http, deal)).Count == 1);
        var task = (await Tasks(http, deal))[0];
        (task.GetProperty("kind").GetString(), task.GetProperty("rep").GetString(), task.GetProperty("title").GetString())
            .ShouldBe(("deal-idle", "li", "重新联系"));
        await Patience.Until("he hears of it", async () => (await Inbox(li)).Count == 1);
        (await Inbox(li))[0].GetProperty("sentence").GetString()!.ShouldContain($"/api/v1/opportunities/{deal}/follow-up-pack");

        (await http.Write($"opportunities/{deal}/stage", new { stage = "Quote" })).Ok();
        await crm.Move(TimeSpan.FromDays(14).Add(TimeSpan.FromMinutes(1)));
        await Patience.Until("he has another one", async () => (await Tasks(http, deal)).Count == 2);
        (await http.Write($"opportunities/{deal}/win", new { })).Ok();
        await crm.Move(TimeSpan.FromDays(15));
        var other = await Deal(http, "Medical", 1m, rep: "li");
        await crm.Move(TimeSpan.FromDays(14).Add(TimeSpan.FromMinutes(1)));
        await Patience.Until("the other one is told of", async () => (await Tasks(http, other)).Count == 1);
        (await Tasks(http, deal)).Count.ShouldBe(2, "what is won lies no more");
        (await Inbox(li)).Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_pack_tells_nothing_of_what_is_hidden()
    {
        using var http = await Tenant();
        await Won(http, "Medical", 150_000m);
        var deal = await Deal(http, "Medical", 120_000m);
        string[] functions = ["knowledge.read", "opportunities.read"], hiddenFields = ["opportunity.idleSince", "opportunity.signedAt"];
        (await http.Put("roles/trainee", new { functions, scope = "all", hiddenFields })).Ok();
        (await http.Write("members", new { id = "wang", role = "trainee" })).Ok();
        using var wang = crm.With((await http.Write("api-keys", new { name = "wang", member = "wang" })).Ok()["key"]);

        (await Pack(http, deal, "")).GetProperty("wonDeals").GetArrayLength().ShouldBe(1);
        var pack = await Pack(wang, deal, "");
        (pack.GetProperty("idleSince").ValueKind, pack.GetProperty("wonDeals").GetArrayLength()).ShouldBe((JsonValueKind.Null, 0));
    }

    [Fact]
    public async Task A_deal_that_was_won_before_it_was_opened_is_no_case_at_that_time()
    {
        using var http = await Tenant();
        var (deal, won) = (await Deal(http, "Medical", 1m), await Won(http, "Medical", 1m));
        var between = crm.Engine.Store.Clock.GetUtcNow().AddMinutes(30);
        await crm.Move(TimeSpan.FromHours(2));
        var eventId = (await http.History($"opportunities/{won}"))[0].GetProperty("id").GetString();
        var last = (await http.Write($"opportunities/{won}/corrections",
            new { eventId, reason = "typo", occurredAt = between.AddMinutes(30).Text() }, ("If-Match", "*"))).Ok().Position;

        (await Pack(http, deal, $"?asOf={between.Text()}", last)).GetProperty("wonDeals").GetArrayLength().ShouldBe(0);
        (await Pack(http, deal, "", last)).GetProperty("wonDeals").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task What_was_only_tried_is_told_of_when_it_is_switched_on()
    {
        using var http = await Tenant();
        (await http.Write("automations/offer-follow-ups/mode", new { mode = "dry-run" })).Ok();
        var deal = await Deal(http, "Medical", 1m, rep: "li");
        await crm.Move(TimeSpan.FromDays(14).Add(TimeSpan.FromMinutes(1)));
        await Patience.Until("it says what it would do", async () => (await Of(http, "trials")) > 0);

        (await http.Write("automations/offer-follow-ups/mode", new { mode = "on" })).Ok();
        await Patience.Until("he has a task", async () => (await Tasks(http, deal)).Count == 1);
    }

    [Fact]
    public async Task What_failed_is_told_of_when_it_is_tried_again_and_is_failed_no_more()
    {
        using var http = await Tenant();
        var (tenant, deal) = ($"follow-ups-{tenants}", await Deal(http, "Medical", 1m, rep: "li"));
        await crm.Sql($"""
            insert into crm.automation_failure (tenant_id, automation, subject_id, due_at, error)
            values ('{tenant}', 'offer-follow-ups', '{deal}', now(), 'x')
            """);
        await crm.Move(TimeSpan.FromDays(14).Add(TimeSpan.FromMinutes(1)));
        (await Of(http, "failures")).ShouldBe(1);
        await crm.Sql($"update crm.automation_failure set again = true where subject_id = '{deal}'");

        await Patience.Until("he has a task", async () => (await Tasks(http, deal)).Count == 1);
        await Patience.Until("it is failed no more", async () => (await Of(http, "failures")) == 0);
    }

    [Fact]
    public async Task A_message_finds_what_was_written_for_it_within_three_seconds()
    {
        using var http = await Tenant();
        for (var i = 0; i < 40; i++)
        {
            await Article(http, "talk-track", $"其他 {i}", "交期先说排产，再给分批交付。");
        }

        var track = await Article(http, "talk-track", "竞品报价更低怎么答", "先问清报价包含什么。再讲三年总成本。", competitor: "Acme");
        var deal = await Deal(http, "Medical", 1m);
        var clock = Stopwatch.StartNew();
        var said = (await http.Write($"opportunities/{deal}/suggestions", new { text = "竞品报价更低，交期也短" })).Ok().Body;
        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(3));

        var items = said.GetProperty("items").EnumerateArray().ToList();
        items.Count.ShouldBe(3);
        (items[0].GetProperty("articleId").GetGuid(), items[0].GetProperty("revision").GetInt32(), items[0].GetProperty("passage")
            .GetString())
            .ShouldBe((track, 1, "先问清报价包含什么"));
        (await crm.TablesWith("竞品报价更低，交期也短")).ShouldBeEmpty();
        (await http.Write($"opportunities/{Guid.CreateVersion7()}/suggestions", new { text = "x" })).Status.ShouldBe(404);
    }

    [Fact]
    public async Task Of_more_articles_than_can_be_compared_those_that_fit_best_are_and_it_says_so()
    {
        using var http = await Tenant();
        var own = await Article(http, "talk-track", "Ours", "交期", competitor: "Acme");
        await Parallel.ForEachAsync(
            Enumerable.Range(0, 500), new ParallelOptions { MaxDegreeOfParallelism = 16 },
            async (i, _) => await Article(http, "talk-track", $"Any {i}", "交期"));
        await Article(http, "talk-track", "Of others", "交期", competitor: "Other");
        var deal = await Deal(http, "Medical", 1m);

        var said = (await http.Write($"opportunities/{deal}/suggestions", new { text = "交期" })).Ok().Body;
        said.GetProperty("compared").GetRawText().ShouldBe("""{"count":500,"of":501}""");
        said.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("articleId").GetGuid()).ShouldContain(own);
    }

    private async Task<HttpClient> Tenant()
    {
        var http = await crm.Tenant($"follow-ups-{Interlocked.Increment(ref tenants)}");
        var review = new { title = "复盘", won = new[] { new { key = "why", question = "为什么" } } };
        object[] stages = [new { name = "Need" }, new { name = "Quote" }];
        (await http.Put("playbook/draft", new
        {
            name = "Sales",
            pipelines = new[] { new { key = "sales", name = "Sales", stages, review, followUp = new { title = "重新联系" } } }
        })).Ok();
        (await http.Write("playbook/publication", new { })).Ok();
        return http;
    }

    private static async Task<Guid> Article(HttpClient http, string kind, string title, string text, string? competitor = null) =>
        (await http.Write("knowledge/articles", new { kind, title, text, competitor })).Ok().Id;

    private static async Task<Guid> Deal(HttpClient http, string industry, decimal amount, string? rep = null)
    {
        var customer = (await http.Write("customers", new { name = "Hengce", industry })).Ok().Id;
        return (await http.Open(new
        {
            pipeline = "sales", customerId = customer, amount = Talk.Money(amount), rep, product = "GTX", competitor = "Acme"
        })).Id;
    }

    private static async Task<Guid> Won(HttpClient http, string industry, decimal amount)
    {
        var deal = await Deal(http, industry, amount);
        (await http.Write($"opportunities/{deal}/win", new { })).Ok();
        (await http.Write($"opportunities/{deal}/review", new { answers = new[] { new { key = "why", text = "样品" } } })).Ok();
        return deal;
    }

    private static async Task<JsonElement> Pack(HttpClient http, Guid deal, string query, string? least = null) =>
        (await http.Read($"opportunities/{deal}/follow-up-pack{query}", (Least, least))).Ok().Body;

    private static IEnumerable<Guid> Ids(JsonElement pack, string list, string member) =>
        pack.GetProperty(list).EnumerateArray().Select(item => item.GetProperty(member).GetGuid());

    private static async Task<IReadOnlyList<JsonElement>> Tasks(HttpClient http, Guid deal) =>
        [.. (await http.Read($"tasks?kind=deal-idle&about={deal}")).Ok().Body.GetProperty("items").EnumerateArray()];

    private static async Task<int> Of(HttpClient http, string what) =>
        (await http.Read($"automations/offer-follow-ups/{what}")).Ok().Body.GetProperty("items").GetArrayLength();

    private static async Task<IReadOnlyList<JsonElement>> Inbox(HttpClient http) =>
        [.. (await http.Read("alerts")).Ok().Body.GetProperty("items").EnumerateArray()
            .Where(alert => alert.GetProperty("kind").GetString() == "deal-idle")];
}
