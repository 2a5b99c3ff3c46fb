using System.Text.Json;
using Crm.Api.Tests.Attachments;
using Crm.Api.Tests.Journeys;

namespace Crm.Api.Tests.Forecasting;

public sealed class FactorTests(ShanghaiServer crm) : IClassFixture<ShanghaiServer>
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;
    private static readonly string Later = Now.AddDays(1).ToString("yyyy-MM-dd"), MuchLater = Now.AddDays(5).ToString("yyyy-MM-dd");

    private static readonly object[] Factors =
    [
        new { key = "chain", name = "决策链完整度", from = "decision-chain", weights = All(20) },
        new { key = "contract", name = "合同进度", from = "evidence", weights = All(20), labels = new[] { "draft", "signed" } },
        new { key = "competitor", name = "竞争态势", from = "field", weights = All(10), field = "competitor", otherPercent = 20 },
        new { key = "activity", name = "客户活跃度", from = "activity", weights = All(10) },
        new { key = "engagement", name = "互动", from = "engagement", weights = All(10) },
        new { key = "age", name = "阶段停留", from = "stage-age", weights = All(10), low = "60", high = "0" },
        new { key = "reschedules", name = "改期", from = "reschedules", weights = All(10) },
        new { key = "qualification", name = "资质", from = "qualification", weights = All(10), fields = new[] { "competitor", "rep" } },
        new { key = "certified", name = "资质认证", from = "field", weights = new[] { new { percent = 30, industry = "医疗" } }, field = "custom.certified" },
        new { key = "stock", name = "库存周转", from = "source", weights = All(10), source = "dms", low = "2", high = "8" }
    ];

    [Fact]
    public async Task Each_factor_is_read_of_what_happened_and_told_with_its_effect()
    {
        using var http = await crm.Tenant("factors-all", "Asia/Shanghai");
        await Publish(http, new { engine = "factors/1", shadows = new[] { "stage-weighted/1" }, factors = Factors });
        var customer = (await http.Write("customers", new { name = "Hengce", industry = "医疗" })).Ok().Id;
        (await http.Write("contacts", new { customerId = customer, name = "李娜", buyingRole = "decision-maker" })).Ok();
        var deal = (await http.Open(new
        {
            amount = Talk.Money(100_000), customerId = customer, competitor = "Acme", expectedClose = Later, occurredAt = Now.AddDays(-30).Text(),
            custom = new { certified = true }
        })).Id;
        (await http.Attach($"opportunities/{deal}", "draft.pdf", Attaching.Pdf("draft"), ("label", "draft"))).Ok();
        await Touch("mail", -3);
        await Touch("mail", -40);
        await Touch("call", -50);
        await Touch("meeting", -2);
        (await http.Write($"opportunities/{deal}/close-date", new { expectedClose = MuchLater, occurredAt = Now.AddDays(-1).Text() })).Ok();

        var run = (await http.Write("forecasts", new { period = "weeks" })).Ok();
        var given = (await http.Read($"forecasts/{run.Id}/contributions")).Ok().Body.GetProperty("items").EnumerateArray().Single();
        var weighed = given.GetProperty("weighed");
        (Word(weighed, "industry"), Word(weighed, "baseChance"), Word(weighed, "baseValue")).ShouldBe(("医疗", "0.5", "50000.00"));
        weighed.GetProperty("effects").EnumerateArray().Where(one => Word(one, "key") != "age")
            .Select(one => $"{Word(one, "key")} {Word(one, "reading")} {Word(one, "share")} {one.GetProperty("weight")}").ShouldBe(
            [
                "chain 1 0.25 20", "contract 1 0.5 20", "competitor 0.2 0.2 10", "activity 1 0.25 10", "engagement 2 1 10",
                "reschedules 1 0.6667 10", "qualification 1 0.5 10", "certified 1 1 30", "stock  0.5 10"
            ]);
        Sum(weighed.GetProperty("effects")).ShouldBe(Amount(given, "value") - 50_000);
        Word(weighed, "confidence").ShouldBe("0.9286", "the source that was never read weighs 10 of 140");

        var forecast = (await http.Read($"forecasts/{run.Id}")).Ok().Body;
        Sum(forecast.GetProperty("weighed").GetProperty("factors")).ShouldBe(Amount(given, "value") - 50_000);
        forecast.GetProperty("parts").GetProperty("industry")[0].GetProperty("name").GetString().ShouldBe("医疗");
        var shadow = forecast.GetProperty("shadows").EnumerateArray().Single();
        (Word(shadow, "engine"), Word(shadow, "total")).ShouldBe(("stage-weighted/1", "50000.00"));
        foreach (var fromEvents in (bool[])[false, true])
        {
            (await http.Write($"forecasts/{run.Id}/replay", new { fromEvents })).Ok().Body.GetProperty("equal").GetBoolean().ShouldBeTrue();
        }

        Task Touch(string kind, int day) => Said(http.Write(
            $"opportunities/{deal}/touches", new { kind, direction = "inbound", occurredAt = Now.AddDays(day).Text() }));
    }

    [Fact]
    public async Task An_engine_is_that_of_the_request_or_of_its_pipeline_or_of_all()
    {
        using var http = await crm.Tenant("factors-engine", "Asia/Shanghai");
        await http.Open(new { expectedClose = Later });
        await Publish(http, new { factors = Factors[..1], engines = new[] { new { pipeline = "b2b", engine = "factors/1" } } });

        (await Engine(new { period = "weeks" })).ShouldBe("stage-weighted/1");
        (await Engine(new { period = "weeks", pipeline = "b2b", currency = "USD" })).ShouldBe("factors/1");
        (await Engine(new { period = "weeks", engine = "factors/1" })).ShouldBe("factors/1");
        (await http.Write("forecasts", new { period = "weeks", engine = "factors/0" })).Status.ShouldBe(400);

        async Task<string?> Engine(object question) => Word((await http.Read(
            $"forecasts/{(await http.Write("forecasts", question)).Ok().Id}")).Ok().Body.GetProperty("forecast"), "engine");
    }

    [Fact]
    public async Task From_whom_is_hidden_what_a_factor_is_read_of_the_forecast_is_hidden_too()
    {
        using var admin = await crm.Tenant("factors-hidden", "Asia/Shanghai");
        await admin.Open(new { expectedClose = Later });
        await Publish(admin, new { factors = Factors });
        var plain = (await admin.Write("forecasts", new { period = "weeks" })).Ok();
        var run = (await admin.Write("forecasts", new { period = "weeks", engine = "factors/1" })).Ok();
        (await admin.Put("roles/blind", new
        {
            functions = (string[])["forecasts.read", "forecasts.run", "opportunities.read"], scope = "all",
            hiddenFields = (string[])["opportunity.competitor"]
        })).Ok();
        (await admin.Write("members", new { id = "blind", role = "blind" })).Ok();
        using var blind = crm.With((await admin.Write("api-keys", new { name = "k", member = "blind" })).Ok()["key"]);

        (await blind.Read($"forecasts/{run.Id}")).Status.ShouldBe(403);
        (await blind.Read($"forecasts/{run.Id}/contributions")).Status.ShouldBe(403);
        (await blind.Write("forecasts", new { period = "weeks", engine = "factors/1" })).Status.ShouldBe(403);
        (await blind.Read($"forecasts/{plain.Id}")).Ok();
    }

    private static async Task Publish(HttpClient http, object forecast)
    {
        (await http.Put("playbook/draft", new
        {
            name = "B2B",
            pipelines = new[] { new { key = "b2b", name = "B2B", stages = new[] { new { name = "Need" }, new { name = "Quote" } } } },
            fields = new[] { new { record = "opportunity", key = "certified", name = "资质认证", type = "boolean" } },
            forecast
        })).Ok();
        await Said(http.Write("playbook/publication", new { }));
    }

    private static async Task Said(Task<Reply> reply) => (await reply).Ok();

    private static object[] All(int percent) => [new { percent }];

    private static string? Word(JsonElement one, string member) => one.GetProperty(member).GetString();

    private static decimal Amount(JsonElement one, string member) =>
        decimal.Parse(Word(one, member)!, System.Globalization.CultureInfo.InvariantCulture);

    private static decimal Sum(JsonElement effects) => effects.EnumerateArray().Sum(one => Amount(one, "effect"));
}
