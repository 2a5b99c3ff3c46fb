using System.Text.Json;
using Crm.Api.Tests.Journeys;
using Crm.EventStore.ReadModels;
using Crm.Projections;

namespace Crm.Api.Tests.Flags;

/// <summary>Tests and junk: figures before and after differ by exactly those records, every day, and what was known stays known.</summary>
public sealed class FlaggedFiguresTests(CrmServer crm) : IClassFixture<CrmServer>
{
    private const string Least = "Crm-Min-Position";

    private static readonly string[] Days = ["2026-01-15", "2026-02-15", "2026-03-15", "2026-04-15", "2027-01-01"];
    private static readonly string[] Asked = ["pipeline?by=rep,stage", "conversion?by=rep", "conversion?mode=flow&from=2026-01-01&to=2026-12-31"];
    private static int tenants;

    [Fact]
    public async Task Flagging_takes_exactly_those_records_out_of_every_figure_of_every_day()
    {
        using var http = await Tenant();
        using var twin = await Tenant();
        var (deals, leads) = await Business(http);
        await Business(twin);
        var tests = await Tests(http);
        var before = DateTimeOffset.UtcNow;
        var shown = await Figures(http, $"&knownAt={before.Text()}", null);

        string? position = null;
        foreach (var test in tests)
        {
            position = (await http.Write($"{test}/flag", new { flag = "test", reason = "made in a training" })).Ok().Position;
        }

        (await Figures(http, "", position)).ShouldBe(await Figures(twin, "", await Head(twin)));
        (await Figures(http, $"&knownAt={before.Text()}", position)).ShouldBe(shown);
        shown.ShouldNotBe(await Figures(http, "", position));

        (await Flagged(http, "opportunities", position)).ShouldBe(2);
        (await Flagged(http, "leads", position)).ShouldBe(2);
        (await Listed(http, "opportunities?filter=flag%20is%20null", position)).ShouldBe(deals.Count);
        (await Listed(http, "leads?filter=flag%20is%20null", position)).ShouldBe(leads.Count);
        await SameRebuilt();

        foreach (var test in tests)
        {
            position = (await http.Write($"{test}/flag/withdrawal", new { })).Ok().Position;
        }

        (await Figures(http, "", position)).ShouldBe(shown);
        await SameRebuilt();
    }

    [Fact]
    public async Task What_was_shown_at_a_moment_is_shown_of_it_for_ever()
    {
        using var http = await Tenant();
        await Business(http);
        var tests = await Tests(http);
        await Head(http);
        var moment = DateTimeOffset.UtcNow;
        var pipeline = (await http.Read($"pipeline?at={moment.Text()}")).Ok().Text;
        var list = (await http.Read($"leads?at={moment.Text()}")).Ok().Text;
        var position = (await http.Write($"{tests[0]}/flag", new { flag = "junk" })).Ok().Position;

        (await http.Read($"pipeline?at={moment.Text()}", (Least, position))).Ok().Text.ShouldBe(pipeline);
        (await http.Read($"leads?at={moment.Text()}", (Least, position))).Ok().Text.ShouldBe(list);
    }

    [Fact]
    public async Task An_order_is_flagged_listed_by_its_flag_and_withdrawn()
    {
        using var http = await Tenant();
        var customer = (await http.Write("customers", new { name = "Hengce" })).Ok().Id;
        var order = (await http.Write("orders", new { customerId = customer, number = "SO-1", amount = Talk.Money(10m) })).Ok().Id;
        var flagged = (await http.Write($"orders/{order}/flag", new { flag = "test" })).Ok();

        (await Flagged(http, "orders", flagged.Position)).ShouldBe(1);
        (await http.Write($"orders/{order}/flag", new { flag = "test" })).Ok()["version"].ShouldBe(flagged["version"], "said twice");
        (await http.Write($"orders/{order}/flag/withdrawal", new { reason = "a real one" })).Ok();
        (await http.Read($"orders/{order}")).Ok()["flag"].ShouldBeNull();
    }

    [Fact]
    public async Task A_flagged_lead_is_not_in_the_pool_and_is_not_qualified()
    {
        using var http = await Tenant();
        var lead = (await http.Write("leads", new { source = "web", company = "Hengce" })).Ok().Id;
        var flagged = (await http.Write($"leads/{lead}/flag", new { flag = "junk" })).Ok();

        (await Listed(http, "pool?limit=50", flagged.Position)).ShouldBe(0);
        var qualified = await http.Write($"leads/{lead}/qualification", new { opportunityName = "x", amount = Talk.Money(1m) });
        (await qualified.Refused()).Code.ShouldBe("lead.flagged");
        var back = (await http.Write($"leads/{lead}/flag/withdrawal", new { })).Ok();
        (await Listed(http, "pool?limit=50", back.Position)).ShouldBe(1);
    }

