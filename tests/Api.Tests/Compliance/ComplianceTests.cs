using System.Text.Json;
using Crm.Api.Tests.Journeys;

namespace Crm.Api.Tests.Compliance;

/// <summary>How much of what was required each rep did in time.</summary>
public sealed class ComplianceTests(CrmServer crm) : IClassFixture<CrmServer>
{
    private const string Least = "Crm-Min-Position";
    private const string Span = "from=2026-03-01&to=2026-04-01";

    [Fact]
    public async Task Tasks_and_promises_that_were_due_are_counted_by_whose_they_are_as_of_any_day()
    {
        using var http = await crm.Tenant("compliance");
        (await http.Write("teams", new { id = "east", name = "East" })).Ok();
        (await http.Write("members", new { id = "li", role = "rep", team = "east" })).Ok();
        var customer = (await http.Write("customers", new { name = "Hengce" })).Ok().Id;

        await Task(http, "li", "2026-03-10T00:00:00Z", done: "2026-03-10T00:00:00Z");
        await Task(http, "li", "2026-03-11T00:00:00Z", done: "2026-03-12T00:00:00Z");
        await Task(http, "li", "2026-03-12T00:00:00Z", done: null);
        await Task(http, "li", "2026-03-12T00:00:00Z", done: null, cancelled: "2026-03-11T00:00:00Z");
        await Task(http, "li", "2026-04-01T00:00:00Z", done: null);
        var promise = (await http.Write("commitments", new
        {
            customerId = customer, kind = "service", dueAt = "2026-03-20T00:00:00Z", rep = "li", occurredAt = "2026-03-01T00:00:00Z"
        })).Ok().Id;
        (await http.Write($"commitments/{promise}/fulfilment", new { occurredAt = "2026-03-19T00:00:00Z" })).Ok();
        var last = await Task(http, "wang", "2026-03-10T00:00:00Z", done: "2026-03-09T00:00:00Z");

        (await Lines(http, Span, last)).ShouldBe(["li east 50 7.5: 0/0 1/3 1/1 0/0 0/0", "wang  100 15: 0/0 1/1 0/0 0/0 0/0"]);
        (await Lines(http, $"{Span}&team=east", last)).ShouldBe(["li east 50 7.5: 0/0 1/3 1/1 0/0 0/0"]);
        (await Lines(http, $"{Span}&asOf=2026-03-12", last)).ShouldBe(
            ["li east 50 7.5: 0/0 1/2 0/0 0/0 0/0", "wang  100 15: 0/0 1/1 0/0 0/0 0/0"]);

        (await http.Put("playbook/draft", new { name = "Sales", compliance = new { weight = 20, parts = new[] { "commitments" } } })).Ok();
        last = (await http.Write("playbook/publication", new { })).Ok().Position;
        (await Lines(http, "from=2026-03-01", last)).ShouldBe(["li east 100 20: 1/1"]);
        (await Lines(http, Span, last)).Count.ShouldBe(2, "at the end of that span it was not in force");
    }

    [Fact]
    public async Task What_is_not_due_yet_is_not_missed_whichever_moment_is_asked_about()
    {
        using var http = await crm.Tenant("compliance-ahead");
        await Task(http, "li", "2026-03-10T00:00:00Z", done: "2026-03-09T00:00:00Z");
        var last = await Task(http, "li", "2100-03-10T00:00:00Z", done: null);

        (await Lines(http, "from=2026-03-01&asOf=2101-01-01", last)).ShouldBe(["li  100 15: 0/0 1/1 0/0 0/0 0/0"]);
        (await Lines(http, "from=2026-03-01&asOf=2101-01-01&to=2100-12-31", last)).ShouldBe(["li  100 15: 0/0 1/1 0/0 0/0 0/0"]);
    }

    [Fact]
    public async Task How_often_customers_were_seen_counts_as_the_report_on_cadence_has_it()
    {
        using var http = await crm.Tenant("compliance-cadence");
        (await http.Put("playbook/draft", new
        {
            name = "Tiers", tiers = new[] { new { key = "A", name = "Key accounts", visitEveryDays = 7, kinds = new[] { "visit" } } }
        })).Ok();
        (await http.Write("playbook/publication", new { })).Ok();
        var customer = (await http.Write("customers", new { name = "Hengce", occurredAt = "2026-02-01T00:00:00Z" })).Ok().Id;
        var deal = (await http.Write("opportunities", new
        {
            name = "Line", amount = Talk.Money(1m), customerId = customer, rep = "ann", occurredAt = "2026-02-02T00:00:00Z"
        })).Ok().Id;
        (await http.Write($"customers/{customer}/tier", new { tier = "A", occurredAt = "2026-03-01T00:00:00Z" })).Ok();
        string? last = null;
        foreach (var day in (int[])[3, 16])
        {
            var seen = new { kind = "visit", direction = "outbound", occurredAt = $"2026-03-{day:00}T00:00:00Z" };
            last = (await http.Write($"opportunities/{deal}/touches", seen)).Ok().Position;
        }

        (await Lines(http, "from=2026-03-01&to=2026-03-29", last)).ShouldBe(["ann  50 7.5: 0/0 0/0 0/0 0/0 2/4"]);
        (await Lines(http, "from=2026-03-01&to=2026-03-29&asOf=2026-03-15", last)).ShouldBe(["ann  50 7.5: 0/0 0/0 0/0 0/0 1/2"]);
        Share((await http.Read("reports/cadence?from=2026-03-01&to=2026-03-29", (Least, last))).Ok().Body.GetProperty("periods"))
            .ShouldBe("2/4");
    }

    private static async Task<string?> Task(HttpClient http, string rep, string due, string? done, string? cancelled = null)
    {
        var task = (await http.Write("tasks", new { title = "Call", kind = "call", rep, dueAt = due, occurredAt = "2026-03-01T00:00:00Z" }))
            .Ok();
        return done is not null ? (await http.Write($"tasks/{task.Id}/completion", new { occurredAt = done })).Ok().Position
            : cancelled is not null ? (await http.Write($"tasks/{task.Id}/cancellation", new { reason = "x", occurredAt = cancelled }))
                .Ok().Position
            : task.Position;
    }

    private static async Task<IReadOnlyList<string>> Lines(HttpClient http, string query, string? least) =>
    [
        .. (await http.Read($"reports/compliance?{query}", (Least, least))).Ok().Body.GetProperty("reps").EnumerateArray().Select(rep =>
            $"{rep.GetProperty("rep").GetString()} {rep.GetProperty("team").GetString()} {rep.GetProperty("score")} "
            + $"{rep.GetProperty("points")}: "
            + string.Join(' ', rep.GetProperty("parts").EnumerateArray().Select(part => Share(part.GetProperty("inTime")))))
    ];

    private static string Share(JsonElement share) => $"{share.GetProperty("count")}/{share.GetProperty("of")}";
}
