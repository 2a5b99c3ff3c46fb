using Crm.EventStore.ReadModels;
using Crm.Projections;
using Npgsql;
using Xunit.Abstractions;

namespace Crm.Faults.Tests;

/// <summary>F10, F11: commits that take long or come out of order, numbers that are drawn and never used, or used late.</summary>
public sealed class LaneTests(ITestOutputHelper output)
{
    private const string HoldsBack = """
        create function hold_back() returns trigger language plpgsql as $$
        begin
            if new.data ->> 'company' like 'slow %' then perform pg_advisory_xact_lock_shared(4242); end if;
            return new;
        end
        $$;
        create trigger hold_back before insert on mt_events for each row execute function hold_back();
        """;

    [Fact]
    public async Task F10_behind_a_slow_commit_everybody_waits_and_nothing_is_skipped()
    {
        var rounds = new Rounds(output, "F10", inShort: 1);
        await using var office = await Office.Open(rounds.Seed, nodes: 2, before: office => office.Run(HoldsBack));
        await rounds.Each(async (round, random) =>
        {
            var inFlight = await office.Crowded();
            await using var holder = await office.Database.OpenConnectionAsync();
            await Tell(holder, "select pg_advisory_lock(4242)");
            var slow = office.Clients.Capture($"slow {round}", node: round % 2);
            await office.Clients.Until("the other program waits for the lane", async () => await Waiting(office) >= 2);
            var rebuilt = await new Rebuild(office.Database, Catalog.Leads, EventCatalog.Types, 50).Run(Gear.FlatOut, null, default);
            await Task.Delay(random.Next(0, 1000));
            await Tell(holder, "select pg_advisory_unlock(4242)");
            await slow.Soon();
            return $"held back with {inFlight} in flight, rebuilt at {rebuilt.Position} meanwhile; {await office.Balance()}";
        });
    }

    [Fact]
    public async Task F10_without_the_lane_what_commits_late_is_skipped_and_the_ledger_says_so()
    {
        await using var office = await Office.Open(new Rounds(output, "F10 unguarded", 1).Seed, nodes: 2, before: async office =>
        {
            await office.Run(HoldsBack);
            await Guards.OpenLane(office);
        });
        // A group that others overtake may also be refused and come again under later numbers.
        await office.Red(output, again: () => Overtaken(office));
    }

    private static async Task Overtaken(Office office)
    {
        await office.Crowded();
        await using var holder = await office.Database.OpenConnectionAsync();
        await Tell(holder, "select pg_advisory_lock(4242)");
        var slow = office.Clients.Capture($"slow {Guid.NewGuid()}");
        await office.Clients.Until("it is held back", async () => await Waiting(office) > 0);
        var answered = office.Clients.Answered.Count;
        await office.Clients.Until("later ones are committed", () => office.Clients.Answered.Count > answered + 20);
        // Without the lane its position may go back, and a read model that is ahead of it then stands still: the ledger sees that, too.
        await office.Passed(await office.Ask<long>("select position from crm.lane"), TimeSpan.FromSeconds(10)).ContinueWith(_ => { });
        await Tell(holder, "select pg_advisory_unlock(4242)");
        await slow.Soon();
    }

    [Fact]
    public async Task F11_numbers_lost_by_losers_rollbacks_and_latecomers_hold_nobody_up()
    {
        var rounds = new Rounds(output, "F11", inShort: 1);
        await using var office = await Office.Open(rounds.Seed, before: office => Waste(office, 40));          // at zero
        await rounds.Each(async (round, random) =>
        {
            await office.Crowded();
            await using var late = await ByHand.Begin(office);
            await Waste(office, random.Next(1, 500));                                                            // at the head
            await office.Crowded();
            var refused = await Should.ThrowAsync<PostgresException>(() => late.Capture($"late {round}"));
            refused.SqlState.ShouldBe(PostgresErrorCodes.SerializationFailure);
            await late.Again($"again {round}");
            var inFlight = await office.Crowded();
            await office.Kill();
            await Waste(office, random.Next(1, 500));                                                            // at the cursor, while nobody follows
            await office.Start();
            var seen = await office.Balance();
            (await Losers(office)).ShouldBe(1, "losers drew numbers");
            return $"killed inside the gap with {inFlight} in flight; {seen}";
        });
    }

    [Fact]
    public async Task F11_without_the_guard_against_late_numbers_one_slips_under_the_readers()
    {
        await using var office = await Office.Open(new Rounds(output, "F11 unguarded", 1).Seed, before: Guards.LetLateNumbersIn);
        await office.Crowded();
        await using var late = await ByHand.Begin(office);
        await office.Crowded();
        await late.Capture("late");
        await late.Commit();

        await office.Red(output);
    }

    [Fact]
    public async Task F11_without_the_check_of_versions_losers_win_and_the_ledger_says_so()
    {
        await using var office = await Office.Open(new Rounds(output, "F11 unguarded versions", 1).Seed, nodes: 2, before: Guards.IgnoreVersions);

        // The program itself cannot work on such streams for long, so nobody waits for its clients to come to rest.
        await office.Clients.Until("the ledger tells of a double", async () =>
            (await office.Breaches()).Any(b => b.StartsWith("a hole or a double in the versions", StringComparison.Ordinal)));
    }

    // Fifty who all decided on the first version: one wins.
    private static async Task<long> Losers(Office office)
    {
        await office.Clients.Pause();
        var lead = (await office.Clients.Capture($"contested {Guid.NewGuid()}")).Id;
        var before = await office.Ask<long>("select last_value from mt_events_sequence");
        var statuses = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => office.Clients.TouchIfMatch(lead, version: 1)));
        statuses.Count(status => status == 200).ShouldBe(1);
        statuses.Count(status => status == 412).ShouldBe(49);
        var drawn = await office.Ask<long>("select last_value from mt_events_sequence") - before;
        office.Clients.Resume();
        return drawn;
    }

    private static Task Waste(Office office, int numbers) =>
        office.Run($"begin; select count(nextval('mt_events_sequence')) from generate_series(1, {numbers}); rollback");

    private static Task<long> Waiting(Office office) => office.Ask<long>("""
        select count(*) from pg_locks where locktype = 'advisory' and not granted and database = (select oid from pg_database where datname = current_database())
        """);

    private static async Task Tell(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
