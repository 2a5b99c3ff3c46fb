using Crm.EventModel;
using Crm.EventStore.ReadModels;
using Crm.Support;
using Npgsql;

namespace Crm.EventStore.Tests;

/// <summary>A read model of rows that events add to.</summary>
public sealed class EventSetTests : IAsyncLifetime
{
    private static readonly DrinkLetters Letters = new();

    private NpgsqlDataSource database = null!;
    private Store store = null!;

    private sealed class DrinkLetters : EventSet<DrinkLetters.Row>
    {
        public sealed record Row(Guid CupId, string Letter);

        public override string Name => "drink_letters";

        public override int Version => 1;

        public override Type Reads => typeof(ICoffeeEvent);

        public override IReadOnlyList<string> LogKey => ["letter", "cup_id"];

        // Each letter twice in one breath, and again when the cup is ordered anew.
        public override IEnumerable<Row> Add(Recorded e) => e.Data is CupOrdered order ? (order.Drink + order.Drink).Select(letter => new Row(e.StreamId, letter.ToString())) : [];
    }

    public async Task InitializeAsync()
    {
        database = NpgsqlDataSource.Create(await TestCluster.NewDatabase());
        await Migrator.Migrate(database, default);
        await new ReadModelSet(database, [Letters]).Create(default);
        store = await Store.Open(database, CoffeeBar.Types, StoreSettings.Default, default);
    }

    public async Task DisposeAsync()
    {
        await store.DisposeAsync();
        await database.DisposeAsync();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public async Task What_is_added_twice_is_there_once_and_a_rebuild_makes_the_same(int pageSize)
    {
        await new RandomCups(store, seed: 5, cups: 12, spread: TimeSpan.FromDays(2)).Happen(100);
        await new Follower(database, Letters, CoffeeBar.Types, new Wakeup(), pageSize).CatchUp(null, default);

        var cups = (await store.ReadOn(0, 1000, default)).Where(e => e.Data is CupOrdered).Select(e => (e.StreamId, ((CupOrdered)e.Data).Drink));
        (await Count("crm.drink_letters")).ShouldBe(cups.SelectMany(cup => cup.Drink.Select(letter => (cup.StreamId, letter))).Distinct().Count());
        (await new Rebuild(database, Letters, CoffeeBar.Types, eventsInAChunk: 3).Verify(Gear.FlatOut, null, default)).Differences.ShouldBeEmpty();

        await Run("delete from crm.drink_letters where letter = (select min(letter) from crm.drink_letters)");
        (await new Rebuild(database, Letters, CoffeeBar.Types).Verify(Gear.FlatOut, null, default)).Differences.ShouldNotBeEmpty();
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
