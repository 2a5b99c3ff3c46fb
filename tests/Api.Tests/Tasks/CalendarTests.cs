using Crm.Api.Tests.Journeys;

namespace Crm.Api.Tests.Tasks;

/// <summary>
/// Everybody's tasks as a calendar that needs no login: read by a strict reader, at an address that only its owner was told.
/// </summary>
public sealed class CalendarTests(CrmServer crm) : IClassFixture<CrmServer>
{
    private static int _tenants;

    [Fact]
    public async Task A_calendar_holds_the_open_tasks_of_its_owner_at_their_time()
    {
        var (admin, ann, tenant) = await Stage();
        var due = DateTimeOffset.UtcNow.AddDays(3);
        var made = (await ann.Write("tasks", new { title = "首次电话跟进", kind = "first-call", dueAt = due.Text(), text = "Ask for the line" }))
            .Ok();
        (await admin.Write("tasks", new { title = "of another", kind = "x", dueAt = due.Text(), rep = "bob" })).Ok();
        var done = (await ann.Write("tasks", new { title = "done", kind = "x", dueAt = due.Text() })).Ok();
        (await ann.Write($"tasks/{done.Id}/completion", new { })).Ok();
        var opened = (await ann.Read($"tasks/{made.Id}/events")).Ok().Body.GetProperty("items")[0].GetProperty("recordedAt")
            .GetDateTimeOffset();

        var entry = (await Events(await Address(ann), ann)).Single();

        (entry["UID"], entry["SEQUENCE"], entry["STATUS"], entry["DURATION"]).ShouldBe(($"{made.Id}@{tenant}", "0", "CONFIRMED", "PT30M"));
        (entry.Text("SUMMARY"), entry.Text("DESCRIPTION"), entry.Text("CATEGORIES")).ShouldBe(("首次电话跟进", "Ask for the line", "first-call"));
        (entry.Moment("DTSTART"), entry.Moment("LAST-MODIFIED"), entry.Moment("DTSTAMP"))
            .ShouldBe((Whole(due), Whole(opened), Whole(opened)));
        var alarm = entry.Components.ShouldHaveSingleItem();
        (alarm.Name, alarm["ACTION"], alarm["TRIGGER"], alarm.Text("DESCRIPTION")).ShouldBe(("VALARM", "DISPLAY", "-PT15M", "首次电话跟进"));
    }

    [Fact]
    public async Task The_same_entry_is_told_anew_when_its_task_changes_and_nothing_when_it_does_not()
    {
        var (_, ann, _) = await Stage();
        var made = (await ann.Write("tasks", new { title = "x", kind = "x", dueAt = "2031-01-01T09:00:00Z" })).Ok();
        var address = await Address(ann);
        await Events(address, ann);
        var first = await Fetch(address);

        var again = await Fetch(address, first.Headers.ETag!.ToString());
        (await ann.Write($"tasks/{made.Id}/due", new { dueAt = "2031-01-02T09:00:00Z" })).Ok();
        await Events(address, ann);
        var changed = await Fetch(address, first.Headers.ETag!.ToString());

        ((int)again.StatusCode, (await again.Content.ReadAsByteArrayAsync()).Length).ShouldBe((304, 0));
        var (before, after) = (await Entry(first), await Entry(changed));
        (after["UID"], after["SEQUENCE"], after.Moment("DTSTART"))
            .ShouldBe((before["UID"], "1", new DateTimeOffset(2031, 1, 2, 9, 0, 0, TimeSpan.Zero)));
        after.Moment("LAST-MODIFIED").ShouldBeGreaterThanOrEqualTo(before.Moment("LAST-MODIFIED"));
        (first.Content.Headers.ContentType!.ToString(), first.Headers.CacheControl!.ToString())
            .ShouldBe(("text/calendar; charset=utf-8", "no-cache, private"));
    }

