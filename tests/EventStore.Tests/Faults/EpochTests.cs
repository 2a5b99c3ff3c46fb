namespace Crm.EventStore.Tests.Faults;

/// <summary>A store that may not be the one we knew takes a new name.</summary>
public sealed class EpochTests : IAsyncLifetime
{
    private CupStore crm = null!;

    public async Task InitializeAsync() => crm = await CupStore.New();

    public async Task DisposeAsync() => await crm.DisposeAsync();

    [Fact]
    public async Task Opening_and_migrating_again_leave_the_name()
    {
        await Migrator.Migrate(crm.Database, default);

        (await Reopened()).ShouldBe(crm.Store.Epoch);
    }

    [Theory]
    [InlineData("timeline = timeline + 1")]
    [InlineData("system_identifier = system_identifier + 1")]
    public async Task Another_timeline_or_cluster_renews_the_name_once(string difference)
    {
        await crm.Run($"update crm.lane set {difference}");

        var renewed = await Reopened();

        renewed.ShouldNotBe(crm.Store.Epoch);
        (await Reopened()).ShouldBe(renewed);
    }

    [Fact]
    public async Task A_store_that_lost_its_connection_looks_at_the_name_again()
    {
        await crm.Order(cups: 1);
        var before = crm.Store.Epoch;
        await crm.Run("update crm.lane set timeline = timeline + 1");

        await crm.Run("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query like '%crm.append%' and pid <> pg_backend_pid()");
        await crm.Order(cups: 1);

        crm.Store.Epoch.ShouldNotBe(before);
    }

    private async Task<string> Reopened()
    {
        await using var store = await Store.Open(crm.Database, CoffeeBar.Types, StoreSettings.Default, default);
        return store.Epoch;
    }
}
