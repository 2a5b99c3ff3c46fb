using Crm.EventModel;
using Crm.EventStore.ReadModels;
using Crm.Support;
using Npgsql;

namespace Crm.EventStore.Tests;

/// <summary>A read model of one row an event.</summary>
public sealed class EventLogTests : IAsyncLifetime
{
    private static readonly CoffeeLog Log = new();

    private NpgsqlDataSource database = null!;
    private Store store = null!;

    private sealed class CoffeeLog : EventLog<CoffeeLog.Entry>
    {
        public sealed record Entry(Guid CupId, long Position, string Kind);

        public override string Name => "coffee_log";

        public override int Version => 1;

        public override Type Reads => typeof(object);

        public override IReadOnlyList<string> Indexes => ["kind"];

        public override Entry? Say(Recorded e) => e.Data is CupDrunk ? null : new Entry(e.StreamId, e.Position, e.TypeName);
    }

    public async Task InitializeAsync()
    {
        database = NpgsqlDataSource.Create(await TestCluster.NewDatabase());
        await Migrator.Migrate(database, default);
        await new ReadModelSet(database, [Log]).Create(default);
        store = await Store.Open(database, CoffeeBar.Types, StoreSettings.Default, default);
    }

    public async Task DisposeAsync()
    {
        await store.DisposeAsync();
        await database.DisposeAsync();
    }

    [Fact]
    public async Task It_has_a_row_of_each_event_it_speaks_of_and_a_rebuild_makes_the_same()
    {
        await new RandomCups(store, seed: 3, cups: 12, spread: TimeSpan.FromDays(2)).Happen(150);
        await Run("""
            update public.mt_events set type = 'cup_of_tomorrow' where seq_id in (select min(seq_id) from public.mt_events where type = 'cup_spilt')
            """);
        await new Follower(database, Log, CoffeeBar.Types, new Wakeup(), pageSize: 7).CatchUp(null, default);

        var drunk = await Count("public.mt_events where type = 'cup_drunk'");
        (await Count("crm.coffee_log")).ShouldBe(150 - drunk);
        (await Count("crm.coffee_log where kind = 'cup_of_tomorrow'")).ShouldBe(1, "what nobody knows is on record, too");
        (await new Rebuild(database, Log, CoffeeBar.Types, eventsInAChunk: 3).Verify(Gear.FlatOut, null, default)).Differences.ShouldBeEmpty();

        await Run("update crm.coffee_log set kind = 'cup_of_yesterday' where position = (select max(position) from crm.coffee_log)");
        (await new Rebuild(database, Log, CoffeeBar.Types).Verify(Gear.FlatOut, null, default)).Differences.Count.ShouldBe(2);
    }

    private async Task<long> Count(string from)
    {
        await using var command = database.CreateCommand($"select count(*) from {from}");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private async Task Run(string sql)
    {
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
