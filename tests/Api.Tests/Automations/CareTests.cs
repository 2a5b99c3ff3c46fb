using System.Text.Json;
using Crm.Api.Tests.Journeys;
using Crm.Support;

namespace Crm.Api.Tests.Automations;

/// <summary>A company whose leads look after themselves, and how tests see what became of one.</summary>
public abstract class CareTests(MovedClock crm)
{
    private static int tenants;

    protected MovedClock Crm => crm;

    protected static string NewTenant() => $"care-{Interlocked.Increment(ref tenants)}";

    /// <summary>A company whose leads go by region, and whose reps answer within a day.</summary>
    protected async Task<HttpClient> Company(object? assignment = null, string? tenant = null)
    {
        var http = await crm.Tenant(tenant ?? NewTenant());
        var rules = new Dictionary<string, object>
        {
            ["rules"] = new[] { new { key = "region", name = "By region", match = new[] { "region" } } }
        };
        foreach (var member in assignment?.GetType().GetProperties() ?? [])
        {
            rules[member.Name] = member.GetValue(assignment)!;
        }

        (await http.Put("playbook/draft", new
        {
            name = "B2B",
            calendars = new[] { new { key = "always", zone = "UTC", workdays = Enum.GetNames<DayOfWeek>()
                .Select(day => day.ToLowerInvariant()), hours = new[] { new { from = "00:00", to = "24:00" } } } },
            reps = new object[]
            {
                new { rep = "li", superior = "chen", regions = new[] { "East" } },
                    new { rep = "wang", superior = "chen", regions = new[] { "East" } },
                new { rep = "zhao", superior = "chen", regions = new[] { "West" } }, new { rep = "chen", takesLeads = false }
            },
            assignment = rules,
            flags = new
            {
                rules = new[] { new { key = "tests", name = "Tests", flag = "test", when = new { field = "source", @operator = "eq",
                    value = "test" } } }
            },
            clocks = new
            {
                calendar = "always", firstResponse = new { dueMinutes = 1440, remindMinutes = 1200, rounds = 2 },
                silence = new { workdays = 3, steps = 1 }
            }
        })).Ok();
        (await http.Write("playbook/publication", new { })).Ok();
        return http;
    }

    protected static async Task<IReadOnlyList<string>> Tasks(HttpClient http, Guid lead)
    {
        var written = (await http.Write($"leads/{lead}/notes", new { text = "now" })).Ok();
        var tasks = (await http.Read($"tasks?about={lead}&sort=openedAt", ("Crm-Min-Position", written.Position))).Ok()
            .Body.GetProperty("items");
        return [.. tasks.EnumerateArray().Select(task =>
            string.Join(' ', ((string[])["rep", "state", "kind", "title"]).Select(member => task.GetProperty(member).GetString())))];
    }

    protected static Task Has(HttpClient http, Guid lead, string rep) =>
        Patience.Until($"{rep} has it", async () => (await http.Read($"leads/{lead}")).Ok()["rep"] == rep);

    protected static Task Told(HttpClient http, Guid lead, string type) =>
        Patience.Until(type, async () => (await http.History($"leads/{lead}")).Any(e => e.GetProperty("type").GetString() == type));

    protected static string Told(JsonElement e)
    {
        var data = e.GetProperty("data");
        var ground = data.TryGetProperty("ground", out var given) && given.ValueKind == JsonValueKind.Object
            ? $" {given.GetProperty("by").GetString()} {given.GetProperty("round").GetInt32()}" : "";
        return $"{e.GetProperty("type").GetString()}{(data.TryGetProperty("rep", out var rep) ? $" {rep.GetString()}" : "")}{ground}";
    }
}
