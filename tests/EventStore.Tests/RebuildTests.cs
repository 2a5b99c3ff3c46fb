using Crm.EventModel;
using Crm.EventStore.ReadModels;
using Crm.Support;
using Npgsql;

namespace Crm.EventStore.Tests;

public sealed class RebuildTests : IAsyncLifetime
{
    private static readonly CoffeeBar Bar = new();
    private NpgsqlDataSource database = null!;
    private Store store = null!;
    private RandomCups cups = null!;

    public async Task InitializeAsync()
    {
        database = NpgsqlDataSource.Create(await TestCluster.NewDatabase());
        await Migrator.Migrate(database, default);
        await new ReadModelSet(database, [Bar]).Create(default);
        store = await Store.Open(database, CoffeeBar.Types, StoreSettings.Default, default);
        cups = new RandomCups(store, seed: 20261122, cups: 30, spread: TimeSpan.FromDays(2));
        await Happen(200);
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
    public async Task Rebuilt_rows_equal_followed_ones_however_the_streams_are_parted(int eventsInAChunk)
    {
        await CatchUp();

        var report = await New(eventsInAChunk).Verify(Gear.FlatOut, null, default);

        report.Differences.ShouldBeEmpty();
        report.Events.ShouldBe(200);
        report.Position.ShouldBe((await store.Head(default)).Position);
    }

    [Fact]
    public async Task A_row_that_somebody_changed_is_named()
    {
        await CatchUp();
        await Run("update crm.coffee_bar set price = price + 1 where cup_id = (select cup_id from crm.coffee_bar order by cup_id limit 1)");

        (await New().Verify(Gear.FlatOut, null, default)).Differences.Count(d => d.StartsWith("coffee_bar_v1 ", StringComparison.Ordinal)).ShouldBe(2);
    }

    [Fact]
    public async Task A_model_that_nobody_has_followed_for_a_while_differs_in_nothing()
    {
        await CatchUp();
        await Happen(30);

        var report = await New().Verify(Gear.FlatOut, null, default);

        report.Differences.ShouldBeEmpty();
        report.Position.ShouldBe((await store.Head(default)).Position);
    }

    [Fact]
    public async Task A_rebuild_mends_it_and_can_be_taken_back()
    {
        await CatchUp();
        await Run("update crm.coffee_sales set amount = amount + 100");
        var wrong = await Sales();

        await New().Run(Gear.FlatOut, null, default);
        await Happen(40);
        await CatchUp();
        (await New().Verify(Gear.FlatOut, null, default)).Differences.ShouldBeEmpty();
        var right = await Sales();

        await New().Undo(null, default);
        (await Sales()).ShouldNotBe(right);
        (await Sales()).ShouldNotBe(wrong, "what was taken back is carried up to the present");
        await New().Undo(null, default);
        (await Sales()).ShouldBe(right);
    }

    [Fact]
    public async Task There_is_nothing_to_take_back_before_a_rebuild() =>
        await Should.ThrowAsync<InvalidOperationException>(() => New().Undo(null, default));

    [Fact]
    public async Task It_goes_on_where_it_was_cut_off()
    {
        await CatchUp();
        using var cut = new CancellationTokenSource();
        var first = new Seen(p =>
        {
            if (p.Done == 5)
            {
                cut.Cancel();
            }
        });
        await Should.ThrowAsync<OperationCanceledException>(() => New(eventsInAChunk: 2).Run(Gear.Polite, first, cut.Token));
        await Happen(20);

        var resumed = new Seen(_ => { });
        await New(eventsInAChunk: 2).Run(Gear.FlatOut, resumed, default);
        resumed.All.Where(p => p.Phase == "Folding events").Min(p => p.Done).ShouldBeGreaterThan(5);
        await CatchUp();
        (await New().Verify(Gear.FlatOut, null, default)).Differences.ShouldBeEmpty();
    }

    [Fact]
    public async Task Two_processes_do_not_rebuild_one_model_at_once()
    {
        await using var other = await new RebuildPlan(database, Bar, 10).Alone(default);

        (await Should.ThrowAsync<InvalidOperationException>(() => New().Run(Gear.FlatOut, null, default))).Message.ShouldContain("another process");
    }

    [Fact]
    public async Task While_it_goes_on_writing_following_and_reading_go_on_and_no_reader_sees_half_a_model()
    {
        await CatchUp();
        using var end = new CancellationTokenSource();
        var (wakeup, arrivals) = (new Wakeup(), new Arrivals());
        store.Appended += _ => wakeup.Call();
        var follower = new Follower(database, Bar, CoffeeBar.Types, wakeup);
        follower.Moved += arrivals.Tell;
        var following = follower.Run(end.Token);
        var reading = Task.Run(() => ReadUntil(end.Token));
        var writing = Task.Run(async () =>
        {
            while (!end.IsCancellationRequested)
            {
                // Few cups, each with ever more facts, some of them late: nobody can fold those as fast as they can be written.
                await Happen(5);
                await arrivals.Wait(Bar, (await store.Head(default)).Position, TimeSpan.FromSeconds(1), default);
            }
        });

        for (var i = 0; i < 3; i++)
        {
            await New(eventsInAChunk: 3).Run(Gear.FlatOut, null, default);
        }

        await end.CancelAsync();
        await Task.WhenAll(following, writing);
        (await reading).ShouldBeGreaterThan(0);
        await CatchUp();
        (await New().Verify(Gear.FlatOut, null, default)).Differences.ShouldBeEmpty();
    }

    // As the program reads: locks, then the snapshot. Rows and totals are of one position, so they agree.
    private async Task<int> ReadUntil(CancellationToken end)
    {
        var reads = 0;
        while (!end.IsCancellationRequested)
        {
            await using var connection = await database.OpenConnectionAsync(default);
            await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, default);
            await using var command = new NpgsqlCommand("""
                lock table crm.coffee_bar_v1, crm.coffee_sales_v1 in access share mode;
                select (select count(*) from crm.coffee_bar_v1) - (select coalesce(sum(count), 0) from crm.coffee_sales_v1),
                       (select count(*) from crm.coffee_bar_v1)
                """, connection);
            await using var reader = await command.ExecuteReaderAsync();
            await reader.ReadAsync();
            reader.GetDecimal(0).ShouldBe(0);
            reader.GetInt64(1).ShouldBeGreaterThan(0);
            reads++;
        }

        return reads;
    }

    private Rebuild New(int eventsInAChunk = 10) => new(database, Bar, CoffeeBar.Types, eventsInAChunk);

    private Task CatchUp() => new Follower(database, Bar, CoffeeBar.Types, new Wakeup()).CatchUp(null, default);

    private Task Happen(int facts) => cups.Happen(facts);

    private async Task<string> Sales()
    {
        await using var command = database.CreateCommand("select string_agg(x::text, ' ' order by x::text) from crm.coffee_sales x");
        return (string)(await command.ExecuteScalarAsync())!;
    }

    private async Task Run(string sql)
    {
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private sealed class Seen(Action<RebuildProgress> react) : IProgress<RebuildProgress>
    {
        public System.Collections.Concurrent.ConcurrentQueue<RebuildProgress> All { get; } = [];

        public void Report(RebuildProgress value)
        {
            All.Enqueue(value);
            react(value);
        }
    }
}
