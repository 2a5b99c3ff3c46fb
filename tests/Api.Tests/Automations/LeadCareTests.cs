using Crm.Api.Tests.Journeys;
using Crm.Support;

namespace Crm.Api.Tests.Automations;

/// <summary>Leads that look after themselves: given by rules, reminded of, taken away, and told of further up.</summary>
public sealed class LeadCareTests(MovedClock crm) : CareTests(crm), IClassFixture<MovedClock>
{
    [Fact]
    public async Task A_lead_that_nobody_follows_up_goes_from_rep_to_rep_and_then_to_their_superior()
    {
        using var http = await Company();
        var lead = (await http.Write("leads", new { source = "web", company = "苏州恒测仪器", region = "East" })).Ok().Id;
        await Has(http, lead, "li");

        await Crm.Move(TimeSpan.FromHours(20));
        await Told(http, lead, "lead_reminded");
        await Crm.Move(TimeSpan.FromHours(4));
        await Has(http, lead, "wang");
        await Crm.Move(TimeSpan.FromHours(24));
        await Has(http, lead, "chen");

        var story = (await http.History($"leads/{lead}")).Select(Told);
        story.ShouldBe([
            "lead_captured", "lead_assigned li rule 1", "lead_reminded li", "lead_response_missed li", "lead_returned li", "lead_assigned wang rule 2",
            "lead_reminded wang", "lead_response_missed wang", "lead_returned wang", "lead_assigned chen rounds 2"]);
        var versions = (await http.History($"leads/{lead}")).Skip(1).Select(e => e.GetProperty("source").GetString());
        versions.ShouldAllBe(source => source == "automation");

        var missed = (await http.Read("reports/activity?by=rep&sort=missed", ("Crm-Min-Position", (await http.Write($"leads/{lead}/notes", new { text = "now" })).Ok().Position))).Ok().Body.GetProperty("groups").EnumerateArray();
        missed.Select(group => (group.GetProperty("by").GetProperty("rep").GetString(), group.GetProperty("figures").GetProperty("firstResponses").GetProperty("missed").GetInt32()))
            .ShouldBe([("li", 1), ("wang", 1), ("chen", 0)]);
    }

    [Fact]
    public async Task A_follow_up_keeps_it_and_silence_after_it_goes_up_step_by_step()
    {
        using var http = await Company();
        var lead = (await http.Write("leads", new { source = "web", region = "East" })).Ok().Id;
        await Has(http, lead, "li");
        await Crm.Move(TimeSpan.FromHours(1));
        (await http.Write($"leads/{lead}/touches", new { kind = "call", direction = "outbound" })).Ok();

        await Crm.Move(TimeSpan.FromDays(3));
        await Told(http, lead, "lead_follow_up_expected");
        await Crm.Move(TimeSpan.FromHours(1));
        await Told(http, lead, "lead_silent");
        await Crm.Move(TimeSpan.FromDays(4));

        var silent = (await http.History($"leads/{lead}")).Single(e => e.GetProperty("type").GetString() == "lead_silent").GetProperty("data");
        (silent.GetProperty("step").GetInt32(), silent.GetProperty("told").GetString()).ShouldBe((1, "chen"));
        (await http.Read($"leads/{lead}")).Ok()["rep"].ShouldBe("li");
    }

    [Fact]
    public async Task Leads_go_round_and_the_books_know_who_has_had_one()
    {
        using var http = await Company();
        var leads = new List<Guid>();
        for (var i = 0; i < 6; i++)
        {
            leads.Add((await http.Write("leads", new { source = "web", region = "East" })).Ok().Id);
        }

        foreach (var lead in leads)
        {
            await Patience.Until("it is given", async () => (await http.Read($"leads/{lead}")).Ok()["rep"] is not null);
        }

        var reps = new List<string?>();
        foreach (var lead in leads)
        {
            reps.Add((await http.Read($"leads/{lead}")).Ok()["rep"]);
        }

        reps.ShouldBe(["li", "wang", "li", "wang", "li", "wang"]);
    }

    [Fact]
    public async Task Whoever_gets_a_lead_gets_a_task_which_follows_what_becomes_of_it()
    {
        using var http = await Company(new { firstTask = new { kind = "first-call", title = "首次电话跟进", dueMinutes = 1440 } });
        var lead = (await http.Write("leads", new { source = "web", region = "East" })).Ok().Id;
        await Has(http, lead, "li");
        (await Tasks(http, lead)).ShouldBe(["li open first-call 首次电话跟进"]);

        await Crm.Move(TimeSpan.FromHours(24));
        await Has(http, lead, "wang");
        (await http.Write($"leads/{lead}/touches", new { kind = "call", direction = "outbound" })).Ok();
        await Patience.Until("his task is done", async () => (await Tasks(http, lead)).Any(task => task.Contains("done", StringComparison.Ordinal)));
        (await Tasks(http, lead)).ShouldBe(["li cancelled first-call 首次电话跟进", "wang done first-call 首次电话跟进"]);
    }

    [Fact]
    public async Task Reps_and_those_above_them_hear_of_it_once_each()
    {
        using var http = await Company();
        var inboxes = new Dictionary<string, HttpClient>();
        foreach (var member in (string[])["li", "wang", "chen"])
        {
            (await http.Write("members", new { id = member, role = "rep" })).Ok();
            inboxes[member] = Crm.With((await http.Write("api-keys", new { name = "k", member })).Ok()["key"]);
        }

        var lead = (await http.Write("leads", new { source = "web", company = "恒测", region = "East" })).Ok().Id;
        await Has(http, lead, "li");
        await Crm.Move(TimeSpan.FromHours(24));
        await Has(http, lead, "wang");

        await Patience.Until("all have heard", async () => (await Heard("wang")).Count == 1 && (await Heard("chen")).Count == 1);
        (await Heard("li")).ShouldBe(["lead-given", "lead-missed", "lead-reminder"], ignoreOrder: true);
        (await Heard("wang")).ShouldBe(["lead-given"]);
        (await Heard("chen")).ShouldBe(["lead-missed"]);
        (await inboxes["chen"].Read("alerts?lang=zh-CN")).Ok().Body.GetProperty("items")[0].GetProperty("sentence").GetString()!.ShouldStartWith("li 未在");

        async Task<IReadOnlyList<string?>> Heard(string member) =>
            [.. (await inboxes[member].Read("alerts")).Ok().Body.GetProperty("items").EnumerateArray().Select(alert => alert.GetProperty("kind").GetString())];
    }

    [Fact]
    public async Task Terms_are_counted_by_the_stores_clock_though_nobody_has_asked_for_it_lately()
    {
        using var http = await Company();
        await Crm.MoveUnnoticed(TimeSpan.FromHours(5));
        var lead = (await http.Write("leads", new { source = "web", region = "East" })).Ok().Id;
        await Has(http, lead, "li");

        var given = (await http.History($"leads/{lead}"))[1];
        var respondBy = given.GetProperty("data").GetProperty("terms").GetProperty("respondBy").GetDateTimeOffset();
        (respondBy - given.GetProperty("recordedAt").GetDateTimeOffset()).ShouldBe(TimeSpan.FromHours(24), tolerance: TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task A_long_name_keeps_a_lead_from_nobody()
    {
        using var http = await Company();
        (await http.Write("members", new { id = "li", role = "rep" })).Ok();
        var lead = (await http.Write("leads", new { source = "web", region = "East", company = string.Concat(Enumerable.Repeat("😀", 190)) })).Ok().Id;
        await Has(http, lead, "li");
    }
}
