using System.Text.Json;
using Crm.Api.Tests.Contract;
using Crm.Api.Tests.Journeys;
using Crm.Support;

namespace Crm.Api.Tests.Events;

/// <summary>The feed in pages: every event of a tenant, once, in order, as far as its reader may know of it.</summary>
public sealed class FeedTests(CrmServer crm) : IClassFixture<CrmServer>
{
    private static int _tenants;

    [Fact]
    public async Task Every_event_comes_once_and_in_order_whatever_the_pages()
    {
        var (tenant, admin) = await NewTenant();
        var history = new RandomHistory(admin, new Random(1));
        await history.Open(10);
        await history.GoOn(40);
        var (whole, end) = await admin.All();
        var last = "";

        foreach (var limit in (int[])[1, 7])
        {
            var (events, next) = await admin.All($"limit={limit}");
            events.Select(e => e.GetRawText()).ShouldBe(whole.Select(e => e.GetRawText()));
            last = next;
        }

        last.ShouldBe(end);
        whole.Count.ShouldBe((int)await Stored(tenant));
        whole.Select(e => e.GetProperty("position").GetInt64()).ShouldBeInOrder(SortDirection.Ascending);
        whole.Select(e => e.Text("id")).ShouldBeUnique();
        (await admin.Feed($"after={whole[^3].Text("token")}")).Items().Select(e => e.Text("id")).ShouldBe(whole.TakeLast(2).Select(e => e.Text("id")));
    }

    [Fact]
    public async Task An_event_says_what_happened_to_what_when_and_by_whom()
    {
        var (_, admin) = await NewTenant();
        var deal = await admin.Open(new { rep = "An", occurredAt = "2026-03-01T08:00:00Z" });
        var opening = (await admin.History($"opportunities/{deal.Id}"))[0].Text("id");
        (await admin.Write($"opportunities/{deal.Id}/corrections", new { eventId = opening, reason = "Typing", amount = Talk.Money(7m) }, ("If-Match", "\"1\""), ("Request-Id", "r-77"))).Ok();

        var items = (await admin.Feed($"stream={deal.Id}")).Items();

        items.Select(e => e.Text("type")).ShouldBe(["opportunity_opened", "opportunity_corrected"]);
        var (opened, corrected) = (items[0], items[1]);
        (opened.Text("id"), opened.Text("subject"), opened.Text("subjectId"), opened.Text("version"), opened.Text("schemaVersion"))
            .ShouldBe((opening, "opportunity", deal.Id.ToString(), "1", "1"));
        (opened.Text("occurredAt"), opened.Text("actor"), opened.Text("source")).ShouldBe(("2026-03-01T08:00:00Z", "admin", "api"));
        opened.GetProperty("data").GetProperty("amount").GetRawText().ShouldBe("""{"amount":"1000.00","currency":"USD"}""");
        (corrected.Text("corrects"), corrected.Text("requestId"), corrected.Text("version")).ShouldBe((opening, "r-77", "2"));
        (await admin.Read($"events/{opening}")).Ok().Text.ShouldBe(opened.GetRawText());
        (await (await admin.Read($"events/{Guid.CreateVersion7()}")).Refused()).Code.ShouldBe("event-unknown");
    }

    [Fact]
    public async Task A_filter_passes_over_what_was_not_asked_for_and_goes_on_all_the_same()
    {
        var (_, admin) = await NewTenant();
        var lead = (await admin.Write("leads", new { source = "web" })).Ok().Id;
        var deal = await admin.Open();
        (await admin.Write($"leads/{lead}/assignment", new { rep = "An" })).Ok();

        (await admin.Feed("type=lead_captured,lead_assigned")).Types().ShouldBe(["lead_captured", "lead_assigned"]);
        (await admin.Feed("subject=opportunity")).Types().ShouldBe(["opportunity_opened"]);
        (await admin.Feed("subject=lead,opportunity&type=lead_assigned,opportunity_opened")).Types().ShouldBe(["opportunity_opened", "lead_assigned"]);
        (await admin.Feed("subject=lead&type=opportunity_opened")).Types().ShouldBeEmpty();
        (await admin.Feed("subject=other")).Types().ShouldBeEmpty();
        (await admin.Feed($"stream={lead}")).Types().ShouldBe(["lead_captured", "lead_assigned"]);

        var nothing = await admin.Feed($"stream={deal.Id}&type=opportunity_won");
        nothing.Text("next").ShouldBe((await admin.Feed("after=head")).Text("next"));
        (await admin.Feed($"after={nothing.Text("next")}")).Types().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("after=nonsense", "after", "bad-position")]
    [InlineData("after=ffffffff-", "after", "bad-position")]
    [InlineData("type=lead_captuerd", "type", "not-one-of")]
    [InlineData("subject=leads", "subject", "not-one-of")]
    [InlineData("limit=0", "limit", "out-of-range")]
    [InlineData("limit=1001", "limit", "out-of-range")]
    [InlineData("wait=31", "wait", "out-of-range")]
    [InlineData("stream=1", "stream", "bad-id")]
    [InlineData("format=xml", "format", "not-one-of")]
    [InlineData("since=head", "since", "unknown-parameter")]
    public async Task What_cannot_be_asked_is_refused_by_name(string question, string parameter, string code)
    {
        var reply = await crm.Http.Read($"events?{question}");

        reply.Status.ShouldBe(400);
        var error = reply.Body.GetProperty("errors").EnumerateArray().Single();
        (error.Text("parameter"), error.Text("code")).ShouldBe((parameter, code));
    }