    private Task<HttpClient> Tenant() => crm.Tenant($"flags-{Interlocked.Increment(ref tenants)}");

    // The same in every tenant, so that one without tests says what the figures of another must be.
    private static async Task<(IReadOnlyList<Guid> Deals, IReadOnlyList<Guid> Leads)> Business(HttpClient http)
    {
        var (deals, leads) = (new List<Guid>(), new List<Guid>());
        foreach (var (rep, amount, month) in ((string, decimal, int)[])[("An", 100m, 1), ("Bo", 250m, 2), ("An", 400m, 3)])
        {
            deals.Add((await http.Open(new { rep, amount = Talk.Money(amount), occurredAt = $"2026-0{month}-05T00:00:00Z" })).Id);
            leads.Add(await Lead(http, $"Company {month}", rep, $"2026-0{month}-07T00:00:00Z"));
        }

        (await http.Write($"opportunities/{deals[0]}/stage", new { stage = "Proposal", occurredAt = "2026-02-01T00:00:00Z" })).Ok();
        (await http.Write($"opportunities/{deals[0]}/win", new { occurredAt = "2026-03-01T00:00:00Z" })).Ok();
        (await http.Write($"opportunities/{deals[1]}/loss", new { reason = "price", occurredAt = "2026-03-09T00:00:00Z" })).Ok();
        (await http.Write($"leads/{leads[1]}/disqualification", new { reason = "no budget", occurredAt = "2026-03-01T00:00:00Z" })).Ok();
        return (deals, leads);
    }

    private static async Task<IReadOnlyList<string>> Tests(HttpClient http)
    {
        var won = (await http.Open(new { rep = "Bo", amount = Talk.Money(9_000m), occurredAt = "2026-01-10T00:00:00Z" })).Id;
        (await http.Write($"opportunities/{won}/stage", new { stage = "Proposal", occurredAt = "2026-01-20T00:00:00Z" })).Ok();
        (await http.Write($"opportunities/{won}/win", new { occurredAt = "2026-02-20T00:00:00Z" })).Ok();
        var open = (await http.Open(new { rep = "Bo", amount = Talk.Money(7_000m), occurredAt = "2026-03-10T00:00:00Z" })).Id;
        var fresh = await Lead(http, "Test one", "Bo", "2026-02-10T00:00:00Z");
        var aside = await Lead(http, "Test two", "Bo", "2026-01-10T00:00:00Z");
        (await http.Write($"leads/{aside}/disqualification", new { reason = "test", occurredAt = "2026-02-10T00:00:00Z" })).Ok();
        return [$"opportunities/{won}", $"opportunities/{open}", $"leads/{fresh}", $"leads/{aside}"];
    }

    private static async Task<Guid> Lead(HttpClient http, string company, string rep, string occurredAt) =>
        (await http.Write("leads", new { source = "web", company, rep, occurredAt })).Ok().Id;

    // What is the same for two tenants: all of it but where in the log it was read, and as known when.
    private static async Task<IReadOnlyList<string>> Figures(HttpClient http, string times, string? least)
    {
        var figures = new List<string>();
        foreach (var question in Days.Select(day => $"&asOf={day}{times}").Append(times))
        {
            foreach (var figure in Asked)
            {
                var answer = (await http.Read($"{figure}{question}", (Least, least))).Ok().Body;
                var said = answer.EnumerateObject().Where(member => member.Name is not ("position" or "asOf" or "knownAt"));
                figures.Add(string.Join('\n', said.Select(member => member.ToString())));
            }
        }

        return figures;
    }

    private static Task<int> Flagged(HttpClient http, string list, string? least) => Listed(http, $"{list}?flag=test", least);

    private static async Task<int> Listed(HttpClient http, string list, string? least) =>
        (await http.Read(list, (Least, least))).Ok().Body.GetProperty("items").GetArrayLength();

    private static async Task<string?> Head(HttpClient http) => (await http.Write("customers", new { name = "Last" })).Ok().Position;

    private async Task SameRebuilt()
    {
        foreach (var model in (EventModel.ReadModel[])[Catalog.Pipeline, Catalog.Opportunities, Catalog.Leads, Catalog.LeadClocks])
        {
            var report = await new Rebuild(crm.Engine.Database, model, crm.Engine.Store.Types).Verify(Gear.FlatOut, null, default);
            report.Differences.ShouldBeEmpty(model.Name);
        }
    }
}