    [Fact]
    public async Task What_was_cancelled_is_told_for_thirty_days()
    {
        var (_, ann, _) = await Stage();
        foreach (var (title, days) in ((string, int)[])[("lately", 29), ("long ago", 31)])
        {
            var opened = DateTimeOffset.UtcNow.AddDays(-40);
            var made = (await ann.Write("tasks", new { title, kind = "x", dueAt = "2031-01-01T09:00:00Z", occurredAt = opened.Text() }))
                .Ok();
            (await ann.Write($"tasks/{made.Id}/cancellation",
                new { reason = "x", occurredAt = DateTimeOffset.UtcNow.AddDays(-days).Text() })).Ok();
        }

        var entry = (await Events(await Address(ann), ann)).Single();

        (entry.Text("SUMMARY"), entry["STATUS"], entry["SEQUENCE"], entry.Components.Count).ShouldBe(("lately", "CANCELLED", "1", 0));
    }

    [Fact]
    public async Task What_people_write_is_text_and_never_a_line()
    {
        var (_, ann, _) = await Stage();
        string[] hostile =
        [
            "x\r\nATTENDEE:mailto:evil@example.com", "x\nEND:VEVENT\nEND:VCALENDAR", "x\rBEGIN:VALARM", "a;b,c\\d\\n:\"", "\\",
                "x\u0085y\u2028z\u2029END:VEVENT", "\u007Fx\u0090",
            new string('恒', 200), string.Concat(Enumerable.Repeat("😀", 60)), new string('a', 63), new string('a', 66),
            new string('a', 67) + "恒", "tab\tbed", "' or 1=1;"
        ];
        foreach (var text in hostile)
        {
            (await ann.Write("tasks", new { title = text, kind = "k,;\\", dueAt = "2031-01-01T09:00:00Z", text = text + text })).Ok();
        }

        var entries = await Events(await Address(ann), ann);

        entries.Select(entry => entry.Text("SUMMARY")!).Order().ShouldBe(hostile.Select(Plain).Order());
        entries.Select(entry => entry.Text("DESCRIPTION")!).Order().ShouldBe(hostile.Select(text => Plain(text + text)).Order());
        entries.ShouldAllBe(entry => entry.Text("CATEGORIES") == "k,;\\" && entry.Components.Count == 1 && entry["ATTENDEE"] == null);

        static string Plain(string text) => text.ReplaceLineEndings("\n").Replace("\u007F", "").Replace("\u0090", "");
    }

    [Fact]
    public async Task An_address_is_told_once_and_leads_nowhere_once_it_is_replaced_or_revoked_or_its_owner_shut_out()
    {
        var (admin, ann, _) = await Stage();
        var told = (await ann.Write("tasks/calendar", new { }, ("Idempotency-Key", "k1"))).Ok();
        var again = (await ann.Write("tasks/calendar", new { }, ("Idempotency-Key", "k1"))).Ok();
        (again["address"], again["url"], again.Replayed).ShouldBe((told["address"], null, "true"));
        var (first, secret) = (told["url"]!, told["url"]![^47..^4]);
        (await Status(first)).ShouldBe(200);
        (await crm.TablesWith(secret)).ShouldBeEmpty("only its hash is kept");

        var second = await Address(ann);
        (await Status(first), await Status(second)).ShouldBe((404, 200));
        (await admin.Write("members/ann/suspension", new { })).Ok();
        (await Status(second)).ShouldBe(404);
        (await admin.Write("members/ann/reinstatement", new { })).Ok();
        (await Status(second)).ShouldBe(200);
        var last = (await ann.Write("tasks/calendar/revocation", new { reason = "the phone was lost" })).Ok();
        (await Status(second)).ShouldBe(404);

        var story = (await admin.Read("audit?subject=access&limit=200", ("Crm-Min-Position", last.Position))).Ok().Text;
        story.ShouldContain("had the calendar of ann put at the address");
        (story.Contains(secret), (await admin.Read("events?subject=access&limit=1000")).Ok().Text.Contains("hash"))
            .ShouldBe((false, false));
        (await Status(second.Replace(".ics", "x.ics"))).ShouldBe(404);
        (await Status(new Uri(new Uri(second), "/calendars/nothing.ics").ToString())).ShouldBe(404);
    }

