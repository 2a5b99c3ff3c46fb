using System.Diagnostics;
using Crm.Support;
using Xunit.Abstractions;

namespace Crm.EventStore.Tests.Faults;

/// <summary>Between PostgreSQL and us anything may get lost; what is asked for happens once all the same.</summary>
public sealed class LostAnswerTests(ITestOutputHelper output) : IAsyncLifetime
{
    private static readonly TimeSpan ShortPatience = TimeSpan.FromSeconds(2);
    private Proxy proxy = null!;
    private CupStore crm = null!;

    public async Task InitializeAsync()
    {
        var database = await TestCluster.NewDatabase();
        proxy = Proxy.Before(database);
        crm = await CupStore.On(database, through: proxy.ConnectionString, ShortPatience);
        await crm.Order(cups: 1);
    }

    public async Task DisposeAsync()
    {
        await crm.DisposeAsync();
        await proxy.DisposeAsync();
    }

    [Theory]
    [InlineData(Loss.Answer, "k1")]
    [InlineData(Loss.Answer, null)]
    [InlineData(Loss.AnswerByReset, "k1")]
    [InlineData(Loss.AnswerByReset, null)]
    [InlineData(Loss.Call, "k1")]
    [InlineData(Loss.Call, null)]
    [InlineData(Loss.MidCall, "k1")]
    [InlineData(Loss.MidCall, null)]
    public async Task A_line_that_breaks_costs_the_caller_nothing(Loss loss, string? key)
    {
        var cup = Guid.CreateVersion7();
        var lost = proxy.Lose(loss);

        var answer = await crm.Append(CupStore.Ordering(cup, "tea", key)).Soon();

        await lost.Soon();
        output.WriteLine($"{loss}: {(answer.Replayed ? "had been carried out" : "was carried out at the second try")}");
        answer.Streams.ShouldBe([(cup, 1L)]);
        answer.Status.ShouldBe((short)201);
        answer.Position.ShouldBe(await crm.Ask<long>($"select seq_id from mt_events where stream_id = '{cup}'"));
        if (loss is not Loss.MidCall)
        {
            answer.Replayed.ShouldBe(loss is not Loss.Call);
        }

        await TakesTheNext(cup);
        (await crm.Count("mt_events")).ShouldBe(3);
    }

    [Fact]
    public async Task A_whole_group_whose_answer_is_lost_is_resolved_request_by_request()
    {
        var lost = proxy.Lose(Loss.Answer);
        var cups = Enumerable.Range(0, 60).Select(i => (Id: Guid.CreateVersion7(), Key: i % 2 == 0 ? $"k{i}" : null)).ToList();

        var answers = await Task.WhenAll(cups.Select(cup => crm.Append(CupStore.Ordering(cup.Id, "tea", cup.Key)))).Soon();

        await lost.Soon();
        output.WriteLine($"{answers.Count(a => a.Replayed)} of 60 had been carried out before the line broke");
        answers.Select(a => a.Streams.Single()).ShouldBe(cups.Select(cup => (cup.Id, 1L)));
        (await crm.Count("mt_events")).ShouldBe(61);
        await Checker.CheckEvents(crm.Database);
    }

    [Theory]
    [InlineData("k1")]
    [InlineData(null)]
    public async Task A_line_that_goes_silent_is_given_up_and_the_repeat_gets_the_first_answer(string? key)
    {
        var request = CupStore.Ordering(Guid.CreateVersion7(), "tea", key);
        var lost = proxy.Lose(Loss.Silence);
        var clock = Stopwatch.StartNew();

        await Should.ThrowAsync<StoreUnavailable>(() => crm.Append(request).Soon());
        var answer = await crm.Append(request).Soon();

        await lost.Soon();
        output.WriteLine($"resolved after {clock.Elapsed.TotalSeconds:0.0} s");
        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(10));
        answer.Replayed.ShouldBeTrue();
        await TakesTheNext(request.Streams[0].Stream);
        (await crm.Count("mt_events")).ShouldBe(3);
    }

    [Fact]
    public async Task A_first_try_that_arrives_after_its_repeat_writes_nothing_more()
    {
        var keyed = CupStore.Ordering(Guid.CreateVersion7(), "tea", "k1");
        proxy.Freeze();
        await Should.ThrowAsync<StoreUnavailable>(() => crm.Append(keyed).Soon());
        await using (var otherNode = await CupStore.On(crm.ConnectionString))
        {
            (await otherNode.Append(keyed with { Streams = CupStore.Ordering(Guid.CreateVersion7(), "tea").Streams })).Replayed.ShouldBeFalse();
        }

        proxy.Thaw();
        (await crm.Append(keyed).Soon()).Replayed.ShouldBeTrue();

        (await crm.Count("mt_events")).ShouldBe(2);
        await Checker.CheckEvents(crm.Database);
    }

    [Fact]
    public async Task The_store_is_back_within_seconds_after_nothing_passed_for_a_while()
    {
        proxy.Freeze();
        var given = await Task.WhenAll(Enumerable.Range(0, 20).Select(i =>
            crm.Append(CupStore.Ordering(Guid.CreateVersion7(), "tea", $"k{i}")).ContinueWith(t => t.Exception?.InnerException))).Soon();
        given.ShouldAllBe(error => error is StoreUnavailable);

        proxy.Thaw();
        var clock = Stopwatch.StartNew();
        await Patience.Until("an append is taken", async () =>
        {
            try
            {
                await crm.Append(CupStore.Ordering(Guid.CreateVersion7(), "tea", "k0")).Soon();
                return true;
            }
            catch (StoreUnavailable)
            {
                return false;
            }
        });

        output.WriteLine($"back after {clock.Elapsed.TotalSeconds:0.0} s");
        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(5));
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => crm.Append(CupStore.Ordering(Guid.CreateVersion7(), "tea", $"k{i}")))).Soon();
        (await crm.Count("mt_events")).ShouldBe(21);
    }

    private async Task TakesTheNext(Guid cup)
    {
        (await crm.Append(CupStore.To(cup, 1, new CupDrunk())).Soon()).Replayed.ShouldBeFalse();
        await Checker.CheckEvents(crm.Database);
    }
}
