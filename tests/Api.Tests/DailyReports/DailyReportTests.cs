using System.Text.Json;
using Crm.Api.Tests.Approvals;
using Crm.Api.Tests.Automations;
using Crm.Api.Tests.Journeys;
using Crm.Support;

namespace Crm.Api.Tests.DailyReports;

/// <summary>Days as those in the field tell them: li sells, and chen is his superior.</summary>
public sealed class DailyReportTests(MovedClock crm) : IClassFixture<MovedClock>
{
    private const string Least = "Crm-Min-Position";
    private const string Photo = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    private static int tenants;

    private readonly string tenant = $"daily-{Interlocked.Increment(ref tenants)}";

    [Fact]
    public async Task A_day_is_put_together_from_the_log_told_by_ticks_and_stays_as_it_was_shown()
    {
        var ticks = new[] { new { key = "shelves", label = "陈列已检查" } };
        var (admin, people) = await Stage(new { ticks, photos = new { atLeast = 1 } });
        var li = people["li"];
        await crm.MoveTo(new DateTimeOffset(crm.Engine.Store.Clock.GetUtcNow().UtcDateTime.Date.AddDays(1).AddHours(12), TimeSpan.Zero));
        var customer = (await admin.Write("customers", new { name = "Hangzhou Drinks" })).Ok().Id;
        var deal = (await li.Write("opportunities", new { name = "Line", amount = Talk.Money(1m), customerId = customer })).Ok().Id;
        (await li.Write($"opportunities/{deal}/touches", new { kind = "call", direction = "outbound" })).Ok();
        (await li.Write($"opportunities/{deal}/stage", new { stage = "Engaging" })).Ok();
        (await li.Write("leads", new { source = "fair", company = "Acme" })).Ok();
        (await li.Write("commitments", new { customerId = customer, kind = "delivery", dueAt = At(days: 9) })).Ok();
        (await li.Write("help-requests", new { kind = "price", text = "x", opportunityId = deal })).Ok();
        await Task(li, "late", At(days: -1));
        await Task(li, "soon", At(days: 1));
        (await li.Write($"tasks/{await Task(li, "done", At(days: 0))}/completion", new { })).Ok();
        var visit = await Visit(li, customer);

        var open = await Day(li, "li", visit);
        (open["state"], Counted(open), open.Body.GetProperty("photos").GetArrayLength()).ShouldBe(("open", "2 1 1 1 1 1 1 1 1 1 1", 1));
        var touched = Part(open, "parts", "touches").Single(item => item.GetProperty("what").GetString() == "call");
        (touched.GetProperty("name").GetString(), touched.GetProperty("customer").GetString()).ShouldBe(("Line", "Hangzhou Drinks"));
        Part(open, "parts", "stage-moves").Single().GetProperty("what").GetString().ShouldBe("Engaging");
        Part(open, "parts", "tasks-tomorrow").Single().GetProperty("name").GetString().ShouldBe("soon");

        var told = (await li.Write("members/li/daily-report", new { ticks = new[] { "shelves" }, remark = "Mr Wang is angry" })).Ok();
        var events = await crm.Events();
        (await li.Write("members/li/daily-report", new { ticks = new[] { "shelves" }, remark = "Mr Wang is angry" })).Ok()
            .Status.ShouldBe(200);
        (told.Status, await crm.Events(), (await crm.TablesWith("Mr Wang is angry")).Count).ShouldBe((201, events, 0));

        var late = (await li.Write($"opportunities/{deal}/touches", new { kind = "message", direction = "outbound" })).Ok().Position;
        var shown = await Day(li, "li", late);
        (shown["state"], Counted(shown), shown["remark"]).ShouldBe(("submitted", Counted(open), "Mr Wang is angry"));
        shown.Body.GetProperty("parts").GetRawText().ShouldBe(open.Body.GetProperty("parts").GetRawText());
        Part(shown, "since", "touches").Single().GetProperty("what").GetString().ShouldBe("message");

        var amended = (await li.Write("members/li/daily-report", new { photos = new[] { Photo } })).Ok();
        var after = await Day(people["chen"], "li", amended.Position);
        (after["amendments"], after.Body.GetProperty("counts").GetProperty("touches").GetInt32(), after["remark"]).ShouldBe(("1", 3, null));
        after.Body.GetProperty("since").GetArrayLength().ShouldBe(0);
        after.Body.GetProperty("photos").GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public async Task What_was_taken_back_the_same_day_is_not_told_and_what_was_put_right_is_told_as_it_is()
    {
        var (admin, people) = await Stage(new { });
        var li = people["li"];
        await crm.MoveTo(new DateTimeOffset(crm.Engine.Store.Clock.GetUtcNow().UtcDateTime.Date.AddDays(1).AddHours(12), TimeSpan.Zero));
        var customer = (await admin.Write("customers", new { name = "Hangzhou Drinks" })).Ok().Id;
        var deal = (await li.Write("opportunities", new { name = "Line", amount = Talk.Money(1m), customerId = customer })).Ok().Id;
        (await li.Write($"opportunities/{deal}/stage", new { stage = "Engaging" })).Ok();
        (await li.Write($"opportunities/{deal}/win", new { })).Ok();
        var junk = (await li.Write("leads", new { source = "fair", company = "Acme" })).Ok().Id;
        var promise = (await li.Write("commitments", new { customerId = customer, kind = "delivery", dueAt = At(days: 9) })).Ok().Id;
        var help = (await li.Write("help-requests", new { kind = "price", text = "x", opportunityId = deal })).Ok().Id;
        var task = await Task(li, "done", At(days: 0));
        var all = (await li.Write($"tasks/{task}/completion", new { })).Ok().Position;
        Counted(await Day(li, "li", all)).ShouldBe("0 0 0 2 1 1 1 1 1 0 0");
        var told = (await li.Write("members/li/daily-report", new { })).Ok().Position;

        await Correct(admin, deal, "opportunity_won", new { withdrawn = true });
        await Correct(admin, deal, "opportunity_stage_entered", new { occurredAt = At(hours: -2) });
        (await admin.Write($"leads/{junk}/flag", new { flag = "junk", reason = "x" })).Ok();
        (await li.Write($"commitments/{promise}/withdrawal", new { reason = "x" })).Ok();
        (await li.Write($"help-requests/{help}/withdrawal", new { })).Ok();
        (await li.Write($"tasks/{task}/reopening", new { reason = "x" })).Ok();
        var least = (await admin.Write($"opportunities/{deal}/notes", new { text = "x" })).Ok().Position;

        Counted(await Day(li, "li", least)).ShouldBe("0 0 0 2 1 1 1 1 1 0 0", $"it was told at {told}, of what stood then");
        (await li.Write("members/li/daily-report", new { remark = "Once more" })).Ok();
        var after = await Day(li, "li", least);
        Counted(after).ShouldBe("0 0 0 1 0 1 0 0 0 1 0");
        Part(after, "parts", "stage-moves").Single().GetProperty("at").GetDateTimeOffset().Hour.ShouldBe(10);
    }

    [Fact]
    public async Task A_task_that_a_rule_closes_when_he_has_done_what_it_asks_for_is_done_by_him()
    {
        var (_, people) = await Stage(new { }, review: new { title = "复盘", won = new[] { new { key = "lesson", question = "下次怎么做" } } });
        var li = people["li"];
        var deal = (await li.Write("opportunities", new { name = "Line", pipeline = "sales", amount = Talk.Money(1m) })).Ok().Id;
        (await li.Write($"opportunities/{deal}/win", new { })).Ok();
        await Patience.Until("it is asked for", async () => (await Reviews(li, "open")) == 1);
        (await li.Write($"opportunities/{deal}/review", new { answers = new[] { new { key = "lesson", text = "Call first." } } })).Ok();
        await Patience.Until("it is closed", async () => (await Reviews(li, "done")) == 1);

        (await Day(li, "li", least: null)).Body.GetProperty("counts").GetProperty("tasksDone").GetInt32().ShouldBe(1);
        (await Day(people["wang"], "wang", least: null)).Body.GetProperty("counts").GetProperty("tasksDone").GetInt32().ShouldBe(0);
    }

    private static async Task<int> Reviews(HttpClient http, string state) =>
        (await http.Read($"tasks?kind=review&state={state}")).Ok().Body.GetProperty("items").GetArrayLength();

    [Fact]
    public async Task It_is_refused_where_it_is_anothers_or_of_what_nobody_asked()
    {
        var (_, people) = await Stage(new { photos = new { atLeast = 1 } });
        var (li, wang) = (people["li"], people["wang"]);

        (await (await li.Write("members/li/daily-report", new { })).Refused()).Code.ShouldBe("daily-report.photos-missing");
        (await (await li.Write("members/li/daily-report", new { ticks = new[] { "roof" } })).Refused())
            .Code.ShouldBe("daily-report.tick-unknown");
        (await (await li.Write("members/li/daily-report", new { day = "2999-01-01" })).Refused()).Code.ShouldBe("daily-report.day-ahead");
        (await (await people["chen"].Write("members/li/daily-report", new { })).Refused()).Code.ShouldBe("daily-report.not-own");
        (await (await wang.Write("members/li/daily-report", new { })).Refused()).Code.ShouldBe("daily-report.unknown");
        (await wang.Read("members/li/daily-report")).Status.ShouldBe(404);
        (await li.Write("members/li/daily-report", new { photos = new[] { Photo } })).Ok();
    }

    [Fact]
    public async Task Whoever_has_not_told_when_it_is_due_is_reminded_once_and_his_superior_hears_of_it()
    {
        var (admin, people) = await Stage(new { dueBy = "20:00" });
        var day = DateOnly.FromDateTime(crm.Engine.Store.Clock.GetUtcNow().UtcDateTime).AddDays(1);
        await crm.MoveTo(new DateTimeOffset(day, new TimeOnly(19, 0), TimeSpan.Zero));
        var told = (await people["sun"].Write("members/sun/daily-report", new { })).Ok();
        (await people["chen"].Read($"reports/daily?day={day:yyyy-MM-dd}", (Least, told.Position))).Ok().Body.GetProperty("items")
            .EnumerateArray().Select(State).ShouldBe(["chen open", "li open"]);

        await crm.MoveTo(new DateTimeOffset(day, new TimeOnly(20, 1), TimeSpan.Zero));
        await Patience.Until("li is reminded", async () => (await people["li"].Told()).Contains("daily-report-due"));
        await Patience.Until("chen hears of li, and zhao of chen", async () =>
            (await people["chen"].Told()).Contains("daily-report-missing")
                && (await people["zhao"].Told()).Contains("daily-report-missing"));
        (await people["sun"].Told()).ShouldNotContain("daily-report-due");
        (await people["li"].Read("alerts")).Ok().Text.ShouldContain($"Your report on {day:yyyy-MM-dd} is not there");

        var late = (await people["li"].Write("members/li/daily-report", new { })).Ok();
        var report = (await admin.Read($"reports/daily?day={day:yyyy-MM-dd}", (Least, late.Position))).Ok();
        report.Body.GetProperty("items").EnumerateArray().Select(State)
            .ShouldBe(["chen missing", "li late", "sun submitted", "wang missing", "zhao missing"]);
        (report["expected"], report["submitted"], report["late"], report["missing"]).ShouldBe(("5", "2", "1", "3"));
        (await admin.Read("automations")).Ok().Text.ShouldContain("watch-daily-reports");
        (await people["li"].Told()).Count(kind => kind == "daily-report-due").ShouldBe(1);
    }

    [Fact]
    public async Task On_a_day_off_nobody_is_missing_and_what_is_told_of_it_later_is_not_late()
    {
        var (_, people) = await Stage(new { dueBy = "20:00" }, calendar: "week");
        var today = DateOnly.FromDateTime(crm.Engine.Store.Clock.GetUtcNow().UtcDateTime);
        var saturday = today.AddDays(7 - ((int)today.DayOfWeek + 1) % 7);
        await crm.MoveTo(new DateTimeOffset(saturday, new TimeOnly(20, 1), TimeSpan.Zero));
        var off = (await people["chen"].Read($"reports/daily?day={saturday:yyyy-MM-dd}")).Ok();
        (off["expected"], off["missing"], off["total"]).ShouldBe(("0", "0", "0"));
        var open = await Day(people["li"], "li", least: null);
        (open["state"], open["dueAt"]).ShouldBe(("open", null));

        await crm.MoveTo(new DateTimeOffset(saturday.AddDays(2), new TimeOnly(9, 0), TimeSpan.Zero));
        var told = (await people["li"].Write("members/li/daily-report", new { day = $"{saturday:yyyy-MM-dd}" })).Ok();
        var report = (await people["chen"].Read($"reports/daily?day={saturday:yyyy-MM-dd}", (Least, told.Position))).Ok();
        report.Body.GetProperty("items").EnumerateArray().Select(State).ShouldBe(["li submitted"]);
        (report["expected"], report["late"], report["missing"]).ShouldBe(("0", "0", "0"));
    }

    private async Task<(HttpClient Admin, IReadOnlyDictionary<string, HttpClient> People)> Stage(
        object dailyReport, string? calendar = null, object? review = null)
    {
        var admin = await crm.Tenant(tenant);
        var people = await ApprovalSteps.People(crm, admin);
        var calendars = new[] { new { key = "week", zone = "UTC", workdays = new[] { "monday", "tuesday", "wednesday", "thursday",
            "friday" }, hours = new[] { new { from = "09:00", to = "18:00" } } } };
        var reps = new object[] { new { rep = "li", superior = "chen", calendar }, new { rep = "chen", superior = "zhao", calendar },
            new { rep = "zhao", calendar }, new { rep = "wang", calendar }, new { rep = "sun", calendar } };
        var pipelines = review is null ? null : new[] { new { key = "sales", name = "Sales", stages = new[] { new { name = "Quote" } }, review } };
        (await admin.Put("playbook/draft", new { name = "Field", calendars, reps, dailyReport, pipelines })).Ok();
        (await admin.Write("playbook/publication", new { })).Ok();
        return (admin, people);
    }

    private static async Task Correct(HttpClient http, Guid deal, string type, object correction)
    {
        var eventId = (await http.History($"opportunities/{deal}")).Single(e => e.GetProperty("type").GetString() == type)
            .GetProperty("id").GetGuid();
        var body = JsonSerializer.SerializeToNode(correction)!.AsObject();
        (body["eventId"], body["reason"]) = (eventId, "By mistake");
        (await http.Write($"opportunities/{deal}/corrections", body, ("If-Match", "*"))).Ok();
    }

    private string At(int days = 0, int hours = 0) => crm.Engine.Store.Clock.GetUtcNow().AddDays(days).AddHours(hours).Text();

    private static async Task<Guid> Task(HttpClient http, string title, string dueAt) =>
        (await http.Write("tasks", new { title, kind = "call", dueAt })).Ok().Id;

    private async Task<string?> Visit(HttpClient http, Guid customerId)
    {
        var occurredAt = crm.Engine.Store.Clock.GetUtcNow().Text();
        var batch = new[] { new { clientId = Guid.CreateVersion7(), occurredAt, customerId, photos = new[] { new string('a', 64) } } };
        return (await http.Write("visits/sync", new { deviceId = "phone", batch })).Ok()["position"];
    }

    private static async Task<Reply> Day(HttpClient http, string member, string? least) =>
        (await http.Read($"members/{member}/daily-report", (Least, least))).Ok();

    private static IEnumerable<JsonElement> Part(Reply day, string list, string part) => day.Body.GetProperty(list).EnumerateArray()
        .Single(one => one.GetProperty("part").GetString() == part).GetProperty("items").EnumerateArray();

    private static string Counted(Reply day) =>
        string.Join(' ', day.Body.GetProperty("counts").EnumerateObject().Select(count => count.Value.GetInt32()));

    private static string State(JsonElement item) => $"{item.GetProperty("member").GetString()} {item.GetProperty("state").GetString()}";
}
