using System.Net;
using System.Text.Json;
using Crm.Api.Tests.Contract;
using Crm.Api.Tests.Journeys;
using Crm.Api.Tests.Notifications;
using Crm.Support;

namespace Crm.Api.Tests.Nurture;

/// <summary>Leads of few points are sent mails by themselves, through a mail server of others, until they come to us.</summary>
public sealed class NurtureTests(NotificationServer crm) : IClassFixture<NotificationServer>
{
    [FactWith("node", "npm")]
    public async Task A_sequence_goes_out_day_by_day_until_the_lead_answers_and_gets_a_rep()
    {
        using var box = await MailBox.Open();
        var admin = await Stage(box.Port);
        var lead = (await admin.Write("leads", new { source = "web", company = "Acme & Söhne", contact = "李雷", email = "lei@example.com" })).Ok().Id;
        await Patience.Until("the sequence has begun", async () => (await State(admin, lead)).GetProperty("state").GetString() == "running");
        (await admin.Read($"leads/{lead}")).Ok().Body.TryGetProperty("rep", out var rep).ShouldBeTrue();
        rep.ValueKind.ShouldBe(JsonValueKind.Null, "nobody is given a lead of few points");

        await crm.Move(TimeSpan.FromDays(1));
        var first = (await box.Until(1))[0];
        (first.Subject, first.To.Single()).ShouldBe(("李雷，您好", "lei@example.com"));
        first.Text!.ShouldStartWith("Acme & Söhne: day 1. ");
        first.Html!.ShouldContain("Acme &amp; Söhne");
        first.OneClick.ShouldBe("List-Unsubscribe=One-Click");
        await crm.Move(TimeSpan.FromDays(2));
        (await box.Until(2))[1].Text!.ShouldContain("day 3");

        (await admin.Write($"leads/{lead}/touches", new { kind = "download", direction = "inbound" })).Ok();
        await Patience.Until("it has a rep", async () => (await admin.Read($"leads/{lead}")).Ok()["rep"] == "ann");
        await crm.Move(TimeSpan.FromDays(10));
        var over = await State(admin, lead);

        (over.GetProperty("state").GetString(), over.GetProperty("because").GetString()).ShouldBe(("ended", "interaction"));
        box.Got.Count.ShouldBe(2);
        var message = over.GetProperty("mails")[0].GetProperty("message").GetGuid();
        (await admin.Read($"messages/{message}")).Ok().Body.GetProperty("message").GetProperty("state").GetString().ShouldBe("sent");
        first.Id.ShouldBe($"<{message:N}@crm.example.com>");
        await Patience.Until("the audit trail tells of it", async () => (await admin.Read("audit?subject=lead&lang=zh-CN")).Ok().Text.Contains("第 1 封邮件"));
        (await crm.TablesWith("lei@example.com")).ShouldBeEmpty();
    }

