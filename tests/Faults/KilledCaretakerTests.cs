using System.Net.Http.Headers;
using System.Net.Http.Json;
using Xunit.Abstractions;

namespace Crm.Faults.Tests;

/// <summary>Kill -9 of the program that looks after leads, of two that serve, again and again, while leads come in and deadlines fall due: each thing is done, and done once.</summary>
public sealed class KilledCaretakerTests(ITestOutputHelper output)
{
    private const int Reps = 4;
    private const int Leads = 120;
    private const int Kills = 6;

    [Fact]
    public async Task Leads_are_given_told_of_taken_back_and_given_again_once_each_whoever_is_killed()
    {
        await using var pair = await Pair.Open();
        await Prepare(pair.Ports[0]);
        var (sent, killed) = (0, 0);
        while (sent < Leads)
        {
            await Capture(pair.Ports[sent % 2], $"lead-{sent}");
            sent++;
            if (sent % (Leads / Kills) == 0)
            {
                await pair.Replace(killed++ % 2);
            }
        }

        await Patience.Until("each lead is somebody's", async () => await pair.Count("select count(*) from mt_events where type = 'lead_assigned'") == Leads);

        // A day later all of them are due, and whoever acts is killed on the way.
        await pair.Run("create or replace function crm.clock() returns timestamptz language sql volatile as 'select clock_timestamp() + interval ''25 hours'''");
        for (var n = 0; n < 2; n++)
        {
            await Patience.Until("some are taken back", async () => await pair.Count("select count(*) from mt_events where type = 'lead_returned'") > n * Leads / 3);
            await pair.Replace(killed++ % 2);
        }

        var took = await Patience.Until("each lead is another's", async () => await pair.Count("select count(*) from mt_events where type = 'lead_assigned'") == 2 * Leads);
        output.WriteLine($"{killed} kills; all {Leads} leads given twice, {took.TotalSeconds:0.0} s after the last");
        (await pair.Count("select count(*) from mt_events where type = 'lead_captured'")).ShouldBe(Leads);
        (await pair.Count("select count(*) from (select stream_id from mt_events where type = 'lead_assigned' group by stream_id having count(*) <> 2) x")).ShouldBe(0);
        (await pair.Count("select count(*) from (select stream_id from mt_events where type in ('lead_response_missed', 'lead_reminded', 'lead_returned') group by stream_id, type having count(*) <> 1) x")).ShouldBe(0);
        (await pair.Count("select count(*) from (select stream_id from mt_events where type = 'lead_assigned' group by stream_id having count(distinct data ->> 'rep') <> 2) x")).ShouldBe(0, "nobody gets a lead twice");
        (await pair.Count($"select count(*) from (select data ->> 'rep' from (select *, row_number() over (partition by stream_id order by version) as turn from mt_events where type = 'lead_assigned') e where turn = 1 group by 1 having count(*) <> {Leads / Reps}) x"))
            .ShouldBe(0, "they go round evenly, whoever was killed");
        (await pair.Count("select count(*) from mt_events where type = 'task_opened'")).ShouldBe(2 * Leads, "a task with each");
        (await pair.Count("select count(*) from (select stream_id from mt_events where type = 'task_cancelled' group by stream_id having count(*) <> 1) x")).ShouldBe(0);
        await Patience.Until("tasks of those who have it no more are cancelled", async () => await pair.Count("select count(*) from mt_events where type = 'task_cancelled'") == Leads);
        (await pair.Count("select count(*) from mt_events where type = 'alert_raised' and data ->> 'kind' = 'lead-given'")).ShouldBe(2 * Leads);
        (await pair.Count("select count(*) from mt_events where type = 'alert_raised' and data ->> 'kind' = 'lead-missed'")).ShouldBe(Leads);
    }

    private static async Task Prepare(int port)
    {
        using var http = Client(port);
        var reps = Enumerable.Range(0, Reps).Select(n => $"rep-{n}").ToList();
        foreach (var rep in reps)
        {
            await Said(http.PostAsJsonAsync("members", new { id = rep, role = "rep" }));
        }

        await Said(http.PutAsJsonAsync("playbook/draft", new
        {
            name = "Killed",
            calendars = new[] { new { key = "office", zone = "UTC", workdays = new[] { "monday" }, hours = new[] { new { from = "09:00", to = "17:00" } } } },
            reps = reps.Select(rep => new { rep }),
            assignment = new { rules = new[] { new { key = "turn", name = "In turn" } }, firstTask = new { kind = "first-call", title = "Call" } },
            clocks = new { calendar = "office", firstResponse = new { dueMinutes = 1440, remindMinutes = 1200, counting = "elapsed", rounds = 2 } }
        }));
        await Said(http.PostAsJsonAsync("playbook/publication", new { }));
    }

    // Sent again under its key until it is answered, as a client does.
    private static async Task Capture(int port, string key)
    {
        using var http = Client(port);
        await Patience.Until("it is captured", async () =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "leads") { Content = JsonContent.Create(new { source = "web" }) };
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
