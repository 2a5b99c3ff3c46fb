using System.Net.Http.Headers;
using System.Net.Http.Json;
using Xunit.Abstractions;

namespace Crm.Faults.Tests;

/// <summary>Kill -9 of the program that watches figures, of two that serve, in turn, while days go by: each day is asked, and what is bad
/// is told once.</summary>
public sealed class KilledMetricWatchTests(ITestOutputHelper output)
{
    private const int Rules = 8;
    private const int Days = 30;
    private const int Kills = 6;

    [Fact]
    public async Task Each_day_is_asked_and_each_bad_figure_told_of_once_whoever_is_killed()
    {
        await using var pair = await Pair.Open();
        await Prepare(pair.Ports[0]);
        await Patience.Until("figures are watched", async () => await pair.Count("select count(*) from crm.metric_day") == 1);
        var first = await Asked(pair);
        for (var n = 1; n <= Kills; n++)
        {
            await pair.Run($"""
                create or replace function crm.clock() returns timestamptz language sql volatile as
                'select clock_timestamp() + interval ''{n * Days / Kills} days'''
                """);
            await pair.Replace(n % 2);
        }

        var took = await Patience.Until("all days were asked", async () => await Asked(pair) >= first + Days - 1);
        output.WriteLine($"{Kills} kills; {Days} days of {Rules} figures asked {took.TotalSeconds:0.0} s after the last");

        // Nothing was ever won: each figure is bad from the day on which that was so for longer than its rule bears.
        (await pair.Count("select count(*) from mt_events where type = 'metric_alert_raised'")).ShouldBe(Rules);
        (await pair.Count("select count(distinct stream_id) from mt_events where type = 'metric_alert_raised'")).ShouldBe(Rules);
        (await pair.Count("select count(*) from mt_events where type = 'alert_raised'")).ShouldBe(Rules, "an alert with each");
        (await pair.Count("select count(*) from crm.automation_failure")).ShouldBe(0);
    }

    private static Task<long> Asked(Pair pair) => pair.Count("select (max(asked) - date '2000-01-01')::bigint from crm.metric_day");

    private static async Task Prepare(int port)
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/api/v1/") };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ServedProgram.Key);
        await Said(http.PostAsJsonAsync("members", new { id = "ann", role = "manager" }));
        await Said(http.PutAsJsonAsync("playbook/draft", new
        {
            name = "Killed",
            alerts = new
            {
                at = "08:00",
                rules = Enumerable.Range(1, Rules).Select(n =>
                    new { key = $"rule-{n}", name = $"Rule {n}", members = new[] { "ann" }, nothingNew = new { days = 2 * n } })
            }
        }));
        await Said(http.PostAsJsonAsync("playbook/publication", new { }));
    }

    private static async Task Said(Task<HttpResponseMessage> request)
    {
        using var response = await request;
        response.IsSuccessStatusCode.ShouldBeTrue(await response.Content.ReadAsStringAsync());
    }
}
