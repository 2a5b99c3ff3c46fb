using System.Text.Json;
using Crm.Api.Tests.Automations;
using Crm.Api.Tests.Journeys;
using Crm.EventStore;
using Crm.Support;
using Microsoft.AspNetCore.Builder;

namespace Crm.Api.Tests.MetricAlerts;

/// <summary>Figures that are watched: each is told of once, on the day on which it becomes bad, and again only after it was well.</summary>
public sealed class MetricAlertTests(MovedClock crm) : IClassFixture<MovedClock>
{
    private static int tenants;

    private readonly string tenant = $"metrics-{Interlocked.Increment(ref tenants)}";

    [Fact]
    public async Task Nothing_won_for_more_than_three_days_is_told_of_on_the_fourth_and_again_only_after_a_win()
    {
        var day = await Morning();
        using var http = await Tenant(new { nothingNew = new { days = 3, region = "East" } });
        using var ann = await Ann(http);
        await Win(http, "East");

        await Pass(day.AddDays(3));
        (await Told()).ShouldBeEmpty("71 hours");
        await Win(http, "West");
        await Pass(day.AddDays(4));
        (await Told()).ShouldBe([$"raised {day.AddDays(4):MM-dd} 0 3"]);
        await Pass(day.AddDays(6));
        (await Told()).Count.ShouldBe(1, "not again");

        await Win(http, "East", "shops");
        await Pass(day.AddDays(7));
        (await Told()).ShouldBe([$"raised {day.AddDays(4):MM-dd} 0 3", $"recovered {day.AddDays(7):MM-dd} 1 3"]);
        await Pass(day.AddDays(10));
        (await Told())[2..].ShouldBe([$"raised {day.AddDays(10):MM-dd} 0 3"]);

        await Patience.Until("she has heard", async () => (await Inbox(ann)).Count == 2);
        (await Inbox(ann)).ShouldAllBe(alert => alert.GetProperty("kind").GetString() == "metric-alert" && alert.GetProperty("severity").GetString() == "critical");
    }

    [Fact]
    public async Task Days_that_were_missed_are_asked_in_their_order_as_each_would_have_been()
    {
        var day = await Morning();
        using var http = await Tenant(new { nothingNew = new { days = 3 } });
        await Win(http, "East");
        await crm.App.StopAsync();
        await crm.Move(TimeSpan.FromDays(20));
        await crm.Restart();

        await Asked(day.AddDays(19));
        (await Told()).ShouldBe([$"raised {day.AddDays(4):MM-dd} 0 3"]);
    }

    [Fact]
    public async Task Two_programs_tell_of_it_once()
    {
        var day = await Morning();
        using var http = await Tenant(new { nothingNew = new { days = 3 } });
        using var ann = await Ann(http);
        await Win(http, "East");
        await using var engine = await Engine.Open(crm.Engine.Settings, new Progress<string>(), default);
        await using (var other = Server.Build(engine))
        {
            await other.StartAsync();
            await Pass(day.AddDays(5));
            await crm.Restart();
            await Pass(day.AddDays(8));
            await other.StopAsync();
        }

        (await Told()).ShouldBe([$"raised {day.AddDays(4):MM-dd} 0 3"]);
        using var inbox = crm.With(key);
        await Patience.Until("she has heard", async () => (await Inbox(inbox)).Count == 1);
    }

    [Fact]
    public async Task A_share_is_told_of_when_it_was_above_in_every_one_of_the_months()
    {
        var day = await Morning();
        using var http = await Tenant(new { shareAbove = new { of = "opportunities-lost", percent = 50, months = 3 } });
        var month = new DateOnly(day.Year, day.Month, 1);
        foreach (var back in (int[])[1, 2, 3])
        {
            await Close(http, month.AddMonths(-back), won: 1, lost: back == 2 ? 1 : 2);
        }

        await Pass(day.AddDays(1));
        (await Told()).ShouldBeEmpty("exactly half of one month's is not above");
        await Close(http, month.AddMonths(-2), won: 0, lost: 1);
        await Pass(day.AddDays(2));
        (await Told()).ShouldBe([$"raised {day.AddDays(2):MM-dd} 0.6667 0.5"]);
    }

    [Fact]
    public async Task New_customers_who_do_not_come_again_are_told_of_when_they_are_too_many_in_every_one_of_the_months()
    {
        var day = await Morning();
        // Both days that are asked are to be of one month, so long ago.
        var within = day.AddDays(2 - 10).Day == 1 ? 11 : 10;
        using var http = await Tenant(new { shareAbove = new { of = "new-customers-gone", percent = 50, months = 2, withinDays = within } });
        var month = day.AddDays(1 - within).AddDays(1 - day.AddDays(1 - within).Day);
        foreach (var back in (int[])[1, 2])
        {
            await Buy(http, month.AddMonths(-back), again: within);
            await Buy(http, month.AddMonths(-back), again: within + 1);
            if (back == 1)
            {
                await Buy(http, month.AddMonths(-back));
            }
        }

        await Pass(day.AddDays(1));
        (await Told()).ShouldBeEmpty("of one month's half came again");
        await Buy(http, month.AddMonths(-2));
        await Pass(day.AddDays(2));
        (await Told()).ShouldBe([$"raised {day.AddDays(2):MM-dd} 0.6667 0.5"]);
    }

