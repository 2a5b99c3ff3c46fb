using System.Text.Json;
using Crm.Api.Tests.Journeys;

namespace Crm.Api.Tests.Conversion;

/// <summary>How many went on, by who came in and by what moved, as of and as known at any moment.</summary>
public sealed class ConversionTests(JudgedServer crm) : IClassFixture<JudgedServer>
{
    private const int Seed = 20_261_122;
    private static readonly string[] Stages = ["Prospecting", "Engaging", "Proposal", "Negotiation"];

    private HttpClient Http => crm.Http;

    [Fact]
    public async Task Any_stage_in_any_time_at_any_moments_is_what_a_plain_count_over_the_events_makes_of_it()
    {
        var random = new Random(Seed);
        var team = new RandomHistory(Http, random);
        await team.Open(12);
        await team.GoOn(110);
        var histories = new Dictionary<Guid, IReadOnlyList<Fact>>();
        foreach (var deal in team.Deals) histories.Add(deal, [.. (await Http.History($"opportunities/{deal}")).Select(Fact.Of)]);
        var all = histories.Values.SelectMany(h => h).ToList();

        for (var i = 0; i < 30; i++)
        {
            var asOf = i % 4 == 0 ? (DateTimeOffset?)null : all[random.Next(all.Count)].OccurredAt.AddDays(random.Next(0, 30));
            var knownAt = i % 3 == 0 ? (DateTimeOffset?)null : all[random.Next(all.Count)].RecordedAt;
            var (from, to) = (team.Day(0, 50), team.Day(52, 120));
            var times = string.Concat(new[] { asOf is { } a ? $"&asOf={a.Text()}" : "", knownAt is { } k ? $"&knownAt={k.Text()}" : "" });
            foreach (var mode in new[] { "cohort", "flow" })
            {
                var answer = (await Http.Read($"conversion?mode={mode}&from={from.Text()}&to={to.Text()}{times}", ("Crm-Min-Position", team.Position))).Ok().Body;
                answer.GetProperty("stages").EnumerateArray().Select(Line).ShouldBe(
                    Stages.Select(stage => PlainFunnel.Of(stage, histories, asOf, knownAt, from, to, mode == "cohort")), $"{mode} {from:o} {to:o}{times}");
            }
        }
    }

    [Fact]
    public async Task Leads_become_opportunities_and_some_are_won()
    {
        var region = "Funnel";
        var last = "";
        for (var i = 0; i < 10; i++)
        {
            var lead = (await Http.Write("leads", new { source = "web", company = $"C{i}", region, occurredAt = "2024-02-01T00:00:00Z" })).Ok();
            var path = $"leads/{lead.Id}/" + (i < 4 ? "qualification" : "disqualification");
            last = (await Http.Write(path, i < 4
                ? new { opportunityName = $"D{i}", amount = Talk.Money(10m), occurredAt = $"2024-02-0{3 + i}T00:00:00Z" }
                : (object)new { reason = i < 6 ? "no budget" : "no need", occurredAt = "2024-02-02T00:00:00Z" })).Ok().Position;
        }

        var deals = (await Http.Read($"opportunities?region={region}", ("Crm-Min-Position", last))).Ok().Body.GetProperty("items").EnumerateArray().ToList();
        (await Http.Write($"opportunities/{deals[0].GetProperty("id").GetGuid()}/win", new { occurredAt = "2024-03-01T00:00:00Z" })).Ok();
        last = (await Http.Write($"opportunities/{deals[1].GetProperty("id").GetGuid()}/loss", new { reason = "price", occurredAt = "2024-03-01T00:00:00Z" })).Ok().Position;

        foreach (var mode in new[] { "cohort", "flow" })
        {
            var answer = (await Http.Read($"conversion?mode={mode}&region={region}&from=2024-01-01&to=2024-04-01&by=region", ("Crm-Min-Position", last))).Ok().Body;
            Line(answer.GetProperty("leads")).ShouldBe("leads: 10 4 0 6 0 0.4 3.5 no need:4,no budget:2");
            answer.GetProperty("leadsWon").ToString().ShouldBe("""{"count":1,"of":10,"rate":0.1}""");
            Line(answer.GetProperty("groups")[0].GetProperty("leads")).ShouldBe(Line(answer.GetProperty("leads")));
            answer.GetProperty("groups")[0].GetProperty("by").GetProperty("region").GetString().ShouldBe(region);
        }

        var before = (await Http.Read($"conversion?region={region}&asOf=2024-02-05")).Ok().Body;
        Line(before.GetProperty("leads")).ShouldBe("leads: 10 2 0 6 2 0.2 2.5 no need:4,no budget:2");
        (await Http.Read($"conversion?region={region}&knownAt=2024-04-01")).Ok().Body.GetProperty("leads").GetProperty("entered").GetInt32().ShouldBe(0, "nobody knew then");
    }

