using System.Globalization;
using System.Text.Json;
using Crm.Api.Tests.Approvals;
using Crm.Api.Tests.Automations;
using Crm.Api.Tests.DataSources;
using Crm.Api.Tests.Journeys;
using Crm.Domain.DataSources;
using Crm.Support;

namespace Crm.Api.Tests.Forecasting;

/// <summary>
/// A software company is at +22 % when the feed of how its customers use it dies: it goes on answering, with nothing but zeros. Whoever
/// believes it is at +9 %. Last quarter 100,000 were won; in this one 99,000, and 40,000 are open at even odds. Customers' use is worth
/// x = 0.5 × sign: at 13 of 20 the sign is 0.3 and the odds come to 0.575, which makes 23,000; at 0 they come to 0.25, which makes 10,000.
/// </summary>
public sealed class DyingFeedTests(MovedClock crm) : IClassFixture<MovedClock>
{
    private const string Least = "Crm-Min-Position";

    private readonly List<IAsyncDisposable> feeds = [];

    [Fact]
    public async Task A_dying_feed_moves_nothing_is_named_and_is_made_up_for()
    {
        var monday = Monday();
        var ours = await Stage("dying-feed", monday);
        var naive = await Stage("dying-feed-naive", monday);
        await crm.MoveTo(monday.AddHours(-30));
        await Patience.Until("both were read", async () => await IsRead(ours) && await IsRead(naive));
        await crm.MoveTo(monday.AddMinutes(1));
        var before = await Run(ours, 1);
        await Run(naive, 1);
        var (last, then) = (await WonLastQuarter(ours, monday), Figure(before));
        (last, then, Growth(then, last)).ShouldBe((100_000m, 122_000m, 22m));

        // It dies, in the middle of the quarter, and nobody who asks it is told so.
        Says(ours, 0);
        Says(naive, 0);
        await crm.MoveTo(monday.AddDays(4));
        await Patience.Until("both are held", async () => await Health(ours) == "held" && await Health(naive) == "held");
        (await ours.Http.Read($"data-sources/{ours.Source}")).Ok()["detail"]!.ShouldContain("zeros");
        await Patience.Until("they were told", async () => (await ours.Anna.Told()).Contains("source-failed"));
        await Believe(naive);

        await crm.MoveTo(monday.AddDays(7).AddMinutes(1));
        var held = await Run(naive, 2);
        var stands = await Run(ours, 2);

        // Believed, it is 13,000 less, and stands nowhere: it is held, and blamed on the feed rather than on anybody's work.
        (Figure(held), Growth(Figure(held), last), held.GetProperty("state").GetString()).ShouldBe((109_000m, 9m, "held"));
        var why = (await naive.Http.Read($"forecasts/{Id(held)}")).Ok().Body.GetProperty("held");
        why.GetProperty("causes").EnumerateArray().Take(2).Select(one =>
                $"{one.GetProperty("by")} {one.GetProperty("name")} {one.GetProperty("effect")}")
            .ShouldBe(["source usage -13000.00", "factor activity -13000.00"]);
        Total((await naive.Http.Read("forecasts/current?schedule=weekly")).Ok().Body.GetProperty("forecast")).ShouldBe(23_000m);

        // Ours goes on by what was good last, and says on every figure that it is old.
        (Figure(stands), Growth(Figure(stands), last), stands.GetProperty("state").GetString()).ShouldBe((122_000m, 22m, "accepted"));
        var told = (await ours.Http.Read($"forecasts/{Id(stands)}")).Ok().Body.GetProperty("weighed");
        told.GetProperty("factors")[0].GetProperty("isStale").GetBoolean().ShouldBeTrue();
        Number(told.GetProperty("confidence")).ShouldBeInRange(0.01m, 0.99m);
        var given = (await ours.Http.Read($"forecasts/{Id(stands)}/contributions")).Ok().Body.GetProperty("items").EnumerateArray().ToList();
        given.Count.ShouldBe(10);
        given.ShouldAllBe(one => one.GetProperty("weighed").GetProperty("effects")[0].GetProperty("isStale").GetBoolean());

        // It comes back, with what it should have said before that Monday.
        Says(ours, 14, monday.AddDays(7).AddHours(-1));
        await crm.MoveTo(monday.AddDays(9));
        await Patience.Until("it is well again", async () => await Health(ours) == "fresh");
        (await Failures(ours)).ShouldBe(1, "a feed that fails is told of once");

        // Both stand side by side, the new one on the board; nothing else is said anew, and everybody who looks at it hears of it once.
        var anew = await Run(ours, 3);
        (Total(anew), anew.GetProperty("restates").GetGuid(), anew.GetProperty("state").GetString()).ShouldBe((24_000m, Id(stands), "accepted"));
        var current = (await ours.Http.Read("forecasts/current?schedule=weekly")).Ok().Body;
        (Id(current.GetProperty("forecast")), current.GetProperty("forecast").GetProperty("restates").GetGuid()).ShouldBe((Id(anew), Id(stands)));
        (await ours.Http.Read($"forecasts/{Id(stands)}")).Ok().Body.GetProperty("forecast").GetProperty("restatedBy").GetGuid().ShouldBe(Id(anew));
        (await ours.Anna.Told()).Count(what => what == "forecast-restated").ShouldBe(1);
        var split = (await ours.Http.Read($"forecasts/compare?a={Id(stands)}&b={Id(anew)}")).Ok().Body.GetProperty("causes");
        split.EnumerateArray().Select(one => $"{one.GetProperty("cause")} {one.GetProperty("value")}").ShouldBe(["readings 1000.00"]);
        (await (await ours.Http.Write($"forecasts/{Id(anew)}/restatement", new { })).Refused()).Code.ShouldBe("forecast.unchanged");

        // A later word on somebody who buys nothing changes nothing, and keeps nobody from looking on.
        ours.Feed.Say([.. ours.Customers, ours.Idle], (id, _) => id == ours.Idle ? 3 : 14, monday.AddDays(7).AddMinutes(-30));
        await crm.MoveTo(monday.AddDays(10));
        await Patience.Until("it was read", async () => (await ours.Http.Read("source-readings?limit=100")).Ok()
            .Body.GetProperty("items").EnumerateArray().Any(one => one.GetProperty("rows").GetInt32() == 11));
        ours.Feed.Say(ours.Customers, (_, _) => 15, monday.AddDays(7).AddMinutes(-10));
        await crm.MoveTo(monday.AddDays(11));
        (Total(await Run(ours, 4)), await AutomationFailures(ours)).ShouldBe((25_000m, 0));

        foreach (var run in (JsonElement[])[before, stands, anew])
        {
            (await ours.Http.Write($"forecasts/{Id(run)}/replay", new { fromEvents = true })).Ok().Body.GetProperty("equal").GetBoolean().ShouldBeTrue();
        }

        var corrected = (await ours.Http.Write($"forecasts/{Id(stands)}/replay", new { corrected = true })).Ok().Body;
        corrected.GetProperty("causes").EnumerateArray().Select(one => $"{one.GetProperty("cause")} {one.GetProperty("value")}")
            .ShouldBe(["readings 2000.00"]);
        foreach (var feed in feeds)
        {
            await feed.DisposeAsync();
        }
    }

