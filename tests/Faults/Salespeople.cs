using System.Collections.Concurrent;
using System.Text.Json;

namespace Crm.Faults.Tests;

/// <summary>
/// Clients who capture, touch, open, move and look, and who repeat what was not answered under the same key, at the next of the programs that serve.
/// </summary>
internal sealed class Salespeople(IReadOnlyList<int> ports, int seed) : IDisposable
{
    private const int Count = 40;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(90);
    private static readonly string[] Stages = ["Prospecting", "Engaging", "Proposal", "Negotiation"];

    private readonly HttpClient http = new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(5) })
    {
        Timeout = TimeSpan.FromSeconds(10),
        DefaultRequestHeaders = { Authorization = new("Bearer", ServedProgram.Key) }
    };
    private readonly CancellationTokenSource enough = new();
    private readonly ConcurrentBag<Guid> shared = [];
    private volatile TaskCompletionSource gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task work = Task.CompletedTask;
    private int inFlight;
    private int busy;
    private int unknown;

    public ConcurrentQueue<Request> Answered { get; } = [];

    public ConcurrentQueue<Reading> Readings { get; } = [];

    /// <summary>Whether they work without a pause; otherwise they leave room for programs that start.</summary>
    public volatile bool Rush;

    /// <summary>Requests that were sent and are not answered yet.</summary>
    public int InFlight => Volatile.Read(ref inFlight);

    /// <summary>How often a request ended without an answer.</summary>
    public int Unknown => Volatile.Read(ref unknown);

    public void Begin()
    {
        Resume();
        work = Task.WhenAll(Enumerable.Range(0, Count).Select(n => Task.Run(() => Work(n))));
    }

    public void Resume() => gate.TrySetResult();

    /// <summary>Begins nothing new, and sees to its end what was begun.</summary>
    public async Task Pause()
    {
        gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await Until("everything that was asked is answered", () => Volatile.Read(ref busy) == 0);
    }

    /// <summary>Waits until something is so; ends at once when a client gives up.</summary>
    public Task<TimeSpan> Until(string claim, Func<Task<bool>> isSo, TimeSpan? within = null) => Patience.Until(claim, async () =>
    {
        if (work.IsFaulted)
        {
            await work;
        }

        return await isSo();
    }, within ?? Longest);

    /// <inheritdoc cref="Until(string, Func{Task{bool}}, TimeSpan?)"/>
    public Task<TimeSpan> Until(string claim, Func<bool> isSo, TimeSpan? within = null) => Until(claim, () => Task.FromResult(isSo()), within);

    /// <summary>Captures a lead for a test, by one of the programs.</summary>
    public Task<Request> Capture(string company, int node = 0) =>
        Persist(node, new Request(company.Replace(' ', '.'), "lead_captured", "leads", new { source = "web", company }));

    /// <summary>Touches a lead that must be at a version; keeps the answer where it was.</summary>
    /// <returns>The status.</returns>
    public async Task<int> TouchIfMatch(Guid lead, long version)
    {
        var request = new Request($"if-match {Guid.NewGuid()}".Replace(' ', '.'), "lead_touched", $"leads/{lead}/touches", new { kind = "mail", direction = "inbound" });
        using var message = request.Message(ports[0]);
        message.Headers.Add("If-Match", $"\"{version}\"");
        using var response = await http.SendAsync(message);
        (request.Status, request.Answer) = ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
        if (request.Status == 200)
        {
            Answered.Enqueue(request);
        }

        return request.Status;
    }

    /// <summary>Sends an answered request once more.</summary>
    public async Task<(int Status, string Answer)> Again(Request request)
    {
        using var message = request.Message(ports[0]);
        using var response = await http.SendAsync(message);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>What a program answers to a question; null while it does not.</summary>
    public async Task<(int Status, JsonElement Answer)?> Ask(string path, int node = 0)
    {
        try
        {
            using var response = await http.GetAsync($"http://127.0.0.1:{ports[node]}/{path}");
            return ((int)response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement);
        }
        catch (Exception error) when (error is HttpRequestException or IOException or TaskCanceledException)
        {
            return null;
        }
    }

    /// <summary>The position of the newest write, as a program hands it out.</summary>
    public async Task<string> Token()
    {
        using var response = await http.SendAsync(Answered.Last().Message(ports[0]));
        return response.Headers.GetValues("Crm-Position").Single();
    }

    /// <summary>The status of a reading that must have come to a position.</summary>
    public async Task<int> Status(string path, string token)
    {
        using var message = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{ports[0]}/{path}") { Headers = { { "Crm-Min-Position", token } } };
        using var response = await http.SendAsync(message);
        return (int)response.StatusCode;
    }

    public void Dispose()
    {
        enough.Cancel();
        gate.TrySetResult();
        http.Dispose();
    }

    private async Task Work(int number)
    {
        var random = new Random((seed * 1000) + number);
        var leads = new List<(Guid Id, int Touches)>();
        var deals = new List<(Guid Id, string Stage)>();
        for (var i = 0; ;)
        {
            await gate.Task;
            if (enough.IsCancellationRequested)
            {
                return;
            }

            Interlocked.Increment(ref busy);
            try
            {
                // Who came through the gate just before it was shut turns round.
                if (gate.Task.IsCompleted)
                {
                    await One(number, $"{seed}.{number}.{i++}", random, leads, deals);
                }
            }
            finally
            {
                Interlocked.Decrement(ref busy);
            }

            if (!Rush)
            {
                await Task.Delay(random.Next(20, 80));
            }
        }
    }

    private async Task One(int number, string key, Random random, List<(Guid Id, int Touches)> leads, List<(Guid Id, string Stage)> deals)
    {
        switch (random.Next(11))
        {
            case < 2 when leads.Count > 0:
                var own = random.Next(leads.Count);
                await Persist(number, Touch(leads[own].Id, key, random));
                leads[own] = (leads[own].Id, leads[own].Touches + 1);
                break;
            case < 4 when shared.TryPeek(out var common):
                await Persist(number, Touch(common, key, random));
                break;
            case < 6 when deals.Count > 0:
                var place = random.Next(deals.Count);
                var (deal, was) = deals[place];
                var stage = Stages.Where(s => s != was).ElementAt(random.Next(Stages.Length - 1));
                await Persist(number, new Request(key, "opportunity_stage_entered", $"opportunities/{deal}/stage", new { stage }));
                deals[place] = (deal, stage);
                break;
            case < 8:
                leads.Add(((await Persist(number, new Request(key, "lead_captured", "leads", new { source = "web", company = key }))).Id, 0));
                shared.Add(leads[^1].Id);
                break;
            case < 9 when leads.Count > 0:
                var (lead, touches) = leads[random.Next(leads.Count)];
                if (await Ask($"api/v1/leads/{lead}", number % ports.Count) is (200, var seen))
                {
                    Readings.Enqueue(new Reading(lead, seen.GetProperty("touches").GetInt64() - 1, touches));
                }

                break;
            default:
                var amount = new { amount = $"{random.Next(100, 99_999)}.50", currency = "USD" };
                deals.Add(((await Persist(number, new Request(key, "opportunity_opened", "opportunities", new { name = key, amount }))).Id, Stages[0]));
                break;
        }
    }

    private static Request Touch(Guid lead, string key, Random random)
    {
        object touch = random.Next(3) == 0
            ? new { kind = "call", direction = "outbound", occurredAt = DateTimeOffset.UtcNow.AddHours(-random.Next(1, 99)) }
            : new { kind = "mail", direction = "inbound" };
        return new Request(key, "lead_touched", $"leads/{lead}/touches", touch);
    }

    private async Task<Request> Persist(int number, Request request)
    {
        for (var attempt = 0; ; attempt++)
        {
            Interlocked.Increment(ref inFlight);
            try
            {
                using var message = request.Message(ports[(number + attempt) % ports.Count]);
                using var response = await http.SendAsync(message, enough.Token);
                request.Answer = await response.Content.ReadAsStringAsync();
                request.Status = (int)response.StatusCode;
                request.Replayed = response.Headers.Contains("Idempotency-Replayed");
                if (request.Status < 500)
                {
                    request.Status.ShouldBeLessThan(300, request.Answer);
                    Answered.Enqueue(request);
                    return request;
                }
            }
            catch (Exception error) when (error is HttpRequestException or IOException or TaskCanceledException && !enough.IsCancellationRequested)
            {
                // Whether it was carried out is not known.
            }
            finally
            {
                Interlocked.Decrement(ref inFlight);
            }

            Interlocked.Increment(ref unknown);
            request.Repeated = true;
            await Task.Delay(50 + number, enough.Token);
        }
    }
}
