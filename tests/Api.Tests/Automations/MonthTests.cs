using System.Diagnostics;
using System.Text.Json;
using Crm.Api.Tests.Journeys;
using Crm.Support;
using Crm.Support.Months;
using Xunit.Abstractions;

namespace Crm.Api.Tests.Automations;

/// <summary>A month in the life of an office, held against a plain one: who has which lead, why, since when, and what everybody was told.</summary>
public sealed class MonthTests(MovedClock crm, ITestOutputHelper output) : IClassFixture<MovedClock>
{
    private const int Seed = 3;
    private const int Leads = 500;

    private static readonly int[] DaysLookedAt = [6, 13, 22];

    [Fact]
    public async Task A_month_of_leads_ends_as_one_that_is_reckoned_by_hand()
    {
        var (month, clock) = (new PlainMonth(Seed, Leads), Stopwatch.StartNew());
        output.WriteLine($"{month.Steps.Count} steps from {MonthDays.First:yyyy-MM-dd}, {month.Leads.Sum(lead => lead.Facts.Count)} facts, {month.Alerts.Count} alerts; reckoned in {clock.ElapsedMilliseconds} ms");
        using var office = new MonthOffice(crm, await crm.Tenant("month", MonthDays.Zone));
        var player = new MonthPlayer(month, office);
        await player.Prepare();

        var told = new MonthTold(office, player.Leads);
        await player.Play(async (n, step) =>
        {
            var day = (step.At - MonthDays.At(0, 0)).Days;
            if (n + 1 < month.Steps.Count && month.Steps[n + 1].At < MonthDays.At(day + 1, 0))
            {
                return;
            }

            if (!(await told.Owners(asOf: null)).SequenceEqual(Shown(month, null, step.Recorded)))
            {
                Assert.Fail(await Differing(month, told, player.Leads, step.Recorded));
            }

            if (DaysLookedAt.Contains(day))
            {
                output.WriteLine($"day {day} is over after {clock.Elapsed.TotalSeconds:0.0} s");
                (await told.Owners(MonthDays.At(day / 2, 15))).ShouldBe(Shown(month, MonthDays.At(day / 2, 15), step.Recorded), $"on day {day}, as of day {day / 2}");
            }
        });

        output.WriteLine($"the month is over after {clock.Elapsed.TotalSeconds:0.0} s");
        await player.Reinstate();
        await Compare(month, told, player.Leads);
        output.WriteLine($"all is compared after {clock.Elapsed.TotalSeconds:0.0} s");
    }

    private async Task Compare(PlainMonth month, MonthTold told, IReadOnlyList<Guid> leads)
    {
        (await Differing(month, told, leads, int.MaxValue)).ShouldBeEmpty();
        foreach (var asOf in DaysLookedAt.Select(day => (DateTime?)MonthDays.At(day, 11, 47)).Append(null))
        {
            (await told.Owners(asOf)).ShouldBe(Shown(month, asOf, int.MaxValue), $"as of {MonthDays.Word(asOf)}");
            (await told.Tasks(asOf)).ShouldBe(MonthTold.Ordered(month.Tasks.Where(task => task.IsOpen(asOf)).Select(task => $"{task.Lead}: {task.Rep} first-call")), $"as of {MonthDays.Word(asOf)}");
        }

        foreach (var member in MonthRules.People)
        {
            (await told.Alerts(member)).ShouldBe(MonthTold.Ordered(month.Alerts.Where(alert => alert.Member == member).Select(alert => $"{member} {alert.Kind} {alert.Lead}")), member);
        }

        // By which version of the rules is told to analysts.
        await using var versions = crm.Engine.Database.CreateCommand("""
            select string_agg(rep || ' ' || means || ' ' || coalesce(rule, '-') || ' v' || coalesce(playbook_version::text, '-'), ', ' order by position)
            from crm.lead_assignments where tenant_id = 'month' group by lead_id
            """);
        MonthTold.Ordered(await versions.Texts()).ShouldBe(MonthTold.Ordered(month.Leads.Select(lead => lead.Facts.Where(fact => fact.Type == "lead_assigned").ToList()).Where(given => given.Count > 0)
            .Select(given => string.Join(", ", given.Select(fact => $"{fact.Rep} {fact.By} {fact.Rule ?? "-"} v{fact.Version?.ToString() ?? "-"}")))));
    }

    // Leads of which something else is told, so that one sees why.
    private static async Task<string> Differing(PlainMonth month, MonthTold told, IReadOnlyList<Guid> leads, int upTo)
    {
        var all = "";
        foreach (var lead in month.Leads.Take(leads.Count))
        {
            var (facts, should) = (await told.Facts(leads[lead.Number]), lead.Facts.Where(fact => fact.Order <= upTo).Select(fact => fact.Words).ToList());
            if (!facts.SequenceEqual(should))
            {
                all += $"\n{lead.Key}:\n{string.Join('\n', facts)}\nand not\n{string.Join('\n', should)}";
            }
        }

        return all;
    }

    private static IReadOnlyList<string> Shown(PlainMonth month, DateTime? asOf, int upTo) => MonthTold.Ordered(month.Leads.Select(lead => lead.Shown(asOf, upTo)).OfType<string>());

    private sealed class MonthOffice(MovedClock crm, HttpClient admin) : IMonthHost, IDisposable
    {
        private readonly Dictionary<string, HttpClient> clients = new() { ["admin"] = admin };

        public async Task Move(DateTimeOffset to)
        {
            await crm.MoveTo(to);
            await crm.Sql("notify mt_events_appended");
        }

        public Task Pass(TimeSpan time) => crm.Move(time);

        public Task Settle() => Patience.Until("all that is due is done", async () =>
        {
            await using var settled = crm.Engine.Database.CreateCommand(MonthSettled.Sql);
            return (bool)(await settled.ExecuteScalarAsync())!;
        });

        public async Task<JsonElement> Say(string who, string method, string path, object? body = null) => (await (method switch
        {
            "GET" => clients[who].Read(path),
            "PUT" => clients[who].Put(path, Text(body)),
            "PATCH" => clients[who].Patch(path, Text(body)),
            _ => clients[who].Write(path, Text(body))
        })).Ok().Body;

        public void Know(string member, string key) => clients[member] = crm.With(key);

        public async Task<bool> IsShutOut(string member) => (await clients[member].Read("me")).Status == 401;

        public void Dispose()
        {
            foreach (var client in clients.Values)
            {
                client.Dispose();
            }
        }

        private static string Text(object? body) => JsonSerializer.Serialize(body, MonthSettled.Json);
    }
}
