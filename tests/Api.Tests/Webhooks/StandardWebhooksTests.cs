using System.Text.Json;
using Crm.Api.Tests.Contract;
using Crm.Api.Tests.Journeys;
using Crm.Support;
using Xunit.Abstractions;

namespace Crm.Api.Tests.Webhooks;

/// <summary>The libraries that receivers use, standardwebhooks and svix, verify what we send: through failures, a rotation and a restart.</summary>
public sealed class StandardWebhooksTests(WebhookServer crm, ITestOutputHelper output) : IClassFixture<WebhookServer>
{
    private const int Records = 200;
    private const int EventsOfEach = 5;

    [FactWith("node", "npm")]
    public async Task A_thousand_events_are_taken_and_verified_each_at_least_once_under_one_id_and_in_the_order_of_its_record()
    {
        using var process = await Node.Serve("node", ["receiver.mjs"]);
        try
        {
            using var receiver = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{await process.StandardOutput.ReadLineAsync().Soon()}") };
            using var admin = await crm.Tenant("standard");
            var made = (await admin.Write("webhooks", new { url = receiver.BaseAddress, events = new[] { "lead" } })).Ok();
            await receiver.PostAsync("/secret", new StringContent(made["secret"]!));
            var leads = new List<Guid>();
            for (var i = 0; i < Records; i++)
            {
                leads.Add(await admin.Lead());
            }

            await Note(admin, leads, notes: 2);
            // The receiver learns of the new secret a little later, as receivers do.
            var rotated = (await admin.Write($"webhooks/{made.Id}/secret-rotation", new { })).Ok();
            await Patience.Until("something came after the rotation", async () => (await Report(receiver)).GetProperty("taken").GetInt32() > 300);
            await receiver.PostAsync("/secret", new StringContent(rotated["secret"]!));
            var before = (await Report(receiver)).GetProperty("taken").GetInt32();

            var key = admin.DefaultRequestHeaders.Authorization!.Parameter;
            await crm.Restart();
            using var again = crm.With(key);
            await Note(again, leads, notes: 2);

            var report = await Report(receiver);
            await Patience.Until("all is taken", async () => (report = await Report(receiver)).GetProperty("taken").GetInt32() >= Records * EventsOfEach, TimeSpan.FromMinutes(2));
            output.WriteLine($"{before} taken before the restart; {report.GetProperty("requests")} requests, {report.GetProperty("verified")} verified, {report.GetProperty("refused")} refused, {report.GetProperty("taken")} taken");
            report.GetProperty("failed").EnumerateArray().Select(f => f.GetString()).ShouldBeEmpty();
            (report.GetProperty("eventsWithManyIds").GetInt32(), report.GetProperty("disordered").GetInt32(), report.GetProperty("taken").GetInt32()).ShouldBe((0, 0, Records * EventsOfEach));
            report.GetProperty("events").EnumerateArray().Select(e => e.GetString()).Order()
                .ShouldBe(leads.SelectMany(lead => Enumerable.Range(1, EventsOfEach).Select(version => $"{lead} {version}")).Order());
            report.GetProperty("refused").GetInt32().ShouldBeGreaterThan(50);
        }
        finally
        {
            process.Kill();
        }
    }

    private static async Task Note(HttpClient http, IReadOnlyList<Guid> leads, int notes)
    {
        for (var n = 0; n < notes; n++)
        {
            foreach (var lead in leads)
            {
                (await http.Write($"leads/{lead}/notes", new { text = "called" })).Ok();
            }
        }
    }

    private static async Task<JsonElement> Report(HttpClient receiver) => JsonDocument.Parse(await receiver.GetStringAsync("/report")).RootElement;
}
