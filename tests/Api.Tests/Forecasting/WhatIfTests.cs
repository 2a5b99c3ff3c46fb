using System.Text.Json;
using Crm.Api.Tests.Journeys;

namespace Crm.Api.Tests.Forecasting;

/// <summary>What a forecast may come to, and what it would be if things were otherwise.</summary>
public sealed class WhatIfTests(ShanghaiServer crm) : IClassFixture<ShanghaiServer>
{
    private static readonly DateTimeOffset Start = new(2026, 1, 5, 1, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task The_same_seed_is_the_same_play_and_none_follows_from_the_forecast()
    {
        using var http = await crm.Tenant("what-if-play", "Asia/Shanghai");
        var run = await Forecast(http);

        var one = (await http.Write($"forecasts/{run}/simulation", new { })).Ok();
        one.Body.GetProperty("mean").GetProperty("amount").GetString().ShouldNotBe("0.00");
        (await http.Write($"forecasts/{run}/simulation", new { })).Ok().Text.ShouldBe(one.Text);
        (await http.Write($"forecasts/{run}/simulation", new { seed = one.Body.GetProperty("seed").GetInt32() })).Ok().Text.ShouldBe(one.Text);
        one.Body.GetProperty("histogram").EnumerateArray().Sum(bin => bin.GetProperty("paths").GetInt32()).ShouldBe(10_000);
        (await http.Write($"forecasts/{run}/simulation", new { paths = 1 })).Status.ShouldBe(400);
    }

    [Fact]
    public async Task What_is_assumed_adds_up_and_changes_no_forecast()
    {
        using var http = await crm.Tenant("what-if-assume", "Asia/Shanghai");
        var run = await Forecast(http);
        var before = (await http.Read($"forecasts/{run}")).Ok().Text;

        var would = (await http.Write($"forecasts/{run}/what-if", new
        {
            winRates = (object[])[new { of = new { rep = "An" }, percent = "80" }],
            drop = (object[])[new { rep = "Bo" }],
            slip = (object[])[new { of = new { rep = "An" }, days = 60 }],
            add = (object[])[new { amount = Talk.Money(500), stage = "Proposal", expectedClose = "2026-03-10" }]
        })).Ok().Body;

        would.GetProperty("shares").EnumerateArray().Select(Share).ShouldBe(["winRates 300.00", "drop -500.00", "slip -800.00", "add 250.00"]);
        (Amount(would, "value"), Amount(would, "difference")).ShouldBe(("1000.00", "-750.00"));
        (await http.Read($"forecasts/{run}")).Ok().Text.ShouldBe(before);
        (await http.Write($"forecasts/{run}/what-if", new { drop = (object[])[new { }] })).Status.ShouldBe(400);
        (await (await http.Write($"forecasts/{run}/what-if", new
        {
            add = (object[])[new { amount = Talk.Money(1, "EUR"), stage = "Proposal", expectedClose = "2026-03-10" }]
        })).Refused()).Code.ShouldBe("forecast.currencies");
    }

    private static async Task<Guid> Forecast(HttpClient http)
    {
        foreach (var rep in (string[])["An", "Bo"])
        {
            await http.Open(new
            {
                rep, stage = "Proposal", amount = Talk.Money(1000), expectedClose = "2026-03-20", occurredAt = Start.Text()
            });
        }

        return (await http.Write("forecasts", new { period = "quarter", asOf = Start.AddDays(60).Text() })).Ok().Id;
    }

    private static string Share(JsonElement share) => $"{share.GetProperty("assumption")} {share.GetProperty("value")}";

    private static string? Amount(JsonElement would, string member) => would.GetProperty(member).GetProperty("amount").GetString();
}
