using System.Text.Json;
using Crm.Api.Opportunities.Care;
using Crm.Api.Tests.Attachments;
using Crm.Api.Tests.Automations;
using Crm.Api.Tests.Journeys;
using Crm.EventStore;
using Crm.Support;

namespace Crm.Api.Tests.Opportunities;

/// <summary>Opportunities that stay too long or lie still are marked red when they do, by themselves, and the marks go by
/// themselves.</summary>
public sealed class MarkTests(MovedClock crm) : IClassFixture<MovedClock>
{
    private static readonly OpportunityDues Dues = new(OpportunityCare.Due, OpportunityCare.Automation);

    private static int tenants;

    private HttpClient admin = null!;

    [Fact]
    public async Task A_quote_that_waits_for_more_than_seven_days_is_marked_and_told_and_comes_off_when_it_moves()
    {
        await Company();
        var deal = await Open("Quote");
        (await Read(deal)).GetProperty("marks").GetArrayLength().ShouldBe(0);
        await crm.Move(TimeSpan.FromDays(7) - TimeSpan.FromMinutes(1));
        (await Types(deal)).ShouldBe(["opportunity_opened"], "not yet");

        await crm.Move(TimeSpan.FromMinutes(1.05));
        await Marked(deal, "pending");
        var marked = await Read(deal);
        var said = (await Events(deal)).Single(e => e.GetProperty("type").GetString() == "opportunity_marked").GetProperty("data");
        marked.GetProperty("markedSince").GetDateTimeOffset().ShouldBeGreaterThan(said.GetProperty("due").GetDateTimeOffset());
        (said.GetProperty("due").GetDateTimeOffset() - said.GetProperty("since").GetDateTimeOffset()).ShouldBe(TimeSpan.FromDays(7));
        (await Alerts("li")).ShouldBe(["opportunity-over-limit"]);
        (await Alerts("chen")).ShouldBe(["opportunity-over-limit"]);
        (await Tasks(deal)).ShouldBe(["li open 跟进报价"]);

        var moved = (await admin.Write($"opportunities/{deal}/stage", new { stage = "Talks" })).Ok();
        (await Read(deal)).GetProperty("marks").GetArrayLength().ShouldBe(0, "in the same instant");
        (await Listed("marked=true", moved.Position!)).ShouldBeEmpty();
        await Patience.Until("it is said that the mark ended", async () => (await Types(deal)).Contains("opportunity_mark_cleared"));
        (await Tasks(deal)).ShouldBe(["li done 跟进报价"]);
        (await Read(deal, $"?asOf={Uri.EscapeDataString(marked.GetProperty("markedSince").GetString()!)}")).GetProperty("marks")
            .GetArrayLength().ShouldBe(0, "at its very moment");
        (await Read(deal, $"?asOf={marked.GetProperty("markedSince").GetDateTimeOffset().AddMicroseconds(1).Text()}"))
            .GetProperty("marks")[0].GetString().ShouldBe("pending");
    }

    [Fact]
    public async Task A_silence_ends_with_a_touch_and_begins_anew()
    {
        await Company();
        var deal = await Open("Talks");
        await crm.Move(TimeSpan.FromDays(2.1));
        await Marked(deal, "still");
        var listed = (await admin.Write($"opportunities/{deal}/assignment", new { team = "North" })).Ok();
        (await Listed("marked=true&mark=still", listed.Position!)).ShouldBe([deal]);
        (await Listed("mark=pending", listed.Position!)).ShouldBeEmpty();
        (await Listed("marked=false&stage=Talks", listed.Position!)).ShouldNotContain(deal);

        (await admin.Write($"opportunities/{deal}/touches", new { kind = "call", direction = "outbound" })).Ok();
        (await Read(deal)).GetProperty("marks").GetArrayLength().ShouldBe(0);
        await Patience.Until("it is said that the mark ended", async () => (await Types(deal))
            .Count(type => type == "opportunity_mark_cleared") == 1);
        await crm.Move(TimeSpan.FromDays(2.1));
        await Marked(deal, "still");
    }

    [Fact]
    public async Task What_nobody_minds_goes_further_up()
    {
        await Company();
        var deal = await Open("Quote");
        await crm.Move(TimeSpan.FromDays(7.1));
        await Marked(deal, "pending");
        await crm.Move(TimeSpan.FromDays(2));

        await Patience.Until("it went up", async () => (await Types(deal)).Contains("opportunity_mark_escalated"));
        (await Alerts("zhou")).ShouldBe(["opportunity-still-over-limit"]);
    }

