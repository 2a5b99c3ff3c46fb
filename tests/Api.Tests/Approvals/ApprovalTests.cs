using System.Net;
using Crm.Api.Approvals;
using Crm.Api.Tests.Automations;
using Crm.Api.Tests.Events;
using Crm.Api.Tests.Journeys;
using Crm.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using static Crm.Api.Tests.Approvals.ApprovalSteps;

namespace Crm.Api.Tests.Approvals;

/// <summary>Approvals as those who ask and those who decide meet them.</summary>
public sealed class ApprovalTests(MovedClock crm) : IClassFixture<MovedClock>
{
    private const string Least = "Crm-Min-Position";

    private static readonly object Superior = new { key = "superior", name = "Superior", approvers = new { superior = true } };
    private static readonly object Both = new
    {
        key = "both",
        name = "Both",
        mode = "all",
        approvers = new { members = new[] { "zhao", "sun" } },
        when = new { field = "percent", @operator = "gt", value = 10 }
    };

    private static int tenants;

    private readonly string tenant = $"approvals-{Interlocked.Increment(ref tenants)}";

    [Fact]
    public async Task A_deep_discount_goes_to_the_superior_and_then_to_both_who_have_to_grant_and_the_deal_hears_how_it_ended()
    {
        var (admin, people, deal) = await Stage(Flow("discount", Superior, Both));
        var asked = (await people["li"]
            .Write($"opportunities/{deal}/approvals",
                new { flow = "discount", reason = "They order ten.", purpose = "15 off", facts = new { amount = Talk.Money(850m) } })).Ok();
        asked.Status.ShouldBe(201);
        var id = asked.Id;

        (await people["chen"].Told(asked)).ShouldBe(["approval-asked"]);
        (await (await people["li"].Decide(id, "grant")).Refused()).Code.ShouldBe("approval.own-request");
        (await (await people["wang"].Decide(id, "grant")).Refused()).Code.ShouldBe("approval.unknown", "he sees neither deal nor approval");
        var seen = await people["chen"].State(id);
        (seen.Text("state"), seen.Text("step"), seen.GetProperty("facts").Text("percent"), seen.Text("mayDecide"))
            .ShouldBe(("pending", "superior", "15", "True"));

        var first = (await people["chen"].Decide(id, "grant")).Ok();
        (await people["chen"].Decide(id, "grant")).Ok()["version"].ShouldBe(first["version"], "said twice");
        (await people["zhao"].Decide(id, "grant")).Ok();
        var last = (await people["sun"].Decide(id, "grant")).Ok();

        (await people["li"].State(id)).Text("state").ShouldBe("granted");
        (await History(admin, deal)).ShouldBe(["opportunity_opened", "opportunity_approval_asked", "opportunity_approval_settled"]);
        var settled = (await admin.Read($"opportunities/{deal}/events")).Ok().Body.GetProperty("items")[2].GetProperty("data");
        (settled.Text("flow"), settled.Text("granted"), settled.Text("purpose"), settled.Text("approvalId"))
            .ShouldBe(("discount", "True", "15 off", id.ToString()));
        (await Listed(people["li"], "mine=asked&state=granted", last)).ShouldBe([id]);
        (await Listed(people["sun"], "mine=waiting", last)).ShouldBeEmpty();
        (await Listed(people["sun"], "", last)).ShouldBe([id], "who was asked sees it");
        (await Listed(people["wang"], "", last)).ShouldBeEmpty();
        (await people["li"].Told(last)).ShouldBe(["approval-granted"]);
        await Patience.Until("the audit trail tells of it", async () =>
            (await admin.Read("audit?subject=approval&lang=zh-CN")).Ok().Text is var told
                && told.Contains("发起审批") && told.Contains("已通过"));
    }

    [Fact]
    public async Task Where_whom_it_asks_depends_on_by_how_much_that_has_to_be_said_and_to_be_true()
    {
        var (_, people, deal) = await Stage(Flow("discount", Superior, Both));
        foreach (var facts in new object?[] { null, new { amount = Talk.Money(400m), percent = "1" } })
        {
            var refused = await (await people["li"].Write($"opportunities/{deal}/approvals", new { flow = "discount", reason = "x", facts })).Refused();
            (refused.Status, refused.Code).ShouldBe((422, "approval.percent"));
        }

        (await people["li"].Write(
            $"opportunities/{deal}/approvals", new { flow = "discount", reason = "x", facts = new { amount = Talk.Money(400m), percent = "60" } })).Ok();
    }

