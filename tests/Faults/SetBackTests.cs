using Crm.EventStore.ReadModels;
using Crm.Projections;
using Xunit.Abstractions;

namespace Crm.Faults.Tests;

/// <summary>F13: a store that is older than what was seen of it: events taken away under the read models, or a copy of before put back.</summary>
public sealed class SetBackTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task F13_read_models_ahead_of_the_store_stop_and_are_right_once_built_anew()
    {
        var rounds = new Rounds(output, "F13", inShort: 1);
        await using var office = await Office.Open(rounds.Seed, crowd: false);
        await rounds.Each(async (round, random) =>
        {
            var taken = await SetBack(office, round, random);
            await Patience.Until("every read model says so", () =>
                office.Ask<bool>("select count(*) = (select count(*) from mt_event_progression where name like '%:All' and name <> 'webhooks:All') from crm.read_model_stop"), Longest);
            (await office.Ready()).ShouldBeFalse();
            foreach (var model in Catalog.All)
            {
                await new Rebuild(office.Database, model, EventCatalog.Types).Run(Gear.FlatOut, null, default);
            }

            await office.Clients.Capture($"after {round}");
            await office.CaughtUp(within: Longest);
            (await Red(office)).ShouldBeEmpty();
            await Patience.Until("the program is ready", () => office.Ready(), Longest);
            return $"{taken} events taken away; every read model stopped, was built anew and agrees with the events";
        });
    }

    [Fact]
    public async Task F13_one_that_is_ahead_and_silent_turns_the_ledger_red()
    {
        var rounds = new Rounds(output, "F13 unguarded", 1);
        await using var office = await Office.Open(rounds.Seed, crowd: false, before: Guards.SwallowStops);
        await SetBack(office, 0, new Random(rounds.Seed));

        var breaches = await Red(office);
        output.WriteLine($"with the guard off: {breaches[0]}");
        breaches.ShouldContain(b => b.Contains("ahead of the store", StringComparison.Ordinal));
    }

    [Fact]
    public async Task F13_after_a_restore_what_was_seen_since_gets_another_name()
    {
        var rounds = new Rounds(output, "F13 restore", inShort: 1);
        await using var cluster = await OwnCluster.Start();
        await cluster.Set("restore_command = 'false'");
        await using var office = await Office.OpenOn(cluster, rounds.Seed, crowd: false);
        await rounds.Each(async (round, _) =>
        {
            await Write(office, 20, $"kept {round}");
            await Down();
            await cluster.Copy();
            await Up();
            await Write(office, 20, $"lost {round}");
            var token = await office.Clients.Token();
            (await office.Clients.Status("api/v1/leads", token)).ShouldBe(200);
            await Down();
            await cluster.Restore();
            await Up();

            // The copy is still on its way to the disk: the first that a program asks of it may take long.
            await Patience.Until("the program is ready", () => office.Ready(), Longest);
            (await office.Clients.Status("api/v1/leads", token)).ShouldBe(410, "a position of before the restore");
            (await office.Ask<long>($"select count(*) from mt_events where data ->> 'company' like 'lost {round}%'")).ShouldBe(0);
            (await office.Ask<long>($"select count(*) from mt_events where data ->> 'company' like 'kept {round}%'")).ShouldBe(20);
            await Write(office, 5, $"new {round}");
            await office.CaughtUp(within: Longest);
            (await Red(office)).ShouldBeEmpty();
            return "20 kept, 20 gone with the copy put back, the old position answered with 410, new writes followed";
        });

        async Task Down()
        {
            await office.Kill();
            office.Database.Clear();
            await cluster.Down();
        }

        async Task Up()
        {
            await cluster.Up();
            await office.Start();
        }
    }

    private static async Task<long> SetBack(Office office, int round, Random random)
    {
        await Write(office, 30, $"before {round}");
        await office.CaughtUp(within: Longest);
        await office.Kill();
        var taken = random.Next(1, 25);
        await office.Run($"""
            delete from mt_events where seq_id in (select seq_id from mt_events where type = 'lead_captured' order by seq_id desc limit {taken});
            delete from crm.idempotency i where not exists (select from mt_events e where e.seq_id = i.position);
            delete from mt_streams s where not exists (select from mt_events e where e.stream_id = s.id);
            update crm.lane set position = (select max(seq_id) from mt_events), stamp = (select max(timestamp) from mt_events);
            """);
        await office.Start();
        return taken;
    }

    private static Task Write(Office office, int leads, string company) =>
        Task.WhenAll(Enumerable.Range(0, leads).Select(i => office.Clients.Capture($"{company} {i} {Guid.NewGuid():N}")));

    // Answers for events that were taken away are no breach here.
    private static async Task<IReadOnlyList<string>> Red(Office office) =>
        [.. (await office.Breaches()).Where(b => !b.StartsWith("an answer", StringComparison.Ordinal) && !b.StartsWith("an event that nobody", StringComparison.Ordinal))];
}