    [Fact]
    public async Task A_token_of_another_life_of_the_store_is_gone_and_one_from_the_future_was_never_given()
    {
        var next = (await crm.Http.Feed()).Text("next");
        var (epoch, position) = (next.Split('-')[0], long.Parse(next.Split('-')[1]));

        var gone = await crm.Http.Read($"events?after=0{epoch[1..]}0-{position}");
        var ahead = await crm.Http.Read($"events?after={epoch}-{position + 1000}");

        (gone.Status, (await gone.Refused()).Code).ShouldBe((410, "foreign-epoch"));
        gone.Text.ShouldContain("Begin anew");
        ahead.Body.GetProperty("errors")[0].Text("code").ShouldBe("bad-position");
        (await crm.Http.Read($"changes?since=0{epoch[1..]}0-{position}")).Status.ShouldBe(410);
    }

    [Fact]
    public async Task Who_waits_is_told_as_soon_as_there_is_something_and_that_there_was_nothing()
    {
        var (_, admin) = await NewTenant();
        var next = (await admin.Feed("after=head")).Text("next");

        var nothing = await admin.Feed($"after={next}&wait=1");
        var waiting = admin.Feed($"after={next}&wait=30&type=lead_captured");
        await admin.Open();
        var lead = (await admin.Write("leads", new { source = "web" })).Ok();

        (nothing.Items().Count, nothing.GetProperty("caughtUp").GetBoolean()).ShouldBe((0, true));
        var page = await waiting.Soon();
        page.Items().Single().Text("subjectId").ShouldBe(lead.Id.ToString());
    }

    [Fact]
    public async Task What_one_tenant_does_the_other_never_hears_of_whoevers_token_he_sends()
    {
        var (_, one) = await NewTenant();
        var (_, other) = await NewTenant();
        var begin = (await one.Feed("after=head")).Text("next");
        var lead = (await one.Write("leads", new { source = "web" })).Ok();
        var id = (await one.History($"leads/{lead.Id}"))[0].Text("id");

        (await other.Feed($"after={begin}")).Types().ShouldBeEmpty();
        (await other.Feed($"stream={lead.Id}")).Types().ShouldBeEmpty();
        (await other.Read($"events/{id}")).Status.ShouldBe(404);
        (await other.Read($"changes?since={begin}")).Ok().Body.Items().ShouldBeEmpty();
        (await one.Feed($"after={begin}")).Types().ShouldBe(["lead_captured"]);
    }

    [Fact]
    public async Task A_reader_hears_of_no_more_than_he_could_read()
    {
        var (_, admin) = await NewTenant();
        var (mine, theirs) = ((await admin.Open(new { rep = "m-1", name = "Mine" })).Id, (await admin.Open(new { rep = "m-2", name = "Theirs" })).Id);
        (await admin.Write("leads", new { source = "web", company = "苏州恒测", contact = "王伟", message = "Quickly", rep = "m-1" })).Ok();
        (await admin.Write("customers", new { name = "ACME" })).Ok();
        await Role(admin, "follower", """{"functions":["events.read","leads.read","opportunities.read"],"scope":"own","hiddenFields":["lead.company","opportunity.amount"]}""");
        using var follower = await Member(admin, new { id = "m-1", role = "follower" });
        using var analyst = await Member(admin, new { id = "ana", role = "analyst" });
        using var blind = crm.With((await admin.Write("api-keys", new { name = "x", functions = new[] { "events.read" } })).Ok()["key"]);
        using var none = await Member(admin, new { id = "rep", role = "rep" });

        var seen = (await follower.All()).Events;
        seen.Where(e => e.Text("subject") is not "playbook").Select(e => e.Text("type")).ShouldBe(["opportunity_opened", "lead_captured", "lead_assigned"]);
        seen.Select(e => e.Text("subjectId")).ShouldNotContain(theirs.ToString());
        seen[0].GetProperty("data").TryGetProperty("amount", out _).ShouldBeFalse();
        seen[1].GetProperty("data").TryGetProperty("company", out _).ShouldBeFalse();
        seen[1].GetProperty("data").Text("contact").ShouldBe("王伟");
        (await follower.Read("changes")).Ok().Body.Items().Select(change => change.Text("id")).ShouldNotContain(theirs.ToString());

        var analysed = (await analyst.All()).Events;
        analysed.Select(e => e.Text("subject")).Distinct().ShouldBe(["opportunity", "lead", "customer"], ignoreOrder: true);
        analysed.Single(e => e.Text("type") is "lead_captured").GetProperty("data").TryGetProperty("contact", out _).ShouldBeFalse();

        (await blind.All()).Events.ShouldBeEmpty();
        (await none.Read("events")).Status.ShouldBe(403);
        var rights = (await admin.All("subject=access")).Events;
        rights.Select(e => e.Text("type")).ShouldContain("api_key_issued");
        rights.ShouldAllBe(e => !e.GetProperty("data").GetRawText().Contains("\"hash\""));
    }

