using System.Text.Json;
using Crm.Api.Tests.Journeys;

namespace Crm.Api.Tests.Tasks;

/// <summary>The board counts what the list shows, at any moment, by the days and weeks of the tenant.</summary>
public sealed class TaskBoardTests(CrmServer crm) : IClassFixture<CrmServer>
{
    private static readonly string[] Teams = ["east", "west"], Reps = ["ann", "bob", "cao"], Kinds = ["first-call", "technical-review"];

    [Fact]
    public async Task Each_figure_is_the_number_of_those_that_the_list_shows()
    {
        using var admin = await crm.Tenant("boards", "Asia/Shanghai");
        var last = await Work(admin, new Random(7));
        var (compared, counted) = (0, 0L);

        foreach (var moment in (string[])["", "asOf=2026-03-04&", "asOf=2026-03-08T15:59:59.999999Z&", "asOf=2026-03-08T16:00:00Z&",
            "asOf=2100-01-01&", "asOf=2026-02-01&"])
        {
            foreach (var by in (string[])["", "by=team&", "by=rep,kind&", "by=kind&rep=ann&"])
            {
                var board = (await admin.Read($"tasks/board?{moment}{by}", ("Crm-Min-Position", last))).Ok().Body;
                var groups = board.GetProperty("groups").EnumerateArray().ToList();
                foreach (var (tasks, own) in groups.Select(group => (group.GetProperty("tasks"), Own(group.GetProperty("by"))))
                    .Append((board.GetProperty("tasks"), "title is not null")))
                {
                    foreach (var (figure, filter) in Figures(board))
                    {
                        var ofAnn = by.Contains("rep=ann") ? "rep=ann&" : "";
                        var listed = (await admin.Read($"tasks?{moment}total=true&limit=1&{ofAnn}{filter}{own}")).Ok();
                        tasks.GetProperty(figure).GetInt64()
                            .ShouldBe(listed.Body.GetProperty("total").GetInt64(), $"{moment}{by}{own}{figure}");
                        (compared, counted) = (compared + 1, counted + tasks.GetProperty(figure).GetInt64());
                    }
                }

                if (by is "by=team&")
                {
                    groups.Sum(group => group.GetProperty("tasks").GetProperty("open").GetInt64())
                        .ShouldBe(board.GetProperty("tasks").GetProperty("open").GetInt64());
                }
            }
        }

        compared.ShouldBeGreaterThan(200);
        counted.ShouldBeGreaterThan(500);
    }

    [Fact]
    public async Task Days_and_weeks_begin_where_the_tenant_is()
    {
        using var admin = await crm.Tenant("board-days", "Asia/Shanghai");
        // A Monday in Shanghai begins at 16:00 of Sunday.
        foreach (var due in (string[])["2026-03-01T15:59:59Z", "2026-03-01T16:00:00Z", "2026-03-02T15:59:59Z", "2026-03-08T15:59:59Z",
            "2026-03-08T16:00:00Z"])
        {
            (await admin.Write("tasks", new { title = "x", kind = "x", dueAt = due, occurredAt = "2026-02-01T00:00:00Z" })).Ok();
        }

        var last = (await admin.Write("tasks",
            new { title = "x", kind = "x", dueAt = "2100-01-01T00:00:00Z", occurredAt = "2026-02-01T00:00:00Z" })).Ok().Position;
        var board = (await admin.Read("tasks/board?asOf=2026-03-02T02:00:00Z", ("Crm-Min-Position", last))).Ok().Body;

        board.GetProperty("today").ToString().ShouldBe("""{"from":"2026-03-01T16:00:00Z","to":"2026-03-02T16:00:00Z"}""");
        board.GetProperty("thisWeek").ToString().ShouldBe("""{"from":"2026-03-01T16:00:00Z","to":"2026-03-08T16:00:00Z"}""");
        board.GetProperty("tasks").ToString().ShouldBe("""{"open":6,"overdue":2,"dueToday":2,"dueThisWeek":3,"doneLately":0}""");
    }

    [Theory]
    [InlineData("asOf=0001-01-01")]
    [InlineData("asOf=9999-12-31T23:59:59Z")]
    public async Task The_ends_of_the_calendar_have_a_board_too(string moment) => (await crm.Http.Read($"tasks/board?{moment}")).Ok();

    [Theory]
    [InlineData("by=state")]
    [InlineData("by=team,team")]
    public async Task It_is_grouped_by_what_there_is_and_once(string by) => (await crm.Http.Read($"tasks/board?{by}")).Status.ShouldBe(400);

    [Fact]
    public async Task Whoever_sees_only_his_own_has_a_board_of_his_own()
    {
        using var admin = await crm.Tenant("board-own");
        (await admin.Write("members", new { id = "ann", role = "rep" })).Ok();
        using var ann = crm.With((await admin.Write("api-keys", new { name = "ann", member = "ann" })).Ok()["key"]);
        (await admin.Write("tasks", new { title = "x", kind = "x", dueAt = "2100-01-01T00:00:00Z", rep = "bob" })).Ok();
        var last = (await admin.Write("tasks", new { title = "x", kind = "x", dueAt = "2100-01-01T00:00:00Z", rep = "ann" })).Ok().Position;

        var board = (await ann.Read("tasks/board?by=rep", ("Crm-Min-Position", last))).Ok().Body;

        (board.GetProperty("tasks").GetProperty("open").GetInt64(), board.GetProperty("groups").GetArrayLength()).ShouldBe((1, 1));
    }

    private static async Task<string> Work(HttpClient admin, Random random)
    {
        string? last = null;
        for (var i = 0; i < 40; i++)
        {
            var opened = new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero).AddHours(random.Next(200));
            var made = (await admin.Write("tasks", new
            {
                title = $"{i}",
                kind = Kinds[random.Next(2)],
                dueAt = opened.AddHours(random.Next(150)).Text(),
                rep = random.Next(4) is 0 ? null : Reps[random.Next(3)],
                team = Teams[random.Next(2)],
                occurredAt = opened.Text()
            })).Ok();
            last = made.Position;
            foreach (var (path, body) in ((string, object)[])[
                ("due", new { dueAt = opened.AddHours(random.Next(300)).Text(), occurredAt = opened.AddHours(1).Text() }),
                ("completion", new { occurredAt = opened.AddHours(2 + random.Next(150)).Text() })])
            {
                if (random.Next(2) is 0)
                {
                    last = (await admin.Write($"tasks/{made.Id}/{path}", body)).Ok().Position;
                }
            }
        }

        return last!;
    }

    private static IEnumerable<(string Figure, string Filter)> Figures(JsonElement board)
    {
        return [
            ("open", "state=open&filter="), ("overdue", "overdue=true&filter="), ("dueToday", $"state=open&{Within("today")}&filter="),
            ("dueThisWeek", $"state=open&{Within("thisWeek")}&filter="),
            ("doneLately", $"state=done&filter=doneAt%3E%3D{board.GetProperty("doneSince")},")];

        string Within(string span) => board.GetProperty(span) is var within
            ? $"dueFrom={within.GetProperty("from")}&dueBefore={within.GetProperty("to")}"
            : "";
    }

    private static string Own(JsonElement by) => string.Join(',', by.EnumerateObject().Select(part =>
        part.Value.ValueKind is JsonValueKind.Null ? $"{part.Name} is null" : $"{part.Name}={part.Value}"));
}