    [Fact]
    public async Task A_small_one_asks_only_those_whose_condition_holds_and_where_none_does_nobody()
    {
        var (_, people, deal) = await Stage(Flow("discount", Superior, Both), Flow("deep", Both));
        var small = (await people["li"]
            .Write($"opportunities/{deal}/approvals", new { flow = "discount", reason = "x", facts = new { percent = "7" } })).Ok().Id;
        (await people["li"].State(small)).GetProperty("steps").GetArrayLength().ShouldBe(1);
        var none = (await people["li"]
            .Write($"opportunities/{deal}/approvals", new { flow = "deep", reason = "x", facts = new { percent = "7" } })).Ok().Id;
        (await people["li"].State(none)).Text("state").ShouldBe("granted");
        (await (await people["li"].Write($"opportunities/{deal}/approvals", new { flow = "other", reason = "x" })).Refused())
            .Code.ShouldBe("approval.flow-unknown");
        (await (await people["wang"].Write($"opportunities/{deal}/approvals", new { flow = "discount", reason = "x" })).Refused())
            .Code.ShouldBe("opportunity.unknown");
    }

    [Fact]
    public async Task What_is_published_later_does_not_touch_what_was_asked_for()
    {
        var (admin, people, deal) = await Stage(Flow("discount", Superior));
        var id = await Ask(people["li"], deal);
        await Publish(admin, Flow("discount", Both));

        (await people["chen"].Decide(id, "grant")).Ok();
        var seen = await people["li"].State(id);
        (seen.Text("state"), seen.Text("playbook")).ShouldBe(("granted", "1"));
    }

    [Fact]
    public async Task It_is_handed_on_stood_in_for_and_withdrawn()
    {
        var (_, people, deal) = await Stage(Flow("discount", Superior));
        var (first, second) = (await Ask(people["li"], deal), await Ask(people["li"], deal));

        (await people["chen"].Write($"approvals/{first}/transfer", new { to = "sun", reason = "hers" })).Ok();
        (await (await people["chen"].Decide(first, "grant")).Refused()).Code.ShouldBe("approval.not-asked");
        (await people["sun"].Decide(first, "refuse")).Ok();
        (await people["li"].State(first)).Text("state").ShouldBe("refused");

        (await people["chen"]
            .Put("approvals/delegation", new { to = "wang", until = crm.Engine.Store.Clock.GetUtcNow().AddDays(1).Text() })).Ok();
        await Patience.Until("she hears of what waits already", async () => (await people["wang"].Told()).Contains("approval-asked"));
        (await (await people["wang"]
            .Put("approvals/delegation", new { to = "chen", until = crm.Engine.Store.Clock.GetUtcNow().AddDays(1).Text() })).Refused())
            .Code.ShouldBe("approval.delegation-ring");
        (await people["wang"].Decide(second, "grant")).Ok();
        var seat = (await people["li"].State(second)).GetProperty("steps")[0].GetProperty("seats")[0];
        (seat.Text("member"), seat.Text("by"), seat.Text("decision")).ShouldBe(("chen", "wang", "grant"));

        var third = await Ask(people["li"], deal);
        (await (await people["chen"].Write($"approvals/{third}/withdrawal", new { })).Refused()).Code.ShouldBe("approval.not-asker");
        (await people["li"].Write($"approvals/{third}/withdrawal", new { reason = "they pay in full" })).Ok();
        (await (await people["chen"].Decide(third, "grant")).Refused()).Code.ShouldBe("approval.settled");
    }

    [Fact]
    public async Task One_who_leaves_makes_room_for_his_superior_by_itself()
    {
        var (admin, people, deal) = await Stage(Flow("discount", Superior));
        var id = await Ask(people["li"], deal);
        (await admin.Write("members/chen/suspension", new { reason = "left" })).Ok();
        await Patience.Until("zhao is asked", async () => (await people["zhao"].Told()).Contains("approval-asked"));
        (await people["zhao"].Decide(id, "grant")).Ok();
        (await people["li"].State(id)).Text("state").ShouldBe("granted");
    }

    [Fact]
    public async Task What_nobody_decides_in_time_escalates_once_whichever_of_two_programs_lives()
    {
        var (admin, people, deal) = await Stage(Flow("discount", new
        {
            key = "superior",
            name = "Superior",
            approvers = new { superior = true },
            dueMinutes = 60,
            onTimeout = "escalate"
        }));
        var id = await Ask(people["li"], deal);
        await using var engine = await Engine.Open(crm.Engine.Settings, new Progress<string>(), default);
        await using (var other = Server.Build(engine))
        {
            await other.StartAsync();
            await crm.Move(TimeSpan.FromMinutes(61));
            await Patience.Until("it has escalated", async () => (await Kinds(id)).Contains("approval_escalated"));
            await crm.Restart();
            await crm.Move(TimeSpan.FromMinutes(61));
            await Patience.Until("they are reminded, since nobody is above", async () => (await Kinds(id)).Contains("approval_reminded"));
            await other.StopAsync();
        }

        (await Kinds(id)).ShouldBe(["approval_requested", "approval_step_reached", "approval_escalated", "approval_reminded"]);
        (await Count("alert_raised", id)).ShouldBe(3, "chen, zhao, and zhao again");
    }

