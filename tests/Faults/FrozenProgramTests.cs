using Xunit.Abstractions;

namespace Crm.Faults.Tests;

/// <summary>F21, F23: of two programs one stops with all that it holds; the other goes on, and nobody doubles.</summary>
public sealed class FrozenProgramTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Takeover = TimeSpan.FromSeconds(30);
    private static readonly int[] Pauses = [1, 5, 2, 30];

    [Fact]
    public async Task F21_a_frozen_leader_is_replaced_and_does_no_harm_when_it_wakes()
    {
        var rounds = new Rounds(output, "F21", inShort: 1);
        await using var office = await Office.Open(rounds.Seed, nodes: 2);
        await rounds.Each(async (_, _) =>
        {
            var inFlight = await office.Crowded();
            var (leader, _) = await office.Leader();
            await office.Node(leader).Freeze();
            await office.Clients.Until("the other one answers", Answers(office, 40));
            var took = await office.Passed(await office.Ask<long>("select position from crm.lane"), Takeover);
            await office.Node(leader).Continue();
            await office.Crowded();
            return $"node {leader} frozen with {inFlight} in flight, replaced after {took.TotalSeconds:0.0} s; {await office.Balance()}";
        });
    }

    [Fact]
    public async Task F21_without_a_limit_to_silence_nobody_replaces_a_frozen_leader()
    {
        await using var office = await Office.Open(new Rounds(output, "F21 unguarded", 1).Seed, behindProxy: true, nodes: 2, tune: line => line.Edit("timeout = '10s'", "timeout = '10h'"));
        await office.Crowded();
        office.Line!.Edited.ShouldBeGreaterThan(0);
        var (leader, _) = await office.Leader();
        await office.Node(leader).Freeze();
        await office.Clients.Until("the other one answers", Answers(office, 40));
        var head = await office.Ask<long>("select position from crm.lane");

        var late = await Should.ThrowAsync<TimeoutException>(() => office.Passed(head, TimeSpan.FromSeconds(15)));
        output.WriteLine($"with the guard off: {late.Message}");
    }

    [Fact]
    public async Task F23_a_program_that_stands_still_holds_no_lock_and_repeats_no_work()
    {
        var rounds = new Rounds(output, "F23", inShort: 1);
        await using var office = await Office.Open(rounds.Seed, nodes: 2);
        await rounds.Each(async (round, _) =>
        {
            var inFlight = await office.Crowded();
            var still = TimeSpan.FromSeconds(Pauses[round % Pauses.Length]);
            await office.Node(round % 2).Freeze();
            var took = await office.Clients.Until("the other one answers", Answers(office, 40), within: TimeSpan.FromSeconds(10));
            await Task.Delay(still);
            await office.Node(round % 2).Continue();
            return $"{still.TotalSeconds} s with {inFlight} in flight, the other answered after {took.TotalSeconds:0.0} s; {await office.Balance()}";
        });
    }

    [Fact]
    public async Task F23_a_lane_that_belonged_to_a_connection_would_stand_still_with_it()
    {
        await using var office = await Office.Open(new Rounds(output, "F23 unguarded", 1).Seed, nodes: 2, before: Guards.KeepLane);
        await office.Clients.Until("somebody keeps the lane", () => office.Clients.Answered.Count > 40);
        await office.Node(await Keeper(office)).Freeze();

        var late = await Should.ThrowAsync<TimeoutException>(() =>
            office.Clients.Until("the other one answers", Answers(office, 40), within: TimeSpan.FromSeconds(8)));
        output.WriteLine($"with the guard off: {late.Message}");
    }

    private static Func<bool> Answers(Office office, int more)
    {
        var before = office.Clients.Answered.Count;
        return () => office.Clients.Answered.Count >= before + more;
    }

    private static Task<int> Keeper(Office office) => office.Ask<int>("""
        select right(a.application_name, 1)::int from pg_locks l join pg_stat_activity a using (pid)
        where l.locktype = 'advisory' and l.granted and l.database = (select oid from pg_database where datname = current_database())
          and ((l.classid::bigint << 32) | l.objid::bigint) = crm.lane_key()
        """);
}
