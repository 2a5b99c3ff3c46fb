using Crm.EventModel;
using Crm.EventStore.ReadModels;
using Crm.Support;
using Npgsql;

namespace Crm.EventStore.Tests;

public sealed class FollowerTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Monday = new(2026, 11, 16, 9, 0, 0, TimeSpan.Zero);
    private static readonly CoffeeBar Bar = new();
    private NpgsqlDataSource database = null!;
    private Store store = null!;

    public async Task InitializeAsync()
    {
        database = NpgsqlDataSource.Create(await TestCluster.NewDatabase());
        await Migrator.Migrate(database, default);
        await new ReadModelSet(database, [Bar]).Create(default);
        store = await Store.Open(database, CoffeeBar.Types, StoreSettings.Default, default);
    }

    public async Task DisposeAsync()
    {
        await store.DisposeAsync();
        await database.DisposeAsync();
    }

    [Fact]
    public async Task Rows_totals_and_history_follow_the_events()
    {
        var cup = Guid.CreateVersion7();
        await Happen(cup, 0, (new CupOrdered("latte", 4m, ["oat"]), Monday), (new CupDrunk(), Monday.AddHours(1)));

        await CatchUp();

        (await database.Texts("select concat_ws(' ', drink, price, drunk, extras) from crm.coffee_bar")).ShouldBe(["latte 4 t {oat}"]);
        (await database.Texts("select concat_ws(' ', drink, state, count, amount) from crm.coffee_sales")).ShouldBe(["latte drunk 1 4"]);
        (await database.Texts("select concat_ws(' ', at at time zone 'UTC', drunk) from crm.coffee_bar_history order by at"))
            .ShouldBe(["2026-11-16 09:00:00 f", "2026-11-16 10:00:00 t"]);
    }

    [Fact]
    public async Task A_back_dated_fact_changes_what_is_known_and_leaves_what_was_known()
    {
        var cup = Guid.CreateVersion7();
        await Happen(cup, 0, (new CupOrdered("latte", 4m, []), Monday), (new CupDrunk(), Monday.AddHours(2)));
        await CatchUp();
        var before = (await store.Head(default)).Position;
        await Happen(cup, 2, (new CupRepriced(5m), Monday.AddHours(1)));
        await CatchUp();

        (await AsOf(Monday.AddMinutes(90), long.MaxValue)).ShouldBe(["open 1 5"]);
        (await AsOf(Monday.AddMinutes(90), before)).ShouldBe(["open 1 4"]);
        (await AsOf(Monday.AddHours(3), long.MaxValue)).ShouldBe(["drunk 1 5"]);
        (await AsOf(Monday, long.MaxValue)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_correction_restates_the_fact_that_it_names()
    {
        var cup = Guid.CreateVersion7();
        await Happen(cup, 0, (new CupOrdered("latte", 4m, []), Monday), (new CupDrunk(), Monday.AddHours(2)));
        var ordered = (await store.ReadStream("acme", cup, null, default))[0].EventId;
        await CatchUp();
        await Happen(cup, 2, (new PriceCorrected(ordered, 3m), Monday.AddDays(9)));
        await CatchUp();

        (await AsOf(Monday.AddHours(1), long.MaxValue)).ShouldBe(["open 1 3"]);
        (await database.Texts("select price::text from crm.coffee_bar")).ShouldBe(["3"]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public async Task Page_sizes_make_no_difference(int pageSize)
    {
        await HappenAtRandom(seed: 20261122, cups: 12, facts: 160);
        await CatchUp();
        var whole = await Everything();

        await database.CreateCommand("truncate crm.coffee_bar_v1, crm.coffee_bar_history_v1, crm.coffee_sales_v1, crm.coffee_sales_changes_v1, mt_event_progression")
            .ExecuteNonQueryAsync();
        await CatchUp(pageSize);

        (await Everything()).ShouldBe(whole);
    }

    [Fact]
    public async Task Any_past_moment_equals_a_plain_fold_of_what_was_known()
    {
        await HappenAtRandom(seed: 7, cups: 10, facts: 150);
        await CatchUp(pageSize: 40);
        var all = await store.ReadOn(0, 1000, default);
        var random = new Random(11);

        for (var i = 0; i < 40; i++)
        {
            var known = all[random.Next(all.Count)].Position;
            var moment = Monday.AddMinutes(random.Next(0, 3000));

            (await AsOf(moment, known)).ShouldBe(PlainFold(all.Where(e => e.Position <= known), moment), $"at {moment:o} as known at {known}");
        }
    }

    [Fact]
    public async Task A_poison_event_stops_its_model_where_it_stands_until_somebody_decides()
    {
        var cup = Guid.CreateVersion7();
        await Happen(cup, 0, (new CupOrdered("latte", 4m, []), Monday), (new CupRepriced(-1m), Monday.AddHours(1)), (new CupDrunk(), Monday.AddHours(2)));
        await CatchUp();

        var set = new ReadModelSet(database, [Bar]);
        var stop = (await set.Status(default)).Single().Stop.ShouldNotBeNull();
        stop.EventType.ShouldBe("cup_repriced");
        (await database.Texts("select drunk::text from crm.coffee_bar")).ShouldBe(["false"]);

        (await set.Resume(Bar, "a slip of the keyboard", default)).ShouldBeTrue();
        await CatchUp();
        (await database.Texts("select drunk::text from crm.coffee_bar")).ShouldBe(["true"]);
    }

    [Fact]
    public async Task A_model_that_is_ahead_of_the_store_stops_and_says_so()
    {
        await database.CreateCommand("insert into mt_event_progression (name, last_seq_id) values ('coffee_bar:All', 99)").ExecuteNonQueryAsync();

        await CatchUp();

        (await new ReadModelSet(database, [Bar]).Status(default)).Single().Stop!.Error.ShouldContain("set back");
    }

    [Fact]
    public async Task A_running_follower_sees_what_another_process_appends()
    {
        var wakeup = new Wakeup();
        using var end = new CancellationTokenSource();
        var following = Task.WhenAll(wakeup.Listen(database, end.Token), New(wakeup: wakeup).Run(end.Token));

        await Happen(Guid.CreateVersion7(), 0, (new CupOrdered("mocha", 5m, []), Monday));
        var head = (await store.Head(default)).Position;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while ((await new ReadModelSet(database, [Bar]).Status(patience.Token)).Single().Position < head)
        {
            await Task.Yield();
        }

        (await database.Texts("select drink from crm.coffee_bar")).ShouldBe(["mocha"]);
        await end.CancelAsync();
        await following;
    }

    private Follower New(int pageSize = Follower.PageSize, Wakeup? wakeup = null) =>
        new(database, Bar, CoffeeBar.Types, wakeup ?? new Wakeup(), pageSize);

    private Task CatchUp(int pageSize = Follower.PageSize) => New(pageSize).CatchUp(null, default);

    private Task Happen(Guid cup, long expected, params (object Fact, DateTimeOffset At)[] facts) => store.Append(new AppendRequest("acme",
        [new StreamAppend(cup, "cup", expected, [.. facts.Select(f => new NewEvent(Guid.CreateVersion7(), f.Fact, f.At, new Metadata()))])]), default);

    private Task HappenAtRandom(int seed, int cups, int facts) => new RandomCups(store, seed, cups, TimeSpan.FromDays(2)).Happen(facts);

    // Written apart from the product: what each cup was at a moment, from the facts known, and what that adds up to.
    private static List<string> PlainFold(IEnumerable<Recorded> known, DateTimeOffset moment)
    {
        var sums = new SortedDictionary<string, (int Count, decimal Amount)>(StringComparer.Ordinal);
        foreach (var cup in known.GroupBy(e => e.StreamId))
        {
            var prices = cup.Where(e => e.Data is PriceCorrected).Select(e => (PriceCorrected)e.Data).GroupBy(c => c.EventId).ToDictionary(g => g.Key, g => g.Last().Price);
            (string? Drink, decimal Price, bool Drunk)? now = null;
            foreach (var e in cup.Where(e => e.OccurredAt < moment).OrderBy(e => e.OccurredAt).ThenBy(e => e.Version))
            {
                var price = prices.TryGetValue(e.EventId, out var corrected) ? corrected : (decimal?)null;
                var was = now ?? (null, 0m, false);
                now = e.Data switch
                {
                    CupOrdered x => (x.Drink, price ?? x.Price, was.Drunk),
                    CupRepriced x => (was.Drink, price ?? x.Price, was.Drunk),
                    CupDrunk => (was.Drink, was.Price, true),
                    CupSpilt => null,
                    _ => now
                };
            }

            if (now is { } last)
            {
                var group = last.Drunk ? "drunk" : "open";
                var sum = sums.GetValueOrDefault(group);
                sums[group] = (sum.Count + 1, sum.Amount + last.Price);
            }
        }

        return [.. sums.Select(s => $"{s.Key} {s.Value.Count} {s.Value.Amount / 1.0000000000m}")];
    }

    private Task<List<string>> AsOf(DateTimeOffset moment, long position) => database.Texts($"""
        select concat_ws(' ', state, sum(count), trim_scale(sum(amount))) from crm.coffee_sales_changes
        where at < '{moment:o}' and position <= {position} group by state having sum(count) <> 0 order by state collate "C"
        """);

    private async Task<string> Everything() => string.Join('\n', await database.Texts("""
        select md5(string_agg(x::text, E'\n' order by x::text)) from crm.coffee_bar x union all
        select md5(string_agg(x::text, E'\n' order by x::text)) from crm.coffee_bar_history x union all
        select md5(string_agg(x::text, E'\n' order by x::text)) from crm.coffee_sales x union all
        select md5(string_agg(x::text, E'\n' order by x::text)) from crm.coffee_sales_changes x
        """));
}