    [FactWith("node", "npm")]
    public async Task Whoever_unsubscribes_gets_no_more_and_a_link_alone_unsubscribes_nobody()
    {
        using var box = await MailBox.Open();
        var admin = await Stage(box.Port);
        var lead = (await admin.Write("leads", new { source = "web", email = "stop@example.com" })).Ok().Id;
        await Patience.Until("the sequence has begun", async () => (await State(admin, lead)).GetProperty("state").GetString() == "running");
        await crm.Move(TimeSpan.FromDays(1));
        var link = new Uri((await box.Until(1))[0].Unsubscribe!.Trim('<', '>')).AbsolutePath;
        using var browser = new HttpClient { BaseAddress = new Uri(crm.App.Urls.Single()) };

        using var asked = await browser.GetAsync(link);
        (await State(admin, lead)).GetProperty("unsubscribed").GetBoolean().ShouldBeFalse("a program that looks at links sends nothing");
        using var taken = await browser.PostAsync(link, new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")]));
        using var again = await browser.PostAsync(link, content: null);
        using var forged = await browser.PostAsync(link[..^3] + "AAA", content: null);
        await Patience.Until("it has ended", async () => (await State(admin, lead)).GetProperty("because").GetString() == "unsubscribed");
        await crm.Move(TimeSpan.FromDays(10));

        (asked.StatusCode, taken.StatusCode, again.StatusCode, forged.StatusCode).ShouldBe((HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.NotFound));
        asked.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("default-src 'none'");
        (await (await admin.Write($"leads/{lead}/nurture", new { sequence = "welcome" })).Refused()).Code.ShouldBe("lead.unsubscribed");
        (await Events(admin, lead)).Count(type => type == "lead_unsubscribed").ShouldBe(1);
        box.Got.Count.ShouldBe(1);
    }

    [FactWith("node", "npm")]
    public async Task Whoever_unsubscribes_by_a_lead_that_is_part_of_another_wants_none_when_they_are_parted()
    {
        using var box = await MailBox.Open();
        var admin = await Stage(box.Port);
        var part = (await admin.Write("leads", new { source = "web", email = "part@example.com" })).Ok().Id;
        var whole = (await admin.Write("leads", new { source = "web", company = "Whole" })).Ok().Id;
        await Patience.Until("the sequence has begun", async () => (await State(admin, part)).GetProperty("state").GetString() == "running");
        await crm.Move(TimeSpan.FromDays(1));
        var link = new Uri((await box.Until(1))[0].Unsubscribe!.Trim('<', '>')).AbsolutePath;
        (await admin.Write($"leads/{part}/merge", new { into = whole })).Ok();
        using var browser = new HttpClient { BaseAddress = new Uri(crm.App.Urls.Single()) };
        using var taken = await browser.PostAsync(link, content: null);

        (await admin.Write($"leads/{part}/unmerge", new { })).Ok();

        taken.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await State(admin, part)).GetProperty("unsubscribed").GetBoolean().ShouldBeTrue();
        (await State(admin, whole)).GetProperty("unsubscribed").GetBoolean().ShouldBeTrue();
    }

    [FactWith("node", "npm")]
    public async Task Whoever_unsubscribed_by_a_part_of_a_part_is_sent_nothing_by_the_whole()
    {
        using var box = await MailBox.Open();
        var admin = await Stage(box.Port);
        var leads = new List<Guid>();
        foreach (var address in new[] { "c@example.com", "b@example.com", "a@example.com" })
        {
            leads.Add((await admin.Write("leads", new { source = "web", email = address })).Ok().Id);
            await Patience.Until("the sequence has begun", async () => (await State(admin, leads[^1])).GetProperty("state").GetString() == "running");
        }

        await crm.Move(TimeSpan.FromDays(1));
        var link = new Uri((await box.Until(3)).Single(mail => mail.To.Contains("c@example.com")).Unsubscribe!.Trim('<', '>')).AbsolutePath;
        using var browser = new HttpClient { BaseAddress = new Uri(crm.App.Urls.Single()) };
        using var taken = await browser.PostAsync(link, content: null);
        (await admin.Write($"leads/{leads[0]}/merge", new { into = leads[1] })).Ok();
        (await admin.Write($"leads/{leads[1]}/merge", new { into = leads[2] })).Ok();
        (await State(admin, leads[2])).GetProperty("unsubscribed").GetBoolean().ShouldBeTrue();
        await crm.Move(TimeSpan.FromDays(2));

        await Patience.Until("it was dropped", async () =>
            (await admin.Read("messages?state=dropped")).Ok().Body.GetProperty("items").EnumerateArray().Any(one => one.GetProperty("answer").GetString() == "unsubscribed"));
        box.Got.Count.ShouldBe(3);
    }

