using System.Text.Json;
using Crm.Api.Tests.Journeys;

namespace Crm.Api.Tests.Conversion;

/// <summary>The funnel of the customer's document: 1000 → 200 → 80 → 40 → 24.</summary>
public sealed class FunnelTests(CrmServer crm) : IClassFixture<CrmServer>
{
    private static readonly DateTimeOffset Start = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);
    private static readonly string[] Stages = ["Prospecting", "Engaging", "Proposal", "Negotiation"];
    private static readonly int[] Entered = [1000, 200, 80, 40, 24];
    private static readonly int[] Stays = [3, 7, 10, 15];
    private static readonly string[][] Reasons =
    [
        ["电话未接通", "无需求"], ["预算不符", "非决策人"], ["竞品价格优势", "方案不匹配"], ["决策流程长", "合同条款异议"]
    ];

    [Fact]
    public async Task It_comes_out_exactly()
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, Entered[0]), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, _) => await Play(i));
        var last = (await crm.Http.Open(new { name = "Later", occurredAt = Start.AddDays(100).Text() })).Position;

        var cohort = (await crm.Http.Read($"conversion?to={Start.AddDays(90).Text()}", ("Crm-Min-Position", last))).Ok().Body;
        var flow = (await crm.Http.Read($"conversion?mode=flow&to={Start.AddDays(90).Text()}", ("Crm-Min-Position", last))).Ok().Body;

        Lines(cohort).ShouldBe(
        [
            "Prospecting: 1000 entered, 200 on, 800 lost, 0.2; stay 3 3 3; won 24 0.024; 无需求 400, 电话未接通 400",
            "Engaging: 200 entered, 80 on, 120 lost, 0.4; stay 7 7 7; won 24 0.12; 非决策人 60, 预算不符 60",
            "Proposal: 80 entered, 40 on, 40 lost, 0.5; stay 10 10 10; won 24 0.3; 方案不匹配 20, 竞品价格优势 20",
            "Negotiation: 40 entered, 24 on, 16 lost, 0.6; stay 15 15 15; won 24 0.6; 决策流程长 8, 合同条款异议 8"
        ]);
        Line(cohort.GetProperty("opportunities")).ShouldStartWith("opportunities: 1000 entered, 24 on, 976 lost, 0.024; stay 35 35 35; won 24 0.024;");
        Lines(flow).Select(line => line.Split("; won")[0]).ShouldBe(Lines(cohort).Select(line => line.Split("; won")[0]));
    }

    // Deal i goes as far as the numbers of the document let it.
    private async Task Play(int i)
    {
        var at = Start;
        var deal = (await crm.Http.Open(new { name = $"Deal {i}", occurredAt = at.Text() })).Id;
        for (var stage = 0; stage < Stages.Length; stage++)
        {
            at = at.AddDays(Stays[stage]);
            if (i >= Entered[stage + 1])
            {
                (await crm.Http.Write($"opportunities/{deal}/loss", new { reason = Reasons[stage][i % 2], occurredAt = at.Text() })).Ok();
                return;
            }

            var next = stage < Stages.Length - 1
                ? await crm.Http.Write($"opportunities/{deal}/stage", new { stage = Stages[stage + 1], occurredAt = at.Text() })
                : await crm.Http.Write($"opportunities/{deal}/win", new { occurredAt = at.Text() });
            next.Ok();
        }
    }

    private static IReadOnlyList<string> Lines(JsonElement answer) => [.. answer.GetProperty("stages").EnumerateArray().Select(Line)];

    private static string Line(JsonElement s) =>
        $"{s.GetProperty("name").GetString()}: {s.GetProperty("entered")} entered, {s.GetProperty("converted")} on, {s.GetProperty("lost")} lost, {s.GetProperty("rate")}; "
        + $"stay {s.GetProperty("stay").GetProperty("mean")} {s.GetProperty("stay").GetProperty("median")} {s.GetProperty("stay").GetProperty("p90")}; "
        + $"won {s.GetProperty("won")} {s.GetProperty("winRate")}; "
        + string.Join(", ", s.GetProperty("losses").EnumerateArray().Select(l => $"{l.GetProperty("reason").GetString()} {l.GetProperty("count")}"));
}
