using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Crm.Api.Tests.Journeys;
using Crm.EventStore.ReadModels;
using Crm.Projections;

namespace Crm.Api.Tests.SpotChecks;

/// <summary>Some of a day's new leads are drawn, called and published: the same seed gives the same ones, and nobody knows before.</summary>
public sealed class SpotCheckTests(ShanghaiServer crm) : IClassFixture<ShanghaiServer>
{
    private const string Least = "Crm-Min-Position";
    private const string Note = "a student who wants our brochure";

    private static int tenants;

    [Fact]
    public async Task Three_of_yesterdays_leads_are_drawn_as_anybody_can_by_hand()
    {
        var (tenant, http) = await Tenant();
        var today = Today();
        var leads = await Leads(http, today.AddDays(-1), 12);
        await Leads(http, today.AddDays(-2), 5);
        await Leads(http, today, 1);
        (await http.Write($"leads/{leads[0]}/flag", new { flag = "test" })).Ok();

        var drawn = (await http.Write("spot-checks", new { })).Ok();
        drawn.Status.ShouldBe(201);
        var check = (await http.Read($"spot-checks/{drawn.Id}")).Ok().Body;

        var seed = $"{tenant} {today.AddDays(-1):yyyy-MM-dd}";
        (check.GetProperty("seed").GetString(), check.GetProperty("newLeads").GetInt32(), check.GetProperty("day").GetString())
            .ShouldBe((seed, 11, $"{today.AddDays(-1):yyyy-MM-dd}"));
        check.GetProperty("atPosition").GetInt64().ShouldBeInRange(1, long.Parse(drawn["position"]!, CultureInfo.InvariantCulture) - 1);
        Drawn(check).ShouldBe(leads.Skip(1).OrderBy(lead => Hash(seed, lead), StringComparer.Ordinal).Take(3));

        var again = (await http.Write("spot-checks", new { day = $"{today.AddDays(-1):yyyy-MM-dd}", count = 3, seed })).Ok();
        (again.Status, again.Id, again["version"]).ShouldBe((200, drawn.Id, drawn["version"]));
        (await (await http.Write("spot-checks", new { seed = "one that suits me" })).Refused()).Code.ShouldBe("spot-check.drawn");
        (await (await http.Write("spot-checks", new { day = $"{today:yyyy-MM-dd}" })).Refused()).Code.ShouldBe("spot-check.day");
        (await (await http.Write("spot-checks", new { day = "2001-01-01" })).Refused()).Code.ShouldBe("spot-check.no-leads");
    }

    [Fact]
    public async Task The_same_seed_and_the_same_leads_give_the_same_three_whatever_was_drawn_before()
    {
        var (_, http) = await Tenant();
        var day = new DateOnly(2026, 3, 2);
        var leads = await Leads(http, day, 9);
        var drawn = (await http.Write("spot-checks", new { day = "2026-03-02", seed = "dice", count = 4 })).Ok().Id;
        var check = (await http.Read($"spot-checks/{drawn}")).Ok().Body;

        Drawn(check).ShouldBe(leads.OrderBy(lead => Hash("dice", lead), StringComparer.Ordinal).Take(4));
        check.GetProperty("leads")[0].GetProperty("hash").GetString().ShouldBe(Hash("dice", Drawn(check)[0]));
    }