    [FactWith("node", "npm")]
    public async Task What_waits_at_the_channel_is_dropped_when_somebody_has_the_lead_meanwhile()
    {
        using var box = await MailBox.Open();
        var admin = await Stage(box.Port);
        var lead = (await admin.Write("leads", new { source = "web", email = "later@example.com" })).Ok().Id;
        await Patience.Until("the sequence has begun", async () => (await State(admin, lead)).GetProperty("state").GetString() == "running");
        await crm.Move(TimeSpan.FromDays(1));
        await Patience.Until("the server wants it later", async () =>
            (await admin.Read("messages?state=waiting")).Ok().Body.GetProperty("items").EnumerateArray().Any(one => one.GetProperty("attempts").GetInt32() == 1));

        (await admin.Write($"leads/{lead}/assignment", new { rep = "ann" })).Ok();
        await crm.Move(TimeSpan.FromMinutes(10));

        await Patience.Until("it was dropped", async () =>
            (await admin.Read("messages?state=dropped")).Ok().Body.GetProperty("items").EnumerateArray().Any(one => one.GetProperty("answer").GetString() == "taken"));
        box.Got.ShouldBeEmpty();
    }

    [FactWith("node", "npm")]
    public async Task A_change_of_the_playbook_leaves_a_sequence_that_has_begun_as_it_was()
    {
        using var box = await MailBox.Open();
        var admin = await Stage(box.Port);
        var lead = (await admin.Write("leads", new { source = "web", email = "pinned@example.com" })).Ok().Id;
        await Patience.Until("the sequence has begun", async () => (await State(admin, lead)).GetProperty("state").GetString() == "running");
        (await admin.Put("playbook/draft", Document("another text"))).Ok();
        (await admin.Write("playbook/publication", new { })).Ok();

        await crm.Move(TimeSpan.FromDays(1));

        (await box.Until(1))[0].Text!.ShouldContain("day 1");
    }

    [Fact]
    public async Task A_rep_puts_away_a_lead_that_says_not_now_and_high_points_call_for_him()
    {
        var admin = await Stage(port: 1);
        var lead = (await admin.Write("leads", new { source = "web", employees = 500, email = "big@example.com" })).Ok().Id;
        await Patience.Until("Ann has it", async () => (await admin.Read($"leads/{lead}")).Ok()["rep"] == "ann");
        await Patience.Until("and is to call", async () => (await admin.Read("tasks")).Ok().Text.Contains("Call now"));
        (await Events(admin, lead)).Count(type => type == "lead_band_entered").ShouldBe(1);

        (await admin.Write($"leads/{lead}/nurture", new { sequence = "welcome", reason = "not now" })).Ok();

        var state = await State(admin, lead);
        (state.GetProperty("state").GetString(), state.GetProperty("mails").GetArrayLength()).ShouldBe(("running", 3));
        (await admin.Read($"leads/{lead}")).Ok()["rep"].ShouldBeNull();
        (await admin.Write($"leads/{lead}/nurture/stop", new { })).Ok();
        (await State(admin, lead)).GetProperty("because").GetString().ShouldBe("stopped");
    }

    [Theory]
    [InlineData("{{lead.phone}} {{unsubscribe}}", "/templates/0/text playbook.template")]
    [InlineData("{{#if lead.company}} {{unsubscribe}}", "/templates/0/text playbook.template")]
    [InlineData("{{lead.company}}", "/nurture/sequences/0/steps/0/template playbook.no-unsubscribe")]
    public async Task A_template_that_cannot_be_filled_in_is_not_published(string text, string fault)
    {
        var (admin, _, _) = await crm.Stage();

        var found = (await admin.Write("playbook/validation", Document("x", text))).Ok().Body.GetProperty("faults")[0];

        $"{found.GetProperty("pointer").GetString()} {found.GetProperty("code").GetString()}".ShouldBe(fault);
    }

    private async Task<HttpClient> Stage(int port) => (await NurtureStage.Open(crm, port)).Admin;

    private static object Document(string first, string? text = null) => NurtureStage.Document(first, text);

    private static Task<JsonElement> State(HttpClient admin, Guid lead) => NurtureStage.State(admin, lead);

    private static Task<IReadOnlyList<string?>> Events(HttpClient admin, Guid lead) => NurtureStage.Events(admin, lead);
}
