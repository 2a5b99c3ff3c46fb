using System.Text.Json;
using Crm.Api.Tests.Attachments;
using Crm.Api.Tests.Http;
using Crm.Api.Tests.Journeys;
using Crm.Support;

namespace Crm.Api.Tests.Leads;

/// <summary>Leads ripen by evidence, lose what they rest on when that is withdrawn, and are counted on any day.</summary>
public sealed class LevelTests(CrmServer crm) : IClassFixture<CrmServer>
{
    private const string Least = "Crm-Min-Position";
    private const string Pains = "痛点清单书面确认";

    private static int tenants;

    [Fact]
    public async Task A_lead_rises_by_its_evidence_and_falls_back_when_that_is_taken_away()
    {
        using var http = await Tenant();
        var lead = (await http.Write("leads", new { source = "web" })).Ok().Id;
        var minutes = (await http.Attach($"leads/{lead}", "minutes.pdf", Attaching.Pdf(), ("label", "minutes"))).Ok()["attachmentId"];

        var refused = await (await http.Write($"leads/{lead}/level", new { level = "L3" })).Refused();
        (refused.Status, refused.Code).ShouldBe((422, "lead.level-evidence"));
        refused.Errors.Select(error => $"{error.Where} {error.Code} {error.Message.Split(':')[0]}").ShouldBe(
        [
            "/level lead.evidence-missing L2 asks for 'screened' (接通的电话)", "/level lead.evidence-missing L2 asks for 'company' (公司名称)",
            $"/level lead.evidence-missing L3 asks for 'pains' ({Pains})"
        ]);
        refused.Errors[2].Message.ShouldContain($"attachment {minutes} (minutes)");
        var none = (await Level(http, lead)).GetProperty("next");
        $"{none.GetProperty("level")} {none.GetProperty("missing").GetArrayLength()}".ShouldBe("L1 0", "nothing is asked of the first");

        var touch = Guid.CreateVersion7();
        (await http.Write($"leads/{lead}/touches", new { id = touch, kind = "call", direction = "outbound", outcome = "reached" })).Ok();
        (await http.Patch($"leads/{lead}", new { company = "苏州恒测仪器" })).Ok();
        var file = (await http.Attach($"leads/{lead}", "pains.pdf", Attaching.Pdf("pains"), ("label", Pains))).Ok()["attachmentId"];
        var raised = (await http.Write($"leads/{lead}/level", new { level = "L3" })).Ok();

        var at = await Level(http, lead);
        at.GetProperty("reached").EnumerateArray().Select(level => level.GetProperty("level").GetString()).ShouldBe(["L1", "L2", "L3"]);
        at.GetProperty("reached")[1].GetProperty("evidence")[0].GetProperty("touchId").GetGuid().ShouldBe(touch);
        at.GetProperty("reached")[2].GetProperty("evidence")[0].GetProperty("attachmentId").GetString().ShouldBe(file);
        at.GetProperty("next").ValueKind.ShouldBe(JsonValueKind.Null, "there is none above");
        var listed = (await http.Read("leads?level=L3&sort=-levelRank", (Least, raised.Position))).Ok().Body.GetProperty("items")[0];
        (listed.GetProperty("id").GetGuid(), listed.GetProperty("levelRank").GetInt32(), listed.GetProperty("levelSince").GetDateTimeOffset()).ShouldBe((lead, 3, at.GetProperty("since").GetDateTimeOffset()));

        var before = DateTimeOffset.UtcNow;
        (await http.Write($"leads/{lead}/attachments/{file}/removal", new { reason = "of another plant" })).Ok();
        await Patience.Until("it has fallen back", async () => (await Level(http, lead)).GetProperty("level").GetString() == "L2");

        var fell = (await http.Read($"leads/{lead}/events")).Ok().Body.GetProperty("items").EnumerateArray().Single(e => e.GetProperty("type").GetString() == "lead_fell_back").GetProperty("data");
        (fell.GetProperty("because").GetString(), fell.GetProperty("gone")[0].GetProperty("attachmentId").GetString()).ShouldBe(("evidence", file));
        (await Level(http, lead, $"?at={before.Text()}")).GetProperty("level").GetString().ShouldBe("L3", "then it was");
        (await Level(http, lead)).GetProperty("next").GetProperty("missing")[0].GetProperty("near")[0].GetProperty("label").GetString().ShouldBe("minutes");
    }

    [Fact]
    public async Task A_level_outlives_the_playbook_that_gave_it_and_a_person_may_take_it()
    {
        using var http = await Tenant();
        var lead = (await http.Write("leads", new { source = "web", company = "Acme" })).Ok().Id;
        (await http.Write($"leads/{lead}/touches", new { kind = "call", direction = "outbound", outcome = "reached" })).Ok();
        (await http.Write($"leads/{lead}/level", new { level = "L2" })).Ok();
        await Publish(http, new { key = "L1", name = "A", evidence = new[] { new { key = "phone", name = "Phone", field = "phone" } } }, new { key = "L9", name = "Z" });
        (await http.Write($"leads/{lead}/notes", new { text = "x" })).Ok();

        var at = await Level(http, lead);
        $"{at.GetProperty("level")} {at.GetProperty("next").GetProperty("level")}".ShouldBe("L2 L9", "what it reached is asked for no more");
        (await (await http.Write($"leads/{lead}/level", new { level = "L3" })).Refused()).Code.ShouldBe("lead.level-unknown");
        (await http.Write($"leads/{lead}/level/withdrawal", new { level = "L1", reason = "said by mistake" })).Ok();
        (await Level(http, lead)).GetProperty("level").GetString().ShouldBe("L1");
        (await (await http.Write($"leads/{lead}/level/withdrawal", new { level = "L2", reason = "x" })).Refused()).Code.ShouldBe("lead.level-not-reached");
        (await http.Write($"leads/{lead}/disqualification", new { reason = "budget" })).Ok();
        (await (await http.Write($"leads/{lead}/level", new { level = "L9" })).Refused()).Code.ShouldBe("lead.disqualified");
    }

