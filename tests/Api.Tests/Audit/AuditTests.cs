using System.Text.Json;
using Crm.Api.Tests.Journeys;

namespace Crm.Api.Tests.Audit;

/// <summary>Who did what, when, and what it changed, over HTTP.</summary>
public sealed class AuditTests(JudgedShanghaiServer crm) : IClassFixture<JudgedShanghaiServer>
{
    private HttpClient Http => crm.Http;

    [Fact]
    public async Task A_deal_tells_its_story_in_both_languages()
    {
        var deal = await Http.Open(new { name = "苏州恒测 – Spectro", occurredAt = "2026-03-01T02:00:00Z" });
        (await Http.Write($"opportunities/{deal.Id}/stage", new { stage = "Proposal", occurredAt = "2026-03-05T01:00:00Z" })).Ok();
        (await Http.Write($"opportunities/{deal.Id}/amount", new { amount = Talk.Money(800m), occurredAt = "2026-03-02T04:00:00Z" })).Ok();
        var opened = (await Http.History($"opportunities/{deal.Id}"))[0].GetProperty("id").GetGuid();
        (await Http.Write($"opportunities/{deal.Id}/corrections", new { eventId = opened, reason = "a slip", amount = Talk.Money(900m) }, ("If-Match", "*"))).Ok();

        var english = await Items($"opportunities/{deal.Id}/history?lang=en");
        var chinese = await Items($"opportunities/{deal.Id}/history?lang=zh-CN");

        english.Select(e => e.GetProperty("kind").GetString()).ShouldBe(
            ["opportunity_opened", "opportunity_stage_entered", "opportunity_amount_changed", "opportunity_corrected"]);
        Sentence(english[1]).ShouldContain("developer (API) moved “苏州恒测 – Spectro” from Prospecting to Proposal. It happened 2026-03-05 09:00.");
        Sentence(english[2]).ShouldContain("changed the amount of “苏州恒测 – Spectro” from 1000.00 USD to 800.00 USD. It happened 2026-03-02 12:00.");
        Sentence(english[3]).ShouldContain("corrected an earlier fact of “苏州恒测 – Spectro” (a slip): amount 1000.00 USD → 900.00 USD.");
        Sentence(chinese[1]).ShouldContain("developer（接口）将“苏州恒测 – Spectro”的阶段由 Prospecting 变更为 Proposal。（发生于 2026-03-05 09:00）");
        Sentence(chinese[3]).ShouldContain("金额 1000.00 USD → 900.00 USD");
        Changes(english[2]).ShouldBe([("amount", "1000.00", "800.00")]);
        english[3].GetProperty("corrects").GetGuid().ShouldBe(opened);
        (await Http.Read($"opportunities/{deal.Id}/history", ("Accept-Language", "fr, zh;q=0.8, en;q=0.3"))).Ok().Text.ShouldContain("新建商机");
    }

    [Fact]
    public async Task What_is_known_of_a_person_is_told_and_not_stored()
    {
        var lead = (await Http.Write("leads", new { source = "web", contact = "王伟·审计", email = "wei.audit@example.cn" })).Ok();
        var noted = (await Http.Write($"leads/{lead.Id}/notes", new { text = "喜欢茶 audit" })).Ok();

        var story = await Items($"leads/{lead.Id}/history?lang=zh-CN");
        var found = await Items($"audit?subjectId={lead.Id}&lang=zh-CN", ("Crm-Min-Position", noted.Position));

        Sentence(story[0]).ShouldContain("录入线索“王伟·审计”，来源 web");
        Sentence(story[1]).ShouldEndWith("备注：喜欢茶 audit");
        Changes(story[0]).ShouldContain(("email", null, "wei.audit@example.cn"));
        found.Select(Sentence).ShouldBe(story.Select(Sentence).Reverse());
        (await crm.TablesWith("wei.audit@example.cn")).ShouldBeEmpty();
        (await crm.TablesWith("喜欢茶 audit")).ShouldBeEmpty();
    }

