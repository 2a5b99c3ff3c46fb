using System.Globalization;
using System.Text.Json;
using Crm.Api.Tests.Journeys;

namespace Crm.Api.Tests.Forecasting;

/// <summary>Two forecasts, and why they differ.</summary>
public sealed class CompareTests(ShanghaiServer crm) : IClassFixture<ShanghaiServer>
{
    private static readonly DateTimeOffset Start = new(2026, 1, 4, 16, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Moment = new(2026, 3, 5, 16, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_difference_is_told_by_cause_opportunity_and_event()
    {
        using var http = await crm.Tenant("compare-causes", "Asia/Shanghai");
        var (grown, late, wrong, back, won) = (await Open(http), await Open(http), await Open(http), await Open(http), await Open(http));
        var a = await Run(http, Moment);

        await Amount(http, late, 1600, Moment.AddDays(-3));
        await Amount(http, grown, 3000, Moment.AddDays(1));
        await Amount(http, back, 9000, Moment.AddDays(1));
        await Amount(http, back, 1000, Moment.AddDays(2));
        (await http.Write($"opportunities/{won}/win", new { reference = "C", occurredAt = Moment.AddDays(2).Text() })).Ok();
        await Correct(http, wrong, 1200);
        var added = await Open(http, Moment.AddDays(1));
        var b = await Run(http, Moment.AddDays(3));

        var told = (await http.Read($"forecasts/compare?a={a}&b={b}")).Ok().Body;
        var causes = told.GetProperty("causes").EnumerateArray().ToDictionary(cause => cause.GetProperty("cause").GetString()!);

        // One half is the chance of all of them, until one is won.
        causes["late"].GetProperty("value").GetString().ShouldBe("300.00");
        causes["corrected"].GetProperty("value").GetString().ShouldBe("100.00");
        causes["opened"].GetProperty("value").GetString().ShouldBe("500.00");
        causes["won"].GetProperty("value").GetString().ShouldBe("-500.00");
        causes["amount"].GetProperty("value").GetString().ShouldBe("1000.00");
        causes.Keys.ShouldBe(["late", "corrected", "opened", "won", "amount", "model"]);
        Sum(causes.Values).ShouldBe(Value(told, "difference"));
        (Value(told, "valueB") - Value(told, "valueA")).ShouldBe(Value(told, "difference"));

        Only(causes["late"]).ShouldBe((late, "opportunity_amount_changed"));
        Only(causes["corrected"]).ShouldBe((wrong, "opportunity_corrected"));
        Only(causes["opened"]).ShouldBe((added, "opportunity_opened"));
        Only(causes["won"]).ShouldBe((won, "opportunity_won"));
        Only(causes["amount"]).ShouldBe((grown, "opportunity_amount_changed"));
        told.GetProperty("decided").GetProperty("items").EnumerateArray().Single().GetProperty("opportunityId").GetGuid().ShouldBe(won);
        var came = told.GetProperty("thereAndBack").GetProperty("items").EnumerateArray().ShouldHaveSingleItem();
        (came.GetProperty("opportunityId").GetGuid(), came.GetProperty("what")[0].GetString(), came.GetProperty("events").GetArrayLength())
            .ShouldBe((back, "amount", 2));
    }

    [Fact]
    public async Task The_other_way_round_it_is_the_same_with_the_other_sign_and_with_itself_nothing()
    {
        using var http = await crm.Tenant("compare-turned", "Asia/Shanghai");
        var deal = await Open(http);
        var a = await Run(http, Moment);
        await Amount(http, deal, 3000, Moment.AddDays(1));
        var b = await Run(http, Moment.AddDays(3));

        var turned = (await http.Read($"forecasts/compare?a={b}&b={a}")).Ok().Body;
        (Value(turned, "difference"), turned.GetProperty("causes")[0].GetProperty("value").GetString()).ShouldBe((-1000m, "-1000.00"));
        var same = (await http.Read($"forecasts/compare?a={a}&b={a}")).Ok().Body;
        (Value(same, "difference"), same.GetProperty("causes").GetArrayLength()).ShouldBe((0m, 0));
    }

    [Fact]
    public async Task Any_two_of_a_random_history_differ_by_the_sum_of_their_causes()
    {
        using var http = await crm.Tenant("compare-random", "Asia/Shanghai");
        var random = new Random(43);
        var team = new RandomHistory(http, random);
        var runs = new List<Guid>();
        await team.Open(30);
        for (var i = 0; i < 8; i++)
        {
            await team.GoOn(15);
            runs.Add((await http.Write("forecasts", new
            {
                period = "quarter", day = "2020-05-15", currency = "USD", asOf = team.Day(20, 130).Text(),
                team = random.Next(3) == 0 ? "North" : null
            })).Ok().Id);
        }

        foreach (var (a, b) in runs.SelectMany(a => runs.Select(b => (a, b))))
        {
            var told = (await http.Read($"forecasts/compare?a={a}&b={b}&limit=3")).Ok().Body;
            Sum(told.GetProperty("causes").EnumerateArray()).ShouldBe(Value(told, "difference"), told.ToString());
        }
    }

    [Fact]
    public async Task A_cause_is_gone_through_page_by_page()
    {
        using var http = await crm.Tenant("compare-pages", "Asia/Shanghai");
        var a = await Run(http, Start.AddDays(-1));
        for (var i = 0; i < 5; i++)
        {
            await Open(http);
        }

        var b = await Run(http, Moment);
        var seen = new HashSet<Guid>();
        var cursor = "";
        do
        {
            var page = (await http.Read($"forecasts/compare?a={a}&b={b}&cause=opened&limit=2{cursor}")).Ok().Body.GetProperty("causes")[0];
            seen.UnionWith(page.GetProperty("items").EnumerateArray().Select(one => one.GetProperty("opportunityId").GetGuid()));
            cursor = page.GetProperty("nextCursor").GetString() is { } next ? $"&cursor={next}" : null;
        }
        while (cursor is not null);

        seen.Count.ShouldBe(5);
        (await http.Read($"forecasts/compare?a={a}&b={b}&cursor=x")).Status.ShouldBe(400);
    }

    [Fact]
    public async Task What_cannot_be_compared_is_refused_by_name()
    {
        using var http = await crm.Tenant("compare-refused", "Asia/Shanghai");
        await Open(http);
        var (a, b) = (await Run(http, Moment), (await http.Write("forecasts", new { period = "quarter", currency = "EUR" })).Ok().Id);

        (await (await http.Read($"forecasts/compare?a={a}&b={b}")).Refused()).Code.ShouldBe("forecast.currencies");
        (await http.Read($"forecasts/compare?a={a}&b={Guid.NewGuid()}")).Status.ShouldBe(404);
        (await http.Read($"forecasts/compare?a={a}")).Status.ShouldBe(400);
    }

    private static async Task<Guid> Open(HttpClient http, DateTimeOffset? at = null) => (await http.Open(new
    {
        stage = "Proposal", amount = Talk.Money(1000), expectedClose = "2026-03-20", occurredAt = (at ?? Start).Text()
    })).Id;

    private static async Task<Guid> Run(HttpClient http, DateTimeOffset asOf) =>
        (await http.Write("forecasts", new { period = "quarter", currency = "USD", asOf = asOf.Text() })).Ok().Id;

    private static async Task Amount(HttpClient http, Guid deal, decimal amount, DateTimeOffset at) =>
        (await http.Write($"opportunities/{deal}/amount", new { amount = Talk.Money(amount), occurredAt = at.Text() })).Ok();

    private static async Task Correct(HttpClient http, Guid deal, decimal amount)
    {
        var events = (await http.Read($"opportunities/{deal}/events")).Ok();
        (await http.Write($"opportunities/{deal}/corrections", new
        {
            eventId = events.Body.GetProperty("items")[0].GetProperty("id").GetGuid(), reason = "typo", amount = Talk.Money(amount)
        }, ("If-Match", events.ETag))).Ok();
    }

    private static (Guid, string?) Only(JsonElement cause)
    {
        var item = cause.GetProperty("items").EnumerateArray().ShouldHaveSingleItem();
        return (item.GetProperty("opportunityId").GetGuid(),
            item.GetProperty("events").EnumerateArray().ShouldHaveSingleItem().GetProperty("type").GetString());
    }

    private static decimal Sum(IEnumerable<JsonElement> causes) =>
        causes.Sum(cause => decimal.Parse(cause.GetProperty("value").GetString()!, CultureInfo.InvariantCulture));

    private static decimal Value(JsonElement told, string member) =>
        decimal.Parse(told.GetProperty(member).GetProperty("amount").GetString()!, CultureInfo.InvariantCulture);
}
