using System.Text.Json;
using Crm.Api.Tests.Journeys;
using Crm.Support;

namespace Crm.Api.Tests.Reviews;

/// <summary>Whoever had a deal is asked once what is to be learned from it, and everybody finds what he says.</summary>
public sealed class ReviewTests(CrmServer crm) : IClassFixture<CrmServer>
{
    private const string Least = "Crm-Min-Position";

    private static int tenants;

    [Fact]
    public async Task A_deal_that_is_won_asks_its_rep_once_and_his_answer_closes_the_task()
    {
        using var http = await Tenant();
        var deal = await Deal(http, "li", product: "GTX");
        (await http.Write($"opportunities/{deal}/win", new { })).Ok();

        var task = await Task(http, deal, "open");
        (task.GetProperty("title").GetString(), task.GetProperty("rep").GetString(), task.GetProperty("kind").GetString())
            .ShouldBe(("复盘", "li", "review"));
        var asked = (await http.Read($"opportunities/{deal}/review")).Ok().Body;
        asked.GetProperty("questions").EnumerateArray().Select(question => question.GetProperty("key").GetString())
            .ShouldBe(["factors", "lesson"]);

        var refused = await (await Answer(http, deal, new { key = "factors", choices = new[] { "luck" } })).Refused();
        (refused.Status, refused.Code, refused.Errors.Single().Where).ShouldBe((422, "opportunity.review", "/answers/0/choices"));
        var said = (await Answer(http, deal, new { key = "factors", choices = new[] { "价格" } },
            new { key = "lesson", text = "先约技术对接会，再报价。" })).Ok();

        (await Task(http, deal, "done")).GetProperty("id").GetGuid().ShouldBe(task.GetProperty("id").GetGuid());
        var learned = (await Knowledge(http, "?q=技术对接&product=GTX&outcome=won&industry=Medical", said.Position)).ShouldHaveSingleItem();
        learned.GetProperty("id").GetGuid().ShouldBe(deal);
        learned.GetProperty("answers")[1].GetProperty("reply").GetString().ShouldBe("先约技术对接会，再报价。");
        (await Knowledge(http, "?outcome=lost", said.Position)).ShouldBeEmpty();
        (await http.Read($"opportunities/{deal}/history?lang=zh-CN")).Ok().Body.GetProperty("items").EnumerateArray().Last()
            .GetProperty("sentence").GetString()!.ShouldContain("复盘“Deal”（赢单），行业 Medical");
    }

