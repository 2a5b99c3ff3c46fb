using System.Globalization;
using System.Text.Json;
using Crm.Api.Tests.Journeys;

namespace Crm.Api.Tests.Forecasting;

public sealed class ForecastTests(ShanghaiServer crm) : IClassFixture<ShanghaiServer>
{
    private const string Least = "Crm-Min-Position";

    private static readonly string[] Stages = ["Prospecting", "Engaging", "Proposal", "Negotiation"];
    private static readonly DateTimeOffset Start = new(2026, 1, 5, 1, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Moment = Start.AddDays(60);

    [Fact]
    public async Task The_worked_example_comes_to_1044000()
    {
        using var http = await crm.Tenant("forecast-funnel", "Asia/Shanghai");
        await Parallel.ForEachAsync(Enumerable.Range(0, 1000), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, _) =>
            await Play(http, i < 40 ? 3 : i < 80 ? 2 : i < 200 ? 1 : 0, isWon: i < 24));
        foreach (var stage in Stages)
        {
            await http.Open(new
            {
                stage, amount = Talk.Money(1_000_000), expectedClose = "2026-03-20", occurredAt = Moment.AddDays(-1).Text()
            });
        }

        var made = (await http.Write("forecasts", new { period = "quarter", asOf = Moment.Text() })).Ok();
        made.Status.ShouldBe(201);
        var forecast = (await http.Read(made.Location!["/api/v1/".Length..])).Ok().Body;

        Figure(forecast.GetProperty("total")).ShouldBe("4 4000000.00 1044000.00");
        Figure(forecast.GetProperty("won")).ShouldBe("24 24000.00 24000.00");
        var parts = forecast.GetProperty("parts");
        parts.GetProperty("category").EnumerateArray().Select(part => $"{part.GetProperty("name")}: {Figure(part.GetProperty("figure"))}")
            .ShouldBe(["best: 1 1000000.00 600000.00", "pipeline: 3 3000000.00 444000.00"]);
        parts.GetProperty("stage").EnumerateArray().Select(part => part.GetProperty("figure").GetProperty("value").GetString())
            .ShouldBe(["120000.00", "600000.00", "300000.00", "24000.00"]);
        (forecast.GetProperty("manifest").GetProperty("engine").GetString(),
            forecast.GetProperty("manifest").GetProperty("today").GetString())
            .ShouldBe(("stage-weighted/1", "2026-03-06"));

        var first = (await http.Read($"forecasts/{made.Id}/contributions?limit=3")).Ok().Body;
        var rest = (await http.Read($"forecasts/{made.Id}/contributions?limit=3&cursor={first.GetProperty("nextCursor")}")).Ok().Body;
        var given = first.GetProperty("items").EnumerateArray().Concat(rest.GetProperty("items").EnumerateArray()).ToList();
        given.Select(one => one.GetProperty("value").GetString()).ShouldBe(["600000.00", "300000.00", "120000.00", "24000.00"]);
        given[0].GetProperty("odds").EnumerateArray().Select(level =>
            $"{level.GetProperty("level")} {level.GetProperty("won")}/{level.GetProperty("entered")}")
            .ShouldBe(["tenant 24/1000", "pipeline 24/1000", "stage 24/40"]);
        (rest.GetProperty("nextCursor").GetString(), rest.GetProperty("total").GetInt32(), rest.GetProperty("hash").GetString())
            .ShouldBe((null, 4, forecast.GetProperty("forecast").GetProperty("hash").GetString()));

        var list = (await http.Read("forecasts?period=quarter", (Least, made.Position))).Ok().Body.GetProperty("items");
        list.EnumerateArray().ShouldHaveSingleItem().GetProperty("total").GetProperty("amount").GetString().ShouldBe("1044000.00");
    }

