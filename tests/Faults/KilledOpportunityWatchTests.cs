using System.Net.Http.Headers;
using System.Net.Http.Json;
using Xunit.Abstractions;

namespace Crm.Faults.Tests;

/// <summary>Kill -9 of the program that looks after opportunities, of two that serve, while they come to stages and fall due: each is
/// marked,
/// told of and acted on, and once.</summary>
public sealed class KilledOpportunityWatchTests(ITestOutputHelper output)
{
    private const int Deals = 90;
    private const int Kills = 4;
    private const string Marked = "select count(*) from mt_events where type = 'opportunity_marked'";

    [Fact]
    public async Task Opportunities_are_acted_on_and_marked_once_each_whoever_is_killed()
    {
        await using var pair = await Pair.Open();
        await Prepare(pair.Ports[0]);
        var killed = 0;
        for (var sent = 1; sent <= Deals; sent++)
        {
            await Open(pair.Ports[sent % 2], $"deal-{sent}");
            if (sent % (Deals / Kills) == 0)
            {
                await pair.Replace(killed++ % 2);
            }
        }

        await Patience.Until("each was acted on twice", async () => await pair.Count(
            "select count(*) from mt_events where type = 'opportunity_entry_acted'") == 2 * Deals);
        await Patience.Until("each is waited for", async () => await pair.Count("select count(*) from crm.opportunity_due") == Deals);

        // Eight days later all of them are due, and whoever acts is killed on the way.
        await pair.Run("""
            create or replace function crm.clock() returns timestamptz language sql volatile as
            'select clock_timestamp() + interval ''8 days'''
            """);
        await pair.Replace(killed++ % 2);
        await Patience.Until("some are marked", async () => await pair.Count(Marked) > 0);
        await pair.Replace(killed++ % 2);
        var took = await Patience.Until("each is marked", async () => await pair.Count(Marked) >= Deals);
        output.WriteLine($"{killed} kills; all {Deals} marked, {took.TotalSeconds:0.0} s after the last");

        (await pair.Count("""
            select count(*) from (
                select stream_id from mt_events where type = 'opportunity_marked' group by 1 having count(*) <> 1) x
            """)).ShouldBe(0);
        (await pair.Count("""
            select count(*) from (
                select stream_id, data ->> 'action' from mt_events where type = 'opportunity_entry_acted'
                group by 1, 2 having count(*) <> 1) x
            """)).ShouldBe(0);
        (await pair.Count("select count(*) from mt_events where type = 'task_opened'"))
            .ShouldBe(2 * Deals, "one by the stage, one by the limit");
        (await pair.Count("select count(*) from mt_events where type = 'alert_raised' and data ->> 'kind' = 'opportunity-over-limit'"))
            .ShouldBe(Deals);
        (await pair.Count("""
            select count(*) from (
                select seq_id, (data ->> 'due')::timestamptz < lag((data ->> 'due')::timestamptz) over (order by seq_id) as falls
                from mt_events where type = 'opportunity_marked') e
            where falls
            """)).ShouldBe(0, "in the order in which they were due");
    }

    private static async Task Prepare(int port)
    {
        using var http = Client(port);
        await Said(http.PostAsJsonAsync("members", new { id = "li", role = "rep" }));
        await Said(http.PutAsJsonAsync("playbook/draft", new
        {
            name = "Killed",
            pipelines = new[]
            {
                new
                {
                    key = "sales", name = "Sales", stages = new[]
                    {
                        new
                        {
                            name = "Quote",
                            limits = new[] { new { key = "pending", name = "Pending", after = new { days = 7 }, alert = new[] { "owner" },
                                task = new { title = "Call", due = new { days = 1 } } } },
                            onEntry = new object[]
                            {
                                new { key = "send", name = "Send", task = new { title = "Send the quote", due = new { days = 1 } } },
                                new { key = "tell", name = "Tell", webhook = new { topic = "quoted" } }
                            }
                        }
                    }
                }
            }
        }));
        await Said(http.PostAsJsonAsync("playbook/publication", new { }));
    }

    // Sent again under its key until it is answered, as a client does.
    private static async Task Open(int port, string key)
    {
        using var http = Client(port);
        await Patience.Until("it is opened", async () =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "opportunities")
            {
                Content = JsonContent.Create(new
                {
                    name = key, pipeline = "sales", rep = "li",
                    amount = new { amount = "1.00", currency = "CNY" }
                })
            };
            request.Headers.Add("Idempotency-Key", key);
            try
            {
                using var response = await http.SendAsync(request);
                return (int)response.StatusCode is 200 or 201;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        });
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
