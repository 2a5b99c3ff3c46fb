using System.Diagnostics;
using Crm.EventStore.ReadModels;
using Crm.Support;
using Npgsql;
using Xunit.Abstractions;

namespace Crm.EventStore.Tests.Faults;

/// <summary>A read model is carried by one program after the other.</summary>
public sealed class HandOverTests(ITestOutputHelper output) : IAsyncLifetime
{
    private CupStore crm = null!;

    public async Task InitializeAsync() => crm = await CupStore.New();

    public async Task DisposeAsync() => await crm.DisposeAsync();

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
}
