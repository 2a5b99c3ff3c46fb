using System.Text.Json;
using Crm.Api.Tests.Journeys;
using Crm.EventStore.ReadModels;
using Crm.Projections;

namespace Crm.Api.Tests.Activities;

/// <summary>How much was done, by whom and on which day of the tenant's, and who did most: at any moment.</summary>
public sealed class ActivityTests(CrmServer crm) : IClassFixture<CrmServer>
{
    private const string Least = "Crm-Min-Position";

    private static int tenants;

    [Fact]
    public async Task Touches_are_counted_by_kind_with_the_minutes_of_calls_and_the_records_they_were_about()
    {
        using var http = await Tenant();
        var story = await Story(http);

        var total = (await Activity(http, "", story.Position)).GetProperty("total");
        Told(total).ShouldBe("6 touches (call 3, visit 2, meeting 1), 1 inbound, 4.5 minutes, 3 records, 3 taken");
        Told((await Activity(http, "from=2026-03-02&to=2026-03-03", story.Position)).GetProperty("total")).ShouldBe("2 touches (call 2), 0 inbound, 4.5 minutes, 2 records, 0 taken");
        Told((await Activity(http, "record=opportunity", story.Position)).GetProperty("total")).ShouldBe("2 touches (visit 1, meeting 1), 0 inbound, 0 minutes, 1 records, 0 taken");
    }

    [Fact]
    public async Task A_touch_is_his_who_had_the_record_then_where_it_is_not_said_by_a_person()
    {
        using var http = await Tenant();
        var story = await Story(http);

        (await Groups(http, "by=rep", story.Position)).ShouldBe([
            "An: 3 touches (call 2, visit 1), 1 inbound, 4.5 minutes, 2 records, 2 taken", "Bo: 3 touches (call 1, visit 1, meeting 1), 0 inbound, 0 minutes, 2 records, 1 taken"]);
    }

    [Fact]
    public async Task What_a_person_says_by_the_program_he_did_himself_and_what_a_program_says_did_whoever_had_it()
    {
        using var http = await Tenant();
        (await http.Write("teams", new { id = "west", name = "West" })).Ok();
        using var cy = await Member(http, new { id = "cy", role = "admin", rep = "Cy", team = "west" });
        using var robot = await Member(http, new { id = "robot", role = "integration", kind = "program" });
        var lead = await Lead(http, "An");
        await Touch(cy, $"leads/{lead}", "visit", "2026-03-02T09:00:00Z");
        var last = await Touch(robot, $"leads/{lead}", "call", "2026-03-02T10:00:00Z");

        (await Groups(http, "by=rep,team&kind=visit", last)).ShouldBe(["Cy west: 1 touches (visit 1), 0 inbound, 0 minutes, 1 records, 0 taken"]);
        (await Groups(http, "by=rep&kind=call", last)).ShouldBe(["An: 1 touches (call 1), 0 inbound, 0 minutes, 1 records, 0 taken"]);
    }

    [Fact]
    public async Task A_leaderboard_has_the_highest_first_and_no_more_than_were_asked_for()
    {
        using var http = await Tenant();
        var story = await Story(http);

        (await Groups(http, "by=rep&sort=call-minutes&top=1", story.Position)).Single().ShouldStartWith("An:");
        (await Groups(http, "by=rep&sort=meetings", story.Position)).Select(group => group[..2]).ShouldBe(["Bo", "An"]);
        (await Groups(http, "by=rep&sort=touches", story.Position)).Select(group => group[..2]).ShouldBe(["An", "Bo"], "as many each: by name");
        (await (await http.Read("reports/activity?by=rep&top=0")).Refused()).Code.ShouldBe("invalid");
    }

    [Fact]
    public async Task Days_weeks_and_months_are_those_of_the_tenant()
    {
        using var http = await crm.Tenant($"activity-{Interlocked.Increment(ref tenants)}", "Asia/Shanghai");
        var lead = await Lead(http, "An");
        await Touch(http, $"leads/{lead}", "call", "2026-03-01T15:59:59Z");
        var last = await Touch(http, $"leads/{lead}", "call", "2026-03-01T16:00:00Z");

        (await Groups(http, "by=day&kind=call", last)).Select(Label).ShouldBe(["2026-03-01", "2026-03-02"]);
        (await Groups(http, "by=week,month&kind=call", last)).Select(Label).ShouldBe(["2026-02-23 2026-03", "2026-03-02 2026-03"]);
        (await Groups(http, "by=day&from=2026-03-02&kind=call", last)).Select(Label).ShouldBe(["2026-03-02"]);
    }

    [Fact]
    public async Task What_was_said_later_of_an_earlier_day_is_known_now_and_was_not_then()
    {
        using var http = await Tenant();
        var story = await Story(http);
        var before = DateTimeOffset.UtcNow;
        var shown = await Groups(http, "by=rep,day", story.Position);
        var late = await Touch(http, $"leads/{story.Lead}", "visit", "2026-03-02T07:00:00Z");

        (await Groups(http, "by=rep&from=2026-03-02&to=2026-03-03&kind=visit", late)).ShouldBe(["admin: 1 touches (visit 1), 0 inbound, 0 minutes, 1 records, 0 taken"]);
        (await Groups(http, $"by=rep,day&knownAt={before.Text()}", late)).ShouldBe(shown);
        Told((await Activity(http, "asOf=2026-03-02T07:00:00.000001Z&kind=visit", late)).GetProperty("total")).ShouldStartWith("1 touches");
        Told((await Activity(http, "asOf=2026-03-02T07:00:00Z&kind=visit", late)).GetProperty("total")).ShouldStartWith("0 touches");
    }

