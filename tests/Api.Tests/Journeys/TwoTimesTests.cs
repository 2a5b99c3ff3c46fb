namespace Crm.Api.Tests.Journeys;

/// <summary>Any day, as known on any day.</summary>
public sealed class TwoTimesTests(CrmServer crm) : IClassFixture<CrmServer>
{
    private const int Seed = 20_170_401;

    private HttpClient Http => crm.Http;

    [Fact]
    public async Task Every_moment_as_known_at_every_moment_is_what_a_plain_fold_over_the_events_makes_of_it()
    {
        var random = new Random(Seed);
        var team = new RandomHistory(Http, random);
        await team.Open(15);
        await team.GoOn(70);
        var past = Now();
        var screen = await Screen(team, past);
        await team.GoOn(80);

        (await Screen(team, past)).ShouldBe(screen);
        foreach (var what in new[] { "stage", "amount", "win", "loss", "reopening", "corrections" })
            team.Done.GetValueOrDefault(what).ShouldBeGreaterThan(2, what);

        var histories = new Dictionary<Guid, IReadOnlyList<Fact>>();
        foreach (var deal in team.Deals) histories.Add(deal, [.. (await Http.History($"opportunities/{deal}")).Select(Fact.Of)]);
        var all = histories.Values.SelectMany(h => h).OrderBy(e => e.Position).ToList();
        for (var i = 0; i < 40; i++)
        {
            var asOf = i % 8 == 0 ? (DateTimeOffset?)null : About(all[random.Next(all.Count)].OccurredAt);
            var knownAt = i % 5 == 0 ? (DateTimeOffset?)null : About(all[random.Next(all.Count)].RecordedAt);
            await Compare(histories, asOf, knownAt, team.Position);
        }

        // At a fact, a microsecond after it, and a day before.
        DateTimeOffset About(DateTimeOffset moment) => random.Next(3) switch { 0 => moment, 1 => moment.AddMicroseconds(1), _ => moment.AddDays(-1) };
    }

    private async Task Compare(Dictionary<Guid, IReadOnlyList<Fact>> histories, DateTimeOffset? asOf, DateTimeOffset? knownAt, string? least)
    {
        var times = string.Join("&", new[] { asOf is { } a ? $"asOf={a.Text()}" : null, knownAt is { } k ? $"knownAt={k.Text()}" : null }.OfType<string>());
        var expected = histories.Select(h => PlainFold.Of(h.Key, h.Value, asOf, knownAt)).OfType<Deal>()
            .OrderByDescending(d => d.OpenedAt).ThenByDescending(d => d.Id.ToString(), StringComparer.Ordinal).ToList();
        var position = histories.Values.SelectMany(h => h).Where(e => knownAt is null || e.RecordedAt < knownAt).Select(e => e.Position).DefaultIfEmpty().Max();

        var pipeline = (await Http.Read($"pipeline?by=rep,product&{times}", ("Crm-Min-Position", least))).Ok();
        PlainPipeline.Of(pipeline.Body).ShouldBe(PlainPipeline.Of(expected), times);
        pipeline["position"].ShouldBe($"{position}", times);
        (await Pages($"opportunities?limit=4&{times}", least)).ShouldBe(expected, times);
        foreach (var id in histories.Keys)
        {
            var one = await Http.Read($"opportunities/{id}?{times}");
            (one.Status == 404 ? null : Deal.Of(one.Ok().Body)).ShouldBe(expected.SingleOrDefault(d => d.Id == id), times);
        }
    }

