using System.Text.Json;
using Crm.Api.Automations;
using Crm.Api.Tests.Contract;
using Crm.Api.Tests.Journeys;
using Crm.Api.Tests.Notifications;
using Crm.Api.Tests.Nurture;
using Crm.Support;

namespace Crm.Api.Tests.Opportunities;

/// <summary>What a stage asks for happens by itself when a deal comes there: once each time, and what comes of it is there with the fact
/// that says so.</summary>
public sealed class EntryTests(NotificationServer crm) : IClassFixture<NotificationServer>
{
    private const string Acted = "opportunity_entry_acted";

    private HttpClient admin = null!;
    private string tenant = "";

    [Fact]
    public async Task A_deal_that_comes_to_a_stage_gets_its_task_file_approval_and_event()
    {
        await Company();
        var customer = (await admin.Write("customers", new { name = "<b>恒测</b> & Co" })).Ok().Id;
        var deal = await Open(customer);
        (await admin.Write($"opportunities/{deal}/stage", new { stage = "Proposal" })).Ok();
        await Happened(deal, times: 4);

        var acted = (await Events(deal)).Where(e => e.GetProperty("type").GetString() == Acted).Select(e => e.GetProperty("data")).ToList();
        acted.Select(data => data.GetProperty("action").GetString()).ShouldBe(["review", "file", "ask", "tell"]);
        acted.Select(data => data.GetProperty("playbook").GetInt64()).Distinct().ShouldHaveSingleItem();
        acted[3].GetProperty("webhook").GetString().ShouldBe("proposal-sent");
        (await Tasks(deal)).ShouldBe(["presales 方案技术评审"]);

        var file = (await admin.Read($"opportunities/{deal}/attachments")).Ok().Body.GetProperty("items")[0];
        $"{file.GetProperty("name")} {file.GetProperty("label")} {file.GetProperty("mediaType")}"
            .ShouldBe("Proposal for Lathe line.html proposal text/html");
        (await admin.Read($"opportunities/{deal}/attachments/{acted[1].GetProperty("attachmentId").GetGuid()}/content")).Text
            .ShouldBe("<h1>Lathe line</h1><p>&lt;b&gt;恒测&lt;/b&gt; &amp; Co</p>");

        var approval = (await admin.Read($"approvals/{acted[2].GetProperty("approvalId").GetGuid()}")).Ok().Body;
        $"{approval.GetProperty("state")} {approval.GetProperty("purpose")} {approval.GetProperty("askedBy")}"
            .ShouldBe("pending contract ann");
        (await Types(deal)).Count(type => type == "opportunity_approval_asked").ShouldBe(1);
    }

