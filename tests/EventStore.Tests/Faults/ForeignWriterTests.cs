using Crm.Support;
using Npgsql;
using Xunit.Abstractions;

namespace Crm.EventStore.Tests.Faults;

/// <summary>A Marten host and plain SQL write into the same tables as we do; nobody's event slips under a reader.</summary>
public sealed class ForeignWriterTests(ITestOutputHelper output) : IAsyncLifetime
{
    private CupStore crm = null!;

    public async Task InitializeAsync() => crm = await CupStore.New();

    public async Task DisposeAsync() => await crm.DisposeAsync();

    [Fact]
    public async Task Marten_hosts_and_we_write_side_by_side_on_the_same_streams()
    {
        var cups = Enumerable.Range(0, 5).Select(_ => Guid.CreateVersion7()).ToList();
        await using var follower = AtWork.Follower(crm.ConnectionString);
        var refused = 0;

        await Task.WhenAll([.. Enumerable.Range(0, 4).Select(Marten), .. Enumerable.Range(0, 4).Select(Ours)]).Soon();

        output.WriteLine($"{refused} calls were refused for their version and made again");
        (await crm.Count("mt_events")).ShouldBe(4 * 20 * 2 + 4 * 20);
        await crm.CheckAll();

        async Task Marten(int seed)
        {
            await using var marten = new ForeignWriter(crm.ConnectionString);
            var random = new Random(seed);
            for (var i = 0; i < 20; i++)
            {
                await Retried(random, (cup, version) => marten.QuickAppend(cup, version, events: 2));
            }
        }

        async Task Ours(int seed)
        {
            var random = new Random(100 + seed);
            for (var i = 0; i < 20; i++)
            {
                await Retried(random, (cup, version) => crm.Append(CupStore.To(cup, version, new CupRepriced(seed))));
            }
        }

        async Task Retried(Random random, Func<Guid, long, Task> append)
        {
            var cup = cups[random.Next(cups.Count)];
            while (true)
            {
                try
                {
                    await append(cup, await crm.Ask<long>($"select coalesce((select version from mt_streams where id = '{cup}'), 0)"));
                    return;
                }
                catch (Exception error) when (error is VersionConflict or PostgresException { SqlState: "MT003" })
                {
                    Interlocked.Increment(ref refused);
                }
            }
        }
    }

    [Fact]
    public async Task A_refused_Marten_call_says_why_and_draws_no_number()
    {
        await using var marten = new ForeignWriter(crm.ConnectionString);
        var cup = Guid.CreateVersion7();
        (await marten.QuickAppend(cup, expected: 0, events: 3)).ShouldBe([3, 1, 2, 3]);
        (await marten.QuickAppend(cup, expected: null, events: 1)).ShouldBe([4, 4]);

        (await Should.ThrowAsync<PostgresException>(() => marten.QuickAppend(cup, expected: 3, events: 1))).SqlState.ShouldBe("MT003");
        await crm.Run("update mt_streams set is_archived = true");
        (await Should.ThrowAsync<PostgresException>(() => marten.QuickAppend(cup, expected: 4, events: 1))).SqlState.ShouldBe("MT001");

        (await crm.LastDrawn()).ShouldBe(4);
        await Should.ThrowAsync<StreamArchived>(() => crm.Append(CupStore.To(cup, 4, new CupDrunk())));
        (await crm.LastDrawn()).ShouldBe(4);
    }

    [Fact]
    public async Task A_number_drawn_early_and_written_late_is_refused_and_its_retry_is_not_missed()
    {
        await using var follower = AtWork.Follower(crm.ConnectionString);
        await using var hand = new ForeignWriter(crm.ConnectionString);
        await crm.Order(cups: 10);
        await hand.Run("begin");
        var early = await hand.Draw();

        await crm.Order(cups: 100);
        await crm.CaughtUp();
        var late = await Should.ThrowAsync<PostgresException>(() => hand.Insert(Guid.CreateVersion7(), early, "late"));
        await hand.Run("rollback");

        late.SqlState.ShouldBe(PostgresErrorCodes.SerializationFailure);
        await hand.Insert(Guid.CreateVersion7(), await hand.Draw(), "again");
        await crm.Order(cups: 10);
        (await crm.Count("mt_events")).ShouldBe(121);
        await crm.CheckAll();
        (await crm.Count("crm.coffee_bar where drink = 'again'")).ShouldBe(1);
    }