    [Fact]
    public async Task A_link_decides_once_for_whom_it_was_made_and_opening_it_decides_nothing()
    {
        var (_, people, deal) = await Stage(Flow("discount", Superior));
        var (id, other) = (await Ask(people["li"], deal), await Ask(people["li"], deal));
        using var browser = new HttpClient { BaseAddress = new Uri(crm.App.Urls.Single()) };
        var link = Link(id, "chen", turn: 0);

        using var opened = await browser.GetAsync(link);
        (await opened.Content.ReadAsStringAsync()).ShouldContain("<form method=\"post\">");
        opened.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("default-src 'none'");
        (await people["li"].State(id)).Text("state").ShouldBe("pending", "a program that looks at links sends nothing");
        using var empty = await browser.PostAsync(link, content: null);
        (await people["li"].State(id)).Text("state").ShouldBe("pending", "no button was pressed");

        (await Status(browser, Link(id, "sun", turn: 0))).ShouldBe(HttpStatusCode.Gone, "it is not hers to decide");
        (await Status(browser, Link(id, "chen", turn: 1))).ShouldBe(HttpStatusCode.Gone, "another turn");
        (await Status(browser, Link(id, "chen", turn: 0, lasts: TimeSpan.FromSeconds(-1)))).ShouldBe(HttpStatusCode.Gone, "too late");
        (await Status(browser, link[..^3] + "AAA")).ShouldBe(HttpStatusCode.NotFound, "we have not made it");
        (await Status(browser, link)).ShouldBe(HttpStatusCode.OK);
        (await people["li"].State(id)).GetProperty("steps")[0].GetProperty("seats")[0].GetProperty("reason").GetString().ShouldBe("fine");
        (await Status(browser, link)).ShouldBe(HttpStatusCode.Gone, "it is decided");

        (await people["chen"].Write($"approvals/{other}/transfer", new { to = "sun" })).Ok();
        (await Status(browser, Link(other, "chen", turn: 0))).ShouldBe(HttpStatusCode.Gone, "handed on");
        (await Status(browser, Link(other, "sun", turn: 1))).ShouldBe(HttpStatusCode.OK);
    }

    private async Task<(HttpClient Admin, IReadOnlyDictionary<string, HttpClient> People, Guid Deal)> Stage(params object[] flows)
    {
        var admin = await crm.Tenant(tenant);
        var people = await People(crm, admin);
        await Publish(admin, flows);
        return (admin, people, (await people["li"].Open()).Id);
    }

    private static async Task<Guid> Ask(HttpClient http, Guid deal) =>
        (await http.Write($"opportunities/{deal}/approvals", new { flow = "discount", reason = "they order ten" })).Ok().Id;

    private string Link(Guid id, string member, int turn, TimeSpan? lasts = null) =>
        "/approve/" + crm.App.Services.GetRequiredService<ApprovalAddress>()
        .Write(new(tenant, id, member, "superior", turn, crm.Engine.Store.Clock.GetUtcNow() + (lasts ?? ApprovalAddress.Lasts)));

    private static async Task<HttpStatusCode> Status(HttpClient browser, string link)
    {
        using var taken = await browser.PostAsync(link, new FormUrlEncodedContent([new("decision", "grant"), new("reason", " fine ")]));
        return taken.StatusCode;
    }

    private static async Task<IReadOnlyList<Guid>> Listed(HttpClient http, string question, Reply after) =>
        [.. (await http.Read($"approvals?{question}", (Least, after.Position))).Ok().Body.GetProperty("items").EnumerateArray()
            .Select(one => one.GetProperty("id").GetGuid())];

    private static async Task<IReadOnlyList<string>> History(HttpClient http, Guid deal) =>
        [.. (await http.Read($"opportunities/{deal}/events")).Ok().Body.GetProperty("items").EnumerateArray()
            .Select(e => e.GetProperty("type").GetString()!)];

    private async Task<IReadOnlyList<string>> Kinds(Guid id) =>
        [.. (await crm.Engine.Store.ReadStream(tenant, id, null, default)).Select(e => e.TypeName)];

    private async Task<long> Count(string type, Guid id)
    {
        await using var command =
            crm.Engine.Database.CreateCommand(
                "select count(*) from public.mt_events where tenant_id = $1 and type = $2 and data->'params'->>'approval' = $3");
        command.Parameters.AddWithValue(tenant);
        command.Parameters.AddWithValue(type);
        command.Parameters.AddWithValue(id.ToString());
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