    [Fact]
    public async Task It_happens_once_for_each_time_that_it_comes()
    {
        await Company();
        var deal = await Open();
        (await admin.Write($"opportunities/{deal}/stage", new { stage = "Proposal" })).Ok();
        await Happened(deal, times: 4);
        await crm.Restart();
        admin = crm.With(admin.DefaultRequestHeaders.Authorization!.Parameter);

        (await admin.Write($"opportunities/{deal}/stage", new { stage = "Need" })).Ok();
        (await admin.Write($"opportunities/{deal}/stage", new { stage = "Proposal" })).Ok();
        await Happened(deal, times: 8);
        (await Tasks(deal)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task What_lies_before_the_rules_asks_for_nothing()
    {
        await Company();
        var deal = (await admin.Write("opportunities", new
        {
            name = "Old", pipeline = "sales", amount = Talk.Money(1m), rep = "ann",
            occurredAt = "2026-01-05T00:00:00Z"
        })).Ok().Id;
        (await admin.Write($"opportunities/{deal}/stage", new { stage = "Proposal", occurredAt = "2026-01-06T00:00:00Z" })).Ok();
        var later = await Open();
        (await admin.Write($"opportunities/{later}/stage", new { stage = "Proposal" })).Ok();
        await Happened(later, times: 4);

        (await Types(deal)).ShouldBe(["opportunity_opened", "opportunity_stage_entered"], "the other one came behind it");
    }

    [Fact]
    public async Task What_is_for_a_role_goes_to_whoever_of_it_has_the_fewest_open_tasks()
    {
        await Company();
        (await admin.Write("members", new { id = "also", role = "manager" })).Ok();
        for (var n = 0; n < 4; n++)
        {
            var deal = await Open();
            (await admin.Write($"opportunities/{deal}/stage", new { stage = "Check" })).Ok();
            await Happened(deal, times: 1);
            (await Tasks(deal)).ShouldBe([n % 2 == 0 ? "also Check it" : "legal Check it"]);
        }
    }

    [Fact]
    public async Task What_could_not_be_done_at_one_entry_hides_nothing_of_another_and_all_of_it_is_tried_again()
    {
        await Company();
        (await admin.Write("automations/look-after-opportunities/mode", new { mode = "dry-run" })).Ok();
        var (deal, other) = (await Open(), await Open());
        foreach (var stage in (string[])["Proposal", "Need", "Proposal"])
        {
            (await admin.Write($"opportunities/{deal}/stage", new { stage })).Ok();
        }

        await Patience.Until("both entries were passed over", async () => (await Items("trials")).Where(Of(deal))
            .SelectMany(one => one.GetProperty("facts").EnumerateArray())
            .Count(fact => fact.GetProperty("type").GetString() == Acted) == 8);
        (await admin.Write("automations/look-after-opportunities/mode", new { mode = "on" })).Ok();
        var entries = (await Events(deal)).Where(e => e.GetProperty("type").GetString() == "opportunity_stage_entered"
            && e.GetProperty("data").GetProperty("stage").GetString() == "Proposal").Select(e => e.GetProperty("id").GetGuid()).ToList();
        foreach (var (entry, i) in entries.Select((entry, i) => (entry, i)))
        {
            await new AutomationTable(crm.Engine).Note(new(
                tenant, "look-after-opportunities", deal, entry, DateTimeOffset.UtcNow, default, 0, $"error {i}", Again: false, entry),
                default);
        }

        var failed = (await Items($"failures?subject={deal}")).Where(Of(deal)).ToList();
        failed.Select(one => one.GetProperty("cause").GetGuid()).ShouldBe(entries, ignoreOrder: true);
        failed.Select(one => one.GetProperty("error").GetString()).ShouldBe(["error 0", "error 1"], ignoreOrder: true);
        (await Items($"failures?subject={other}")).ShouldBeEmpty();

        (await admin.Write($"automations/look-after-opportunities/failures/{deal}/retry", new { })).Status.ShouldBe(204);
        await Happened(deal, times: 8);
        await Patience.Until("nothing is failed any more", async () => (await Items("failures")).Count == 0);

        async Task<IReadOnlyList<JsonElement>> Items(string what) =>
            [.. (await admin.Read($"automations/look-after-opportunities/{what}")).Ok().Body.GetProperty("items").EnumerateArray()];

        static Func<JsonElement, bool> Of(Guid deal) => one => one.GetProperty("subject").GetGuid() == deal;
    }

    [Fact]
    public async Task A_mail_that_nobody_could_get_or_nothing_could_carry_has_failed()
    {
        await Company();
        var nobodys = await Open();
        (await admin.Write($"opportunities/{nobodys}/stage", new { stage = "Quote" })).Ok();
        await Happened(nobodys, times: 1);
        (await Failed(nobodys)).ShouldBe("nobody", "it came of no lead");

        var lead = (await admin.Write("leads", new { source = "web", company = "恒测", email = "li@example.com" })).Ok().Id;
        (await admin.Write($"leads/{lead}/qualification", new
        {
            opportunityName = "Lathe line", amount = Talk.Money(1m),
            pipeline = "sales", customerName = "恒测", rep = "ann"
        })).Ok();
        var deal = (await admin.Read($"leads/{lead}")).Ok().Body.GetProperty("opportunityId").GetGuid();
        (await admin.Write($"opportunities/{deal}/stage", new { stage = "Quote" })).Ok();
        await Happened(deal, times: 1);
        (await Failed(deal)).ShouldBe("no-channel");
    }

    private async Task<string?> Failed(Guid deal) => (await Events(deal)).Single(e => e.GetProperty("type").GetString() == Acted)
        .GetProperty("data").GetProperty("failed").GetString();

    [FactWith("node", "npm")]
    public async Task Whoever_the_lead_was_is_sent_the_mail_of_the_stage()
    {
        using var box = await MailBox.Open();
        await Company(box.Port);
        var lead = (await admin.Write("leads", new { source = "web", company = "恒测", email = $"li-{Guid.NewGuid():N}@example.com" }))
            .Ok().Id;
        (await admin.Write($"leads/{lead}/qualification", new
        {
            opportunityName = "Lathe line", amount = Talk.Money(1m),
            pipeline = "sales", customerName = "恒测", rep = "ann"
        })).Ok();
        var deal = (await admin.Read($"leads/{lead}")).Ok().Body.GetProperty("opportunityId").GetGuid();
        (await admin.Write($"opportunities/{deal}/stage", new { stage = "Quote" })).Ok();

        var mail = (await box.Until(1))[0];
        (mail.Subject, mail.To.Single().StartsWith("li-", StringComparison.Ordinal)).ShouldBe(("Proposal for Lathe line", true));
        mail.Unsubscribe.ShouldNotBeNull();
        await Patience.Until("it is noted", async () => (await admin.Read("messages?kind=entry&state=sent")).Ok().Body
            .GetProperty("items").EnumerateArray()
            .Select(one => one.GetProperty("recipient").GetString()).SequenceEqual([deal.ToString()]));
    }

    [FactWith("node", "npm")]
    public async Task Those_who_decide_at_the_customer_are_sent_a_mail_each_once_until_they_want_none()
    {
        using var box = await MailBox.Open();
        await Company(box.Port);
        var customer = (await admin.Write("customers", new { name = "恒测" })).Ok().Id;
        await Contact("wang", "decision-maker");
        var li = await Contact("li", "buyer");
        await Contact("user", "user");
        await Contact("none", role: null);
        var deal = await Open(customer);
        (await admin.Write($"opportunities/{deal}/stage", new { stage = "Terms" })).Ok();

        var mails = await box.Until(2);
        mails.Select(mail => mail.To.Single()).ShouldBe([Address("wang"), Address("li")], ignoreOrder: true);
        await crm.Restart();
        admin = crm.With(admin.DefaultRequestHeaders.Authorization!.Parameter);
        (await Events(deal)).Single(e => e.GetProperty("type").GetString() == Acted).GetProperty("data").GetProperty("contacts")
            .EnumerateArray().Count().ShouldBe(2);
        await Patience.Until("both are noted", async () => (await Answers(deal, "sent")).Count == 2);

        await NurtureStage.Unsubscribe(crm, mails.Single(mail => mail.To.Single() == Address("li")));
        (await Http(li)).ShouldBe(["contact_registered", "contact_unsubscribed"]);
        var next = await Open(customer);
        (await admin.Write($"opportunities/{next}/stage", new { stage = "Terms" })).Ok();
        await Patience.Until("he is left out", async () => (await Answers(next, "dropped")).SequenceEqual(["unsubscribed"]));
        await Patience.Until("the other waits a day", async () => (await Answers(next, "waiting")).SequenceEqual(["one-a-day"]));

        (await admin.Write($"contacts/{li}/resubscription", new { reason = "told us on the phone" })).Ok();
        (await admin.Write($"contacts/{li}/resubscription", new { reason = "told us on the phone" })).Ok();
        (await Http(li)).ShouldBe(["contact_registered", "contact_unsubscribed", "contact_resubscribed"]);
        var last = await Open(customer);
        (await admin.Write($"opportunities/{last}/stage", new { stage = "Terms" })).Ok();
        await Patience.Until("both wait", async () => (await Answers(last, "waiting")).SequenceEqual(["one-a-day", "one-a-day"]));
        box.Got.Count.ShouldBe(2);

        async Task<Guid> Contact(string name, string? role) => (await admin.Write("contacts",
            new { customerId = customer, name, email = Address(name), buyingRole = role })).Ok().Id;

        string Address(string name) => $"{name}-{customer:N}@example.com";

        async Task<IReadOnlyList<string?>> Http(Guid contact) => [.. (await admin.Read($"contacts/{contact}/events")).Ok().Body
            .GetProperty("items").EnumerateArray().Select(e => e.GetProperty("type").GetString())];

        async Task<IReadOnlyList<string?>> Answers(Guid of, string state) => [..
            (await admin.Read($"messages?recipient={of}&state={state}")).Ok().Body.GetProperty("items").EnumerateArray().Select(one => one.GetProperty("answer").GetString())];
    }

    [Fact]
    public async Task Where_nobody_at_the_customer_has_such_a_role_the_fact_says_so()
    {
        await Company();
        var deal = await Open((await admin.Write("customers", new { name = "恒测" })).Ok().Id);
        (await admin.Write($"opportunities/{deal}/stage", new { stage = "Terms" })).Ok();
        await Happened(deal, times: 1);

        (await Events(deal)).Single(e => e.GetProperty("type").GetString() == Acted).GetProperty("data").GetProperty("failed").GetString()
            .ShouldBe("nobody");
    }

    private async Task Company(int port = 0)
    {
        (admin, _, tenant) = await crm.Stage();
        if (port > 0)
        {
            (await admin.Write("channels", new
            {
                kind = "mail", name = "house", mail = new
                {
                    host = "127.0.0.1", port, security = "none",
                    from = "noreply@crm.example.com"
                }
            })).Ok();
        }

        (await admin.Write("teams", new { id = "presales", name = "Presales" })).Ok();
        (await admin.Write("members", new { id = "legal", role = "manager" })).Ok();
        (await admin.Put("playbook/draft", new
        {
            name = "Sales",
            approvals = new[] { new { key = "contract", name = "Contract",
                steps = new[] { new { key = "legal", name = "Legal", approvers = new { members = new[] { "legal" } } } } } },
            templates = new[] { new { key = "proposal", subject = "Proposal for {{opportunity.name}}",
                text = "{{opportunity.name}} {{unsubscribe}}",
                html = "<h1>{{opportunity.name}}</h1><p>{{opportunity.customer}}</p>" } },
            pipelines = new[]
            {
                new
                {
                    key = "sales", name = "Sales", stages = new object[]
                    {
                        new { name = "Need" },
                        new
                        {
                            name = "Proposal", onEntry = new object[]
                            {
                                new { key = "review", name = "Review", task = new { title = "方案技术评审", team = "presales",
                                    due = new { days = 2 } } },
                                new { key = "file", name = "Proposal", document = new { template = "proposal", label = "proposal" } },
                                new { key = "ask", name = "Contract", approval = new { flow = "contract", purpose = "contract" } },
                                new { key = "tell", name = "Tell the ERP", webhook = new { topic = "proposal-sent" } },
                                new { key = "large", name = "Large", when = new { field = "amount", @operator = "gt", value = 1_000_000 },
                                    webhook = new { topic = "large" } }
                            }
                        },
                        new
                        {
                            name = "Check", onEntry = new object[]
                            {
                                new
                                {
                                    key = "check", name = "Check",
                                    task = new { title = "Check it", role = "manager", due = new { hours = 4 } }
                                }
                            }
                        },
                        new { name = "Quote", onEntry = new object[] { new { key = "mail", name = "Mail",
                            mail = new { template = "proposal" } } } },
                        new { name = "Terms", onEntry = new object[] { new { key = "chain", name = "Chain",
                            mail = new { template = "proposal", roles = new[] { "decision-maker", "buyer" } } } } }
                    }
                }
            }
        })).Ok();
        (await admin.Write("playbook/publication", new { })).Ok();
    }

    private async Task<Guid> Open(Guid? customerId = null) =>
        (await admin.Write("opportunities", new
        {
            name = "Lathe line", pipeline = "sales", rep = "ann", amount = Talk.Money(1m),
            customerId
        })).Ok().Id;

    private Task Happened(Guid deal, int times) =>
        Patience.Until($"{times} actions were done", async () => (await Types(deal)).Count(type => type == Acted) == times);

    private async Task<IReadOnlyList<JsonElement>> Events(Guid deal) => [
        .. (await admin.Read($"opportunities/{deal}/events")).Ok().Body.GetProperty("items").EnumerateArray()];

    private async Task<IReadOnlyList<string?>> Types(Guid deal) => [.. (await Events(deal)).Select(e => e.GetProperty("type").GetString())];

    private async Task<IReadOnlyList<string>> Tasks(Guid deal)
    {
        var said = (await admin.Write($"opportunities/{deal}/assignment", new { region = Guid.NewGuid().ToString() })).Ok();
        return [.. (await admin.Read($"tasks?about={deal}", ("Crm-Min-Position", said.Position))).Ok().Body.GetProperty("items")
            .EnumerateArray()
            .Select(task => string.Join(' ', ((string[])["rep", "team", "title"])
                .Select(member => task.GetProperty(member).GetString()).OfType<string>()))];
    }
}