    [Fact]
    public async Task A_touch_that_was_made_before_takes_a_mark_away_as_if_it_had_never_been()
    {
        await Company();
        var deal = await Open("Talks");
        await crm.Move(TimeSpan.FromDays(2.1));
        await Marked(deal, "still");
        var marked = (await Read(deal)).GetProperty("markedSince").GetDateTimeOffset();

        (await admin.Write($"opportunities/{deal}/touches", new
        {
            kind = "call", direction = "outbound",
            occurredAt = marked.AddHours(-20)
        })).Ok();
        (await Read(deal, $"?asOf={marked.AddSeconds(1).Text()}")).GetProperty("marks").GetArrayLength().ShouldBe(0);
        await Patience.Until("it is said", async () => (await Events(deal)).Any(e =>
            e.GetProperty("type").GetString() == "opportunity_mark_cleared"
            && e.GetProperty("data").GetProperty("why").GetString() == "corrected"));
    }

    [Fact]
    public async Task What_came_due_while_nobody_served_is_made_up_for_once_and_said_to_be_late()
    {
        await Company();
        var first = await Open("Quote");
        await crm.Move(TimeSpan.FromHours(1));
        var second = await Open("Quote");
        await Patience.Until("both are waited for", async () => (await Waiting()) == 2);
        await crm.MoveUnnoticed(TimeSpan.FromDays(8));
        await crm.Restart();
        admin = crm.With(admin.DefaultRequestHeaders.Authorization!.Parameter);

        await Marked(first, "pending");
        await Marked(second, "pending");
        var alerts = (await Inbox("li")).Select(alert => alert.GetProperty("params").GetProperty("late").GetString()).ToList();
        alerts.Select(late => int.Parse(late!)).ShouldAllBe(late => late > 24 * 60 - 65);
        (await Types(first)).Count(type => type == "opportunity_marked").ShouldBe(1);
        Position(await Events(first)).ShouldBeLessThan(Position(await Events(second)), "in the order in which they were due");
    }

    [Fact]
    public async Task In_a_store_that_was_loaded_what_will_be_due_is_looked_for()
    {
        await Company();
        var deal = await Open("Quote");
        await Patience.Until("it is waited for", async () => (await Waiting()) == 1);
        await crm.App.StopAsync();
        await crm.Sql("delete from crm.opportunity_due; delete from public.mt_event_progression where name = 'automations:opportunities'");
        await crm.Restart();
        admin = crm.With(admin.DefaultRequestHeaders.Authorization!.Parameter);

        await Patience.Until("it is waited for again", async () => (await Waiting()) == 1);
        await crm.Move(TimeSpan.FromDays(7.1));
        await Marked(deal, "pending");
    }

    [Fact]
    public async Task On_trial_it_says_what_it_would_do_and_does_it_when_it_is_on_again()
    {
        await Company();
        (await admin.Write("automations/look-after-opportunities/mode", new { mode = "dry-run" })).Ok();
        var deal = await Open("Quote");
        await Patience.Until("it is waited for", async () => (await Waiting()) == 1);
        await crm.Move(TimeSpan.FromDays(8));

        await Patience.Until("it says what it would do", async () =>
            (await admin.Read("automations/look-after-opportunities/trials")).Ok().Body.GetProperty("items").EnumerateArray()
                .Any(one => one.GetProperty("subject").GetGuid() == deal));
        (await Types(deal)).ShouldBe(["opportunity_opened"]);
        (await admin.Write("automations/look-after-opportunities/mode", new { mode = "on" })).Ok();
        await Marked(deal, "pending");
    }