    [Fact]
    public async Task A_writer_that_hangs_before_its_commit_holds_us_up_and_makes_nobody_skip()
    {
        await using var follower = AtWork.Follower(crm.ConnectionString);
        await using var hand = new ForeignWriter(crm.ConnectionString);
        await crm.Order(cups: 10);
        await hand.Run("begin");
        await hand.Insert(Guid.CreateVersion7(), await hand.Draw(), "slow");

        var ours = crm.Order(cups: 20);
        await Patience.Until("our append waits for the lane", () => crm.Ask<bool>("select exists (select from pg_locks where locktype = 'advisory' and not granted)"));
        await crm.CaughtUp();
        ours.IsCompleted.ShouldBeFalse();
        (await crm.Count("crm.coffee_bar")).ShouldBe(10);

        await hand.Run("commit");
        await ours;
        (await crm.Count("mt_events")).ShouldBe(31);
        await crm.CheckAll();
    }

    [Fact]
    public async Task A_writer_that_hangs_for_longer_than_we_wait_costs_an_answer_and_no_write()
    {
        await using var impatient = await CupStore.New(patience: TimeSpan.FromSeconds(1));
        await using var follower = AtWork.Follower(impatient.ConnectionString);
        await using var hand = new ForeignWriter(impatient.ConnectionString);
        await hand.Run("begin");
        await hand.Insert(Guid.CreateVersion7(), await hand.Draw(), "very slow");

        await Should.ThrowAsync<StoreUnavailable>(() => impatient.Append(CupStore.Ordering(Guid.CreateVersion7(), "tea", "k1")).Soon());
        await hand.Run("commit");

        (await impatient.Append(CupStore.Ordering(Guid.CreateVersion7(), "tea", "k1")).Soon()).Replayed.ShouldBeFalse();
        (await impatient.Count("mt_events")).ShouldBe(2);
        await impatient.CheckAll();
    }

    [Fact]
    public async Task A_writer_that_locks_our_stream_before_the_lane_costs_one_of_us_a_retry()
    {
        await using var hand = new ForeignWriter(crm.ConnectionString);
        var cup = Guid.CreateVersion7();
        await crm.Append(CupStore.Ordering(cup, "tea"));
        await hand.Run("begin");
        await hand.Run($"select from mt_streams where id = '{cup}' for update");

        var ours = crm.Append(CupStore.To(cup, 1, new CupDrunk()));
        await Patience.Until("our append waits for the stream", () => crm.Ask<bool>("select exists (select from pg_locks where locktype = 'transactionid' and not granted)"));
        var theirs = await Outcome(async () =>
        {
            await hand.Run($"update mt_streams set version = 2 where id = '{cup}'");
            await hand.InsertEvent(cup, 2, await hand.Draw(), "espresso");
            await hand.Run("commit");
        });

        var outcomes = new[] { theirs, await Outcome(() => ours.Soon()) };
        output.WriteLine(string.Join(" · ", outcomes.Select(o => o is null ? "written" : o.GetType().Name)));
        outcomes.Count(o => o is null).ShouldBe(1);
        outcomes.Single(o => o is not null).ShouldBeOfType(theirs is null ? typeof(VersionConflict) : typeof(PostgresException));
        await hand.Run("rollback");
        (await crm.Count("mt_events")).ShouldBe(2);
        await Checker.CheckEvents(crm.Database);
    }

    [Fact]
    public async Task A_writer_that_changes_our_stream_first_is_in_the_lane_from_then_on()
    {
        await using var hand = new ForeignWriter(crm.ConnectionString);
        var cup = Guid.CreateVersion7();
        await crm.Append(CupStore.Ordering(cup, "tea"));
        await hand.Run("begin");
        await hand.Run($"update mt_streams set version = 2 where id = '{cup}'");

        var ours = crm.Append(CupStore.To(cup, 1, new CupDrunk()));
        await Patience.Until("our append waits for the lane", () => crm.Ask<bool>("select exists (select from pg_locks where locktype = 'advisory' and not granted)"));
        await hand.InsertEvent(cup, 2, await hand.Draw(), "espresso");
        await hand.Run("commit");

        await Should.ThrowAsync<VersionConflict>(() => ours.Soon());
        (await crm.Count("mt_events")).ShouldBe(2);
        await Checker.CheckEvents(crm.Database);
    }

    private static async Task<Exception?> Outcome(Func<Task> work)
    {
        try
        {
            await work();
            return null;
        }
        catch (Exception error) when (error is VersionConflict or PostgresException)
        {
            return error;
        }
    }
}
