using System.Text.Json;
using Crm.Api.Tests.Journeys;
using Crm.Domain.Scoring;
using Crm.Domain.Scoring.Leads;
using Crm.Domain.Scoring.Training;

namespace Crm.Api.Tests.Scoring;

/// <summary>What tests of scores over HTTP do: have leads, of which some convert, train on them, and look.</summary>
internal static class ScoringSteps
{
    public static readonly DateTimeOffset Begin = new(2026, 1, 5, 8, 0, 0, TimeSpan.Zero);

    /// <summary>
    /// Leads of which those of a fair convert mostly, and large ones more than small ones; whose industry sales wrote down once they were
    /// sold to, and whose product somebody corrected the day after.
    /// </summary>
    public static async Task Sell(HttpClient http, int leads, int seed = 7)
    {
        var chance = new Random(seed);
        List<(string Source, int Size, double Draw)> drawn = [.. Enumerable.Range(0, leads)
            .Select(_ => (chance.NextDouble() < 0.4 ? "fair" : "web", 5 + chance.Next(900), chance.NextDouble()))];
        await Parallel.ForEachAsync(drawn.Index(), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (one, _) =>
        {
            var (i, lead) = one;
            var (at, converts) = (Begin.AddHours(i), lead.Draw < (lead.Source == "fair" ? 0.65 : 0.1) + lead.Size / 4000d);
            var region = i % 3 == 0 ? "East" : "West";
            var said = new { source = lead.Source, employees = lead.Size, region, product = "lathe", occurredAt = at };
            var id = (await http.Write("leads", said)).Ok().Id;
            (await http.Patch($"leads/{id}", new { product = i % 2 == 0 ? "mill" : "saw", occurredAt = at.AddDays(1) })).Ok();
            if (converts)
            {
                var (amount, customerName) = (Talk.Money(1m), $"customer {seed} {i}");
                var deal = new { opportunityName = "x", amount, customerName, occurredAt = at.AddDays(3) };
                (await http.Write($"leads/{id}/qualification", deal)).Ok();
                var industry = i % 2 == 0 ? "machinery" : "chemistry";
                (await http.Patch($"leads/{id}", new { industry, occurredAt = at.AddDays(4) })).Ok();
            }
            else
            {
                (await http.Write($"leads/{id}/disqualification", new { reason = "no need", occurredAt = at.AddDays(2) })).Ok();
            }
        });
    }

    /// <summary>Trains, and gives what came of it.</summary>
    public static async Task<JsonElement> Train(HttpClient http, object? request = null)
    {
        var asked = await http.Write("scoring/trainings", request ?? new { });
        asked.Status.ShouldBe(202, asked.Text);
        var ended = await Ended(http, asked.Location!["/api/v1/".Length..]);
        ended.GetProperty("state").GetString().ShouldBe("succeeded", ended.ToString());
        return ended.GetProperty("result");
    }

    /// <summary>Trains, and puts the model into use.</summary>
    public static async Task Use(HttpClient http, object? request = null) =>
        (await http.Write($"scoring/models/{(await Train(http, request)).GetProperty("modelId")}/activation", new { })).Ok();

    public static async Task<JsonElement> Score(HttpClient http, Guid lead, string asked = "") =>
        (await http.Read($"leads/{lead}/score{asked}")).Ok().Body;

    public static async Task<IReadOnlyList<JsonElement>> Models(HttpClient http) =>
        [.. (await http.Read("scoring/models")).Ok().Body.GetProperty("items").EnumerateArray()];

    /// <summary>A member of each of a list.</summary>
    public static IEnumerable<string> Each(JsonElement part, string list, string? member = null) =>
        part.GetProperty(list).EnumerateArray().Select(item => member is null ? $"{item}" : $"{item.GetProperty(member)}");

    public static async Task<JsonElement> Ended(HttpClient http, string training)
    {
        Reply found = null!;
        await Support.Patience.Until("the training has ended", async () =>
            (found = (await http.Read(training)).Ok())["endedAt"] is not null, TimeSpan.FromMinutes(5));
        return found.Body;
    }

    /// <summary>A small model as if it had been trained.</summary>
    public static async Task Keep(CrmServer crm, string tenant, Guid id)
    {
        ExampleColumn source = new("source", [.. Enumerable.Range(0, 40).Select(i => i % 3 == 0 ? "fair" : "web")]);
        var trained = ScoreTraining.Train(new([source], [.. Enumerable.Range(0, 40).Select(i => i % 4 == 0)]), new());
        var command = new KeepScoreModel(new(
            trained.Model, trained.Card, ScoreOutcome.Qualified, Begin, KnownAt: 1, MaturityDays: 90, HoursAfterCapture: 0, LeftAside: 0));
        var call = new Call(new Caller(tenant, "trainer"), OccurredAt: null, IfMatch: null, Key: null, RequestId: null, Source: "api");
        await crm.Engine.Commands.Send(ScoreModelDecider.Instance, id, command, call, default);
    }
}
