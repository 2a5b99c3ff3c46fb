using Crm.Api.Tests.Journeys;

namespace Crm.Api.Tests.Leads;

/// <summary>Leads that were touched once and then forgotten: which and how many, on any day.</summary>
public sealed class SilentTests(CrmServer crm) : IClassFixture<CrmServer>
{
    private const string Least = "Crm-Min-Position";

    private static int tenants;

    [Theory]
    [InlineData("2026-03-15T09:00:00Z", 14, "", "0/3")]
    [InlineData("2026-03-15T09:00:00.000001Z", 14, "Called", "1/3")]
    [InlineData("2026-03-18T00:00:00Z", 14, "Called Read", "2/3")]
    [InlineData("2026-03-18T00:00:00Z", 7, "Aside Called Read", "3/3")]
    [InlineData("2026-03-25T00:00:00Z", 14, "Called Read", "2/2")]
    [InlineData("2026-04-10T00:00:00Z", 14, "Aside Read", "2/3")]
    [InlineData("2026-04-10T00:00:00Z", 365, "", "0/3")]
    public async Task A_lead_is_silent_when_nothing_has_come_of_it_for_more_than_so_many_days(
        string asOf, int days, string silent, string share)
    {
        using var http = await Tenant();
        var position = await Story(http);
        var page = (await http.Read($"leads/silent?asOf={asOf}&days={days}", (Least, position))).Ok().Body;
        var figure = (await http.Read($"leads/silence?asOf={asOf}&days={days}&by=rep", (Least, position))).Ok().Body;

        var listed = page.GetProperty("items").EnumerateArray().Select(lead => lead.GetProperty("company").GetString()).ToList();
        string.Join(' ', listed.Order(StringComparer.Ordinal)).ShouldBe(silent);
        $"{figure.GetProperty("silent").GetProperty("count")}/{figure.GetProperty("silent").GetProperty("of")}".ShouldBe(share);
        figure.GetProperty("groups").EnumerateArray().Sum(group => group.GetProperty("silent").GetProperty("count").GetInt32())
            .ShouldBe(listed.Count);
    }

    [Fact]
    public async Task What_was_said_later_of_an_earlier_day_is_known_now_and_was_not_then()
    {
        using var http = await Tenant();
        await Story(http);
        var before = DateTimeOffset.UtcNow;
        var called = (await http.Read("leads?filter=company=Called")).Ok().Body.GetProperty("items")[0].GetProperty("id").GetGuid();
        var visit = new { kind = "visit", direction = "outbound", occurredAt = "2026-03-14T00:00:00Z" };
        var late = (await http.Write($"leads/{called}/touches", visit)).Ok().Position;

        (await Count("")).ShouldBe(1);
        (await Count($"&knownAt={before.Text()}")).ShouldBe(2);

        async Task<int> Count(string times) => (await http.Read($"leads/silence?asOf=2026-03-18{times}", (Least, late))).Ok().Body
            .GetProperty("silent").GetProperty("count").GetInt32();
    }

    [Fact]
    public async Task A_flagged_lead_was_never_silent()
    {
        using var http = await Tenant();
        var position = await Story(http);
        var read = (await http.Read("leads?filter=company=Read", (Least, position))).Ok().Body.GetProperty("items")[0].GetProperty("id").GetGuid();
        var flagged = (await http.Write($"leads/{read}/flag", new { flag = "junk" })).Ok().Position;

        var silent = (await http.Read("leads/silence?asOf=2026-03-18", (Least, flagged))).Ok().Body.GetProperty("silent");
        (silent.GetProperty("count").GetInt32(), silent.GetProperty("of").GetInt32(), silent.GetProperty("rate").GetDouble())
            .ShouldBe((1, 2, 0.5));
    }

    [Fact]
    public async Task Who_sees_his_own_leads_counts_his_own()
    {
        var tenant = $"silent-{Interlocked.Increment(ref tenants)}";
        using var http = await crm.Tenant(tenant);
        var position = await Story(http);
        (await http.Write("members", new { id = "an", role = "rep", rep = "An" })).Ok();
        using var an = crm.With((await http.Write("api-keys", new { name = "k", member = "an" })).Ok()["key"]);

        var figure = (await an.Read("leads/silence?asOf=2026-03-18&by=rep,source", (Least, position))).Ok().Body;
        figure.GetProperty("silent").GetProperty("of").GetInt32().ShouldBe(2);
        figure.GetProperty("groups").EnumerateArray().ShouldAllBe(group => group.GetProperty("by").GetProperty("rep").GetString() == "An");
        (await an.Read("leads/silent?asOf=2026-03-18", (Least, position))).Ok().Body.GetProperty("items").GetArrayLength().ShouldBe(1);
    }

    private Task<HttpClient> Tenant() => crm.Tenant($"silent-{Interlocked.Increment(ref tenants)}");

    // One was called and forgotten, one reads by itself and is never called, one is set aside and taken up again, one nobody ever touched.
    private static async Task<string?> Story(HttpClient http)
    {
        var called = await Lead("Called", "An");
        await Touch(called, "call", "outbound", "2026-03-01T09:00:00Z");
        (await http.Write($"leads/{called}/assignment", new { rep = "An", team = "East", occurredAt = "2026-03-20T00:00:00Z" })).Ok();
        await Touch(called, "call", "outbound", "2026-04-01T00:00:00Z");
        var read = await Lead("Read", "Bo");
        await Touch(read, "page-view", "inbound", "2026-03-03T00:00:00Z");
        await Touch(read, "download", "inbound", "2026-04-09T00:00:00Z");
        var aside = await Lead("Aside", "An");
        await Touch(aside, "mail", "outbound", "2026-03-05T00:00:00Z");
        (await http.Write($"leads/{aside}/disqualification", new { reason = "budget", occurredAt = "2026-03-21T00:00:00Z" })).Ok();
        (await http.Write($"leads/{aside}/revival", new { occurredAt = "2026-03-26T00:00:00Z" })).Ok();
        return (await Captured("Untouched", "An")).Position;

        async Task<Guid> Lead(string company, string rep) => (await Captured(company, rep)).Id;

        async Task<Reply> Captured(string company, string rep) =>
            (await http.Write("leads", new { source = "web", company, rep, occurredAt = "2026-03-01T00:00:00Z" })).Ok();

        async Task Touch(Guid lead, string kind, string direction, string occurredAt) =>
            (await http.Write($"leads/{lead}/touches", new { kind, direction, occurredAt })).Ok();
    }
}
