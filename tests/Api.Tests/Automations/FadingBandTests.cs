using Crm.Api.Tests.Journeys;
using Crm.Support;

namespace Crm.Api.Tests.Automations;

/// <summary>Points fade, and a lead comes into another band without anything happening to it: that is noticed when it comes about, and
/// once.</summary>
public sealed class FadingBandTests(MovedClock crm) : IClassFixture<MovedClock>
{
    [Fact]
    public async Task A_lead_that_fades_into_another_band_is_noticed_by_itself_and_once_whoever_looks_after_it_by_then()
    {
        var admin = await crm.Tenant("fading");
        await Publish(admin, halfLifeDays: 7);
        var lead = (await admin.Write("leads", new { source = "web", company = "Fading" })).Ok().Id;
        await Until(admin, lead, ["low"]);
        (await admin.Write($"leads/{lead}/touches", new { kind = "download", direction = "inbound" })).Ok();
        await Until(admin, lead, ["low", "high"]);

        // 40 points are 30 no more after 2.91 days, and 10 no more after 14.01.
        await crm.Move(TimeSpan.FromDays(2.9));
        await crm.Restart();
        using var again = crm.With(admin.DefaultRequestHeaders.Authorization!.Parameter);
        (await Bands(again, lead)).ShouldBe(["low", "high"]);
        await crm.Move(TimeSpan.FromDays(0.02));
        await Until(again, lead, ["low", "high", "middle"]);
        await crm.Move(TimeSpan.FromDays(20));
        await Until(again, lead, ["low", "high", "middle", "low"]);
        await Patience.Until("nothing is left that could fade into another", async () => await Fading() == 0);
    }

    [Fact]
    public async Task Under_other_rules_it_is_worked_out_anew()
    {
        var admin = await crm.Tenant("fading-otherwise");
        await Publish(admin, halfLifeDays: 700);
        var lead = (await admin.Write("leads", new { source = "web", company = "Fading" })).Ok().Id;
        await Until(admin, lead, ["low"]);
        (await admin.Write($"leads/{lead}/touches", new { kind = "download", direction = "inbound" })).Ok();
        await Until(admin, lead, ["low", "high"]);
        await crm.Move(TimeSpan.FromDays(3));

        await Publish(admin, halfLifeDays: 7);
        await Until(admin, lead, ["low", "high", "middle"]);

        (await admin.Write($"leads/{lead}/disqualification", new { reason = "gone" })).Ok();
        await Patience.Until("it is looked at no more", async () => await Fading() == 0);
    }

    private static async Task Publish(HttpClient admin, int halfLifeDays)
    {
        (await admin.Put("playbook/draft", new
        {
            name = "Fading",
            scoring = new
            {
                rules = new[] { new { key = "downloads", name = "Downloads", points = 40, behaviour = "download", halfLifeDays } },
                bands = new { high = 30, low = 10 }
            }
        })).Ok();
        (await admin.Write("playbook/publication", new { })).Ok();
    }

    private static Task Until(HttpClient admin, Guid lead, string[] bands) => Patience.Until(
        $"it came by {string.Join(", ", bands)}", async () => (await Bands(admin, lead)).SequenceEqual(bands));

    private static async Task<IReadOnlyList<string?>> Bands(HttpClient admin, Guid lead) =>
        [.. (await admin.Read($"leads/{lead}/events")).Ok().Body.GetProperty("items").EnumerateArray()
            .Where(e => e.GetProperty("type").GetString() == "lead_band_entered")
            .Select(e => e.GetProperty("data").GetProperty("band").GetString())];

    private async Task<long> Fading()
    {
        await using var command = crm.Engine.Database.CreateCommand("select count(*) from crm.lead_fading");
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
