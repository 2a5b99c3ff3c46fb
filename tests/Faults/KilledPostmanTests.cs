using System.Net.Http.Headers;
using System.Net.Http.Json;
using Xunit.Abstractions;

namespace Crm.Faults.Tests;

/// <summary>Kill -9 of both programs that serve, in turn, while leads come in and their reps are to hear of it outside: each message comes,
/// and again only where a kill fell.</summary>
public sealed class KilledPostmanTests(ITestOutputHelper output)
{
    private const int Leads = 150;
    private const int Kills = 6;

    [Fact]
    public async Task Each_message_comes_under_one_id_and_again_no_more_often_than_somebody_was_killed()
    {
        await using var outside = new Outside();
        await using var pair = await Pair.Open();
        await Prepare(pair.Ports[0], outside.Url);
        for (var sent = 0; sent < Leads; sent++)
        {
            using var http = Client(pair.Ports[sent % 2], ServedProgram.Key);
            await Said(http.PostAsJsonAsync("leads", new { source = "web" }));
            if (sent % (Leads / Kills) == Leads / Kills - 1)
            {
                await pair.Replace(sent / (Leads / Kills) % 2);
            }
        }

        var took = await Patience.Until("each message came", () => outside.Taken.Distinct().Count() >= Leads);
        await Patience.Until("each is written down", async () =>
            await pair.Count("select count(*) from crm.message where state = 'sent'") == Leads);
        var twice = outside.Taken.Count - outside.Taken.Distinct().Count();
        output.WriteLine(
            $"{Kills} kills; all {Leads} messages came {took.TotalSeconds:0.0} s after the last lead, {twice} of them twice");

        twice.ShouldBeLessThanOrEqualTo(Kills);
        outside.Taken.Distinct().Count().ShouldBe(Leads);
        (await pair.Count("select count(*) from mt_events where type = 'alert_raised'")).ShouldBe(Leads, "in the inbox each is there once");
    }

    private static async Task Prepare(int port, string url)
    {
        using var http = Client(port, ServedProgram.Key);
        await Said(http.PostAsJsonAsync("members", new { id = "ann", role = "rep" }));
        var channel = await Id(http.PostAsJsonAsync("channels",
            new { kind = "webhook", name = "outside", url, secret = "secret-of-the-tests", perMinute = 6000 }));
        using var ann = Client(port, await Member(http.PostAsJsonAsync("api-keys", new { name = "ann", member = "ann" }), "key"));
        await Said(ann.PutAsJsonAsync("alerts/preferences", new { routes = new[] { new { channel } } }));
        await Said(http.PutAsJsonAsync("playbook/draft", new
        {
            name = "Killed",
            reps = new[] { new { rep = "ann" } },
            assignment = new { rules = new[] { new { key = "ann", name = "To Ann" } } }
        }));
        await Said(http.PostAsJsonAsync("playbook/publication", new { }));
    }

    private static Task<string> Id(Task<HttpResponseMessage> request) => Member(request, "id");

    private static async Task<string> Member(Task<HttpResponseMessage> request, string name)
    {
        using var response = await request;
        return (await response.Content.ReadFromJsonAsync<Dictionary<string, object>>())![name].ToString()!;
    }

    private static async Task Said(Task<HttpResponseMessage> request)
    {
        using var response = await request;
        response.IsSuccessStatusCode.ShouldBeTrue(await response.Content.ReadAsStringAsync());
    }

    private static HttpClient Client(int port, string key)
    {
        var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/api/v1/") };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client;
    }
}