    [Fact]
    public async Task Nobody_but_who_draws_knows_all_of_it_before_it_is_published_and_then_those_who_are_told_hear_it()
    {
        var (_, http) = await Tenant();
        await Leads(http, new DateOnly(2026, 3, 2), 5);
        using var rep = await Member(http, "li", "rep");
        using var boss = await Member(http, "chen", "manager");
        var check = $"spot-checks/{(await http.Write("spot-checks", new { day = "2026-03-02" })).Ok().Id}";
        var leads = Drawn((await http.Read(check)).Ok().Body);

        (await (await http.Write($"{check}/publication", new { })).Refused()).Code.ShouldBe("spot-check.not-called");
        (await (await Result(new { leadId = Guid.NewGuid(), reached = true })).Refused()).Code.ShouldBe("spot-check.lead");
        (await Result(new { leadId = leads[0], reached = true, genuine = false, note = Note })).Ok();
        var said = (await Result(new { leadId = leads[1], reached = true, genuine = true })).Ok();
        (await Result(new { leadId = leads[1], reached = true, genuine = true })).Ok()["version"].ShouldBe(said["version"], "said twice");
        (await Result(new { leadId = leads[0], reached = true, genuine = false, note = Note })).Ok()["version"].ShouldBe(said["version"]);
        var last = (await Result(new { leadId = leads[2], reached = false })).Ok();

        var unknown = (await rep.Read(check)).Ok().Body;
        unknown.GetProperty("called").GetInt32().ShouldBe(3);
        foreach (var member in (string[])["leads", "seed", "reached", "genuine"])
        {
            unknown.GetProperty(member).ValueKind.ShouldBe(JsonValueKind.Null, member);
        }

        (await rep.Read("spot-checks", (Least, last.Position))).Ok().Text.ShouldNotContain(leads[0].ToString());
        var before = DateTimeOffset.UtcNow;

        (await (await http.Write($"{check}/publication", new { to = new[] { "nobody" } })).Refused()).Code.ShouldBe("spot-check.member");
        var published = (await http.Write($"{check}/publication", new { to = new[] { "li", "chen" } })).Ok();
        (await http.Write($"{check}/publication", new { to = new[] { "li" } })).Ok()["version"].ShouldBe(published["version"]);
        (await (await Result(new { leadId = leads[2], reached = true })).Refused()).Code.ShouldBe("spot-check.published");

        var known = (await rep.Read(check)).Ok().Body;
        (known.GetProperty("reached").GetInt32(), known.GetProperty("genuine").GetInt32()).ShouldBe((2, 1));
        known.GetProperty("leads")[0].GetProperty("note").ValueKind.ShouldBe(JsonValueKind.Null, "what it says of a person is for nobody else");
        (await http.Read(check)).Ok().Body.GetProperty("leads")[0].GetProperty("note").GetString().ShouldBe(Note);
        var then = (await rep.Read($"{check}?at={before.Text()}")).Ok().Body;
        then.GetProperty("leads").ValueKind.ShouldBe(JsonValueKind.Null, "what the screen showed then");
        (await crm.TablesWith(Note)).ShouldBeEmpty();

        foreach (var member in (HttpClient[])[rep, boss])
        {
            var alerts = (await member.Read("alerts?lang=en", (Least, published.Position))).Ok().Body.GetProperty("items");
            alerts.EnumerateArray().ShouldHaveSingleItem().GetProperty("sentence").GetString().ShouldBe(
                "The spot check of 2026-03-02 is published: of 3 leads that were called 2 were reached, and 1 were genuine.");
        }

        var rebuilt = await new Rebuild(crm.Engine.Database, Catalog.SpotChecks, crm.Engine.Store.Types).Verify(Gear.FlatOut, null, default);
        rebuilt.Differences.ShouldBeEmpty();

        Task<Reply> Result(object result) => http.Write($"{check}/results", result);
    }

    private async Task<(string Tenant, HttpClient Http)> Tenant()
    {
        var tenant = $"spot-{Interlocked.Increment(ref tenants)}";
        return (tenant, await crm.Tenant(tenant, "Asia/Shanghai"));
    }

    private async Task<HttpClient> Member(HttpClient http, string id, string role)
    {
        (await http.Write("members", new { id, role })).Ok();
        return crm.With((await http.Write("api-keys", new { name = "k", member = id })).Ok()["key"]);
    }

    // The first at the first instant of the day, which begins at 16:00 UTC.
    private static async Task<IReadOnlyList<Guid>> Leads(HttpClient http, DateOnly day, int count)
    {
        var (begin, leads) = (new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.FromHours(8)).ToUniversalTime(), new List<Guid>());
        for (var i = 0; i < count; i++)
        {
            var lead = new { source = "web", company = $"{day} {i}", occurredAt = begin.AddSeconds(i).Text() };
            leads.Add((await http.Write("leads", lead)).Ok().Id);
        }

        return leads;
    }

    private static DateOnly Today() => DateOnly.FromDateTime(DateTime.UtcNow.AddHours(8));

    private static IReadOnlyList<Guid> Drawn(JsonElement check) =>
        [.. check.GetProperty("leads").EnumerateArray().Select(lead => lead.GetProperty("leadId").GetGuid())];

    private static string Hash(string seed, Guid lead) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{seed} {lead}")));
}
