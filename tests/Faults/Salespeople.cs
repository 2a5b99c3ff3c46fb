using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;

namespace Crm.Api.Tests.Faults;

/// <summary>A write as a client keeps it until it is answered, and after.</summary>
internal sealed record Request(string Key, string Kind, string Path, object Body)
{
    public int Status { get; set; }

    public string Answer { get; set; } = "";

    /// <summary>Sent before without an answer.</summary>
    public bool Repeated { get; set; }

    public Guid Id => JsonDocument.Parse(Answer).RootElement.GetProperty("id").GetGuid();

    public long Version => JsonDocument.Parse(Answer).RootElement.GetProperty("version").GetInt64();

    public long Position => JsonDocument.Parse(Answer).RootElement.GetProperty("position").GetInt64();
}

/// <summary>Clients who capture, touch, open and move, and who repeat what was not answered under the same key.</summary>
internal sealed class Salespeople(int port, int seed) : IDisposable
{
    private const int Count = 40;
    private static readonly string[] Stages = ["Prospecting", "Engaging", "Proposal", "Negotiation"];

    private readonly HttpClient http = new() { BaseAddress = new Uri($"http://127.0.0.1:{port}/api/v1/"), Timeout = TimeSpan.FromSeconds(30) };
    private volatile TaskCompletionSource door = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int inFlight;

    public ConcurrentQueue<Request> Answered { get; } = [];

    public int InFlight => Volatile.Read(ref inFlight);

    /// <summary>The program serves.</summary>
    public void Open() => door.TrySetResult();

    /// <summary>The program is gone: wait with repeats until it serves again.</summary>
    public void Close() => door = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Works until told that it is enough; what was begun is seen to its end.</summary>
    public Task Work(CancellationToken enough) => Task.WhenAll(Enumerable.Range(0, Count).Select(n => Task.Run(() => Work(n, enough), CancellationToken.None)));

    /// <summary>Sends an answered request once more.</summary>
    public async Task<(int Status, string Answer)> Again(Request request)
    {
        using var message = Message(request);
        using var response = await http.SendAsync(message);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public void Dispose() => http.Dispose();

    private async Task Work(int number, CancellationToken enough)
    {
        var random = new Random(seed * 1000 + number);
        var leads = new List<Guid>();
        var deals = new List<(Guid Id, string Stage)>();
        for (var i = 0; !enough.IsCancellationRequested; i++)
        {
            var key = $"{seed}.{number}.{i}";
            switch (random.Next(10))
            {
                case < 3 when leads.Count > 0:
                    object touch = random.Next(3) == 0
                        ? new { kind = "call", direction = "outbound", occurredAt = DateTimeOffset.UtcNow.AddHours(-random.Next(1, 99)) }
                        : new { kind = "mail", direction = "inbound" };
                    await Persist(new Request(key, "lead_touched", $"leads/{leads[random.Next(leads.Count)]}/touches", touch));
                    break;
                case < 6 when deals.Count > 0:
                    var place = random.Next(deals.Count);
                    var (deal, was) = deals[place];
                    var stage = Stages.Where(s => s != was).ElementAt(random.Next(Stages.Length - 1));
                    await Persist(new Request(key, "opportunity_stage_entered", $"opportunities/{deal}/stage", new { stage }));
                    deals[place] = (deal, stage);
                    break;
                case < 8:
                    leads.Add((await Persist(new Request(key, "lead_captured", "leads", new { source = "web", company = key }))).Id);
                    break;
                default:
                    var amount = new { amount = $"{random.Next(100, 99_999)}.50", currency = "USD" };
                    deals.Add(((await Persist(new Request(key, "opportunity_opened", "opportunities", new { name = key, amount }))).Id, Stages[0]));
                    break;
            }
        }
    }

    private async Task<Request> Persist(Request request)
    {
        while (true)
        {
            await door.Task;
            Interlocked.Increment(ref inFlight);
            try
            {
                using var message = Message(request);
                using var response = await http.SendAsync(message);
                request.Answer = await response.Content.ReadAsStringAsync();
                request.Status = (int)response.StatusCode;
                if (request.Status < 500)
                {
                    request.Status.ShouldBeLessThan(300, request.Answer);
                    Answered.Enqueue(request);
                    return request;
                }
            }
            catch (Exception error) when (error is HttpRequestException or IOException or TaskCanceledException)
            {
                // Whether it was carried out is not known.
            }
            finally
            {
                Interlocked.Decrement(ref inFlight);
            }

            request.Repeated = true;
            await Task.Yield();
        }
    }

    private static HttpRequestMessage Message(Request request) => new(HttpMethod.Post, request.Path)
    {
        Content = JsonContent.Create(request.Body),
        Headers = { { "Idempotency-Key", request.Key } }
    };
}
