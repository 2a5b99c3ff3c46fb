using System.Data;
using Crm.EventModel;
using Crm.EventStore.ReadModels;
using Crm.Support;
using Npgsql;

namespace Crm.EventStore.Tests;

public sealed class CheckpointTests : IAsyncLifetime
{
    // So small that a few hundred facts fill every level, and every bound cuts through blocks.
    private static readonly BlockGrid Grid = new(PositionBits: 3, FanoutBits: 1, Levels: 4);
    private static readonly CoffeeBar Bar = new();
    private static readonly Totals Sales = Bar.Totals[0];

    private NpgsqlDataSource database = null!;
    private Store store = null!;
    private RandomCups cups = null!;

    public async Task InitializeAsync()
    {
        database = NpgsqlDataSource.Create(await TestCluster.NewDatabase());
        await Migrator.Migrate(database, default);
        await new ReadModelSet(database, [Bar]).Create(default);
        store = await Store.Open(database, CoffeeBar.Types, StoreSettings.Default, default);
        cups = new RandomCups(store, seed: 20261122, cups: 25, spread: TimeSpan.FromDays(40));
    }

    public async Task DisposeAsync()
    {
        await store.DisposeAsync();
        await database.DisposeAsync();
    }

    [Theory]
    [InlineData("state")]
    [InlineData("drink", "state")]
    public async Task Totals_of_any_moment_equal_the_sum_of_all_changes_however_far_they_are_gathered(params string[] columns)
    {
        var random = new Random(20261122);
        for (var round = 0; round < 5; round++)
        {
            await cups.Happen(60);
            await CatchUp();
            // Another tenant with the same groups at the same positions.
            await Run($"""
                insert into crm.coffee_sales_changes_v1 (tenant_id, at, position, drink, state, count, amount)
                select 'other', at, position, drink, state, count, amount from crm.coffee_sales_changes_v1 where tenant_id = 'acme' and position > {60 * round}
                """);
            for (var i = 0; i < 12; i++)
            {
                await SameAsPlain(columns, cups.Moment(), random.NextInt64(0, 60 * (round + 1)));
            }

            await SameAsPlain(columns, DateTimeOffset.MaxValue, long.MaxValue - 1);
            await SameAsPlain(columns, DateTimeOffset.MinValue.AddDays(2), long.MaxValue - 1);
            await new Checkpoints(database, Bar, Grid).CatchUp(default);
        }

        (await Number("select max(level) from crm.coffee_sales_blocks_v1")).ShouldBe(3);
        (await Number("select position from crm.coffee_sales_checkpoint_v1")).ShouldBe(296, "what is complete of 300");
    }

    [Fact]
    public async Task A_question_is_answered_from_blocks_and_few_changes()
    {
        await cups.Happen(256);
        await CatchUp();
        await new Checkpoints(database, Bar, Grid).CatchUp(default);
        await Run("delete from crm.coffee_sales_changes_v1 where position < 240");

        // Business time past every block and knowledge at the end of one: nothing is left to add up by hand.
        (await Ask(["state"], DateTimeOffset.MaxValue, 255, Relation)).ShouldBe(await Now());
    }

    [Fact]
    public async Task A_rebuild_starts_gathering_anew()
    {
        await cups.Happen(100);
        await CatchUp();
        await new Checkpoints(database, Bar, Grid).CatchUp(default);
        await Run("update crm.coffee_sales_blocks_v1 set amount = amount + 1");

        await new Rebuild(database, Bar, CoffeeBar.Types, eventsInAChunk: 5).Run(Gear.FlatOut, null, default);
        await SameAsPlain(["state"], cups.Moment(), 90);
        await new Checkpoints(database, Bar, Grid).CatchUp(default);
        await SameAsPlain(["state"], cups.Moment(), 90);
    }

    private async Task SameAsPlain(IReadOnlyList<string> columns, DateTimeOffset until, long position) =>
        (await Ask(columns, until, position, Relation)).ShouldBe(await Ask(columns, until, position, Plain), $"{until:o} as known at {position}");

    private static Task<string> Relation(NpgsqlCommand command, IReadOnlyList<string> columns, DateTimeOffset until, long position) =>
        new RewoundTotals(ModelTables.Of(Bar), Sales, Grid).Relation(command, "acme", [.. columns], until, position, default);

    private static Task<string> Plain(NpgsqlCommand command, IReadOnlyList<string> columns, DateTimeOffset until, long position)
    {
        command.Parameters.AddWithValue(until);
        command.Parameters.AddWithValue(position);
        return Task.FromResult("(select * from crm.coffee_sales_changes_v1 where tenant_id = 'acme' and at < $1 and position <= $2)");
    }

    private async Task<List<string>> Ask(
        IReadOnlyList<string> columns, DateTimeOffset until, long position, Func<NpgsqlCommand, IReadOnlyList<string>, DateTimeOffset, long, Task<string>> relation)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var snapshot = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead);
        await using var command = new NpgsqlCommand { Connection = connection };
        var rows = await relation(command, columns, until, position);
        var names = string.Join(", ", columns);
        command.CommandText = $"""
            select concat_ws(' ', {names}, sum(count), trim_scale(sum(amount))) from {rows} r
            group by {names} having sum(count) <> 0 or sum(amount) <> 0 order by 1
            """;
        return await command.Texts();
    }

    private async Task<List<string>> Now()
    {
        await using var command = database.CreateCommand("""
            select concat_ws(' ', state, sum(count), trim_scale(sum(amount))) from crm.coffee_sales group by state order by 1
            """);
        return await command.Texts();
    }

    private Task CatchUp() => new Follower(database, Bar, CoffeeBar.Types, new Wakeup()).CatchUp(null, default);

    private async Task<long> Number(string sql)
    {
        await using var command = database.CreateCommand(sql);
        return Convert.ToInt64(await command.ExecuteScalarAsync(), System.Globalization.CultureInfo.InvariantCulture);
    }

    private async Task Run(string sql)
    {
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
