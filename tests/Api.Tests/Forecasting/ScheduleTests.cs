using System.Text.Json;
using Crm.Api.Tests.Approvals;
using Crm.Api.Tests.Automations;
using Crm.Api.Tests.Journeys;
using Crm.Support;

namespace Crm.Api.Tests.Forecasting;

/// <summary>Forecasts that run by themselves every Monday at six.</summary>
public sealed class ScheduleTests(MovedClock crm) : IClassFixture<MovedClock>
{
    private const string Least = "Crm-Min-Position";

    private static int tenants;

    private readonly string tenant = $"schedule-{Interlocked.Increment(ref tenants)}";

    [Fact]
    public async Task What_is_due_is_run_once_as_of_the_moment_for_which_it_was_due_also_what_was_missed()
    {
        var (admin, monday) = await Stage(guard: null);
        await Open(admin, 1000);
        await crm.MoveTo(monday.AddDays(14).AddMinutes(1));

        var items = await Runs(admin, 3);

        items.Select(one => one.GetProperty("dueAt").GetDateTimeOffset())
            .ShouldBe([monday.AddDays(14), monday.AddDays(7), monday]);
        items.ShouldAllBe(one => one.GetProperty("asOf").GetDateTimeOffset() == one.GetProperty("dueAt").GetDateTimeOffset()
            && one.GetProperty("state").GetString() == "accepted");
        await crm.MoveTo(monday.AddDays(15));
        (await Runs(admin, 3)).Count.ShouldBe(3);
        (await admin.Write($"forecasts/{items[0].GetProperty("id").GetGuid()}/replay", new { })).Ok().Body.GetProperty("equal").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task One_that_moved_too_far_is_held_and_the_accepted_one_stays_up_until_somebody_has_looked()
    {
        var (admin, monday) = await Stage(new { percent = 10, flow = "jump" });
        (await admin.Write("members", new { id = "boss", role = "manager" })).Ok();
        (await admin.Write("members", new { id = "anna", role = "analyst" })).Ok();
        (await admin.Write("members", new { id = "chief", role = "admin" })).Ok();
        using var anna = crm.With((await admin.Write("api-keys", new { name = "k", member = "anna" })).Ok()["key"]);
        using var chief = crm.With((await admin.Write("api-keys", new { name = "c", member = "chief" })).Ok()["key"]);
        var deal = await Open(admin, 1220);
        await crm.MoveTo(monday.AddMinutes(1));
        await Runs(admin, 1);
        var less = (await admin.Patch($"opportunities/{deal}", new { amount = Talk.Money(1090) })).Ok();
        await crm.MoveTo(monday.AddDays(7).AddMinutes(1));
        var held = (await Runs(admin, 2, less))[0];

        var current = (await anna.Read("forecasts/current?schedule=all")).Ok().Body;
        (current.GetProperty("forecast").GetProperty("total").GetProperty("amount").GetString(),
            current.GetProperty("held").GetProperty("id").GetGuid()).ShouldBe(("610.00", held.GetProperty("id").GetGuid()));
        var why = (await anna.Read($"forecasts/{held.GetProperty("id").GetGuid()}")).Ok().Body.GetProperty("held");
        (why.GetProperty("before").GetString(), why.GetProperty("now").GetString(), why.GetProperty("movedPercent").ToString())
            .ShouldBe(("610.00", "545.00", "-10.66"));
        var cause = why.GetProperty("causes")[0];
        (cause.GetProperty("by").GetString(), cause.GetProperty("name").GetString(), cause.GetProperty("effect").GetString())
            .ShouldBe(("deal", deal.ToString(), "-65.00"));
        (await anna.Told()).ShouldBe(["forecast-held"]);

        var granted = (await chief.Decide(why.GetProperty("approvalId").GetGuid(), "grant")).Ok();

        var after = (await anna.Read("forecasts/current?schedule=all", (Least, granted.Position))).Ok().Body;
        (after.GetProperty("forecast").GetProperty("id").GetGuid(), after.TryGetProperty("held", out var none) && none.ValueKind != JsonValueKind.Null)
            .ShouldBe((held.GetProperty("id").GetGuid(), false));
    }

    private async Task<(HttpClient Admin, DateTimeOffset Monday)> Stage(object? guard)
    {
        var admin = await crm.Tenant(tenant);
        var now = crm.Engine.Store.Clock.GetUtcNow();
        var today = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero);
        var monday = today.AddDays(8 - (((int)today.DayOfWeek + 6) % 7) - 1).AddHours(6);
        var schedules = new object[] { new { key = "all", every = "week", period = "weeks", weeks = 52, weekday = "monday", at = "06:00", guard } };
        var step = new { key = "chief", name = "Chief", approvers = new { roles = new[] { "admin" } } };
        (await admin.Put("playbook/draft", new
        {
            name = "Sales", approvals = new[] { ApprovalSteps.Flow("jump", step) }, forecast = new { schedules }
        })).Ok();
        (await admin.Write("playbook/publication", new { })).Ok();
        return (admin, monday);
    }

    private static async Task<Guid> Open(HttpClient http, decimal amount) =>
        (await http.Write("opportunities", new { name = "Line", amount = Talk.Money(amount), expectedClose = DateTime.UtcNow.AddDays(200).ToString("yyyy-MM-dd", null) })).Ok().Id;

    private static async Task<IReadOnlyList<JsonElement>> Runs(HttpClient http, int count, Reply? after = null)
    {
        IReadOnlyList<JsonElement> items = [];
        await Patience.Until($"{count} were run", async () =>
        {
            items = [.. (await http.Read("forecasts?schedule=all&sort=-dueAt", (Least, after?.Position))).Ok().Body.GetProperty("items").EnumerateArray()];
            return items.Count >= count;
        });
        return items;
    }
}
