using System.Text.Json;
using Crm.Api.Tests.Journeys;
using Crm.Support;

namespace Crm.Api.Tests.Commitments;

/// <summary>What was promised to customers: by when, what became of it, and which promises cannot all be kept.</summary>
public sealed class CommitmentTests(CrmServer crm) : IClassFixture<CrmServer>
{
    private const string Least = "Crm-Min-Position";

    private static int tenants;

    [Fact]
    public async Task A_promise_is_made_moved_and_kept_and_is_asked_for_by_customer_and_by_day()
    {
        var http = crm.Http;
        var customer = (await http.Write("customers", new { name = "Hengce" })).Ok().Id;
        var made = (await http.Write("commitments", new
        {
            customerId = customer,
            kind = "delivery",
            product = "CK6140",
            quantity = "12.50",
            dueAt = "2026-04-30T10:00:00Z",
            rep = "ann",
            text = "Mr Wang needs them.",
            occurredAt = "2026-03-20T00:00:00Z"
        })).Ok();
        (await http.Write($"commitments/{made.Id}/due",
            new { dueAt = "2026-05-08T10:00:00Z", reason = "castings", occurredAt = "2026-04-10T00:00:00Z" })).Ok();
        var kept = (await http.Write($"commitments/{made.Id}/fulfilment", new { note = "fine", occurredAt = "2026-05-09T00:00:00Z" })).Ok();

        (made.Status, made.Location).ShouldBe((201, $"/api/v1/commitments/{made.Id}"));
        var now = (await http.Read($"commitments/{made.Id}")).Ok();
        (now["state"], now["quantity"], now["rep"], now["dueAt"], now["text"], now["note"])
            .ShouldBe(("kept", "12.5", "ann", "2026-05-08T10:00:00Z", "Mr Wang needs them.", "fine"));
        now.Body.GetProperty("keptLate").GetBoolean().ShouldBeTrue();
        (await http.Read($"commitments/{made.Id}?asOf=2026-04-01")).Ok()["dueAt"].ShouldBe("2026-04-30T10:00:00Z");
        (await Ids(http, $"commitments?customerId={customer}&overdue=true&asOf=2026-05-08", kept.Position)).ShouldBeEmpty();
        (await Ids(http, $"commitments?customerId={customer}&overdue=true&asOf=2026-05-09", kept.Position)).ShouldBe([made.Id]);
        (await Ids(http, $"commitments?customerId={customer}&overdue=true", kept.Position)).ShouldBeEmpty();
        const string Said = "dueFrom=2026-05-08&dueBefore=2026-05-09&state=kept&kind=delivery&product=CK6140&rep=ann";
        (await Ids(http, $"commitments?customerId={customer}&{Said}", kept.Position)).ShouldBe([made.Id]);
        (await crm.TablesWith("Mr Wang needs them.")).ShouldBeEmpty();

        var story = (await http.Read($"commitments/{made.Id}/history?lang=zh-CN", (Least, kept.Position))).Ok().Text;
        story.ShouldContain("向客户承诺 delivery，数量 12.5，产品 CK6140，期限 2026-04-30 10:00（Mr Wang needs them.）");
        story.ShouldContain("将承诺“CK6140”的期限由 2026-04-30 10:00 改为 2026-05-08 10:00：castings");
        (await (await http.Write($"commitments/{made.Id}/breach", new { reason = "late" })).Refused()).Code.ShouldBe("commitment.settled");
        (await (await http.Write("commitments", new { customerId = Guid.CreateVersion7(), kind = "x", dueAt = "2026-05-08T10:00:00Z" }))
            .Refused()).Code.ShouldBe("customer.unknown");
    }

    [Fact]
    public async Task Promises_that_cannot_stand_together_are_listed_with_both_sides_as_of_any_day_until_somebody_says_that_they_can()
    {
        using var http = await Tenant();
        var (hengce, acme) = (await Customer(http, "Hengce"), await Customer(http, "Acme"));
        var first = await Promise(http, hengce, "2026-04-30", "2026-03-01", "4");
        var second = await Promise(http, hengce, "2026-05-20", "2026-03-10", "4");
        await Promise(http, acme, "2026-05-21", "2026-03-10", "4");

        var clash = (await Clashes(http, $"?customerId={hengce}", second.Position)).ShouldHaveSingleItem();
        (clash.GetProperty("why").GetString(), clash.GetProperty("differs").GetRawText()).ShouldBe(("other-terms", """["dueAt"]"""));
        Sides(clash).ShouldBe([first.Id, second.Id]);
        (await Clashes(http, $"?customerId={acme}", second.Position)).ShouldBeEmpty();
        (await Clashes(http, "?asOf=2026-03-05", second.Position)).ShouldBeEmpty();

        (await (await http.Write($"commitments/{first.Id}/reconciliation", new { with = Guid.CreateVersion7(), reason = "x" }))
            .Refused()).Code.ShouldBe("commitment.other-customer");
        var last = (await http.Write($"commitments/{first.Id}/reconciliation", new { with = second.Id, reason = "two batches" }))
            .Ok().Position;
        (await Clashes(http, "", last)).ShouldBeEmpty();
        (await Promise(http, hengce, "2026-06-30", "2026-03-11", "4", [first.Id, second.Id])).Position.ShouldNotBeNull();
    }

