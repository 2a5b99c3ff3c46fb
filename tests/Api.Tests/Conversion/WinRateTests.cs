using System.Text.Json;
using Crm.Api.Tests.Journeys;

namespace Crm.Api.Tests.Conversion;

/// <summary>The customer's two win rates: 62 % with 237 tests in it, and what is left when they are out and only what is paid
/// counts.</summary>
public sealed class WinRateTests(ShanghaiServer crm) : IClassFixture<ShanghaiServer>
{
    private const int Deals = 1000;
    private const int Signed = 620;
    private const int Tests = 237;
    private const int Paid = 305;

    // 09:00 in Shanghai.
    private static readonly DateTimeOffset Start = new(2026, 1, 5, 1, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task It_comes_out_exactly_and_no_two_reports_disagree()
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, Deals), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, _) =>
            await Play(i));
        var last = (await crm.Http.Open(new { name = "Open", occurredAt = Start.Text() })).Position;

        var total = (await Of("")).GetProperty("total");
        Line(total).ShouldBe(
            "763 closed, 380 lost; signed 383/763 0.502; paid 305/763 0.3997; delivered 0/763 0; with flagged 620/1000 0.62");
        decimal.Round(Exact("signed") - Exact("withFlagged"), 4).ShouldBe(-0.1180m);
        decimal.Round(Exact("paid") - Exact("signed"), 4).ShouldBe(-0.1022m);

        var pipeline = (await crm.Http.Read("pipeline", ("Crm-Min-Position", last))).Ok().Body;
        pipeline.GetProperty("winRate").GetDecimal().ShouldBe(total.GetProperty("signed").GetProperty("rate").GetDecimal());
        var funnel = await Read($"conversion?win=paid&to={Start.AddDays(100).Text()}");
        funnel.GetProperty("opportunities").GetProperty("won").GetInt32().ShouldBe(Paid);
        (await Read("opportunities?win=paid&flag=test&total=true")).GetProperty("total").GetInt32().ShouldBe(0);

        // Before anything was paid.
        Line((await Of($"?asOf={Start.AddDays(15).Text()}")).GetProperty("total")).ShouldContain("signed 383/763 0.502; paid 0/763 0;");

        // Differences of rates that were rounded would be rounded twice.
        decimal Exact(string of) => total.GetProperty(of).GetProperty("count").GetDecimal() / total.GetProperty(of).GetProperty("of")
            .GetDecimal();

        async Task<JsonElement> Read(string path) => (await crm.Http.Read(path, ("Crm-Min-Position", last))).Ok().Body;

        Task<JsonElement> Of(string query) => Read($"win-rate{query}");
    }

    [Fact]
    public async Task A_deal_belongs_to_the_month_of_its_signing_where_the_tenant_is()
    {
        using var http = await crm.Tenant("won-months", "Asia/Shanghai");
        var deal = (await http.Open(new { occurredAt = "2026-03-02T00:00:00Z" })).Id;
        (await http.Write($"opportunities/{deal}/win", new { reference = "C-7", occurredAt = "2026-03-31T23:30:00+08:00" })).Ok();
        (await http.Write($"opportunities/{deal}/payment", new { reference = "B-7", occurredAt = "2026-04-12T10:00:00+08:00" })).Ok();
        var lost = (await http.Open(new { occurredAt = "2026-03-02T00:00:00Z" })).Id;
        var last = (await http.Write($"opportunities/{lost}/loss", new { reason = "price", occurredAt = "2026-04-01T00:30:00+08:00" }))
            .Ok().Position;

        var months = (await http.Read("win-rate?by=month", ("Crm-Min-Position", last))).Ok().Body.GetProperty("groups").EnumerateArray()
            .Select(group => $"{group.GetProperty("by").GetProperty("month").GetString()}: {Line(group.GetProperty("figures"))}");
        months.ShouldBe(
        [
            "2026-03: 1 closed, 0 lost; signed 1/1 1; paid 1/1 1; delivered 0/1 0; with flagged 1/1 1",
            "2026-04: 1 closed, 1 lost; signed 0/1 0; paid 0/1 0; delivered 0/1 0; with flagged 0/1 0"
        ]);
        Line((await http.Read("win-rate?asOf=2026-04-01&to=2026-04-01")).Ok().Body.GetProperty("total"))
            .ShouldStartWith("1 closed, 0 lost; signed 1/1 1; paid 0/1 0;");

        var shown = (await http.Read($"opportunities/{deal}")).Ok();
        (shown["status"], shown["signedAt"], shown["paidAt"], shown["paymentReference"], shown["deliveredAt"])
            .ShouldBe(("won", "2026-03-31T15:30:00Z", "2026-04-12T02:00:00Z", "B-7", null));
    }

    [Theory]
    [InlineData("by=stage", "by")]
    [InlineData("from=2026-02-01&to=2026-01-01", "to")]
    public async Task What_cannot_be_asked_is_refused_by_name(string query, string parameter)
    {
        var refusal = await (await crm.Http.Read($"win-rate?{query}")).Refused();
        refusal.Status.ShouldBe(400);
        refusal.Errors.Single().Where.ShouldContain(parameter);
    }

    // The first 620 are signed; of these the last 237 are tests, and the first 305 are paid a month later.
    private async Task Play(int i)
    {
        var deal = (await crm.Http.Open(new { name = $"Deal {i}", occurredAt = Start.Text() })).Id;
        var on = Start.AddDays(10).Text();
        (i < Signed
            ? await crm.Http.Write($"opportunities/{deal}/win", new { occurredAt = on })
            : await crm.Http.Write($"opportunities/{deal}/loss", new { reason = "price", occurredAt = on })).Ok();
        if (i < Paid)
        {
            (await crm.Http.Write($"opportunities/{deal}/payment", new { occurredAt = Start.AddDays(40).Text() })).Ok();
        }

        if (i is >= Signed - Tests and < Signed)
        {
            (await crm.Http.Write($"opportunities/{deal}/flag", new { flag = "test" })).Ok();
        }
    }

    private static string Line(JsonElement f)
    {
        return $"{f.GetProperty("closed")} closed, {f.GetProperty("lost")} lost; signed {Share("signed")}; paid {Share("paid")}; "
            + $"delivered {Share("delivered")}; with flagged {Share("withFlagged")}";

        string Share(string of) =>
            $"{f.GetProperty(of).GetProperty("count")}/{f.GetProperty(of).GetProperty("of")} {f.GetProperty(of).GetProperty("rate")}";
    }
}
