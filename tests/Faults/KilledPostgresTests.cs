using Xunit.Abstractions;

namespace Crm.Faults.Tests;

/// <summary>F3: PostgreSQL is killed amid appends; the program that serves starts it again by itself.</summary>
public sealed class KilledPostgresTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task F3_a_killed_PostgreSQL_has_all_that_was_answered_and_answers_the_rest_once()
    {
        var rounds = new Rounds(output, "F3", inShort: 1);
        await using var cluster = await OwnCluster.Start();
        await using var office = await Office.OpenPrivate(rounds.Seed, cluster.Folder, cluster.ConnectionString);
        await rounds.Each(async (round, _) =>
        {
            var inFlight = await Killed(cluster, office, immediately: round % 2 == 0);
            var answered = office.Clients.Answered.Count;
            var away = await office.Clients.Until("answers come again", () => office.Clients.Answered.Count >= answered + 40, Longest);
            var seen = await office.Balance();
            var indexes = await IndexesHold(office);
            var lost = await office.Ask<long>("select max(seq_id) - count(*) from mt_events");
            return $"killed with {inFlight} in flight, back after {away.TotalSeconds:0.0} s, {lost} numbers lost, {indexes}; {seen}";
        });
    }

    [FactInLongForm]
    public async Task F3_without_waiting_for_the_disk_the_ledger_misses_what_was_answered()
    {
        await using var cluster = await OwnCluster.Start();
        await cluster.Set("wal_writer_delay = '10s'");
        await cluster.Set("wal_writer_flush_after = '1GB'");
        await cluster.Set("synchronous_commit = off");
        await using var office = await Office.OpenPrivate(new Rounds(output, "F3 unguarded", 1).Seed, cluster.Folder, cluster.ConnectionString);

        // A page of the log may just have been written when the kill falls; then it has to fall again.
        IReadOnlyList<string> lost = [];
        for (var kills = 0; kills < 6 && lost.Count == 0; kills++)
        {
            office.Clients.Resume();
            await Killed(cluster, office, immediately: true);
            await Patience.Until("PostgreSQL is back", () => office.Ready());
            await office.Clients.Pause();
            lost = [.. (await office.Breaches()).Where(b => b.StartsWith("an answer without its event", StringComparison.Ordinal))];
        }

        output.WriteLine($"with the guard off: {string.Join(", ", lost.Take(6))}");
        lost.ShouldNotBeEmpty();
    }

    private static async Task<int> Killed(OwnCluster cluster, Office office, bool immediately)
    {
        var inFlight = await office.Crowded();
        await cluster.Kill(immediately);
        return inFlight;
    }

    // Where the module is installed: every index against its table; one that does not agree is an error.
    private static async Task<string> IndexesHold(Office office)
    {
        if (!await office.Ask<bool>("select exists (select from pg_available_extensions where name = 'amcheck')"))
        {
            return "indexes not checked, since PostgreSQL has no amcheck here";
        }

        await office.Run("create extension if not exists amcheck");
        var checkedOnes = await office.Ask<long>("""
            select count(bt_index_check(c.oid, heapallindexed => true)::text)
            from pg_class c join pg_am a on a.oid = c.relam and a.amname = 'btree'
            where c.relkind = 'i' and c.relnamespace in ('public'::regnamespace, 'crm'::regnamespace)
            """);
        checkedOnes.ShouldBeGreaterThan(10);
        return $"{checkedOnes} indexes agree with their tables";
    }
}