    [Fact]
    public async Task It_is_searched_by_who_what_and_when_and_paged()
    {
        var deals = new List<Guid>();
        Reply last = null!;
        for (var i = 0; i < 7; i++)
        {
            deals.Add((await Http.Open(new { name = $"Deal {i}", occurredAt = $"2025-05-0{i + 1}T02:00:00Z" })).Id);
            last = (await Http.Write($"opportunities/{deals[i]}/stage", new { stage = "Engaging", occurredAt = "2025-06-01T02:00:00Z" })).Ok();
        }

        var pages = new List<JsonElement>();
        var path = "audit?kind=opportunity_opened&occurredFrom=2025-05-03&occurredTo=2025-05-07&limit=2";
        for (var cursor = ""; ;)
        {
            var page = (await Http.Read(path + cursor, ("Crm-Min-Position", last.Position))).Ok().Body;
            pages.AddRange(page.GetProperty("items").EnumerateArray());
            if (page.GetProperty("nextCursor").GetString() is not { } next) break;
            cursor = $"&cursor={next}";
        }

        pages.Select(e => e.GetProperty("subjectName").GetString()).ShouldBe(["Deal 5", "Deal 4", "Deal 3", "Deal 2"]);
        (await Items($"audit?subjectId={deals[0]}&actor=developer&source=api&subject=opportunity")).Count.ShouldBe(2);
        (await Items($"audit?subjectId={deals[0]}&actor=nobody")).ShouldBeEmpty();
        (await Items($"audit?subjectId={deals[0]}&kind=opportunity_won,opportunity_opened,")).Count.ShouldBe(1);
        (await Items($"audit?subjectId={deals[0]}&asOf=2025-05-02")).Count.ShouldBe(1);
        (await Items($"audit?subjectId={deals[0]}&to=2025-01-01")).ShouldBeEmpty("recorded today");
        (await Items($"audit?subjectId={deals[0]}&from=2999-01-01")).ShouldBeEmpty("not yet");
        (await Items($"audit?subjectId={deals[0]}&from=2025-01-01&to=2999-01-01")).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Csv_holds_all_of_it_and_no_formula()
    {
        var deal = await Http.Open(new { name = "=cmd|' /C calc'!A0", source = "csv" });
        var closed = (await Http.Write($"opportunities/{deal.Id}/loss", new { reason = "price, \"again\"" })).Ok();

        var reply = await Http.Read($"audit?subjectId={deal.Id}&format=csv&lang=en", ("Crm-Min-Position", closed.Position));

        reply.Message.Content.Headers.ContentType!.MediaType.ShouldBe("text/csv");
        var lines = reply.Text.TrimStart('\uFEFF').Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        lines[0].ShouldStartWith("position,recordedAt,occurredAt,actor,source,kind");
        lines.Length.ShouldBe(3);
        lines[1].ShouldContain("\"\"again\"\"");
        lines.ShouldAllBe(line => !line.Contains(",=") && !line.Contains(",\"="));
    }

    [Fact]
    public async Task What_did_not_change_is_not_told()
    {
        var deal = await Http.Open(new { });
        (await Http.Write($"opportunities/{deal.Id}/win", new { })).Ok();
        var lead = (await Http.Write("leads", new { source = "web", company = "Later", occurredAt = "2026-03-05T00:00:00Z" })).Ok();
        (await Http.Write($"leads/{lead.Id}/touches", new { kind = "call", direction = "outbound", occurredAt = "2026-03-01T00:00:00Z" })).Ok();

        Sentence((await Items($"opportunities/{deal.Id}/history?lang=en"))[1]).ShouldEndWith("at 1000.00 USD.");
        (await Http.Write($"opportunities/{deal.Id}/notes", new { text = "call" })).Ok();
        Sentence((await Items($"opportunities/{deal.Id}/history?lang=zh-CN"))[2]).ShouldEndWith("call", customMessage: "what people write is not translated");
        var touched = (await Items($"leads/{lead.Id}/history?lang=en"))[1];
        Changes(touched).ShouldBeEmpty("a touch before the capture makes no lead");
        Sentence(touched).ShouldContain("“Later”");
    }

    [Fact]
    public async Task An_event_that_cannot_be_read_is_told_as_one_that_nobody_knows_and_keeps_nothing_else_from_being_told()
    {
        var deal = await Http.Open(new { name = "Spoilt" });
        var last = (await Http.Write($"opportunities/{deal.Id}/notes", new { text = "one" })).Ok();
        (await Http.Read($"audit?subjectId={deal.Id}", ("Crm-Min-Position", last.Position))).Ok();
        await crm.Sql($"update public.mt_events set data = '{{\"text\": 7}}' where stream_id = '{deal.Id}' and version = 2");

        Sentence((await Items($"audit?subjectId={deal.Id}&lang=en"))[0]).ShouldContain("does not know (opportunity_noted)");
        (await Items($"opportunities/{deal.Id}/history?lang=en")).Select(e => e.GetProperty("subjectName").GetString()).ShouldBe(["Spoilt", "Spoilt"]);
    }

    [Theory]
    [InlineData("kind=opportunity_wonn", "kind")]
    [InlineData("from=2026-03-02&to=2026-03-01", "to")]
    [InlineData("from=2026-03-02&to=2026-03-02", "to")]
    [InlineData("occurredFrom=2026-03-02&occurredTo=2026-03-01T00:00:00Z", "occurredTo")]
    [InlineData("lang=tlh", "lang")]
    [InlineData("subjectId=7", "subjectId")]
    [InlineData("subject=deal", "subject")]
    [InlineData("cursor=abc", "cursor")]
    [InlineData("from=2026-02-30", "from")]
    [InlineData("format=xlsx", "format")]
    public async Task What_cannot_be_asked_is_refused_by_name(string query, string parameter)
    {
        var refusal = await (await Http.Read($"audit?{query}")).Refused();
        refusal.Status.ShouldBe(400);
        refusal.Errors.Single().Where.ShouldContain(parameter);
        (await Http.Read($"audit?{query}{(parameter == "format" ? "" : "&format=csv")}")).Message.StatusCode.ShouldBe(System.Net.HttpStatusCode.BadRequest);
    }

    private async Task<IReadOnlyList<JsonElement>> Items(string path, params IReadOnlyList<(string, string?)> headers) =>
        [.. (await Http.Read(path, headers)).Ok().Body.GetProperty("items").EnumerateArray()];

    private static string Sentence(JsonElement entry) => entry.GetProperty("sentence").GetString()!;

    private static IReadOnlyList<(string, string?, string?)> Changes(JsonElement entry) =>
        [.. entry.GetProperty("changes").EnumerateArray().Select(c => (c.GetProperty("field").GetString()!, Text(c.GetProperty("before")), Text(c.GetProperty("after"))))];

    private static string? Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.Object => value.GetProperty("amount").GetString(),
        _ => value.ToString()
    };
}
