using System.Text.Json;
using Crm.Api.Imports;
using Crm.Api.Tests.Journeys;
using Crm.Domain.Leads;
using Crm.Support;

namespace Crm.Api.Tests.Automations;

/// <summary>Leads that look after themselves: given by rules, reminded of, taken away, and told of further up.</summary>
public sealed class LeadCareTests(MovedClock crm) : IClassFixture<MovedClock>
{
    private static int tenants;

    [Fact]
    public async Task A_lead_that_nobody_follows_up_goes_from_rep_to_rep_and_then_to_their_superior()
    {
        using var http = await Company();
        var lead = (await http.Write("leads", new { source = "web", company = "苏州恒测仪器", region = "East" })).Ok().Id;
        await Has(http, lead, "li");

        await crm.Move(TimeSpan.FromHours(20));
        await Told(http, lead, "lead_reminded");
        await crm.Move(TimeSpan.FromHours(4));
        await Has(http, lead, "wang");
        await crm.Move(TimeSpan.FromHours(24));
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
        await crm.Move(TimeSpan.FromHours(1));
        (await http.Write($"leads/{lead}/touches", new { kind = "call", direction = "outbound" })).Ok();

        await crm.Move(TimeSpan.FromDays(3));
        await Told(http, lead, "lead_follow_up_expected");
        await crm.Move(TimeSpan.FromHours(1));
        await Told(http, lead, "lead_silent");
        await crm.Move(TimeSpan.FromDays(4));

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

        await crm.Move(TimeSpan.FromHours(24));
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
            inboxes[member] = crm.With((await http.Write("api-keys", new { name = "k", member })).Ok()["key"]);
        }

        var lead = (await http.Write("leads", new { source = "web", company = "恒测", region = "East" })).Ok().Id;
        await Has(http, lead, "li");
        await crm.Move(TimeSpan.FromHours(24));
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
    public async Task What_is_revived_after_a_month_is_his_and_looked_after_from_then_on()
    {
        using var http = await Company();
        var lead = (await http.Write("leads", new { source = "web", region = "East" })).Ok().Id;
        await Has(http, lead, "li");
        (await http.Write($"leads/{lead}/disqualification", new { reason = "no budget" })).Ok();
        await crm.Move(TimeSpan.FromDays(30));
        (await http.Write($"leads/{lead}/revival", new { })).Ok();

        await Told(http, lead, "lead_follow_up_expected");
        (await http.History($"leads/{lead}")).Select(Told).ShouldBe(["lead_captured", "lead_assigned li rule 1", "lead_disqualified", "lead_revived", "lead_follow_up_expected li"]);
    }

    [Fact]
    public async Task What_a_rule_says_is_a_test_is_given_to_nobody_until_somebody_vouches_for_it()
    {
        using var http = await Company();
        var lead = (await http.Write("leads", new { source = "test", region = "East" })).Ok().Id;
        await Told(http, lead, "lead_flagged");
        var history = await http.History($"leads/{lead}");
        var said = history[1].GetProperty("data");
        (said.GetProperty("flag").GetString(), said.GetProperty("rule").GetString()).ShouldBe(("test", "tests"));
        history[1].GetProperty("occurredAt").GetString().ShouldBe(history[0].GetProperty("occurredAt").GetString());
        (await (await http.Write($"leads/{lead}/claim", new { })).Refused()).Code.ShouldBe("lead.flagged");
        (await (await http.Write($"leads/{lead}/assignment", new { rep = "wang" })).Refused()).Code.ShouldBe("lead.flagged");

        (await http.Write($"leads/{lead}/flag/withdrawal", new { reason = "a customer who tries us" })).Ok();
        await Has(http, lead, "li");
        (await http.Write($"leads/{lead}/notes", new { text = "still from the source test" })).Ok();
        (await http.Read($"leads/{lead}")).Ok()["flag"].ShouldBeNull();
    }

