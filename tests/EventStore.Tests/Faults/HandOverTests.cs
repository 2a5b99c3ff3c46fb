using System.Diagnostics;
using Crm.EventStore.ReadModels;
using Npgsql;
using Xunit.Abstractions;

namespace Crm.EventStore.Tests.Faults;

/// <summary>Two programs carry the same read model; each event is counted once whoever leads, and somebody always does.</summary>
public sealed class RivalFollowerTests(ITestOutputHelper output) : IAsyncLifetime
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private CupStore crm = null!;

    public async Task InitializeAsync() => crm = await CupStore.New();

    public async Task DisposeAsync() => await crm.DisposeAsync();

    [Fact]
    public async Task Two_who_both_believe_to_lead_double_nothing()
    {
        await crm.Run("create schema lie; create function lie.pg_try_advisory_lock(bigint) returns boolean return true");
        var believing = new NpgsqlConnectionStringBuilder(crm.ConnectionString) { SearchPath = "lie,pg_catalog,public" }.ConnectionString;
        var model = new FactCount();
        await new ReadModelSet(crm.Database, [model]).Create(default);
        await crm.Order(cups: 400);

        await using (AtWork.Follower(believing, pageSize: 3, model))
        await using (AtWork.Follower(believing, pageSize: 3, model))
        await using (AtWork.Follower(believing, pageSize: 5, model))
        {
            await crm.Order(cups: 200);
            await Patience.Until("all is counted", () => crm.Ask<bool>("""
                select exists (select from mt_event_progression p, crm.lane l where p.name = 'fact_count:All' and p.last_seq_id >= l.position)
                """));
        }

        (await crm.Count("crm.fact_count where facts <> 1")).ShouldBe(0);
        (await crm.Count("crm.fact_count")).ShouldBe(600);
    }

    [Fact]
    public async Task A_leader_whose_line_is_cut_again_and_again_loses_and_doubles_nothing()
    {
        await using var one = AtWork.Follower(crm.ConnectionString, pageSize: 3);
        await using var other = AtWork.Follower(crm.ConnectionString, pageSize: 3);
        var cuts = 0;
        for (var round = 0; round < 6; round++)
        {
            var ordering = crm.Order(cups: 60);
            await Patience.Until("somebody leads", async () => await CutTheLeader() > 0);
            cuts++;
            await ordering;
        }

        await crm.CheckAll();
        output.WriteLine($"{cuts} leaders cut");
        (await crm.Ask<decimal>("select sum(count) from crm.coffee_sales")).ShouldBe(360);
    }

    [Fact]
    public async Task A_frozen_leader_is_replaced_and_does_no_harm_when_it_wakes()
    {
        await using var proxy = Proxy.Before(crm.ConnectionString);
        await using var frozen = AtWork.Follower(proxy.ConnectionString, pageSize: 3);
        await crm.Order(cups: 30);
        await crm.CaughtUp();
        proxy.Freeze();
        await using var other = AtWork.Follower(crm.ConnectionString, pageSize: 3);
        await crm.Order(cups: 30);

        var took = await crm.CaughtUp(Longest);
        proxy.Thaw();
        await crm.Order(cups: 30);

        output.WriteLine($"replaced after {took.TotalSeconds:0.0} s");
        await crm.CheckAll();
    }

    [Fact]
    public async Task Who_ends_in_good_order_hands_over_at_once()
    {
        await using var one = AtWork.Follower(crm.ConnectionString);
        await crm.Order(cups: 10);
        await crm.CaughtUp();
        await one.End();

        await using var other = AtWork.Follower(crm.ConnectionString);
        await crm.Order(cups: 10);

        var took = await crm.CaughtUp(TimeSpan.FromSeconds(3));
        output.WriteLine($"took over after {took.TotalSeconds:0.0} s");
        await crm.CheckAll();
    }

    [Fact]
    public async Task Who_caught_up_once_stands_in_nobodys_way()
    {
        await using var staying = NpgsqlDataSource.Create(crm.ConnectionString);
        await crm.Order(cups: 10);
        await CatchUp(staying);
        await crm.Order(cups: 10);

        var clock = Stopwatch.StartNew();
        await CatchUp(crm.Database);

        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(3));
        await crm.CheckAll();
    }

    private static Task CatchUp(NpgsqlDataSource database) =>
        new Follower(database, CupStore.Bar, CoffeeBar.Types, new Wakeup()).CatchUp(null, default).Soon();

    private Task<long> CutTheLeader() => crm.Ask<long>("""
        select count(pg_terminate_backend(pid)) from pg_locks
        where locktype = 'advisory' and granted and database = (select oid from pg_database where datname = current_database())
          and ((classid::bigint << 32) | objid::bigint) = hashtextextended('crm.follow:coffee_bar:All', 0)
        """);
}
