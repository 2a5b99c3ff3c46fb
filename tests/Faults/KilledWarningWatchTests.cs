using System.Net.Http.Headers;
using System.Net.Http.Json;
using Xunit.Abstractions;

namespace Crm.Faults.Tests;

/// <summary>Kill -9 of the program that looks for early warnings, of two that serve, while signs begin: each is told of, and once.</summary>
public sealed class KilledWarningWatchTests(ITestOutputHelper output)
{
    private const int Deals = 60;
    private const string Told = "select count(*) from mt_events where type = 'alert_raised' and data ->> 'kind' = 'opportunity-warning'";

    [Fact]
    public async Task Each_sign_is_told_of_once_whoever_is_killed()
    {
        await using var pair = await Pair.Open();
        using var http = Client(pair.Ports[0]);
        await Prepare(http);
        for (var i = 0; i < Deals; i++)
        {
            await Said(http.PostAsJsonAsync("opportunities", new
            {
                name = $"deal-{i}", pipeline = "sales", rep = "li", amount = new { amount = "1.00", currency = "CNY" }
            }));
        }

        await Patience.Until("each is waited for", async () => await pair.Count("select count(*) from crm.warning_due") == Deals);

        // Two days later all of them have been silent for too long, and whoever tells of it is killed on the way.
        await pair.Run("""
            create or replace function crm.clock() returns timestamptz language sql volatile as
            'select clock_timestamp() + interval ''2 days'''
            """);
        await pair.Replace(0);
        await Patience.Until("some are told of", async () => await pair.Count(Told) > 0);
        await pair.Replace(1);
        await pair.Replace(0);
        var took = await Patience.Until("each is told of", async () => await pair.Count(Told) >= Deals);
        output.WriteLine($"3 kills; all {Deals} told of, {took.TotalSeconds:0.0} s after the last");

        await Patience.Until("nothing is due any more", async () => await pair.Count(
            "select count(*) from crm.warning_due where at <= (select crm.clock())") == 0);
        (await pair.Count(Told)).ShouldBe(Deals);
        (await pair.Count("""
            select count(*) from (
                select data -> 'about' ->> 'id' from mt_events
                where type = 'alert_raised' and data ->> 'kind' = 'opportunity-warning' group by 1 having count(*) <> 1) x
            """)).ShouldBe(0);
    }

    private static async Task Prepare(HttpClient http)
    {
        await Said(http.PostAsJsonAsync("members", new { id = "li", role = "rep" }));
        await Said(http.PutAsJsonAsync("playbook/draft", new
        {
            name = "Killed",
            pipelines = new[] { new { key = "sales", name = "Sales", stages = new[] { new { name = "Quote" } } } },
            warnings = new { rules = new[] { new { key = "still", name = "Still", silence = new { after = new { days = 1 } } } } }
        }));
        await Said(http.PostAsJsonAsync("playbook/publication", new { }));
    }

    private static async Task Said(Task<HttpResponseMessage> request)
    {
        using var response = await request;
        response.IsSuccessStatusCode.ShouldBeTrue(await response.Content.ReadAsStringAsync());
    }

    private static HttpClient Client(int port)
    {
        var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/api/v1/") };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ServedProgram.Key);
        return client;
    }
}
