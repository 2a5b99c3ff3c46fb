using System.Globalization;
using System.Text.Json;
using Crm.Api.Tests.Journeys;
using Crm.Support;

namespace Crm.Api.Tests.Forecasting;

public sealed class BacktestTests(ShanghaiServer crm) : IClassFixture<ShanghaiServer>
{
    private static readonly int[] Wins = [100, 200, 300, 400, 200, 300];

    [Fact]
    public async Task What_was_said_is_held_against_what_happened_beside_what_anybody_could_say()
    {
        using var http = await crm.Tenant("backtest", "Asia/Shanghai");
        foreach (var (amount, month) in Wins.Select((amount, i) => (amount, i + 1)))
        {
            var begin = new DateTimeOffset(2026, month, 3, 1, 0, 0, TimeSpan.Zero);
            var deal = (await http.Open(new { amount = Talk.Money(amount), occurredAt = begin.Text() })).Id;
            (await http.Write($"opportunities/{deal}/win", new { reference = "C", occurredAt = begin.AddDays(3).Text() })).Ok();
        }

        var asked = (await http.Write("forecast-backtests", new { period = "month", from = "2026-04-01", to = "2026-07-01" })).Ok();
        asked.Status.ShouldBe(202);
        var report = await Report(http, asked.Id);

        var parts = report.GetProperty("parts").EnumerateArray().ToDictionary(part => part.GetProperty("engine").GetString()!);
        parts.Keys.ShouldContain("flow-ensemble/1");
        Said(parts["naive/last"]).ShouldBe(["300 400", "400 200", "200 300"]);
        Said(parts["naive/mean-of-3"]).ShouldBe(["200 400", "300 200", "300 300"]);
        Said(parts["naive/same-of-last-quarter"]).ShouldBe(["100 400", "200 200", "300 300"]);

        // Nothing is open as a month begins: what looks at open opportunities alone says nothing.
        Said(parts["stage-weighted/1"]).ShouldBe(["0 400", "0 200", "0 300"]);
        parts["naive/mean-of-3"].GetProperty("figures").ToString().ShouldBe(
            """{"trials":3,"mape":"0.333333","wape":"0.333333","bias":"-0.111111","coverage":null,"farOff":2}""");
        Number(parts["flow-ensemble/1"].GetProperty("trials")[0].GetProperty("said")).ShouldBeInRange(100, 400);
        parts["flow-ensemble/1"].GetProperty("figures").GetProperty("coverage").ValueKind.ShouldBe(JsonValueKind.String);

        var sheet = await http.GetStringAsync($"forecast-backtests/{asked.Id}/report?format=csv");
        var may = sheet.Split('\n').Single(line => line.StartsWith("naive/last,2026-05-01,2026-06-01,USD,", StringComparison.Ordinal)).Split(',');
        may[4..].Select(cell => decimal.TryParse(cell, CultureInfo.InvariantCulture, out var number) ? number : (decimal?)null)
            .ShouldBe([400, null, null, 200, 100, null]);
        var page = await http.GetStringAsync($"forecast-backtests/{asked.Id}/report?format=html");
        page.ShouldContain("<svg");
        page.ShouldNotContain("http");
    }

    [Fact]
    public async Task Who_asks_for_what_cannot_be_tried_is_told_where()
    {
        using var http = await crm.Tenant("backtest-bad", "Asia/Shanghai");
        (await (await http.Write("forecast-backtests", new { period = "month", from = "2090-01-01" })).Refused()).Errors.Select(one => one.Where).ShouldBe(["/from"]);
        (await (await http.Write("forecast-backtests", new { period = "weeks", from = "1990-01-01" })).Refused()).Errors.Select(one => one.Where).ShouldBe(["/from"]);
        (await (await http.Write("forecast-backtests", new { period = "month", from = "2026-01-01", engines = new[] { "oracle/9" } })).Refused())
            .Errors.Select(one => one.Where).ShouldBe(["/engines/0"]);
        (await http.Read($"forecast-backtests/{Guid.NewGuid()}")).Status.ShouldBe(404);
    }

    private static async Task<JsonElement> Report(HttpClient http, Guid id)
    {
        await Patience.Until("it has ended", async () =>
            (await http.Read($"forecast-backtests/{id}")).Ok().Body.GetProperty("endedAt").ValueKind == JsonValueKind.String);
        return (await http.Read($"forecast-backtests/{id}/report")).Ok().Body;
    }

    private static IEnumerable<string> Said(JsonElement part) => part.GetProperty("trials").EnumerateArray()
        .Select(trial => $"{Number(trial.GetProperty("said")):0.##} {Number(trial.GetProperty("happened")):0.##}");

    private static decimal Number(JsonElement text) => decimal.Parse(text.GetString()!, CultureInfo.InvariantCulture);
}