    [Fact]
    public async Task More_than_can_be_delivered_clashes_with_the_plan_until_the_plan_is_more()
    {
        using var http = await Tenant();
        var (hengce, acme) = (await Customer(http, "Hengce"), await Customer(http, "Acme"));
        var plan = (await http.Write("delivery-plans",
            new { product = "CK6140", startsAt = "2026-05-01", endsAt = "2026-06-01", quantity = "10" })).Ok();
        var first = await Promise(http, hengce, "2026-05-08", "2026-03-01", "6");
        var second = await Promise(http, acme, "2026-05-31", "2026-03-01", "5");
        await Promise(http, acme, "2026-06-01", "2026-03-01", "5", [second.Id]);
        var kept = (await http.Write($"commitments/{first.Id}/fulfilment", new { })).Ok().Position;

        var clash = (await Clashes(http, $"?commitmentId={second.Id}", kept)).ShouldHaveSingleItem();
        (clash.GetProperty("why").GetString(), clash.GetProperty("promised").GetString(), clash.GetProperty("excess").GetString())
            .ShouldBe(("beyond-plan", "11", "1"));
        clash.GetProperty("plan").GetProperty("id").GetGuid().ShouldBe(plan.Id);
        Sides(clash).ShouldBe([first.Id, second.Id]);

        var more = (await http.Write("delivery-plans",
            new { product = "CK6140", startsAt = "2026-05-01", endsAt = "2026-06-01", quantity = "11" })).Ok();
        (plan.Status, more.Status, more.Id).ShouldBe((201, 200, plan.Id));
        (await Clashes(http, "", more.Position)).ShouldBeEmpty();
        (await http.Read("delivery-plans?product=CK6140", (Least, more.Position))).Ok().Body.GetProperty("items")[0]
            .GetProperty("quantity").GetString().ShouldBe("11");
        (await http.Write($"delivery-plans/{plan.Id}/withdrawal", new { })).Ok();
        (await http.Read($"delivery-plans/{plan.Id}")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task Those_concerned_hear_of_a_clash_once_and_nobody_else_does()
    {
        using var http = await Tenant();
        var inboxes = new Dictionary<string, HttpClient>();
        foreach (var member in (string[])["ann", "bob", "eve"])
        {
            (await http.Write("members", new { id = member, role = "rep", rep = member })).Ok();
            inboxes[member] = crm.With((await http.Write("api-keys", new { name = "k", member })).Ok()["key"]);
        }

        var (hengce, acme) = (await Customer(http, "Hengce"), await Customer(http, "Acme"));
        await Promise(inboxes["ann"], hengce, "2026-04-30", null, "4");
        var second = await Promise(inboxes["bob"], hengce, "2026-05-20", null, "4");
        await Promise(inboxes["eve"], acme, "2026-05-20", null, "4");

        await Patience.Until("both have heard", async () => (await Inbox(inboxes["ann"])).Count == 1
            && (await Inbox(inboxes["bob"])).Count == 1);
        (await http.Write($"commitments/{second.Id}/due", new { dueAt = "2026-05-25T00:00:00Z" })).Ok();
        (await http.Write("delivery-plans",
            new { product = "CK6140", startsAt = "2026-05-01", endsAt = "2026-06-01", quantity = "7" })).Ok();
        await Patience.Until("she has heard of the plan", async () => (await Inbox(inboxes["eve"])).Count == 1);

        (await Inbox(inboxes["ann"])).Select(alert => alert.GetProperty("kind").GetString()).ShouldBe(["commitment-clash"]);
        (await Inbox(inboxes["bob"])).Select(alert => alert.GetProperty("kind").GetString())
            .ShouldBe(["commitment-clash", "commitment-beyond-plan"], ignoreOrder: true);
        (await Inbox(inboxes["eve"]))[0].GetProperty("sentence").GetString()
            .ShouldBe("8 CK6140 are promised from 2026-05-01 00:00 to 2026-06-01 00:00, and 7 are planned to be delivered.");
        (await Inbox(inboxes["ann"]))[0].GetProperty("sentence").GetString().ShouldBe(
            "Your promise of CK6140 by 2026-04-30 00:00 cannot stand with that of bob by 2026-05-20 00:00; they differ in dueAt.");
        (await inboxes["eve"].Write($"commitments/{second.Id}/withdrawal", new { reason = "mine" })).Status.ShouldBe(403);
        (await inboxes["eve"].Write("commitments",
            new { customerId = acme, kind = "x", dueAt = "2026-05-08T10:00:00Z", rep = "ann" })).Status.ShouldBe(403);
    }

    [Fact]
    public async Task Whoever_looks_at_all_of_it_again_tells_nobody_twice()
    {
        using var http = await Tenant();
        var key = (await http.Write("api-keys", new { name = "k", member = "admin" })).Ok()["key"];
        var hengce = await Customer(http, "Hengce");
        await Promise(http, hengce, "2026-04-30", null, "4");
        await Promise(http, hengce, "2026-05-20", null, "4");
        await Patience.Until("he has heard", async () => (await Inbox(http)).Count == 1);

        await using var engine = await Engine.Open(crm.Engine.Settings, new Progress<string>(), default);
        await using (var other = Server.Build(engine))
        {
            await other.StartAsync();
            await crm.Sql("update public.mt_event_progression set last_seq_id = 0 where name = 'automations:commitments'");
            await crm.Restart();
            using var again = crm.With(key);
            var acme = await Customer(again, "Acme");
            await Promise(again, acme, "2026-04-30", null, "4");
            await Promise(again, acme, "2026-05-20", null, "4");
            await Patience.Until("he has heard of those behind", async () => (await Inbox(again)).Count >= 2);
            (await Inbox(again)).Count.ShouldBe(2);
            await other.StopAsync();
        }
    }

    [Fact]
    public async Task Switched_to_dry_run_it_only_says_whom_it_would_tell()
    {
        using var http = await Tenant();
        (await http.Write("automations/watch-commitments/mode", new { mode = "dry-run" })).Ok();
        var hengce = await Customer(http, "Hengce");
        var first = await Promise(http, hengce, "2026-04-30", null, "4");
        var second = await Promise(http, hengce, "2026-05-20", null, "4");

        await Patience.Until("it is said", async () => (await Trials(http)).Count > 0);
        var trial = (await Trials(http))[0];
        trial.GetProperty("facts")[0].GetProperty("type").GetString().ShouldBe("alert_raised");
        trial.GetProperty("subject").GetGuid().ShouldBeOneOf(first.Id, second.Id);
        (await Inbox(http)).ShouldBeEmpty();
    }

    private static async Task<IReadOnlyList<JsonElement>> Trials(HttpClient http) =>
        [.. (await http.Read("automations/watch-commitments/trials")).Ok().Body.GetProperty("items").EnumerateArray()];

    private async Task<HttpClient> Tenant() => await crm.Tenant($"commitments-{Interlocked.Increment(ref tenants)}");

    private static async Task<Guid> Customer(HttpClient http, string name) => (await http.Write("customers", new { name })).Ok().Id;

    private static async Task<Reply> Promise(HttpClient http, Guid customer, string due, string? made, string quantity,
        params Guid[] beside) => (await http.Write("commitments", new
        {
            customerId = customer,
            kind = "delivery",
            product = "CK6140",
            quantity,
            dueAt = $"{due}T00:00:00Z",
            beside,
            occurredAt = made is null ? null : $"{made}T00:00:00Z"
        })).Ok();

    private static async Task<IReadOnlyList<JsonElement>> Clashes(HttpClient http, string query, string? least) =>
        [.. (await http.Read($"commitments/clashes{query}", (Least, least))).Ok().Body.GetProperty("items").EnumerateArray()];

    private static IEnumerable<Guid> Sides(JsonElement clash) =>
        clash.GetProperty("promises").EnumerateArray().Select(one => one.GetProperty("id").GetGuid());

    private static async Task<IReadOnlyList<Guid>> Ids(HttpClient http, string path, string? least) =>
        [.. (await http.Read(path, (Least, least))).Ok().Body.GetProperty("items").EnumerateArray()
            .Select(one => one.GetProperty("id").GetGuid())];

    private static async Task<IReadOnlyList<JsonElement>> Inbox(HttpClient member) =>
        [.. (await member.Read("alerts")).Ok().Body.GetProperty("items").EnumerateArray()];
}
