using System.Diagnostics;
using System.Text.Json;
using Crm.Api.Tests.Attachments;
using Crm.Api.Tests.Automations;
using Crm.Api.Tests.Journeys;
using Crm.Support;
using Xunit.Abstractions;

namespace Crm.Api.Tests.Quarters;

/// <summary>A quarter of a company, a month of it without gates, held against one that is thought out beforehand.</summary>
public sealed class QuarterTests(MovedClock crm, ITestOutputHelper output) : IClassFixture<MovedClock>
{
    private const int Seed = 20_261_123;
    private static readonly TimeSpan Step = TimeSpan.FromHours(12);

    // Marks are dated when they are made: until then all of a step are.
    private static readonly TimeSpan Later = TimeSpan.FromMinutes(10);

    private readonly Dictionary<string, HttpClient> reps = [];
    private readonly Dictionary<int, Guid> ids = [];
    private HttpClient admin = null!;
    private readonly List<(DateTimeOffset At, IReadOnlyList<string> Marked)> seen = [];
    private string? position;
    private int refused;
    private int watched;

    [Theory]
    [InlineData("fmcg", 187, 561)]
    [InlineData("b2b", 12, 240)]
    public async Task A_quarter_goes_as_it_is_reckoned_by_hand(string kind, int people, int deals)
    {
        var clock = Stopwatch.StartNew();
        await using var now = crm.Engine.Database.CreateCommand("select date_trunc('day', crm.clock()) + interval '2 days'");
        var first = new DateTimeOffset((DateTime)(await now.ExecuteScalarAsync())!, TimeSpan.Zero);
        var quarter = new PlainQuarter(Seed, kind == "fmcg" ? QuarterRoad.Shops : QuarterRoad.Firms, people, deals, first);
        await Prepare($"quarter-{kind}", people, quarter);

        await Play(quarter);
        foreach (var (at, marked) in seen)
        {
            (await Marked($"&asOf={at.Text()}")).ShouldBe(marked, $"as of {at:MM-dd}");
        }

        foreach (var (from, to) in new[] { (quarter.First, quarter.Gates), (quarter.Gates, quarter.End) })
        {
            var period = $"conversion?pipeline=quarter&from={from.Text()}&to={to.Text()}&asOf={quarter.End.Text()}";
            var answer = (await admin.Read($"{period}&by=region", ("Crm-Min-Position", position))).Ok().Body;
            Lines(answer).ShouldBe(QuarterFunnel.Of(quarter, from, to));
            foreach (var region in answer.GetProperty("groups").EnumerateArray())
            {
                Lines(region).ShouldBe(QuarterFunnel.Of(quarter, from, to, region.GetProperty("by").GetProperty("region").GetString()));
            }

            output.WriteLine($"{from:MM-dd} to {to:MM-dd}\n  {string.Join("\n  ", Lines(answer))}");
        }

        output.WriteLine($"{kind}: {people} reps, {deals} deals, {quarter.Acts.Count} acts, {refused} of them refused, {seen.Sum(one => one.Marked.Count)} marks seen, {watched} of them on the minute, {clock.Elapsed.TotalSeconds:0} s");
        refused.ShouldBe(quarter.Acts.Count(act => act.What == "try"));
        watched.ShouldBeGreaterThan(2);
        seen.Count(one => one.Marked.Count > 0).ShouldBeGreaterThan(5);
    }

    private async Task Prepare(string tenant, int people, PlainQuarter quarter)
    {
        using var first = await crm.Tenant(tenant);
        admin = await Lasting(first);
        await Publish(quarter, withGates: false);
        for (var i = 0; i < people; i++)
        {
            (await admin.Write("members", new { id = $"rep{i:000}", role = "rep" })).Ok();
            reps[$"rep{i:000}"] = await Lasting(admin, $"rep{i:000}");
        }
    }

    // A key is good for 90 days where nobody says otherwise.
    private async Task<HttpClient> Lasting(HttpClient http, string? member = null) =>
        crm.With((await http.Write("api-keys", new { name = "phone", member, expiresInDays = 120 })).Ok()["key"]);

    private async Task Publish(PlainQuarter quarter, bool withGates)
    {
        (await admin.Put("playbook/draft", quarter.Road.Playbook(withGates))).Ok();
        (await admin.Write("playbook/publication", new { })).Ok();
    }

