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
    /// Leads of which those of a fair convert mostly, and large ones more than small ones; whose industry sales wrote down once they were sold to, and whose product
    /// somebody corrected the day after.
    /// </summary>
    public static async Task Leads(HttpClient http, int leads, int seed = 7)
    {
        var chance = new Random(seed);
        var drawn = Enumerable.Range(0, leads).Select(_ => (Source: chance.NextDouble() < 0.4 ? "fair" : "web", Size: 5 + chance.Next(900), Draw: chance.NextDouble())).ToList();
        await Parallel.ForEachAsync(drawn.Index(), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (one, _) =>
        {
            var (i, lead) = one;
            var (at, converts) = (Begin.AddHours(i), lead.Draw < (lead.Source == "fair" ? 0.65 : 0.1) + lead.Size / 4000d);
            var id = (await http.Write("leads", new { source = lead.Source, employees = lead.Size, region = i % 3 == 0 ? "East" : "West", product = "lathe", occurredAt = at })).Ok().Id;
            (await http.Patch($"leads/{id}", new { product = i % 2 == 0 ? "mill" : "saw", occurredAt = at.AddDays(1) })).Ok();
            if (converts)
            {
                (await http.Write($"leads/{id}/qualification", new { opportunityName = "x", amount = Talk.Money(1m), customerName = $"customer {seed} {i}", occurredAt = at.AddDays(3) })).Ok();
                (await http.Patch($"leads/{id}", new { industry = i % 2 == 0 ? "machinery" : "chemistry", occurredAt = at.AddDays(4) })).Ok();
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

    public static async Task<JsonElement> Ended(HttpClient http, string training)
    {
        Reply found = null!;
        await Support.Patience.Until("the training has ended", async () =>
            (found = (await http.Read(training)).Ok()).Body.GetProperty("endedAt").ValueKind != JsonValueKind.Null, TimeSpan.FromSeconds(60));
        return found.Body;
    }

    /// <summary>A small model as if it had been trained.</summary>
    public static async Task Keep(CrmServer crm, string tenant, Guid id)
    {
        var trained = ScoreTraining.Train(new([new("source", [.. Enumerable.Range(0, 40).Select(i => i % 3 == 0 ? "fair" : "web")])], [.. Enumerable.Range(0, 40).Select(i => i % 4 == 0)]), new());
        var fact = new ScoreModelTrained(trained.Model, trained.Card, ScoreOutcome.Qualified, Begin, KnownAt: 1, MaturityDays: 90, HoursAfterCapture: 0, LeftAside: 0);
        var call = new Call(new Caller(tenant, "trainer"), OccurredAt: null, IfMatch: null, Key: null, RequestId: null, Source: "api");
        await crm.Engine.Commands.Send(ScoreModelDecider.Instance, id, new KeepScoreModel(fact), call, default);
    }
}