    [Fact]
    public async Task A_correction_changes_what_was_and_not_what_was_known()
    {
        var deal = await Http.Open(new { region = "Corrected", occurredAt = "2020-02-01T00:00:00Z" });
        var won = (await Http.Write($"opportunities/{deal.Id}/win", new { occurredAt = "2020-03-01T00:00:00Z" })).Ok();
        var before = Now();
        var win = (await Http.History($"opportunities/{deal.Id}"))[1].GetProperty("id").GetGuid();
        var corrected = (await Http.Write($"opportunities/{deal.Id}/corrections",
            new { eventId = win, reason = "The contract is of April", occurredAt = "2020-04-02T00:00:00Z" }, ("If-Match", won.ETag))).Ok();

        (await Won("2020-03-15", null)).ShouldBe(0);
        (await Won("2020-03-15", before.Text())).ShouldBe(1);
        (await Won("2020-04-03", null)).ShouldBe(1);

        async Task<int> Won(string asOf, string? knownAt) => (await Http.Read(
                $"pipeline?region=Corrected&asOf={asOf}" + (knownAt is null ? "" : $"&knownAt={knownAt}"), ("Crm-Min-Position", corrected.Position)))
            .Ok().Body.GetProperty("won").GetProperty("count").GetInt32();
    }

    [Fact]
    public async Task What_is_said_without_a_time_comes_after_what_a_fast_clock_has_said()
    {
        var deal = $"opportunities/{(await Http.Open()).Id}";
        (await Http.Write($"{deal}/win", new { occurredAt = Now().AddMinutes(4).Text() })).Ok();
        (await Http.Write($"{deal}/reopening", new { reason = "not yet" })).Ok();

        (await Http.Read(deal)).Ok()["status"].ShouldBe("open");
    }

    // After the last stamp; the clock of the database is this machine's.
    private static DateTimeOffset Now() => DateTimeOffset.UtcNow;

    private async Task<IReadOnlyList<string>> Screen(RandomHistory team, DateTimeOffset at)
    {
        var answers = new List<string>
        {
            (await Http.Read($"pipeline?by=rep,product,stage&at={at.Text()}")).Ok().Text,
            (await Http.Read($"opportunities?limit=200&at={at.Text()}")).Ok().Text
        };
        foreach (var deal in team.Deals)
        {
            var (one, events) = (await Http.Read($"opportunities/{deal}?at={at.Text()}"), await Http.Read($"opportunities/{deal}/events?at={at.Text()}"));
            answers.AddRange([one.Ok().ETag + one.Text, events.Ok().ETag + events.Text]);
        }

        return answers;
    }

    private async Task<IReadOnlyList<Deal>> Pages(string path, string? least)
    {
        var deals = new List<Deal>();
        for (string? next = ""; next is not null;)
        {
            var page = (await Http.Read(path + next, ("Crm-Min-Position", least))).Ok();
            deals.AddRange(page.Body.GetProperty("items").EnumerateArray().Select(Deal.Of));
            next = page["nextCursor"] is { } cursor ? $"&cursor={cursor}" : null;
        }

        return deals;
    }
}

public sealed class ZoneTests(ShanghaiServer crm) : IClassFixture<ShanghaiServer>
{
    [Theory]
    [InlineData("asOf=2026-04-01", 1)]
    [InlineData("asOf=2026-03-31T16:00:00Z", 1)]
    [InlineData("asOf=2026-03-31T16:00:00.000001Z", 2)]
    [InlineData("asOf=2026-04-01T00:00:00.000001%2B08:00", 2)]
    [InlineData("asOf=2026-04-02", 2)]
    [InlineData("asOf=2026-03-31", 0)]
    [InlineData("at=2026-04-01", 0)]
    public async Task A_day_begins_at_midnight_where_the_tenant_is(string times, int count)
    {
        var region = Guid.NewGuid().ToString("N");
        await crm.Http.Open(new { region, occurredAt = "2026-03-31T15:59:59.999999Z" });
        var least = ("Crm-Min-Position", (await crm.Http.Open(new { region, occurredAt = "2026-03-31T16:00:00Z" })).Position);

        (await crm.Http.Read($"pipeline?region={region}&{times}", least)).Ok().Body.GetProperty("open").GetProperty("count").GetInt32().ShouldBe(count);
        (await crm.Http.Read($"opportunities?region={region}&{times}", least)).Ok().Body.GetProperty("items").GetArrayLength().ShouldBe(count);
    }

    [Fact]
    public async Task The_answer_says_which_instant_a_day_stands_for() =>
        (await crm.Http.Read("pipeline?asOf=2026-04-01")).Ok()["asOf"].ShouldBe("2026-03-31T16:00:00Z");
}