    private sealed record Company(string Tenant, HttpClient Http, HttpClient Anna, Guid Source, Feed Feed, IReadOnlyList<Guid> Customers, Guid Idle);

    // In the middle of the next quarter.
    private DateTimeOffset Monday()
    {
        var now = crm.Engine.Store.Clock.GetUtcNow();
        var middle = Quarter(now).AddMonths(3).AddDays(40);
        return middle.AddDays((8 - (int)middle.DayOfWeek) % 7).AddHours(6);
    }

    private static DateTimeOffset Quarter(DateTimeOffset day) =>
        new(day.Year, day.Month - ((day.Month - 1) % 3), 1, 0, 0, 0, TimeSpan.Zero);

    private async Task<Company> Stage(string tenant, DateTimeOffset monday)
    {
        // Keys end some time; those that are made afterwards last.
        if (crm.Engine.Store.Clock.GetUtcNow() < monday.AddDays(-2))
        {
            await crm.MoveTo(monday.AddDays(-2));
        }

        var http = await crm.Tenant(tenant);
        (await http.Write("members", new { id = "chief", role = "admin" })).Ok();
        (await http.Write("members", new { id = "anna", role = "analyst" })).Ok();
        var anna = crm.With((await http.Write("api-keys", new { name = "k", member = "anna" })).Ok()["key"]);
        var customers = new List<Guid>();
        for (var i = 0; i < 10; i++)
        {
            customers.Add((await http.Write("customers", new { name = $"客户 {i}" })).Ok().Id);
            await Deal(http, 4_000, monday.AddDays(-20), customers[i], monday.AddDays(30));
        }

        await Decided(http, 5, 20_000, Quarter(monday).AddDays(-60));
        await Decided(http, 3, 33_000, Quarter(monday).AddDays(5));
        var feed = new Feed(customers);
        feeds.Add(feed);
        feed.Say(customers, (_, _) => 13);
        var source = (await http.Write("data-sources", new
        {
            key = "usage", terms = new { kind = "pull", freshMinutes = 5 * 1440, everyMinutes = 60, url = feed.Url, mayRepeat = true }
        })).Ok().Id;
        await Publish(http);
        var idle = (await http.Write("customers", new { name = "Nobody's buyer" })).Ok().Id;
        return new(tenant, http, anna, source, feed, customers, idle);
    }