    [Fact]
    public async Task Nothing_is_expected_of_whoever_has_a_flagged_lead_and_all_of_it_is_once_it_is_business_again()
    {
        using var http = await Company(new { firstTask = new { kind = "first-call", title = "首次电话跟进", dueMinutes = 1440 } });
        var lead = (await http.Write("leads", new { source = "web", region = "East" })).Ok().Id;
        var other = (await http.Write("leads", new { source = "web", region = "East" })).Ok().Id;
        await Has(http, lead, "li");
        await Has(http, other, "wang");
        (await http.Write($"leads/{lead}/flag", new { flag = "junk", reason = "sells to us" })).Ok();
        await Patience.Until("his task is cancelled", async () =>
            (await Tasks(http, lead)).SequenceEqual(["li cancelled first-call 首次电话跟进"]));

        await crm.Move(TimeSpan.FromHours(30));
        await Told(http, other, "lead_returned");
        (await http.History($"leads/{lead}")).Select(Told).Where(told => told != "lead_noted")
            .ShouldBe(["lead_captured", "lead_assigned li rule 1", "lead_flagged", "lead_clocks_stopped li"]);

        (await http.Write($"leads/{lead}/flag/withdrawal", new { })).Ok();
        await Told(http, lead, "lead_follow_up_expected");
        (await http.Read($"leads/{lead}")).Ok()["rep"].ShouldBe("li");
        await crm.Move(TimeSpan.FromHours(73));
        await Told(http, lead, "lead_silent");
    }

    [Fact]
    public async Task Rules_that_come_into_force_take_what_the_former_left_in_the_pool()
    {
        using var http = await Company();
        var lead = (await http.Write("leads", new { source = "web", region = "North" })).Ok().Id;
        await Told(http, lead, "lead_left_in_pool");
        (await http.Put("playbook/draft", new { name = "North too", reps = new[] { new { rep = "sun" } }, assignment = new { rules = new[] { new { key = "all", name = "All" } } } })).Ok();
        (await http.Write("playbook/publication", new { })).Ok();

        await Has(http, lead, "sun");
    }

    [Fact]
    public async Task Rules_that_come_into_force_later_take_it_then()
    {
        using var http = await Company();
        var lead = (await http.Write("leads", new { source = "web", region = "North" })).Ok().Id;
        await Told(http, lead, "lead_left_in_pool");
        (await http.Put("playbook/draft", new { name = "North too", reps = new[] { new { rep = "sun" } }, assignment = new { rules = new[] { new { key = "all", name = "All" } } } })).Ok();
        (await http.Write("playbook/publication", new { from = crm.Engine.Store.Clock.GetUtcNow().AddDays(2) })).Ok();
        await Patience.Until("it is known when to ask again", async () => (await http.History($"leads/{lead}")).Count == 3);

        await crm.Move(TimeSpan.FromDays(2));
        await Has(http, lead, "sun");
    }