    [Fact]
    public async Task A_conversion_is_told_of_when_it_is_lower_than_last_quarters_by_more_than_three_tenths_of_it()
    {
        var day = await Morning();
        using var http = await Tenant(new { conversionBelow = new { stage = "Prospecting", percent = 30, atLeast = 20 } });
        var quarter = Domain.MetricAlerts.MetricMath.QuarterOf(day);
        await Close(http, quarter.AddMonths(-3), won: 5, lost: 5);
        await Close(http, quarter, won: 7, lost: 13);

        await Pass(day.AddDays(1));
        (await Told()).ShouldBeEmpty("35 instead of 50 of a hundred are 30 of a hundred less, and no more");
        await Close(http, quarter, won: 0, lost: 1);
        await Pass(day.AddDays(2));
        (await Told()).ShouldBe([$"raised {day.AddDays(2):MM-dd} 0.3333 0.35"]);
    }

    [Fact]
    public async Task Switched_to_dry_run_it_only_says_what_it_would_tell()
    {
        var day = await Morning();
        using var http = await Tenant(new { nothingNew = new { days = 3 } });
        (await http.Write("automations/watch-metrics/mode", new { mode = "dry-run" })).Ok();
        await Pass(day.AddDays(1));
        (await Told()).ShouldBeEmpty();
        var trials = (await http.Read("automations/watch-metrics/trials")).Ok().Body.GetProperty("items");
        trials[0].GetProperty("facts")[0].GetProperty("type").GetString().ShouldBe("metric_alert_raised");
        (await http.Read("automations")).Ok().Body.GetProperty("items").EnumerateArray().Select(one => $"{one.GetProperty("key").GetString()} {one.GetProperty("mode").GetString()}")
            .ShouldBe(
            [
                "look-after-leads on", "look-after-opportunities on", "watch-metrics dry-run", "watch-approvals on", "watch-commitments on", "ask-for-reviews on", "watch-help on",
                "offer-follow-ups on", "watch-daily-reports on", "watch-data-sources on", "look-after-customers on", "early-warnings on", "send-messages on",
                "run-forecasts on"
            ]);
    }

    [Fact]
    public async Task A_figure_that_could_not_be_asked_is_asked_again_of_its_own_day_when_somebody_wants_it()
    {
        var day = await Morning();
        using var http = await Tenant(new { nothingNew = new { days = 3 } });
        var rule = Crm.Domain.StreamId.From(tenant, "metric-alert", "watched");
        (await http.Write("automations/watch-metrics/mode", new { mode = "off" })).Ok();
        await Pass(day.AddDays(4));
        (await http.Write("automations/watch-metrics/mode", new { mode = "on" })).Ok();
        await crm.Sql($"""
            insert into crm.automation_failure (tenant_id, automation, subject_id, due_at, error)
            values ('{tenant}', 'watch-metrics', '{rule}', '{day.AddDays(4):yyyy-MM-dd} 08:00Z', 'could not be asked')
            """);
        (await Failures()).ShouldBe(1);

        (await http.Write($"automations/watch-metrics/failures/{Guid.NewGuid()}/retry", new { })).Status.ShouldBe(404);
        (await http.Write($"automations/watch-metrics/failures/{rule}/retry", new { })).Status.ShouldBe(204);
        await Patience.Until("it was asked again", async () => await Failures() == 0);

        (await Told()).ShouldBe([$"raised {day.AddDays(4):MM-dd} 0 3"]);
        await Pass(day.AddDays(5));
        (await Told()).Count.ShouldBe(1, "it is bad still, and was told of");

        async Task<int> Failures() => (await http.Read("automations/watch-metrics/failures")).Ok().Body.GetProperty("items")
            .GetArrayLength();
    }

    [Fact]
    public async Task Days_that_stood_among_positions_are_taken_over()
    {
        using var http = await crm.Tenant(tenant);
        var day = new DateOnly(2026, 11, 2);
        await crm.Sql(
            $"insert into public.mt_event_progression (name, last_seq_id) values ('automations:metrics:{tenant}', {day.DayNumber})");

        await Migrator.Migrate(crm.Engine.Database, default);

        await Asked(day);
        await using var command = crm.Engine.Database.CreateCommand(
            "select count(*) from public.mt_event_progression where starts_with(name, 'automations:metrics:')");
        (await command.ExecuteScalarAsync()).ShouldBe(0L);
    }