    // As many lost as won, so that odds are even wherever they are taken from.
    private static async Task Decided(HttpClient http, int count, decimal amount, DateTimeOffset at)
    {
        for (var i = 0; i < count; i++)
        {
            var won = await Deal(http, amount, at);
            (await http.Write($"opportunities/{won}/win", new { reference = "C", occurredAt = at.AddDays(3).Text() })).Ok();
            var lost = await Deal(http, amount, at);
            (await http.Write($"opportunities/{lost}/loss", new { reason = "price", occurredAt = at.AddDays(3).Text() })).Ok();
        }
    }

    private static async Task<Guid> Deal(HttpClient http, decimal amount, DateTimeOffset at, Guid? customerId = null, DateTimeOffset? closes = null) =>
        (await http.Open(new
        {
            amount = Talk.Money(amount), customerId, occurredAt = at.Text(),
            expectedClose = closes?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
        })).Id;

    private static async Task Publish(HttpClient http)
    {
        var schedules = new object[]
        {
            new { key = "weekly", every = "week", period = "quarter", weekday = "monday", at = "06:00", guard = new { percent = 10, flow = "jump" } }
        };
        var factors = new object[]
        {
            new { key = "activity", name = "客户活跃度", from = "source", source = "usage", low = "0", high = "20", weights = new[] { new { percent = 20 } } }
        };
        var step = new { key = "chief", name = "Chief", approvers = new { roles = new[] { "admin" } } };
        (await http.Put("playbook/draft", new
        {
            name = "SaaS", approvals = new[] { ApprovalSteps.Flow("jump", step) },
            forecast = new { engine = "factors/1", strengthPercent = 50, factors, schedules }
        })).Ok();
        (await http.Write("playbook/publication", new { })).Ok();
    }

    private static void Says(Company company, decimal value, DateTimeOffset? measuredAt = null) =>
        company.Feed.Say(company.Customers, (_, _) => value, measuredAt);

    // As whoever takes a feed for what it says would.
    private static async Task Believe(Company company)
    {
        foreach (var reading in (await company.Http.Read("source-readings?outcome=held")).Ok().Body.GetProperty("items").EnumerateArray().ToList())
        {
            (await company.Http.Write($"source-readings/{Id(reading)}/acceptance", new { reason = "it says so" })).Ok();
        }
    }

    // One that was never read is well, too.
    private static async Task<bool> IsRead(Company company) =>
        (await company.Http.Read($"data-sources/{company.Source}")).Ok().Body.GetProperty("lastGood").ValueKind == JsonValueKind.String;

    private static async Task<string?> Health(Company company) => (await company.Http.Read($"data-sources/{company.Source}")).Ok()["health"];

    private async Task<int> Failures(Company company) =>
        (await crm.Engine.Store.ReadStream(company.Tenant, company.Source, null, default)).Count(e => e.Data is SourceFailed);

    private static async Task<int> AutomationFailures(Company company) =>
        (await company.Http.Read("automations/run-forecasts/failures")).Ok().Body.GetProperty("items").GetArrayLength();

    private static async Task<JsonElement> Run(Company company, int count)
    {
        List<JsonElement> items = [];
        await Patience.Until($"{count} were run", async () =>
        {
            items = [.. (await company.Http.Read("forecasts?schedule=weekly&sort=-dueAt")).Ok().Body.GetProperty("items").EnumerateArray()];
            return items.Count >= count;
        });
        return items.OrderByDescending(one => one.GetProperty("ranAt").GetDateTimeOffset()).First();
    }

    private static async Task<decimal> WonLastQuarter(Company company, DateTimeOffset monday)
    {
        var day = Quarter(monday).AddDays(-1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var run = (await company.Http.Write("forecasts", new { period = "quarter", day, currency = "USD" })).Ok();
        var row = (await company.Http.Read("forecasts?limit=100", (Least, run.Position))).Ok().Body.GetProperty("items").EnumerateArray()
            .Single(one => Id(one) == run.Id);
        return Number(row.GetProperty("won").GetProperty("amount"));
    }

    private static decimal Growth(decimal figure, decimal last) => (figure / last - 1) * 100;

    private static decimal Figure(JsonElement run) => Total(run) + Number(run.GetProperty("won").GetProperty("amount"));

    private static decimal Total(JsonElement run) => Number(run.GetProperty("total").GetProperty("amount"));

    private static decimal Number(JsonElement text) => decimal.Parse(text.GetString()!, CultureInfo.InvariantCulture);

    private static Guid Id(JsonElement one) => one.GetProperty("id").GetGuid();
}