    [Fact]
    public async Task Who_sees_only_some_records_forecasts_those()
    {
        using var admin = await crm.Tenant("forecast-sight", "Asia/Shanghai");
        foreach (var team in (string[])["east", "west"])
        {
            (await admin.Write("teams", new { id = team, name = team })).Ok();
            await admin.Open(new { team, expectedClose = "2026-03-20", occurredAt = Start.Text() });
        }

        (await admin.Write("members", new { id = "boss", role = "manager", team = "east" })).Ok();
        using var boss = crm.With((await admin.Write("api-keys", new { name = "k", member = "boss" })).Ok()["key"]);
        var all = await Run(admin, new { period = "quarter", asOf = Moment.Text() });

        (await boss.Read($"forecasts/{all.Id}")).Status.ShouldBe(404);
        (await (await boss.Write("forecasts", new { period = "quarter", asOf = Moment.Text() })).Refused()).Code.ShouldBe("forecast.scope");
        (await boss.Write("forecasts", new { period = "quarter", team = "west", asOf = Moment.Text() })).Status.ShouldBe(422);
        var own = await Run(boss, new { period = "quarter", team = "east", asOf = Moment.Text() });
        (await boss.Read($"forecasts/{own.Id}/contributions")).Ok().Body.GetProperty("total").GetInt32().ShouldBe(1);
        (await boss.Read("forecasts", (Least, own.Position))).Ok().Body.GetProperty("items").GetArrayLength().ShouldBe(1);
        (await admin.Read("forecasts", (Least, own.Position))).Ok().Body.GetProperty("items").GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public async Task From_whom_amounts_are_hidden_forecasts_are_hidden_too()
    {
        using var admin = await crm.Tenant("forecast-hidden", "Asia/Shanghai");
        await admin.Open(new { amount = Talk.Money(1000), expectedClose = "2026-03-20", occurredAt = Start.Text() });
        var run = await Run(admin, new { period = "quarter", asOf = Moment.Text() });
        (await admin.Put("roles/blind", new
        {
            functions = (string[])["forecasts.read", "forecasts.run", "opportunities.read", "events.read", "audit.read"], scope = "all",
            hiddenFields = (string[])["opportunity.amount"]
        })).Ok();
        (await admin.Write("members", new { id = "blind", role = "blind" })).Ok();
        using var blind = crm.With((await admin.Write("api-keys", new { name = "k", member = "blind" })).Ok()["key"]);

        foreach (var path in (string[])["forecasts", $"forecasts/{run.Id}", $"forecasts/{run.Id}/contributions"])
        {
            (await blind.Read(path)).Status.ShouldBe(403, path);
        }

        var told = (await blind.Read("events?type=forecast_run")).Ok().Body.GetProperty("items").EnumerateArray().Single().GetProperty("data");
        (told.TryGetProperty("manifest", out _), told.TryGetProperty("totals", out _)).ShouldBe((true, false));
        (await blind.Read("audit?subject=forecast", (Least, run.Position))).Ok().Text.ShouldNotContain("500.00");
    }

    [Fact]
    public async Task What_cannot_be_forecast_is_refused_by_name()
    {
        using var http = await crm.Tenant("forecast-refused", "Asia/Shanghai");

        (await (await http.Write("forecasts", new { period = "month" })).Refused()).Code.ShouldBe("forecast.currency");
        (await (await http.Write("forecasts", new { period = "month", currency = "RMB" })).Refused()).Code.ShouldBe("money.currency");
        (await http.Write("forecasts", new { period = "month", asOf = "2999-01-01" })).Status.ShouldBe(400);
        (await http.Write("forecasts", new { period = "month", day = "9999-12-01", currency = "CNY" })).Status.ShouldBe(400);
        (await http.Write("forecasts", new { period = "month", asOf = "0001-01-01T00:00:00Z", currency = "CNY" })).Status.ShouldBe(400);
        (await http.Write("forecasts", new { period = "month", pipeline = "none", currency = "CNY" })).Status.ShouldBe(400);
        (await http.Read($"forecasts/{Guid.NewGuid()}")).Status.ShouldBe(404);
        Figure((await http.Read($"forecasts/{(await Run(http, new { period = "month", currency = "CNY" })).Id}")).Ok()
            .Body.GetProperty("total"))
            .ShouldBe("0 0.00 0.00");
    }

    [Fact]
    public async Task The_same_request_again_is_the_same_forecast()
    {
        using var http = await crm.Tenant("forecast-again", "Asia/Shanghai");
        var question = new { period = "month", currency = "CNY" };
        var first = (await http.Write("forecasts", question, ("Idempotency-Key", "one"))).Ok();

        (await http.Write("forecasts", question, ("Idempotency-Key", "one"))).Ok().Id.ShouldBe(first.Id);
        (await http.Write("forecasts", question)).Ok().Id.ShouldNotBe(first.Id);
    }

    private static async Task Play(HttpClient http, int last, bool isWon)
    {
        var deal = (await http.Open(new { amount = Talk.Money(1000), stage = Stages[0], occurredAt = Start.Text() })).Id;
        for (var stage = 1; stage <= last; stage++)
        {
            (await http.Write($"opportunities/{deal}/stage", new { stage = Stages[stage], occurredAt = Start.AddDays(stage).Text() })).Ok();
        }

        var (end, at) = (Start.AddDays(20).Text(), isWon ? "win" : "loss");
        (await http.Write($"opportunities/{deal}/{at}",
            isWon ? (object)new { reference = "C", occurredAt = end } : new { reason = "price", occurredAt = end })).Ok();
    }

    private static async Task<Reply> Run(HttpClient http, object question) => (await http.Write("forecasts", question)).Ok();

    private static string Figure(JsonElement figure) => string.Create(
        CultureInfo.InvariantCulture, $"{figure.GetProperty("count")} {figure.GetProperty("amount")} {figure.GetProperty("value")}");
}