    [Fact]
    public async Task Terms_are_counted_by_the_stores_clock_though_nobody_has_asked_for_it_lately()
    {
        using var http = await Company();
        await crm.MoveUnnoticed(TimeSpan.FromHours(5));
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

    [Fact]
    public async Task A_tenant_without_a_playbook_is_left_alone()
    {
        using var http = await crm.Tenant($"care-{Interlocked.Increment(ref tenants)}");
        using var other = await Company();
        var alone = (await http.Write("leads", new { source = "web", region = "East" })).Ok().Id;
        var cared = (await other.Write("leads", new { source = "web", region = "East" })).Ok().Id;
        await Has(other, cared, "li");

        (await http.History($"leads/{alone}")).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Where_the_rules_decide_nobody_gives_leads_by_hand()
    {
        using var http = await Company(new { byHand = false });
        var lead = (await http.Write("leads", new { source = "web", region = "East" })).Ok().Id;
        await Has(http, lead, "li");

        (await (await http.Write($"leads/{lead}/assignment", new { rep = "wang" })).Refused()).Code.ShouldBe("lead.not-by-hand");
        (await (await http.Write("leads", new { source = "web", rep = "wang" })).Refused()).Code.ShouldBe("lead.not-by-hand");
    }

    [Fact]
    public async Task While_it_is_only_tried_it_says_what_it_would_do_and_writes_nothing()
    {
        using var http = await Company();
        (await http.Write("automations/look-after-leads/mode", new { mode = "dry-run", reason = "on trial" })).Ok();
        var lead = (await http.Write("leads", new { source = "web", region = "East" })).Ok().Id;

        JsonElement trial = default;
        await Patience.Until("it says what it would do", async () =>
        {
            var trials = (await http.Read("automations/look-after-leads/trials")).Ok().Body.GetProperty("items");
            trial = trials.GetArrayLength() > 0 ? trials[0] : default;
            return trial.ValueKind == JsonValueKind.Object;
        });
        (trial.GetProperty("subject").GetGuid(), trial.GetProperty("facts")[0].GetProperty("type").GetString(), trial.GetProperty("facts")[0].GetProperty("data").GetProperty("rep").GetString())
            .ShouldBe((lead, "lead_assigned", "li"));
        (await http.History($"leads/{lead}")).Count.ShouldBe(1);

        (await http.Write("automations/look-after-leads/mode", new { mode = "on" })).Ok();
        var next = (await http.Write("leads", new { source = "web", region = "East" })).Ok().Id;
        await Has(http, next, "li");
    }

    [Fact]
    public async Task It_is_seen_what_goes_on_by_itself()
    {
        using var http = await Company();
        var lead = (await http.Write("leads", new { source = "web", region = "East" })).Ok().Id;
        await Has(http, lead, "li");

        await Patience.Until("it is counted", async () => (await State()).GetProperty("acts").TryGetProperty("lead_assigned", out _) && (await State()).GetProperty("waiting").GetInt64() == 1);
        var state = await State();
        (state.GetProperty("mode").GetString(), state.GetProperty("failures").GetInt64(), state.GetProperty("due").GetInt64()).ShouldBe(("on", 0, 0));

        async Task<JsonElement> State() => (await http.Read("automations")).Ok().Body.GetProperty("items")[0];
    }

    [Fact]
    public async Task One_lead_that_cannot_be_cared_for_holds_up_no_other_and_is_tried_again_when_somebody_wants_it()
    {
        var tenant = $"care-{Interlocked.Increment(ref tenants)}";
        using var http = await Company(tenant: tenant);
        var sick = (await http.Write("leads", new { source = "web", region = "East" })).Ok().Id;
        await Has(http, sick, "li");
        var well = (await http.Write("leads", new { source = "web", region = "East" })).Ok().Id;
        await Has(http, well, "wang");

        // Nothing can be written to it any more, as an operator may have wanted.
        await crm.Sql($"update public.mt_streams set is_archived = true where tenant_id = '{tenant}' and id = '{sick}'");
        await crm.Move(TimeSpan.FromHours(20));
        await Told(http, well, "lead_reminded");
        await Patience.Until("it is told that one failed", async () => (await Failures()).Count == 1);
        (await Failures())[0].ShouldSatisfyAllConditions(
            failure => failure.GetProperty("subject").GetGuid().ShouldBe(sick), failure => failure.GetProperty("error").GetString()!.ShouldStartWith("StreamArchived"));

        await crm.Sql($"update public.mt_streams set is_archived = false where tenant_id = '{tenant}' and id = '{sick}'");
        (await http.Write($"automations/look-after-leads/failures/{sick}/retry", new { })).Status.ShouldBe(204);
        await Told(http, sick, "lead_reminded");
        await Patience.Until("nothing has failed", async () => (await Failures()).Count == 0);

        async Task<IReadOnlyList<JsonElement>> Failures() => [.. (await http.Read("automations/look-after-leads/failures")).Ok().Body.GetProperty("items").EnumerateArray()];
    }

    [Fact]
    public async Task What_is_tried_again_is_what_it_was_a_lead_of_a_file_is_still_given_to_nobody()
    {
        var tenant = $"care-{Interlocked.Increment(ref tenants)}";
        using var http = await Company(tenant: tenant);
        var (ofFile, ofPerson) = (await Captured(Importer.Source), await Captured("api"));
        await Has(http, ofPerson, "li");

        var captured = (await http.History($"leads/{ofFile}"))[0].GetProperty("id").GetGuid();
        await crm.Sql($"""
            insert into crm.automation_failure (tenant_id, automation, subject_id, cause_id, due_at, error, again)
            values ('{tenant}', 'look-after-leads', '{ofFile}', '{captured}', now(), 'x', true)
            """);
        await Patience.Until("it was tried again", async () => (await http.Read("automations/look-after-leads/failures")).Ok().Body.GetProperty("items").GetArrayLength() == 0);

        (await http.History($"leads/{ofFile}")).Count.ShouldBe(1);

        async Task<Guid> Captured(string source)
        {
            var call = new Call(new Caller(tenant, "ann"), OccurredAt: null, IfMatch: null, Key: null, RequestId: null, source);
            return (await crm.Engine.Commands.Send(LeadDecider.Instance, Guid.CreateVersion7(), new CaptureLead("web", Region: "East"), call, default)).Id;
        }
    }

    private async Task<HttpClient> Company(object? assignment = null, string? tenant = null)
    {
        var http = await crm.Tenant(tenant ?? $"care-{Interlocked.Increment(ref tenants)}");
        var rules = new Dictionary<string, object> { ["rules"] = new[] { new { key = "region", name = "By region", match = new[] { "region" } } } };
        foreach (var member in assignment?.GetType().GetProperties() ?? [])
        {
            rules[member.Name] = member.GetValue(assignment)!;
        }

        (await http.Put("playbook/draft", new
        {
            name = "B2B",
            calendars = new[] { new { key = "always", zone = "UTC", workdays = Enum.GetNames<DayOfWeek>().Select(day => day.ToLowerInvariant()), hours = new[] { new { from = "00:00", to = "24:00" } } } },
            reps = new object[]
            {
                new { rep = "li", superior = "chen", regions = new[] { "East" } }, new { rep = "wang", superior = "chen", regions = new[] { "East" } },
                new { rep = "zhao", superior = "chen", regions = new[] { "West" } }, new { rep = "chen", takesLeads = false }
            },
            assignment = rules,
            flags = new
            {
                rules = new[] { new { key = "tests", name = "Tests", flag = "test", when = new { field = "source", @operator = "eq", value = "test" } } }
            },
            clocks = new { calendar = "always", firstResponse = new { dueMinutes = 1440, remindMinutes = 1200, rounds = 2 }, silence = new { workdays = 3, steps = 1 } }
        })).Ok();
        (await http.Write("playbook/publication", new { })).Ok();
        return http;
    }

    private static async Task<IReadOnlyList<string>> Tasks(HttpClient http, Guid lead)
    {
        var written = (await http.Write($"leads/{lead}/notes", new { text = "now" })).Ok();
        var tasks = (await http.Read($"tasks?about={lead}&sort=openedAt", ("Crm-Min-Position", written.Position))).Ok().Body.GetProperty("items");
        return [.. tasks.EnumerateArray().Select(task => $"{task.GetProperty("rep").GetString()} {task.GetProperty("state").GetString()} {task.GetProperty("kind").GetString()} {task.GetProperty("title").GetString()}")];
    }

    private static Task Has(HttpClient http, Guid lead, string rep) =>
        Patience.Until($"{rep} has it", async () => (await http.Read($"leads/{lead}")).Ok()["rep"] == rep);

    private static Task Told(HttpClient http, Guid lead, string type) =>
        Patience.Until(type, async () => (await http.History($"leads/{lead}")).Any(e => e.GetProperty("type").GetString() == type));

    private static string Told(JsonElement e)
    {
        var data = e.GetProperty("data");
        var ground = data.TryGetProperty("ground", out var given) && given.ValueKind == JsonValueKind.Object
            ? $" {given.GetProperty("by").GetString()} {given.GetProperty("round").GetInt32()}" : "";
        return $"{e.GetProperty("type").GetString()}{(data.TryGetProperty("rep", out var rep) ? $" {rep.GetString()}" : "")}{ground}";
    }
}
