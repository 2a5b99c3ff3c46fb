using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Xunit.Abstractions;

namespace Crm.Faults.Tests;

/// <summary>Two programs move the same deals, while what gates ask for comes and goes: whatever was written, in the order in which it was,
/// no deal went through a gate for which something was missing just then.</summary>
public sealed class TwoNodeGatesTests(ITestOutputHelper output)
{
    private const int Seed = 20_261_123;
    private const int Deals = 4;
    private const int Workers = 8;
    private const int Commands = 75;

    private static readonly string[] Stages = ["Need", "Trial", "Quote"];
    private static readonly string[] Members = ["product", "competitor", "source"];

    private readonly ConcurrentDictionary<string, int> came = new();

    [Fact]
    public async Task No_deal_goes_through_a_gate_for_which_something_is_missing_whichever_program_is_asked()
    {
        await using var pair = await Pair.Open();
        using var first = Client(pair.Ports[0]);
        using var second = Client(pair.Ports[1]);
        HttpClient[] nodes = [first, second];
        await Publish(first);
        var deals = new List<Guid>();
        for (var i = 0; i < Deals; i++)
        {
            deals.Add(await Open(second, $"deal {i}"));
        }

        await Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => Work(nodes[worker % 2], deals, new Random(Seed + worker))));
        output.WriteLine($"seed {Seed}: {string.Join(", ", came.OrderBy(one => one.Key).Select(one => $"{one.Value} {one.Key}"))}");

        came.Keys.Select(one => one.Split(' ')[^1]).Distinct().ShouldBeSubsetOf(["200", "409", "422"]);
        came.Keys.ShouldContain("stage 422");
        came.Keys.ShouldContain("stage 200");
        came.Keys.ShouldContain("win 200");
        foreach (var deal in deals)
        {
            var plain = new PlainGates();
            foreach (var fact in (await Read(first, $"opportunities/{deal}/events")).GetProperty("items").EnumerateArray())
            {
                plain.Heard(fact.GetProperty("type").GetString()!, fact.GetProperty("data")).ShouldBeEmpty($"deal {deal}: {fact}");
            }

            foreach (var node in nodes)
            {
                var shown = await Read(node, $"opportunities/{deal}");
                (shown.GetProperty("stage").GetString(), shown.GetProperty("status").GetString()).ShouldBe((plain.Stage, plain.Status));
            }
        }
    }

    [Fact]
    public void The_reference_forbids_what_it_is_there_to_forbid()
    {
        var plain = new PlainGates();
        plain.Heard("opportunity_opened", Json("""{"stage": "Need"}""")).ShouldBeEmpty();
        plain.Heard("opportunity_stage_entered", Json("""{"stage": "Trial"}""")).ShouldBe(["product"]);
        plain.Heard("opportunity_won", Json("{}")).ShouldBe(["meeting", "competitor", "source"]);
        plain.Heard("opportunity_stage_entered", Json("""{"stage": "Need"}""")).ShouldBe(["open"]);

        static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
    }

    private async Task Work(HttpClient http, IReadOnlyList<Guid> deals, Random dice)
    {
        for (var i = 0; i < Commands; i++)
        {
            var deal = deals[dice.Next(deals.Count)];
            var (what, path, body) = dice.Next(10) switch
            {
                < 3 => ("stage", "/stage", (object)new { stage = Stages[dice.Next(Stages.Length)] }),
                3 or 4 => ("touch", "/touches",
                    new { kind = "meeting", direction = "outbound", outcome = dice.Next(3) > 0 ? "agreed" : "refused" }),
                < 8 => ("member", "", new Dictionary<string, string?>
                {
                    [Members[dice.Next(Members.Length)]] = dice.Next(3) > 0 ? $"known {dice.Next(3)}" : null
                }),
                8 => ("win", "/win", new { }),
                _ => ("reopening", "/reopening", new { })
            };
            using var request = new HttpRequestMessage(what == "member" ? HttpMethod.Patch : HttpMethod.Post, $"opportunities/{deal}{path}")
            {
                Content = JsonContent.Create(
                    body, body.GetType(), new MediaTypeHeaderValue(what == "member" ? "application/merge-patch+json" : "application/json"))
            };
            using var response = await http.SendAsync(request);
            came.AddOrUpdate($"{what} {(int)response.StatusCode}", 1, (_, times) => times + 1);
        }
    }

    private static async Task Publish(HttpClient http)
    {
        object Field(string field) => new { key = field, name = field, field };
        object meeting = new { key = "meeting", name = "Meeting", touch = new { kind = "meeting", outcome = "agreed" }, inStage = true };
        await Said(http.PutAsJsonAsync("playbook/draft", new
        {
            name = "Gates",
            pipelines = new[]
            {
                new
                {
                    key = "sales", name = "Sales",
                    stages = new object[]
                    {
                        new { name = "Need", exit = new[] { Field("product") } },
                        new { name = "Trial", exit = new[] { meeting } },
                        new { name = "Quote", entry = new[] { Field("competitor") } }
                    },
                    win = new[] { Field("source") }
                }
            }
        }));
        await Said(http.PostAsJsonAsync("playbook/publication", new { }));
    }

    private static async Task<Guid> Open(HttpClient http, string name)
    {
        var amount = new { amount = "1.00", currency = "CNY" };
        return (await Said(http.PostAsJsonAsync("opportunities", new { name, pipeline = "sales", amount }))).GetProperty("id").GetGuid();
    }

    private static Task<JsonElement> Read(HttpClient http, string path) => Said(http.GetAsync(path));

    private static async Task<JsonElement> Said(Task<HttpResponseMessage> request)
    {
        using var response = await request;
        var text = await response.Content.ReadAsStringAsync();
        response.IsSuccessStatusCode.ShouldBeTrue(text);
        return JsonDocument.Parse(text).RootElement;
    }

    private static HttpClient Client(int port) => new()
    {
        BaseAddress = new Uri($"http://127.0.0.1:{port}/api/v1/"),
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", ServedProgram.Key) }
    };
}