    [Fact]
    public async Task A_calendar_shows_what_its_owner_may_see_today_and_opens_nothing_else()
    {
        var (admin, ann, _) = await Stage();
        (await ann.Write("tasks", new { title = "Secret title", kind = "k", dueAt = "2031-01-01T09:00:00Z", text = "Secret text" })).Ok();
        var address = await Address(ann);

        await Role(admin, """{"functions":["tasks.read"],"scope":"own","hiddenFields":["task.title","task.text"]}""");
        (await admin.Write("members/ann/role", new { role = "clerk" })).Ok();
        var entry = (await Events(address, admin)).Single();
        (entry.Text("SUMMARY"), entry.Text("DESCRIPTION")).ShouldBe(("k", null));
        await Role(admin, """{"functions":["tasks.read"],"scope":"own","hiddenFields":["task.dueAt"]}""");
        (await Events(address, admin)).ShouldBeEmpty();
        await Role(admin, """{"functions":["leads.read"],"scope":"own"}""");
        (await Status(address)).ShouldBe(404);

        using var thief = crm.With("crm_" + address.Split('/')[^1].Replace(".ics", ""));
        (await thief.Read("tasks")).Status.ShouldBe(401);
    }

    [Fact]
    public async Task A_calendar_without_entries_is_one_that_can_be_read()
    {
        var (_, ann, _) = await Stage();

        (await Events(await Address(ann), ann)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Whoever_is_no_member_has_no_calendar() => (await (await crm.Http.Write("tasks/calendar", new { })).Refused())
        .Code.ShouldBe("access.member-unknown");

    [Fact]
    public async Task A_calendar_is_not_asked_for_more_often_than_programs_do()
    {
        var address = await Address((await Stage()).Ann);

        var replies = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Fetch(address)));

        replies.Count(reply => (int)reply.StatusCode == 429 && reply.Headers.RetryAfter is not null).ShouldBeInRange(5, 12);
    }

    private async Task<(HttpClient Admin, HttpClient Ann, string Tenant)> Stage()
    {
        var tenant = $"calendars-{Interlocked.Increment(ref _tenants)}";
        var admin = await crm.Tenant(tenant);
        (await admin.Write("members", new { id = "ann", role = "rep" })).Ok();
        return (admin, crm.With((await admin.Write("api-keys", new { name = "ann", member = "ann" })).Ok()["key"]), tenant);
    }

    private static async Task Role(HttpClient admin, string role)
    {
        using var message = new HttpRequestMessage(HttpMethod.Put, "roles/clerk");
        message.Content = new StringContent(role, System.Text.Encoding.UTF8, "application/json");
        (await admin.SendAsync(message)).EnsureSuccessStatusCode();
    }

    private static async Task<string> Address(HttpClient http) => (await http.Write("tasks/calendar", new { })).Ok()["url"]!;

    private async Task<int> Status(string address) => (int)(await Fetch(address)).StatusCode;

    private async Task<HttpResponseMessage> Fetch(string address, string? held = null)
    {
        using var nobody = crm.With(null);
        using var message = new HttpRequestMessage(HttpMethod.Get, address);
        if (held is not null)
        {
            message.Headers.TryAddWithoutValidation("If-None-Match", held);
        }

        return await nobody.SendAsync(message);
    }

    // Once the list shows what was written so far: a rehearsal tells how far that is.
    private async Task<IReadOnlyList<Component>> Events(string address, HttpClient http)
    {
        var last = (await http.Write("tasks/calendar/revocation?dryRun=true", new { })).Ok();
        (await http.Read("tasks?limit=1", ("Crm-Min-Position", last.Position))).Ok();
        var reply = await Fetch(address);
        ((int)reply.StatusCode).ShouldBe(200);
        return [.. ICalendarReader.Read(await reply.Content.ReadAsByteArrayAsync())
            .Components.Where(component => component.Name == "VEVENT")];
    }

    private static async Task<Component> Entry(HttpResponseMessage reply) =>
        ICalendarReader.Read(await reply.Content.ReadAsByteArrayAsync()).Components.ShouldHaveSingleItem();

    private static DateTimeOffset Whole(DateTimeOffset moment) =>
        new(moment.UtcTicks - (moment.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
}
