using Xunit.Abstractions;

namespace Crm.Faults.Tests;

/// <summary>F16: an event that nobody can read. The read models that it concerns stop and say so, the others go on; an operator mends or skips it.</summary>
public sealed class PoisonTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private static readonly string[] Readers = ["lead_list", "lead_clocks", "activity", "visits", "audit_trail"];

    [Fact]
    public async Task F16_a_poison_event_stops_its_readers_alone_until_it_is_skipped_or_mended()
    {
        var rounds = new Rounds(output, "F16", inShort: 1);
        await using var office = await Office.Open(rounds.Seed);
        await rounds.Each(async (round, _) =>
        {
            var inFlight = await office.Crowded();
            var lead = await Poison(office, $"poison {round}");
            await Patience.Until("the program says that it is degraded", async () => await Degraded(office) is { } why && why.Contains("lead_touched"), Longest);
            await office.Crowded();
            await office.Passed(await office.Ask<long>("select position from crm.lane"), Longest, but: Readers);

            var skips = round % 2 == 0;
            if (!skips)
            {
                await office.Run($$"""update mt_events set data = '{"touchId": "{{Guid.NewGuid()}}", "kind": "mail", "direction": "inbound"}' where stream_id = '{{lead}}' and version = 2""");
            }

            foreach (var model in Readers)
            {
                await using var verb = skips ? office.Verb("projections", "skip", model, "--reason", "a fault of the test") : office.Verb("projections", "retry", model);
                (await verb.Ended()).ShouldBe(0);
            }

            var seen = await office.Balance();
            await Patience.Until("the program is ready", () => office.Ready(), Longest);
            return $"stopped with {inFlight} in flight, {(skips ? "skipped" : "mended")}; {seen}";
        });
    }

    [Fact]
    public async Task F16_an_event_that_is_passed_over_without_a_word_turns_the_ledger_red()
    {
        await using var office = await Office.Open(new Rounds(output, "F16 unguarded", 1).Seed, before: Guards.SwallowStops);
        await office.Crowded();
        await Poison(office, "poison");
        await office.Clients.Pause();
        await office.Run("update mt_event_progression p set last_seq_id = l.position from crm.lane l where p.name = 'lead_list:V5:All'");

        await office.Red(output);
    }

    // A lead that no client works on, so that the read model alone has to read the event.
    private static async Task<Guid> Poison(Office office, string company)
    {
        await using var hand = await ByHand.Begin(office);
        var lead = await hand.Again(company, commit: false);
        await hand.Touch(lead, 2, """{"kind": "shouted across the street"}""");
        await hand.Commit();
        return lead;
    }

    private static async Task<string?> Degraded(Office office) =>
        await office.Clients.Ask("health/ready") is (503, var answer) && answer.GetProperty("status").GetString() == "degraded"
            ? answer.GetProperty("readModels").EnumerateArray().Select(m => $"{m.GetProperty("stopped")}").FirstOrDefault(s => s.Length > 0)
            : null;
}