    [Fact]
    public async Task Reopened_its_task_is_cancelled_and_the_next_end_asks_anew()
    {
        using var http = await Tenant();
        var deal = await Deal(http, "li");
        (await http.Write($"opportunities/{deal}/win", new { })).Ok();
        await Task(http, deal, "open");
        (await http.Write($"opportunities/{deal}/reopening", new { })).Ok();
        await Task(http, deal, "cancelled");
        (await http.Write($"opportunities/{deal}/win", new { })).Ok();
        await Task(http, deal, "open");

        (await Tasks(http, deal)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_second_program_and_one_that_begins_again_ask_nobody_twice()
    {
        using var http = await Tenant();
        await using (var other = Server.Build(crm.Engine))
        {
            await other.StartAsync();
            var deal = await Deal(http, "li");
            (await http.Write($"opportunities/{deal}/win", new { })).Ok();
            await Task(http, deal, "open");
            await crm.Sql("update public.mt_event_progression set last_seq_id = 0 where name = 'automations:reviews'");
            await other.StopAsync();
            var next = await Deal(http, "li");
            (await http.Write($"opportunities/{next}/win", new { })).Ok();
            await Task(http, next, "open");
            (await Tasks(http, deal)).Count.ShouldBe(1);
        }
    }

    [Fact]
    public async Task Switched_to_dry_run_it_only_says_whom_it_would_ask()
    {
        using var http = await Tenant();
        (await http.Write("automations/ask-for-reviews/mode", new { mode = "dry-run" })).Ok();
        var deal = await Deal(http, "li");
        (await http.Write($"opportunities/{deal}/loss", new { reason = "price" })).Ok();

        await Patience.Until("it is said", async () => (await Trials(http)).Count > 0);
        (await Trials(http))[0].GetProperty("facts")[0].GetProperty("type").GetString().ShouldBe("task_opened");
        (await Tasks(http, deal)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_to_be_tried_again_waits_until_it_is_switched_on()
    {
        using var off = await Tenant();
        var (name, waiting) = ($"reviews-{tenants}", await Deal(off, "li"));
        (await off.Write("automations/ask-for-reviews/mode", new { mode = "off" })).Ok();
        (await off.Write($"opportunities/{waiting}/win", new { })).Ok();
        using var on = await Tenant();
        var (other, done) = ($"reviews-{tenants}", await Deal(on, "li"));
        (await on.Write($"opportunities/{done}/win", new { })).Ok();
        await Task(on, done, "open");

        var cause = (await off.History($"opportunities/{waiting}"))[^1].GetProperty("id").GetGuid();
        await crm.Sql($"""
            insert into crm.automation_failure (tenant_id, automation, subject_id, cause_id, due_at, error, again)
            values ('{name}', 'ask-for-reviews', '{waiting}', '{cause}', now(), 'x', true),
                   ('{other}', 'ask-for-reviews', '{done}', null, now(), 'x', true)
            """);
        await Patience.Until("the other is tried", async () => (await on.Read("automations/ask-for-reviews/failures")).Ok()
            .Body.GetProperty("items").GetArrayLength() == 0);
        (await off.Write("automations/ask-for-reviews/mode", new { mode = "on" })).Ok();

        await Task(off, waiting, "open");
    }

    [Fact]
    public async Task What_was_learned_is_found_by_those_who_do_not_see_the_deal_without_what_is_hidden_from_them()
    {
        using var http = await Tenant();
        var deal = await Deal(http, "li");
        (await http.Write($"opportunities/{deal}/loss", new { reason = "price", competitor = "Acme" })).Ok();
        var last = (await Answer(http, deal, new { key = "cause", text = "They were cheaper." })).Ok().Position;

        string[] functions = ["knowledge.read", "opportunities.read"], hiddenFields = ["opportunity.competitor"];
        (await http.Put("roles/trainee", new { functions, scope = "own", hiddenFields })).Ok();
        using var wang = await Member(http, "wang", "trainee");

        (await wang.Read($"opportunities/{deal}")).Status.ShouldBe(404);
        var learned = (await Knowledge(wang, "?lossReason=price", last)).ShouldHaveSingleItem();
        learned.GetProperty("answers")[0].GetProperty("reply").GetString().ShouldBe("They were cheaper.");
        learned.TryGetProperty("competitor", out _).ShouldBeFalse();
        (await wang.Read("knowledge?competitor=Acme")).Status.ShouldBe(400);
    }

    private async Task<HttpClient> Tenant()
    {
        var http = await crm.Tenant($"reviews-{Interlocked.Increment(ref tenants)}");
        object[] won =
        [
            new { key = "factors", question = "赢单关键因素", choices = new[] { "价格", "交期" } },
            new { key = "lesson", question = "下次怎么做", isOptional = true }
        ];
        object[] lost = [new { key = "cause", question = "输单原因分析" }];
        var (stages, review) = (new[] { new { name = "Quote" } }, new { title = "复盘", won, lost });
        var pipeline = new { key = "sales", name = "Sales", stages, review };
        (await http.Put("playbook/draft", new { name = "Sales", pipelines = new[] { pipeline } })).Ok();
        (await http.Write("playbook/publication", new { })).Ok();
        return http;
    }

    private async Task<HttpClient> Member(HttpClient admin, string id, string role)
    {
        (await admin.Write("members", new { id, role })).Ok();
        return crm.With((await admin.Write("api-keys", new { name = id, member = id })).Ok()["key"]);
    }

    private static async Task<Guid> Deal(HttpClient http, string rep, string? product = null)
    {
        var customer = (await http.Write("customers", new { name = "Hengce", industry = "Medical" })).Ok().Id;
        return (await http.Open(new { pipeline = "sales", rep, product, customerId = customer })).Id;
    }

    private static Task<Reply> Answer(HttpClient http, Guid deal, params object[] answers) => http
        .Write($"opportunities/{deal}/review", new { answers });

    private static async Task<JsonElement> Task(HttpClient http, Guid deal, string state)
    {
        await Patience.Until($"its task is {state}", async () => (await Tasks(http, deal)).Any(Is));
        return (await Tasks(http, deal)).First(Is);

        bool Is(JsonElement task) => task.GetProperty("state").GetString() == state;
    }

    private static async Task<IReadOnlyList<JsonElement>> Trials(HttpClient http) =>
        [.. (await http.Read("automations/ask-for-reviews/trials")).Ok().Body.GetProperty("items").EnumerateArray()];

    private static async Task<IReadOnlyList<JsonElement>> Tasks(HttpClient http, Guid deal) =>
        [.. (await http.Read($"tasks?kind=review&about={deal}")).Ok().Body.GetProperty("items").EnumerateArray()];

    private static async Task<IReadOnlyList<JsonElement>> Knowledge(HttpClient http, string query, string? least) =>
        [.. (await http.Read($"knowledge{query}", (Least, least))).Ok().Body.GetProperty("items").EnumerateArray()];
}