    [Theory]
    [InlineData("", "1 0 1 2", "2/3 5")]
    [InlineData("?asOf=2026-03-08", "1 0 2 1", "1/3 4")]
    [InlineData("?from=2026-03-04", "1 0 1 2", "1/2 6")]
    [InlineData("?from=2026-03-01&to=2026-03-04", "1 0 1 2", "1/1 4")]
    [InlineData("?rep=Bo", "0 0 1 0", "0/1 ")]
    public async Task Leads_are_counted_by_level_and_by_how_they_rose(string question, string counts, string rose)
    {
        using var http = await Tenant();
        var position = await Story(http);

        var figures = (await http.Read($"leads/levels{question}", (Least, position))).Ok().Body;

        Counts(figures).ShouldBe(counts);
        Rose(figures).ShouldBe(rose);
    }

    [Fact]
    public async Task A_flagged_lead_is_in_no_figure_and_who_sees_his_own_counts_his_own()
    {
        var tenant = $"levels-{Interlocked.Increment(ref tenants)}";
        using var http = await crm.Tenant(tenant);
        await Publish(http);
        var position = await Story(http);
        var slow = (await http.Read("leads?filter=company=Slow", (Least, position))).Ok().Body.GetProperty("items")[0].GetProperty("id").GetGuid();
        var flagged = (await http.Write($"leads/{slow}/flag", new { flag = "junk" })).Ok().Position;
        var figures = (await http.Read("leads/levels?by=rep", (Least, flagged))).Ok().Body;
        (Counts(figures), Rose(figures)).ShouldBe(("1 0 1 1", "1/2 4"));
        figures.GetProperty("groups").EnumerateArray().Select(group => $"{group.GetProperty("by").GetProperty("rep")}: {Counts(group)}, {Rose(group)}").ShouldBe(["An: 1 0 0 1, 1/1 4", "Bo: 0 0 1 0, 0/1 "]);

        (await http.Write("members", new { id = "bo", role = "rep", rep = "Bo" })).Ok();
        using var bo = crm.With((await http.Write("api-keys", new { name = "k", member = "bo" })).Ok()["key"]);
        Counts((await bo.Read("leads/levels", (Least, flagged))).Ok().Body).ShouldBe("0 0 1 0");
    }

    private async Task<HttpClient> Tenant()
    {
        var http = await crm.Tenant($"levels-{Interlocked.Increment(ref tenants)}");
        await Publish(http);
        return http;
    }

    private static async Task Publish(HttpClient http, params object[] levels)
    {
        object[] usual =
        [
            new { key = "L1", name = "留资未验证" },
            new
            {
                key = "L2", name = "电话初筛", evidence = new object[]
                {
                    new { key = "screened", name = "接通的电话", touch = new { kind = "call", direction = "outbound", outcome = "reached" } }, new { key = "company", name = "公司名称", field = "company" }
                }
            },
            new { key = "L3", name = "需求确认", evidence = new[] { new { key = "pains", name = Pains, attachment = Pains } } }
        ];
        (await http.Put("playbook/draft", new { name = "Levels", levels = levels.Length > 0 ? levels : usual })).Ok();
        (await http.Write("playbook/publication", new { })).Ok();
    }

    // One rises fast, one slowly, one stays, and one never began.
    private static async Task<string?> Story(HttpClient http)
    {
        await Rise("Fast", "An", 3, 7);
        await Rise("Slow", "An", 4, 10);
        await Rise("Stays", "Bo", 5);
        return (await http.Write("leads", new { source = "web", company = "Never", rep = "An", occurredAt = "2026-03-01T00:00:00Z" })).Ok().Position;

        async Task Rise(string company, string rep, params int[] days)
        {
            var lead = (await http.Write("leads", new { source = "web", company, rep, occurredAt = "2026-03-01T00:00:00Z" })).Ok().Id;
            (await http.Write($"leads/{lead}/touches", new { kind = "call", direction = "outbound", outcome = "reached", occurredAt = "2026-03-02T00:00:00Z" })).Ok();
            (await http.Attach($"leads/{lead}", "pains.pdf", Attaching.Pdf(company), ("label", Pains), ("occurredAt", "2026-03-02T00:00:00Z"))).Ok();
            foreach (var (i, day) in days.Index())
            {
                (await http.Write($"leads/{lead}/level", new { level = $"L{i + 2}", occurredAt = $"2026-03-{day:00}T00:00:00Z" })).Ok();
            }
        }
    }

    private static async Task<JsonElement> Level(HttpClient http, Guid lead, string times = "") => (await http.Read($"leads/{lead}/level{times}")).Ok().Body;

    // At none, and at each level.
    private static string Counts(JsonElement figures) =>
        string.Join(' ', figures.GetProperty("levels").EnumerateArray().Select(level => level.GetProperty("leads").GetInt64()).Prepend(figures.GetProperty("atNone").GetInt64()));

    private static string Rose(JsonElement figures)
    {
        var step = figures.GetProperty("steps").EnumerateArray().Single(step => step.GetProperty("from").GetString() == "L2");
        var (rose, days) = (step.GetProperty("rose"), step.GetProperty("days"));
        return $"{rose.GetProperty("count")}/{rose.GetProperty("of")} {(days.ValueKind == JsonValueKind.Null ? "" : days.GetProperty("median"))}";
    }
}