    [Fact]
    public async Task Off_it_does_nothing_and_keeps_what_is_to_be_tried_again_and_on_trial_it_says_so()
    {
        await Company();
        var tenant = $"marks-{tenants}";
        (await admin.Write("automations/look-after-opportunities/mode", new { mode = "off" })).Ok();
        var (deal, other) = (await Open("Quote"), await Open("Quote"));
        await Patience.Until("both are waited for", async () => (await Waiting()) == 2);
        await crm.Move(TimeSpan.FromDays(8));
        await crm.Sql($"""
            insert into crm.automation_failure (tenant_id, automation, subject_id, due_at, error, again)
            values ('{tenant}', 'look-after-opportunities', '{other}', now(), 'x', true)
            """);
        (await admin.Write("automations/look-after-opportunities/mode", new { mode = "dry-run" })).Ok();

        await Patience.Until("it says what it would do", async () => (await Items("trials")) > 0);
        (await Items("failures")).ShouldBe(1);
        (await admin.Write("automations/look-after-opportunities/mode", new { mode = "on" })).Ok();
        await Marked(deal, "pending");
        await Patience.Until("it was tried again", async () => (await Items("failures")) == 0);

        async Task<int> Items(string what) => (await admin.Read($"automations/look-after-opportunities/{what}")).Ok()
            .Body.GetProperty("items").GetArrayLength();
    }

    [Fact]
    public async Task Those_that_were_only_tried_take_no_place_from_others()
    {
        await using var connection = await crm.Engine.Followers.OpenConnectionAsync();
        var (first, last, longAgo) = (Guid.NewGuid(), Guid.NewGuid(), DateTimeOffset.UnixEpoch);
        await Dues.Note(crm.Engine.Followers, "tried", new Dictionary<Guid, DateTimeOffset?> { [first] = longAgo }, default);
        await Dues.Note(crm.Engine.Followers, "waits", new Dictionary<Guid, DateTimeOffset?> { [last] = longAgo.AddDays(1) },
            default);

        (await Look([])).ShouldBe([first]);
        (await Look(new() { [("tried", first)] = longAgo })).ShouldBe([last]);
        (await Look(new() { [("tried", first)] = longAgo.AddDays(-1) })).ShouldBe([first], "it is due anew");

        async Task<IEnumerable<Guid>> Look(Dictionary<(string, Guid), DateTimeOffset> tried) =>
            (await Dues.Look(connection, 1, [], tried, default)).Select(one => one.Stream);
    }

    [Fact]
    public async Task Whoever_follows_first_begins_where_he_is_told_and_whoever_comes_after_where_he_stood()
    {
        await using var connection = await crm.Engine.Followers.OpenConnectionAsync();
        var place = new LogPlace(connection, $"test:{Guid.NewGuid()}");

        (await place.Open(3, default)).ShouldBe(3);
        (await place.Open(7, default)).ShouldBe(3);
        (await place.Open(default)).ShouldBe(3);
    }

    [Fact]
    public async Task The_voucher_of_a_payment_marks_when_it_is_taken_away_even_where_nothing_else_is_asked_for()
    {
        admin = await crm.Tenant($"marks-{Interlocked.Increment(ref tenants)}");
        object[] paid = [new { key = "receipt", name = "回款凭证", attachment = "receipt" }];
        (await admin.Put("playbook/draft", new
        {
            name = "Sales",
            pipelines = new[] { new { key = "sales", name = "Sales", stages = new[] { new { name = "Quote" } }, paid } }
        })).Ok();
        (await admin.Write("playbook/publication", new { })).Ok();
        var deal = await Open("Quote");
        (await admin.Write($"opportunities/{deal}/win", new { })).Ok();
        var file = (await admin.Attach($"opportunities/{deal}", "paid.pdf", Attaching.Pdf($"paid {deal}"), ("label", "receipt")))
            .Ok()["attachmentId"];
        (await admin.Write($"opportunities/{deal}/payment", new { })).Ok();
        (await admin.Write($"opportunities/{deal}/attachments/{file}/removal", new { reason = "of another plant" })).Ok();

        await Marked(deal, "evidence-gone");
    }

    [Fact]
    public async Task Evidence_that_is_taken_away_marks_until_it_is_back()
    {
        await Company();
        var deal = await Open("Talks");
        var file = (await admin.Attach($"opportunities/{deal}", "signed.pdf", Attaching.Pdf($"signed {deal}"), ("label", "minutes")))
            .Ok()["attachmentId"];
        (await admin.Write($"opportunities/{deal}/stage", new { stage = "Contract" })).Ok();
        (await admin.Write($"opportunities/{deal}/attachments/{file}/removal", new { reason = "of another plant" })).Ok();

        await Marked(deal, "evidence-gone");
        (await Alerts("li")).ShouldBe(["opportunity-evidence-gone"]);
        (await admin.Attach($"opportunities/{deal}", "signed.pdf", Attaching.Pdf($"again {deal}"), ("label", "minutes"))).Ok();
        await Patience.Until("it is back", async () => (await Read(deal)).GetProperty("marks").GetArrayLength() == 0);
    }