    private async Task Play(PlainQuarter quarter)
    {
        var acts = quarter.Acts.GroupBy(act => (int)((act.At - quarter.First) / Step)).ToDictionary(step => step.Key, step => step.ToList());
        for (var step = 0; step < PlainQuarter.Days * 2; step++)
        {
            if (step == PlainQuarter.GatesFrom * 2)
            {
                await crm.MoveTo(quarter.Gates);
                await Publish(quarter, withGates: true);
            }

            foreach (var (deal, due) in QuarterMarks.Probes(quarter, quarter.First + (Step * step), Step))
            {
                await Watch(deal, due);
            }

            var end = quarter.First + (Step * (step + 1));
            await crm.MoveTo(end);
            await Parallel.ForEachAsync(
                acts.GetValueOrDefault(step, []).GroupBy(act => act.Deal.Number), new ParallelOptions { MaxDegreeOfParallelism = 8 },
                async (deal, _) =>
                {
                    foreach (var act in deal.OrderBy(act => act.At))
                    {
                        await Do(quarter, act);
                    }
                });
            if (step % 12 == 11)
            {
                var marked = QuarterMarks.At(quarter, end, end).ToList();
                await Patience.Until($"all are marked that are over a limit on {end:MM-dd}", async () => (await Marked()).SequenceEqual(marked));
                seen.Add((end + Later, [.. QuarterMarks.At(quarter, end, end + Later)]));
            }
        }
    }

    // It comes on the minute.
    private async Task Watch(PlainDeal deal, DateTimeOffset due)
    {
        await crm.MoveTo(due.AddSeconds(-20));
        await Task.Delay(TimeSpan.FromSeconds(1));
        (await Marked()).ShouldNotContain(mark => mark.StartsWith($"D{deal.Number}:"), "it is not over its limit");

        await crm.MoveTo(due.AddSeconds(1));
        await Patience.Until("it is marked", async () => (await Marked()).Any(mark => mark.StartsWith($"D{deal.Number}:")));
        var since = (await admin.Read($"opportunities/{ids[deal.Number]}")).Ok().Body.GetProperty("markedSince").GetDateTimeOffset();
        (since - due).ShouldBeInRange(TimeSpan.Zero, TimeSpan.FromMinutes(1));
        watched++;
    }

    private async Task<IReadOnlyList<string>> Marked(string query = "")
    {
        var (marked, cursor) = (new List<string>(), "");
        do
        {
            var page = (await admin.Read($"opportunities?marked=true&limit=200{query}{cursor}", ("Crm-Min-Position", position))).Ok().Body;
            marked.AddRange(page.GetProperty("items").EnumerateArray()
                .Select(item => $"{item.GetProperty("name").GetString()}: {string.Join(' ', item.GetProperty("marks").EnumerateArray().Select(mark => mark.GetString()).Order())}"));
            cursor = page.GetProperty("nextCursor").GetString() is { } next ? $"&cursor={next}" : "";
        }
        while (cursor.Length > 0);
        return [.. marked.Order(StringComparer.Ordinal)];
    }

    private async Task Do(PlainQuarter quarter, Act act)
    {
        var (rep, at) = (reps[act.Deal.Rep], act.At.Text());
        if (act.What == "open")
        {
            var opened = (await rep.Write("opportunities", new
            {
                name = $"D{act.Deal.Number}", pipeline = "quarter", amount = Talk.Money(act.Deal.Amount), rep = act.Deal.Rep, region = act.Deal.Region, occurredAt = at
            })).Ok();
            lock (ids)
            {
                ids[act.Deal.Number] = opened.Id;
            }

            return;
        }

        Guid id;
        lock (ids)
        {
            id = ids[act.Deal.Number];
        }

        var deal = $"opportunities/{id}";
        var next = quarter.Road.Next(act.Stage) is { } number ? quarter.Road.Stages[number].Name : null;
        var reply = act switch
        {
            { What: "do", Duty: { Kind: "file" } duty } => await rep.Attach(deal, "f.pdf", Attaching.Pdf($"{id}"), ("label", duty.Word!), ("occurredAt", at)),
            { What: "do", Duty.Kind: "day" } => await rep.Write($"{deal}/close-date", new { expectedClose = quarter.End.AddDays(30).ToString("yyyy-MM-dd"), occurredAt = at }),
            { What: "do", Duty: { } duty } => await rep.Write($"{deal}/touches", new { kind = duty.Kind, direction = "outbound", outcome = duty.Word, occurredAt = at }),
            { What: "lose" } => await rep.Write($"{deal}/loss", new { reason = "price", occurredAt = at }),
            { What: "win" } => await rep.Write($"{deal}/win", new { reference = $"C-{act.Deal.Number}", occurredAt = at }),
            _ when next is null => await rep.Write($"{deal}/win", new { occurredAt = at }),
            _ => await rep.Write($"{deal}/stage", new { stage = next, occurredAt = at })
        };
        if (act.What == "try")
        {
            var refusal = await reply.Refused();
            (refusal.Status, refusal.Code).ShouldBe((422, "opportunity.gate"));
            refusal.Errors.Select(error => error.Message.Split('\'')[1]).ShouldBe(act.Missing, $"deal {act.Deal.Number}, {at}");
            Interlocked.Increment(ref refused);
            return;
        }

        position = reply.Ok().Position;
    }

    private static IEnumerable<string> Lines(JsonElement answer) => answer.GetProperty("stages").EnumerateArray().Select(QuarterFunnel.Line);
}