    [Fact]
    public async Task What_was_done_on_a_test_never_was_done_even_at_its_very_first_moment()
    {
        using var http = await Tenant();
        var story = await Story(http);
        var shown = await Groups(http, "by=rep,day", story.Position);
        var test = await Lead(http, "An");
        await Touch(http, $"leads/{test}", "call", "2026-02-01T00:00:00Z");
        var known = await Touch(http, $"leads/{test}", "call", "2026-03-02T00:00:00Z");
        var with = await Groups(http, "by=rep,day", known);
        var before = DateTimeOffset.UtcNow;
        var flagged = (await http.Write($"leads/{test}/flag", new { flag = "test" })).Ok().Position;

        with.ShouldNotBe(shown);
        (await Groups(http, "by=rep,day", flagged)).ShouldBe(shown);
        (await Groups(http, $"by=rep,day&knownAt={before.Text()}", flagged)).ShouldBe(with);
        (await Groups(http, "by=rep,day", (await http.Write($"leads/{test}/flag/withdrawal", new { })).Ok().Position)).ShouldBe(with);
        (await new Rebuild(crm.Engine.Database, Catalog.Activity, crm.Engine.Store.Types).Verify(Gear.FlatOut, null, default)).Differences.ShouldBeEmpty();
    }

    [Fact]
    public async Task Who_sees_his_own_records_counts_what_he_did_himself()
    {
        using var http = await Tenant();
        var story = await Story(http);
        using var an = await Member(http, new { id = "an", role = "rep", rep = "An" });

        (await Groups(an, "by=rep", story.Position)).ShouldBe(["An: 3 touches (call 2, visit 1), 1 inbound, 4.5 minutes, 2 records, 2 taken"]);
    }

    private Task<HttpClient> Tenant() => crm.Tenant($"activity-{Interlocked.Increment(ref tenants)}");

    private async Task<HttpClient> Member(HttpClient http, object member)
    {
        (await http.Write("members", member)).Ok();
        var id = JsonSerializer.SerializeToElement(member).GetProperty("id").GetString();
        return crm.With((await http.Write("api-keys", new { name = "k", member = id })).Ok()["key"]);
    }

    // Told by a program, for An and Bo: two leads of An's, of which Bo gets one, and a deal of Bo's.
    private async Task<(Guid Lead, string? Position)> Story(HttpClient http)
    {
        using var robot = await Member(http, new { id = "switchboard", role = "integration", kind = "program" });
        var (one, other) = (await Lead(robot, "An"), await Lead(robot, "An"));
        await Touch(robot, $"leads/{one}", "call", "2026-03-02T08:00:00Z", 120);
        await Touch(robot, $"leads/{other}", "call", "2026-03-02T09:00:00Z", 150);
        await Touch(robot, $"leads/{one}", "page-view", "2026-03-03T09:00:00Z", direction: "inbound");
        await Touch(robot, $"leads/{other}", "visit", "2026-03-04T09:00:00Z");
        (await robot.Write($"leads/{one}/assignment", new { rep = "Bo", team = "East", occurredAt = "2026-03-05T00:00:00Z" })).Ok();
        await Touch(robot, $"leads/{one}", "call", "2026-03-06T09:00:00Z");
        var deal = (await robot.Open(new { rep = "Bo", occurredAt = "2026-03-06T00:00:00Z" })).Id;
        await Touch(robot, $"opportunities/{deal}", "visit", "2026-03-07T09:00:00Z");
        return (one, await Touch(robot, $"opportunities/{deal}", "meeting", "2026-03-08T09:00:00Z"));
    }

    private static async Task<Guid> Lead(HttpClient http, string rep) => (await http.Write("leads", new { source = "web", rep, occurredAt = "2026-03-01T00:00:00Z" })).Ok().Id;

    private static async Task<string?> Touch(HttpClient http, string record, string kind, string occurredAt, int? durationSeconds = null, string direction = "outbound") =>
        (await http.Write($"{record}/touches", new { kind, direction, occurredAt, durationSeconds })).Ok().Position;

    private static async Task<JsonElement> Activity(HttpClient http, string question, string? least) => (await http.Read($"reports/activity?{question}", (Least, least))).Ok().Body;

    private static async Task<IReadOnlyList<string>> Groups(HttpClient http, string question, string? least) =>
    [
        .. (await Activity(http, question, least)).GetProperty("groups").EnumerateArray().Select(group =>
            $"{string.Join(' ', group.GetProperty("by").EnumerateObject().Select(part => part.Value.GetString()))}: {Told(group.GetProperty("figures"))}")
    ];

    private static string Told(JsonElement figures) =>
        $"{figures.GetProperty("touches")} touches ({string.Join(", ", figures.GetProperty("kinds").EnumerateObject().Select(kind => $"{kind.Name} {kind.Value}"))}), "
        + $"{figures.GetProperty("inbound")} inbound, {figures.GetProperty("callMinutes")} minutes, {figures.GetProperty("records")} records, {figures.GetProperty("leadsTaken")} taken";

    private static string Label(string group) => group[..group.IndexOf(':', StringComparison.Ordinal)];
}
