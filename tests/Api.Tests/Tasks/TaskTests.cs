using Crm.Api.Tests.Journeys;

namespace Crm.Api.Tests.Tasks;

/// <summary>Tasks: opened, given away, put off, done and cancelled; overdue by the moment that is asked about.</summary>
public sealed class TaskTests(CrmServer crm) : IClassFixture<CrmServer>
{
    private static int _tenants;

    private HttpClient Http => crm.Http;

    [Fact]
    public async Task A_task_is_opened_given_away_put_off_and_done()
    {
        var lead = (await Http.Write("leads", new { source = "web" })).Ok().Id;
        var made = await Open(Http, new
        {
            title = "首次电话跟进 Hengce",
            kind = "first-call",
            dueAt = "2026-03-02T09:00:00Z",
            about = new { kind = "lead", id = lead },
            rep = "ann",
            team = "east",
            text = "Ask for Mr Quagmire",
            occurredAt = "2026-03-01T09:00:00Z"
        });
        (await Http.Write($"tasks/{made.Id}/assignment", new { rep = "bob", reason = "away", occurredAt = "2026-03-01T12:00:00Z" })).Ok();
        (await Http.Write($"tasks/{made.Id}/due", new { dueAt = "2026-03-05T17:00:00+08:00", occurredAt = "2026-03-02T08:00:00Z" })).Ok();
        var done = (await Http.Write($"tasks/{made.Id}/completion",
            new { note = "Wants a quotation", occurredAt = "2026-03-06T00:00:00Z" })).Ok();

        (made.Status, made.Location).ShouldBe((201, $"/api/v1/tasks/{made.Id}"));
        (await Http.Write($"tasks/{made.Id}/completion", new { note = "Wants a quotation" })).Ok().ETag.ShouldBe(done.ETag);
        Told(await Http.Read($"tasks/{made.Id}?asOf=2026-03-01T10:00:00Z")).ShouldBe(("ann", "east", "open", "2026-03-02T09:00:00Z"));
        Told(await Http.Read($"tasks/{made.Id}?asOf=2026-03-03")).ShouldBe(("bob", "east", "open", "2026-03-05T09:00:00Z"));
        var now = await Http.Read($"tasks/{made.Id}");
        Told(now).ShouldBe(("bob", "east", "done", "2026-03-05T09:00:00Z"));
        (now["doneAt"], now["doneLate"], now["note"], now["text"])
            .ShouldBe(("2026-03-06T00:00:00Z", "True", "Wants a quotation", "Ask for Mr Quagmire"));
        now.Body.GetProperty("about").GetProperty("id").GetGuid().ShouldBe(lead);
        (await Http.Read($"tasks/{made.Id}?asOf=2026-02-25")).Status.ShouldBe(404);
        foreach (var (question, count) in ((string, int)[])[
            ($"about={lead}", 1), ($"about={made.Id}", 0), ($"about={lead}&state=open", 0), ($"about={lead}&state=open&asOf=2026-03-04", 1),
            ($"about={lead}&rep=ann", 0), ($"about={lead}&rep=ann&asOf=2026-03-01T10:00:00Z", 1),
            ($"about={lead}&kind=first-call&team=east", 1),
            ($"about={lead}&dueFrom=2026-03-05&dueBefore=2026-03-06", 1), ($"about={lead}&dueBefore=2026-03-05", 0),
            ($"q=首次 hengce&about={lead}", 1), ($"filter=aboutKind=lead,doneLate=true,automation is null&about={lead}&sort=dueAt", 1)])
        {
            (await Http.Read($"tasks?{question}", ("Crm-Min-Position", done.Position))).Ok().Body.GetProperty("items").GetArrayLength()
                .ShouldBe(count, question);
        }

        var file = (await Http.Read($"tasks/export?about={lead}", ("Crm-Min-Position", done.Position))).Ok().Text.TrimStart('\uFEFF')
            .Split("\r\n");
        file[0].ShouldBe("id,openedAt,title,kind,about,rep,team,state,dueAt,text,note,doneAt,doneLate,cancelledAt,cancelledBecause,"
            + "automation,causedBy");
        file[1].ShouldContain($",first-call,lead:{lead},bob,east,done,2026-03-05T09:00:00Z,Ask for Mr Quagmire,Wants a quotation,");
        file[1].ShouldContain(",2026-03-06T00:00:00Z,true,,,,");
        var story = (await Http.Read($"tasks/{made.Id}/history?lang=zh-CN")).Ok().Text;
        story.ShouldContain("新建任务“首次电话跟进 Hengce”（first-call），截止 2026-03-02 09:00，负责人 ann，团队 east：Ask for Mr Quagmire。");
        story.ShouldContain("将任务“首次电话跟进 Hengce”转交他人：负责人 ann → bob（away）。");
        story.ShouldContain("的截止时间由 2026-03-02 09:00 改为 2026-03-05 09:00。");
        story.ShouldContain("完成任务“首次电话跟进 Hengce”：Wants a quotation。");
        (await crm.TablesWith("Quagmire")).ShouldBeEmpty();
        (await crm.TablesWith("Wants a quotation")).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_written_of_a_person_is_sealed_under_his_key_to_be_forgotten_with_him()
    {
        using var admin = await crm.Tenant($"tasks-{Interlocked.Increment(ref _tenants)}");
        var lead = (await admin.Write("leads", new { source = "web", contact = "Kim" })).Ok().Id;
        var (about, text) = (new { kind = "lead", id = lead }, "Ask for Kim");
        var made = (await admin.Write("tasks", new { title = "x", kind = "x", dueAt = "2030-01-01T00:00:00Z", about, text })).Ok();
        (await admin.Write($"tasks/{made.Id}/completion", new { note = "Kim is away" })).Ok();

        var told = (await admin.Read($"tasks/{made.Id}")).Ok();
        (told["text"], told["note"], await Keys(lead), await Keys(made.Id)).ShouldBe(("Ask for Kim", "Kim is away", 1, 0));
    }

    [Fact]
    public async Task A_task_is_overdue_by_the_moment_that_is_asked_about()
    {
        using var admin = await crm.Tenant($"tasks-{Interlocked.Increment(ref _tenants)}");
        await Open(admin, Said("late", "2026-03-02T09:00:00Z", "ann", "2026-03-01T00:00:00Z"));
        var done = (await Open(admin, Said("done", "2026-03-02T09:00:00Z", "ann", "2026-03-01T00:00:00Z"))).Id;
        (await admin.Write($"tasks/{done}/completion", new { occurredAt = "2026-03-04T00:00:00Z" })).Ok();
        var far = await Open(admin, Said("far", "2100-01-01T00:00:00Z", "ann", "2026-03-01T00:00:00Z"));

        foreach (var (question, titles) in ((string, string[])[])[
            ("overdue=true", ["late"]), ("overdue=false", ["done", "far"]), ("overdue=true&asOf=2026-03-02T09:00:00Z", []),
            ("overdue=true&asOf=2026-03-02T09:00:00.000001Z", ["done", "late"]), ("overdue=true&asOf=2026-03-05", ["late"]),
            ("overdue=true&asOf=2101-01-01", ["far", "late"]), ("overdue=true&at=2026-03-05", [])])
        {
            var reply = (await admin.Read($"tasks?sort=title&{question}", ("Crm-Min-Position", far.Position))).Ok();
            reply.Body.GetProperty("items").EnumerateArray().Select(task => task.GetProperty("title").GetString())
                .ShouldBe(titles, question);
        }
    }

    [Fact]
    public async Task Pages_that_follow_keep_the_moment_of_the_first_and_what_passes_with_time_is_not_held_to_be_the_same()
    {
        using var admin = await crm.Tenant($"tasks-{Interlocked.Increment(ref _tenants)}");
        await Open(admin, Said("2", "2026-03-02T09:00:00Z"));
        await Open(admin, Said("3", "2026-03-02T09:00:00Z"));
        var last = await Open(admin, Said("1", DateTimeOffset.UtcNow.AddSeconds(3).Text()));

        var first = (await admin.Read("tasks?overdue=true&limit=1&sort=-title", ("Crm-Min-Position", last.Position))).Ok();
        var rest = $"tasks?overdue=true&limit=5&sort=-title&cursor={first["nextCursor"]}";
        (await admin.Read("tasks?overdue=false&limit=5&sort=-title&cursor=" + first["nextCursor"])).Status.ShouldBe(400);
        var held = (await admin.Read("tasks?overdue=true", ("Crm-Min-Position", last.Position))).Ok().ETag!;
        await Support.Patience.Until("the first is overdue", async () =>
            (await admin.Read("tasks?overdue=true", ("If-None-Match", $"W/{held}"))).Ok().Body.GetProperty("items").GetArrayLength() == 3);

        Titles(await admin.Read(rest)).ShouldBe(["2"]);
        var tag = (await admin.Read("tasks?overdue=true&asOf=2100-01-01")).Ok().ETag;
        (await admin.Read("tasks?overdue=true&asOf=2100-01-01", ("If-None-Match", $"W/{tag}"))).Status.ShouldBe(304);
    }

    [Fact]
    public async Task Whoever_sees_only_his_own_opens_for_himself_and_gives_away_to_his_own_team_alone()
    {
        using var admin = await crm.Tenant($"tasks-{Interlocked.Increment(ref _tenants)}");
        (await admin.Write("teams", new { id = "east", name = "East" })).Ok();
        var theirs = (await Open(admin, Said("theirs", "2030-01-01T00:00:00Z", "another"))).Id;
        var deal = (await admin.Open(new { rep = "another" })).Id;
        using var rep = await Member(admin, "rep", team: "east");

        var own = await Open(rep, Said("own", "2030-01-01T00:00:00Z"));
        (await rep.Read($"tasks/{own.Id}")).Ok()["rep"].ShouldBe("one-rep");
        var last = own.Position;
        foreach (var (path, body, status) in ((string, object, int)[])[
            ("tasks", Said("x", "2030-01-01T00:00:00Z", "another"), 403),
            ("tasks", Said("x", "2030-01-01T00:00:00Z", about: new { kind = "opportunity", id = deal }), 422),
            ("tasks", Said("x", "2030-01-01T00:00:00Z", about: new { kind = "customer", id = deal }), 422),
            ($"tasks/{theirs}/completion", new { }, 404), ($"tasks/{own.Id}/assignment", new { rep = "another" }, 403),
            ($"tasks/{own.Id}/assignment", new { team = "west" }, 403), ($"tasks/{own.Id}/assignment", new { team = "east" }, 200)])
        {
            var reply = await rep.Write(path, body);
            reply.Status.ShouldBe(status, $"{path} {body}");
            last = reply.Position ?? last;
        }

        (await rep.Read($"tasks/{own.Id}")).Status.ShouldBe(404);
        (await rep.Read($"tasks/{theirs}")).Status.ShouldBe(404);
        (await rep.Read($"tasks/{theirs}/history")).Status.ShouldBe(404);
        Titles((await rep.Read("tasks", ("Crm-Min-Position", last))).Ok()).ShouldBeEmpty();
        Told(await admin.Read($"tasks/{own.Id}")).ShouldBe((null, "east", "open", "2030-01-01T00:00:00Z"));
    }

    [Fact]
    public async Task What_is_closed_stays_so_until_it_is_reopened()
    {
        var made = await Open(Http, Said("x", "2030-01-01T00:00:00Z", "ann"));
        (await Http.Write($"tasks/{made.Id}/cancellation", new { reason = "They bought elsewhere" })).Ok();

        foreach (var (path, body) in ((string, object)[])[("due", new { dueAt = "2031-01-01T00:00:00Z" }), ("completion", new { }),
            ("assignment", new { rep = "bob" })])
        {
            var refused = await Http.Write($"tasks/{made.Id}/{path}", body);
            (refused.Status, (await refused.Refused()).Code).ShouldBe((409, "task.closed"), path);
        }

        (await Http.Read($"tasks/{made.Id}")).Ok()["cancelledBecause"].ShouldBe("They bought elsewhere");
        (await Http.Write($"tasks/{made.Id}/reopening", new { reason = "They did not" })).Ok();
        (await Http.Write($"tasks/{made.Id}/completion", new { })).Ok();
        (await Http.Read($"tasks/{made.Id}/history?lang=en")).Ok()
            .Text.ShouldContain("reopened the task “x”, which was cancelled: They did not.");
    }

    [Fact]
    public async Task Who_does_not_see_when_a_task_is_due_does_not_find_it_out()
    {
        using var admin = await crm.Tenant($"tasks-{Interlocked.Increment(ref _tenants)}");
        var customer = (await admin.Write("customers", new { name = "C" })).Ok().Id;
        var made = await Open(admin, Said("x", "2033-03-03T03:03:03Z", about: new { kind = "customer", id = customer }));
        var last = (await admin.Write($"tasks/{made.Id}/due", new { dueAt = "2034-04-04T04:04:04Z" })).Ok();
        using var role = new HttpRequestMessage(HttpMethod.Put, "roles/blind")
        {
            Content = new StringContent("""
                {"functions":["tasks.read","tasks.write","audit.read","events.read"],"scope":"all","hiddenFields":["task.dueAt","task.about"]}
                """, System.Text.Encoding.UTF8, "application/json")
        };
        (await admin.SendAsync(role)).EnsureSuccessStatusCode();
        using var blind = await Member(admin, "blind");

        foreach (var path in (string[])["tasks", $"tasks/{made.Id}", $"tasks/{made.Id}/events", $"tasks/{made.Id}/history", "audit",
            "events", "tasks/export"])
        {
            var least = path is "tasks" or "audit" ? last.Position : null;
            var told = (await blind.Read(path, ("Crm-Min-Position", least))).Ok().Text;
            (told.Contains("2033"), told.Contains("2034"), told.Contains("customer\"")).ShouldBe((false, false, false), path);
        }

        foreach (var question in (string[])["tasks?overdue=true", "tasks?dueBefore=2040-01-01", "tasks?filter=dueAt%3E2030-01-01",
            $"tasks?about={made.Id}", "tasks?sort=dueAt"])
        {
            (await blind.Read(question)).Status.ShouldBe(400, question);
        }

        (await blind.Read("tasks/board")).Status.ShouldBe(403);
        (await blind.Write($"tasks/{made.Id}/due", new { dueAt = "2034-04-04T04:04:04Z" })).Status.ShouldBe(403);
    }

    private async Task<long> Keys(Guid person)
    {
        await using var command = crm.Engine.Database.CreateCommand("select count(*) from crm.person_key where person = $1");
        command.Parameters.AddWithValue(person);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private static object Said(string title, string dueAt, string? rep = null, string? occurredAt = null, object? about = null) =>
        new { title, kind = "x", dueAt, rep, occurredAt, about };

    private static async Task<Reply> Open(HttpClient http, object said) => (await http.Write("tasks", said)).Ok();

    private async Task<HttpClient> Member(HttpClient admin, string role, string? team = null)
    {
        (await admin.Write("members", new { id = $"one-{role}", role, team })).Ok();
        return crm.With((await admin.Write("api-keys", new { name = role, member = $"one-{role}" })).Ok()["key"]);
    }

    private static IEnumerable<string?> Titles(Reply page) => page.Ok().Body.GetProperty("items").EnumerateArray()
        .Select(task => task.GetProperty("title").GetString());

    private static (string?, string?, string?, string?) Told(Reply task) => (task.Ok()["rep"], task["team"], task["state"], task["dueAt"]);
}