    [Fact]
    public async Task A_lead_that_changed_hands_counts_for_whom_it_is_now_whichever_pipeline_its_opportunity_went()
    {
        var lead = (await Http.Write("leads", new { source = "web", company = "Handed on", occurredAt = "2023-02-01T00:00:00Z" })).Ok();
        (await Http.Write($"leads/{lead.Id}/assignment", new { rep = "First", occurredAt = "2023-02-02T00:00:00Z" })).Ok();
        (await Http.Write($"leads/{lead.Id}/assignment", new { rep = "Second", occurredAt = "2023-02-03T00:00:00Z" })).Ok();
        var last = (await Http.Write($"leads/{lead.Id}/qualification", new { opportunityName = "D", amount = Talk.Money(10m), occurredAt = "2023-02-04T00:00:00Z" })).Ok();
        var deal = (await Http.Read($"leads/{lead.Id}", ("Crm-Min-Position", last.Position))).Ok().Body.GetProperty("opportunityId").GetGuid();
        (await Http.Write($"opportunities/{deal}/assignment", new { rep = "Third", occurredAt = "2023-02-05T00:00:00Z" })).Ok();
        last = (await Http.Write($"opportunities/{deal}/win", new { occurredAt = "2023-02-06T00:00:00Z" })).Ok();

        foreach (var mode in new[] { "cohort", "flow" })
        {
            (await Leads("First")).ShouldBe((0, 0));
            (await Leads("Second")).ShouldBe((1, 1));
            (await Leads("Third")).ShouldBe((0, 0), "the opportunity is Third's, the lead is not");

            async Task<(int, int)> Leads(string rep)
            {
                var answer = (await Http.Read($"conversion?mode={mode}&rep={rep}&from=2023-01-01&to=2023-04-01", ("Crm-Min-Position", last.Position))).Ok().Body;
                return (answer.GetProperty("leads").GetProperty("entered").GetInt32(), answer.GetProperty("leadsWon").GetProperty("count").GetInt32());
            }
        }
    }

    [Theory]
    [InlineData("pipeline=none", "pipeline")]
    [InlineData("from=2024-02-01&to=2024-01-01", "to")]
    [InlineData("mode=both", "mode")]
    [InlineData("by=stage", "by")]
    [InlineData("from=2024-13-01", "from")]
    public async Task What_cannot_be_asked_is_refused_by_name(string query, string parameter)
    {
        var refusal = await (await Http.Read($"conversion?{query}")).Refused();
        refusal.Status.ShouldBe(400);
        refusal.Errors.Single().Where.ShouldContain(parameter);
    }

    private static string Line(JsonElement s)
    {
        var figures = new[] { "entered", "converted", "back", "lost", "open", "rate" }.Select(name => s.GetProperty(name).ToString());
        var stay = s.GetProperty("stay") is { ValueKind: JsonValueKind.Object } days ? days.GetProperty("mean").ToString() : "";
        var losses = s.GetProperty("losses").EnumerateArray().Select(l => $"{l.GetProperty("reason").GetString()}:{l.GetProperty("count")}");
        return $"{s.GetProperty("name").GetString()}: {string.Join(' ', figures)} {stay} {string.Join(',', losses)}";
    }
}
