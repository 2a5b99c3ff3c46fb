using System.Diagnostics;
using System.Text.Json;
using Crm.Api.Tests.Journeys;
using Crm.Support;
using Crm.Support.Months;
using Xunit.Abstractions;

namespace Crm.Api.Tests.Automations;

/// <summary>A month in the life of an office, held against a plain one: who has which lead, why and since when, who was told.</summary>
public sealed class MonthTests(MovedClock crm, ITestOutputHelper output) : IClassFixture<MovedClock>
{
    private const int Seed = 3;
    private const int Leads = 500;

    [Fact]
    public async Task A_month_of_leads_ends_as_one_that_is_reckoned_by_hand()
    {
        var (month, clock) = (new PlainMonth(Seed, Leads), Stopwatch.StartNew());
        output.WriteLine($"{month} from {MonthDays.First:yyyy-MM-dd} on");
        using var office = new OneOffice(crm, await crm.Tenant("month", MonthDays.Zone));
        var player = new MonthPlayer(month, office);
        var differences = new MonthDifferences(month, new MonthTold(office, player.Leads), player.Leads);
        await player.Prepare();

        try
        {
            await player.Play(async (day, step) =>
            {
                (await differences.InOwners(asOf: null, step.Recorded)).ShouldBeEmpty($"day {day}");
                if (day % 7 == 6)
                {
                    var earlier = MonthDays.At(day - 4, 15);
                    (await differences.InOwners(earlier, step.Recorded)).ShouldBeEmpty($"on day {day}, as of {MonthDays.Word(earlier)}");
                    output.WriteLine($"day {day} is over after {clock.Elapsed.TotalSeconds:0.0} s");
                }
            });
        }
        catch
        {
            // Who has what is told by why.
            output.WriteLine(string.Join('\n', await differences.InFacts(player.Step?.Recorded ?? 0)));
            throw;
        }

        await player.Reinstate();
        (await differences.AtTheEnd()).ShouldBeEmpty();
        await using var versions = crm.Engine.Database.CreateCommand(MonthSettled.Versions);
        differences.InVersions(await versions.Texts()).ShouldBeEmpty();
        output.WriteLine($"all is compared after {clock.Elapsed.TotalSeconds:0.0} s");
    }

    /// <summary>One program.</summary>
    private sealed class OneOffice(MovedClock crm, HttpClient admin) : IMonthHost, IDisposable
    {
        private readonly Dictionary<string, HttpClient> clients = new() { ["admin"] = admin };

        // Whoever waits for a moment looks a few times a second; here he is woken.
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
