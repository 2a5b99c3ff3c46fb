using Xunit.Abstractions;

namespace Crm.Faults.Tests;

/// <summary>F22: a program loses only the line by which it leads, or two believe that they lead; each event is counted once.</summary>
public sealed class TwoLeadersTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Takeover = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task F22_a_leader_that_lost_only_its_line_is_replaced_and_doubles_nothing()
    {
        var rounds = new Rounds(output, "F22", inShort: 1);
        await using var office = await Office.Open(rounds.Seed, behindProxy: true, nodes: 2);
        await rounds.Each(async (_, _) =>
        {
            var inFlight = await office.Crowded();
            var (leader, backend) = await office.Leader();
            var orphan = office.Line!.Orphan(backend).ShouldNotBeNull();
            await office.Clients.Until("somebody else leads", async () => await office.Leader() is { Backend: > 0 } now && now.Backend != backend);
            var took = await office.Passed(await office.Ask<long>("select position from crm.lane"), Takeover);
            orphan.Dispose();
            return $"node {leader} cut off with {inFlight} in flight, read models on after {took.TotalSeconds:0.0} s; {await office.Balance()}";
        });
    }

    [Fact]
    public async Task F22_two_who_both_believe_to_lead_double_nothing()
    {
        var rounds = new Rounds(output, "F22 two leaders", inShort: 1);
        await using var office = await Office.OpenWithTwoLeaders(rounds.Seed);
        await rounds.Each(async (_, _) => $"with {await office.Crowded(300)} in flight; {await office.Balance()}");
    }

    [Fact]
    public async Task F22_where_the_position_is_moved_unseen_two_leaders_double_and_the_ledger_says_so()
    {
        await using var office = await Office.OpenWithTwoLeaders(
            new Rounds(output, "F22 unguarded", 1).Seed, line => line.Edit("where name = $1 and last_seq_id = $2", "where name = $1 and $2::int8 >= -1  "));

        // Whoever moves the position lingers over it, so that the other has read where it stood before.
        await using (var linger = office.Database.CreateCommand("""
            create function lie.linger() returns trigger language plpgsql as $$ begin perform pg_sleep(0.05); return new; end $$;
            grant usage on schema lie to public;
            create trigger linger before update on public.mt_event_progression for each row execute function lie.linger()
            """))
        {
            await linger.ExecuteNonQueryAsync();
        }

        await office.Red(output, () => office.Crowded(300));

        office.Line!.Edited.ShouldBeGreaterThan(0);
    }
}
