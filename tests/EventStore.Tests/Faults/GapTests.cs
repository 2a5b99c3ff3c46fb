using Crm.Support;
using Xunit.Abstractions;

namespace Crm.EventStore.Tests.Faults;

/// <summary>Missing numbers and other people's transactions are no reason to wait.</summary>
public sealed class GapTests(ITestOutputHelper output) : IAsyncLifetime
{
    private static readonly TimeSpan Promptly = TimeSpan.FromSeconds(2);
    private CupStore crm = null!;

    public async Task InitializeAsync() => crm = await CupStore.New();

    public async Task DisposeAsync() => await crm.DisposeAsync();

    [Fact]
    public async Task Five_hundred_losers_draw_no_number()
    {
        await using var follower = AtWork.Follower(crm.ConnectionString);
        var cup = Guid.CreateVersion7();
        await crm.Append(CupStore.Ordering(cup, "tea"));

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 501).Select(i =>
            crm.Append(CupStore.To(cup, 1, new CupRepriced(i))).ContinueWith(t => t.Exception?.InnerException is VersionConflict))).Soon();

        outcomes.Count(lost => lost).ShouldBe(500);
        (await crm.LastDrawn()).ShouldBe(2);
        await crm.CheckAll();
    }

    [Fact]
    public async Task Numbers_that_were_drawn_and_rolled_back_hold_nobody_up()
    {
        await using var hand = new ForeignWriter(crm.ConnectionString);
        await Waste(hand, 40);                                      // at zero
        await crm.Order(cups: 3);
        await using (AtWork.Follower(crm.ConnectionString))
        {
            await crm.CaughtUp();
        }

        await Waste(hand, 500);                                     // at the cursor, while nobody follows
        await crm.Order(cups: 3);
        await using var follower = AtWork.Follower(crm.ConnectionString);
        var took = await crm.CaughtUp(Promptly);
        await Waste(hand, 500);                                     // at the head

        output.WriteLine($"reached the head over 500 lost numbers in {took.TotalMilliseconds:0} ms");
        (await crm.Ask<long>("select max(seq_id) from mt_events")).ShouldBe(40 + 3 + 500 + 3);
        await crm.CheckAll();
    }

    [Fact]
    public async Task Open_transactions_of_other_people_hold_no_follower_up()
    {
        await using var follower = AtWork.Follower(crm.ConnectionString);
        await crm.CaughtUp();
        await using var reader = new ForeignWriter(crm.ConnectionString);
        await using var writer = new ForeignWriter(crm.ConnectionString);
        await using var elsewhere = new ForeignWriter(await TestCluster.NewDatabase());
        await reader.Run("begin isolation level repeatable read; select count(*) from mt_events");
        await writer.Run("begin; select pg_current_xact_id(); create table z (n int); select nextval('mt_events_sequence')");
        await elsewhere.Run("begin; create table z (n int); insert into z values (1)");

        await crm.Order(cups: 200);
        var took = await crm.CaughtUp(Promptly);

        output.WriteLine($"reached the head beside three open transactions in {took.TotalMilliseconds:0} ms");
        (await crm.Count("crm.coffee_bar")).ShouldBe(200);
        await Checker.CheckCups(crm.Database);
    }

    private static async Task Waste(ForeignWriter hand, int numbers)
    {
        await hand.Run("begin");
        await hand.Run($"select count(nextval('mt_events_sequence')) from generate_series(1, {numbers})");
        await hand.Run("rollback");
    }
}
