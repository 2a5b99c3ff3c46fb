using System.Diagnostics;
using Crm.Support.Months;
using Xunit.Abstractions;

namespace Crm.Faults.Tests;

/// <summary>
/// The month of an office once more, through two programs of which the one that looks after leads is killed at moments of the seed: when
/// much has fallen due, and while leads come in. It ends as it does where nobody dies.
/// </summary>
public sealed class KilledMonthTests(ITestOutputHelper output)
{
    private const int Seed = 3;
    private const int Leads = 500;
    private const int Kills = 8;

    // Each with what breaks it.
    private static readonly (string Claim, string Breaches)[] Claims =
    [
        ("an alert that was raised twice", """
            select data ->> 'to' from mt_events where type = 'alert_raised'
            group by data ->> 'to', data ->> 'kind', data -> 'cause' ->> 'eventId' having count(*) > 1
            """),
        ("an alert without its cause", """
            select id from mt_events a where type = 'alert_raised'
              and not exists (select from mt_events e where e.id = (a.data -> 'cause' ->> 'eventId')::uuid)
            """),
        ("a task opened twice", "select stream_id from mt_events where type = 'task_opened' group by stream_id having count(*) > 1"),
        ("an assignment whose task is not there", """
            select stream_id from mt_events a where type = 'lead_assigned' and a.data -> 'ground' ->> 'taskId' is not null
              and not exists (select from mt_events t
                              where t.type = 'task_opened' and t.stream_id = (a.data -> 'ground' ->> 'taskId')::uuid)
            """),
        ("a failure", "select subject_id from crm.automation_failure"),
        ("an alert of which no message was made", """
            select id from mt_events a where type = 'alert_raised'
              and not exists (select from crm.message_item i where i.tenant_id = a.tenant_id and i.position = a.seq_id)
            """),
        ("a message that did not go out to somebody who is there", """
            select message_id from crm.message where state <> 'sent' and not (state = 'dropped' and answer = 'member-left')
            """)
    ];

    [Fact]
    public async Task A_month_ends_as_it_is_reckoned_by_hand_whoever_is_killed()
    {
        var (month, clock) = (new PlainMonth(Seed, Leads), Stopwatch.StartNew());
        output.WriteLine($"{month} from {MonthDays.First:yyyy-MM-dd} on");
        await using var outside = new Outside();
        await using var office = await KilledOffice.Open(Moments(month));
        var player = new MonthPlayer(month, office);
        var differences = new MonthDifferences(month, new MonthTold(office, player.Leads), player.Leads);
        await player.Prepare();
        await TellOutside(office, outside.Url);

        try
        {
            await player.Play(async (day, step) =>
            {
                (await differences.InOwners(asOf: null, step.Recorded)).ShouldBeEmpty($"day {day}");
                if (day % 5 == 4)
                {
                    output.WriteLine($"day {day} is over after {clock.Elapsed.TotalSeconds:0.0} s, {office.Kills.Count} kills");
                }
            });
        }
        catch
        {
            // Who has what is told by why.
            output.WriteLine(string.Join('\n', await differences.InFacts(player.Step?.Recorded ?? 0)));
            throw;
        }

        office.Kills.Count.ShouldBe(Kills);
        office.Kills.Distinct().Count().ShouldBe(2, "each of the two has led, and died");
        await player.Reinstate();
        (await differences.AtTheEnd()).ShouldBeEmpty();
        differences.InVersions(await office.Database.Texts(MonthSettled.Versions)).ShouldBeEmpty();
        await Patience.Until("nothing waits to go out", async () => (await office.Database.Texts("select message_id::text from crm.message where next_at is not null limit 1")).Count == 0);
        foreach (var (claim, breaches) in Claims)
        {
            (await office.Database.Texts($"select b::text from ({breaches}) b limit 5")).ShouldBeEmpty(claim);
        }

        var sent = await office.Database.Texts("select 'msg_' || replace(message_id::text, '-', '') from crm.message where state = 'sent'");
        var twice = outside.Taken.Count - outside.Taken.Distinct().Count();
        outside.Taken.Distinct().Order().ShouldBe(sent.Order(), "each came that was to, under its id");
        twice.ShouldBeLessThanOrEqualTo(Kills, "what came twice was under way when somebody was killed");
        output.WriteLine($"{sent.Count} messages came outside, {twice} of them twice");
        output.WriteLine($"{office.Kills.Count} kills; all is compared after {clock.Elapsed.TotalSeconds:0.0} s");
    }

    // Everybody wants to hear of everything, at once.
    private static async Task TellOutside(KilledOffice office, string url)
    {
        var channel = (await office.Say("admin", "POST", "channels", new { kind = "webhook", name = "outside", url, secret = "secret-of-the-month", perMinute = 6000 })).GetProperty("id").GetGuid();
        foreach (var person in MonthRules.People)
        {
            await office.Say(person, "PUT", "alerts/preferences", new { routes = new[] { new { channel } } });
        }
    }

    // Half of them when several leads are due, as the clock comes to them; the others while somebody captures a lead.
    private static IReadOnlyList<(DateTimeOffset At, bool WhileCapturing)> Moments(PlainMonth month)
    {
        var random = new Random(Seed);
        return [.. Enumerable.Range(0, Kills).Select(n =>
        {
            var (from, to, capturing) = (month.Steps.Count * n / Kills, month.Steps.Count * (n + 1) / Kills, n % 2 == 1);
            var fitting = month.Steps.Take(from..to).Skip(10)
                .Where(step => capturing ? step.Deeds.Any(turn => turn.Any(deed => deed is CaptureDeed)) : month.DoneIn(step) > 3).ToList();
            return (fitting[random.Next(fitting.Count)].At.Instant(), capturing);
        })];
    }
}