    [Fact]
    public async Task What_a_rep_wrote_himself_he_is_told_of_at_once()
    {
        var (_, admin) = await NewTenant();
        await Role(admin, "follower", """{"functions":["events.read","leads.read","leads.write"],"scope":"own"}""");
        using var follower = await Member(admin, new { id = "m-1", role = "follower" });
        var after = "head";

        for (var i = 0; i < 20; i++)
        {
            after = (await follower.Feed($"after={after}")).Text("next");
            var lead = (await follower.Write("leads", new { source = "web" })).Ok();
            var (events, next) = await follower.All(after: after);
            events.Select(e => e.Text("subjectId")).Distinct().ShouldBe([lead.Id.ToString()]);
            after = next;
        }
    }

    [FactWith("node", "npm")]
    public async Task CloudEvents_are_read_by_their_own_library()
    {
        var (_, admin) = await NewTenant();
        var deal = await admin.Open();
        (await admin.Write("leads", new { source = "网站", occurredAt = "2026-03-01T08:00:00.123456Z" })).Ok();
        var id = (await admin.History($"opportunities/{deal.Id}"))[0].Text("id");

        var batch = (await admin.Read("events", ("Accept", "application/cloudevents-batch+json"))).Ok();
        var one = (await admin.Read($"events/{id}", ("Accept", "application/cloudevents+json"))).Ok();

        var first = batch.Body.EnumerateArray().First(e => e.Text("type") is "opportunity_opened");
        first.GetRawText().ShouldBe(one.Text);
        (first.Text("specversion"), first.Text("subject"), first.Text("partitionkey")).ShouldBe(("1.0", $"opportunity/{deal.Id}", deal.Id.ToString()));
        (await admin.Read(new Uri(first.Text("dataschema")).PathAndQuery)).Ok().Body.Text("title").ShouldBe("opportunity_opened");
        batch.Message.Headers.GetValues("Link").Single().ShouldBe($"</api/v1/events?after={(await admin.Feed()).Text("next")}>; rel=\"next\"");
        var file = Path.Combine(Directory.CreateDirectory(Path.Combine(Node.Folder, "bin")).FullName, "cloud-events.json");
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(new[] { batch, one }.Select(reply => new
        {
            headers = new Dictionary<string, string> { ["content-type"] = reply.Message.Content.Headers.ContentType!.ToString() },
            body = reply.Text
        })));
        var (exit, said) = await Node.Run("node", ["cloud-events.mjs", file]);
        (exit, said.Trim()).ShouldBe((0, $"{batch.Body.GetArrayLength() + 1} events"), said);
    }

    private async Task<(string, HttpClient)> NewTenant()
    {
        var tenant = $"feed-{Interlocked.Increment(ref _tenants)}";
        return (tenant, await crm.Tenant(tenant));
    }

    private async Task<HttpClient> Member(HttpClient admin, object member)
    {
        var id = member.GetType().GetProperty("id")!.GetValue(member);
        (await admin.Write("members", member)).Ok();
        return crm.With((await admin.Write("api-keys", new { name = id, member = id })).Ok()["key"]);
    }

    private static async Task Role(HttpClient admin, string role, string rights)
    {
        using var message = new HttpRequestMessage(HttpMethod.Put, $"roles/{role}") { Content = new StringContent(rights, System.Text.Encoding.UTF8, "application/json") };
        (await admin.SendAsync(message)).EnsureSuccessStatusCode();
    }

    private async Task<long> Stored(string tenant)
    {
        await using var command = crm.Engine.Database.CreateCommand($"select count(*) from public.mt_events where tenant_id = '{tenant}'");
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