    private async Task Company()
    {
        admin = await crm.Tenant($"marks-{Interlocked.Increment(ref tenants)}");
        foreach (var member in (string[])["li", "chen", "zhou"])
        {
            (await admin.Write("members", new { id = member, role = "rep", rep = member })).Ok();
        }

        (await admin.Put("playbook/draft", new
        {
            name = "Sales",
            reps = new object[] { new { rep = "li", superior = "chen" }, new { rep = "chen", superior = "zhou" }, new { rep = "zhou" } },
            pipelines = new[]
            {
                new
                {
                    key = "sales", name = "Sales", stages = new object[]
                    {
                        new
                        {
                            name = "Quote", limits = new[] { new
                            {
                                key = "pending", name = "报价待反馈", after = new { days = 7 }, alert = new[] { "owner", "superior" },
                                    escalateAfter = new { days = 2 },
                                task = new { title = "跟进报价", due = new { hours = 4 } }
                            } }
                        },
                        new
                        {
                            name = "Talks", limits = new[] { new { key = "still", name = "Still", after = new { days = 2 },
                                of = "silence" } },
                            exit = new[] { new { key = "minutes", name = "Minutes", attachment = "minutes" } }
                        },
                        new { name = "Contract" }
                    }
                }
            }
        })).Ok();
        (await admin.Write("playbook/publication", new { })).Ok();
    }

    private async Task<Guid> Open(string stage) =>
        (await admin.Write("opportunities", new { name = "Lathe line", pipeline = "sales", stage, rep = "li", amount = Talk.Money(1m) }))
            .Ok().Id;

    private Task Marked(Guid deal, string limit) => Patience.Until(
        $"it is marked for {limit}", async () => (await Read(deal)).GetProperty("marks").EnumerateArray()
            .Any(mark => mark.GetString() == limit));

    private async Task<JsonElement> Read(Guid deal, string query = "") => (await admin.Read($"opportunities/{deal}{query}")).Ok().Body;

    private async Task<IReadOnlyList<JsonElement>> Events(Guid deal) =>
        [.. (await admin.Read($"opportunities/{deal}/events")).Ok().Body.GetProperty("items").EnumerateArray()];

    private async Task<IReadOnlyList<string?>> Types(Guid deal) => [.. (await Events(deal)).Select(e => e.GetProperty("type").GetString())];

    private static long Position(IReadOnlyList<JsonElement> events) =>
        events.Single(e => e.GetProperty("type").GetString() == "opportunity_marked").GetProperty("position").GetInt64();

    private async Task<IReadOnlyList<Guid>> Listed(string query, string position) =>
        [.. (await admin.Read($"opportunities?{query}", ("Crm-Min-Position", position))).Ok().Body.GetProperty("items").EnumerateArray()
            .Select(item => item.GetProperty("id").GetGuid())];

    private async Task<IReadOnlyList<string?>> Alerts(string member) => [
        .. (await Inbox(member)).Select(alert => alert.GetProperty("kind").GetString())];

    private async Task<IReadOnlyList<JsonElement>> Inbox(string member)
    {
        using var http = crm.With((await admin.Write("api-keys", new { name = $"k{Guid.NewGuid()}", member })).Ok()["key"]);
        var said = (await http.Write($"opportunities", new { name = "Now", amount = Talk.Money(1m) })).Ok();
        return [.. (await http.Read("alerts", ("Crm-Min-Position", said.Position))).Ok().Body.GetProperty("items").EnumerateArray()];
    }

    private async Task<IReadOnlyList<string>> Tasks(Guid deal)
    {
        var said = (await admin.Write($"opportunities/{deal}/assignment", new { region = Guid.NewGuid().ToString() })).Ok();
        return [.. (await admin.Read($"tasks?about={deal}", ("Crm-Min-Position", said.Position))).Ok().Body.GetProperty("items")
            .EnumerateArray()
            .Select(task => string.Join(' ', ((string[])["rep", "state", "title"])
                .Select(member => task.GetProperty(member).GetString())))];
    }

    private async Task<long> Waiting() => (await admin.Read("automations")).Ok().Body.GetProperty("items").EnumerateArray()
        .Single(one => one.GetProperty("key").GetString() == "look-after-opportunities").GetProperty("waiting").GetInt64();
}