    private string? key;

    private async Task<HttpClient> Tenant(object metric)
    {
        var http = await crm.Tenant(tenant);
        (await http.Write("members", new { id = "ann", role = "manager" })).Ok();
        var rule = new Dictionary<string, object> { ["key"] = "watched", ["name"] = "Watched", ["severity"] = "critical", ["members"] = new[] { "ann" } };
        foreach (var member in metric.GetType().GetProperties())
        {
            rule[member.Name] = member.GetValue(metric)!;
        }

        var shops = new { key = "shops", name = "Shops", stages = new[] { new { name = "Visit" } } };
        (await http.Put("playbook/draft", new { name = "B2B", pipelines = new[] { shops }, alerts = new { at = "08:00", rules = new[] { rule } } })).Ok();
        (await http.Write("playbook/publication", new { })).Ok();
        return http;
    }

    private async Task<HttpClient> Ann(HttpClient http)
    {
        key = (await http.Write("api-keys", new { name = "k", member = "ann" })).Ok()["key"];
        return crm.With(key);
    }

    // Nine in the morning of a day in the middle of a quarter's second month, later than what other tests have come to; rules are published after that.
    private async Task<DateOnly> Morning()
    {
        var today = DateOnly.FromDateTime(crm.Engine.Store.Clock.GetUtcNow().UtcDateTime);
        var day = Domain.MetricAlerts.MetricMath.QuarterOf(today).AddMonths(4).AddDays(9);
        await crm.MoveTo(new DateTimeOffset(day, new TimeOnly(9, 0), TimeSpan.Zero));
        return day;
    }

    private async Task Pass(DateOnly day)
    {
        await crm.MoveTo(new DateTimeOffset(day, new TimeOnly(8, 0, 1), TimeSpan.Zero));
        await Asked(day);
    }

    private Task Asked(DateOnly day) => Patience.Until($"it was asked for {day:yyyy-MM-dd}", async () =>
    {
        await using var command = crm.Engine.Database.CreateCommand("select asked >= $2 from crm.metric_day where tenant_id = $1");
        command.Parameters.AddWithValue(tenant);
        command.Parameters.AddWithValue(day);
        return await command.ExecuteScalarAsync() is true;
    });

    private async Task<List<string>> Told()
    {
        await using var command = crm.Engine.Database.CreateCommand("select type, data from public.mt_events where tenant_id = $1 and type like 'metric%' order by seq_id");
        command.Parameters.AddWithValue(tenant);
        await using var rows = await command.ExecuteReaderAsync();
        var told = new List<string>();
        while (await rows.ReadAsync())
        {
            using var data = JsonDocument.Parse(rows.GetString(1));
            var (day, value) = (data.RootElement.GetProperty("day").GetString()!, decimal.Round(data.RootElement.GetProperty("value").GetDecimal(), 4));
            told.Add(FormattableString.Invariant($"{rows.GetString(0).Split('_')[^1]} {day[5..]} {value:0.####} {data.RootElement.GetProperty("threshold").GetDecimal():0.####}"));
        }

        return told;
    }

    private static async Task Win(HttpClient http, string region, string pipeline = "standard") =>
        (await http.Write($"opportunities/{(await http.Open(new { region, pipeline })).Ok().Id}/win", new { })).Ok();

    // Opened and closed on one day of a month.
    private static async Task Close(HttpClient http, DateOnly month, int won, int lost)
    {
        for (var i = 0; i < won + lost; i++)
        {
            var deal = (await http.Open(new { stage = "Prospecting", occurredAt = $"{month.AddDays(3):yyyy-MM-dd}T00:00:00Z" })).Ok().Id;
            var end = $"{month.AddDays(4):yyyy-MM-dd}T00:00:00Z";
            (i < won ? await http.Write($"opportunities/{deal}/win", new { occurredAt = end }) : await http.Write($"opportunities/{deal}/loss", new { reason = "price", occurredAt = end })).Ok();
        }
    }

    // A new customer, who comes again after so many days, or does not.
    private static async Task Buy(HttpClient http, DateOnly month, int? again = null)
    {
        var customerId = (await http.Write("customers", new { name = "Acme" })).Ok().Id;
        foreach (var bought in new DateOnly?[] { month.AddDays(4), again is { } days ? month.AddDays(4 + days) : null }.OfType<DateOnly>())
        {
            var occurredAt = $"{bought:yyyy-MM-dd}T00:00:00Z";
            var deal = (await http.Open(new { customerId, occurredAt })).Ok().Id;
            (await http.Write($"opportunities/{deal}/win", new { occurredAt })).Ok();
        }
    }

    private static async Task<IReadOnlyList<JsonElement>> Inbox(HttpClient http) => [.. (await http.Read("alerts")).Ok().Body.GetProperty("items").EnumerateArray()];
}
