using Npgsql;
using static Crm.EventStore.Tests.StoreFixture;

namespace Crm.EventStore.Tests;

/// <summary>A made-up past, played into an empty store; at any other moment nobody sets the time of recording.</summary>
public sealed class PlayTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Begin = new(2024, 3, 1, 9, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Until = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private StoreFixture store = null!;

    public async Task InitializeAsync() => store = await New();

    public async Task DisposeAsync() => await store.DisposeAsync();

    [Fact]
    public async Task Facts_are_recorded_at_their_own_times_in_the_order_of_these()
    {
        (await store.Store.Play.Begin(Until, default)).ShouldBe(Until);
        var (first, second) = (Guid.CreateVersion7(), Guid.CreateVersion7());

        var appended = await store.Append(new AppendRequest(Tenant,
        [
            new StreamAppend(first, "coffee", 0, [Cup(Begin), Cup(Begin.AddDays(2))]),
            new StreamAppend(second, "coffee", 0, [Cup(Begin.AddDays(1)), Cup(Begin.AddDays(3))])
        ]));
        await store.Append(new AppendRequest(Tenant, [new StreamAppend(second, "coffee", 2, [Cup(Begin)])]));

        var all = await store.Store.ReadOn(0, 10, default);
        all.Select(e => (e.StreamId, e.Version)).ShouldBe([(first, 1L), (second, 1L), (first, 2L), (second, 2L), (second, 3L)]);
        all.Select(e => e.RecordedAt).ShouldBe([Begin, Begin.AddDays(1), Begin.AddDays(2), Begin.AddDays(3), Begin.AddDays(3).AddMicroseconds(1)]);
        (appended.Position, appended.RecordedAt).ShouldBe((4, Begin.AddDays(3)));
        (await store.Store.PositionAt(Begin.AddDays(2), default)).ShouldBe(2);
    }

    [Fact]
    public async Task A_play_that_was_cut_off_goes_on_up_to_what_it_was_begun_with()
    {
        await store.Store.Play.Begin(Until, default);
        await Played(Begin);

        (await store.Store.Play.Begin(Until.AddDays(5), default)).ShouldBe(Until);
        await Played(Begin.AddDays(1));
        await Refused(Until);
    }

    [Fact]
    public async Task Without_a_play_a_time_from_outside_is_refused() => await Refused(Begin);

    [Fact]
    public async Task A_store_that_holds_something_is_no_stage()
    {
        await store.Append(Guid.CreateVersion7(), 0, new CoffeeOrdered("tea", 2));

        (await store.Store.Play.Begin(Until, default)).ShouldBeNull();
        await Refused(Begin);
    }

    [Fact]
    public async Task No_play_reaches_into_the_future()
    {
        (await store.Store.Play.Begin(DateTimeOffset.UtcNow.AddHours(1), default)).ShouldBeNull();
        await Refused(Begin);
    }

    [Fact]
    public async Task Once_ended_it_is_over_for_good()
    {
        await store.Store.Play.Begin(Until, default);
        await Played(Begin);
        await store.Store.Play.End(default);

        await Refused(Begin.AddDays(1));
        (await store.Store.Play.Begin(Until, default)).ShouldBeNull();
    }

    [Fact]
    public async Task The_first_fact_that_is_recorded_now_ends_it()
    {
        await store.Store.Play.Begin(Until, default);
        await Played(Begin);
        var now = await store.Append(Guid.CreateVersion7(), 0, new CoffeeOrdered("tea", 2));

        now.RecordedAt.ShouldBeGreaterThan(Until);
        await Refused(Begin.AddDays(1));
    }

    [Fact]
    public async Task So_does_a_foreign_writer()
    {
        await store.Store.Play.Begin(Until, default);
        await Played(Begin);
        await store.Run($"select mt_quick_append_events('{Guid.CreateVersion7()}', 'coffee', '{Tenant}', array['{Guid.CreateVersion7()}'::uuid], " +
            "array['coffee_served'], array['x'], array['{}'::jsonb], array[null::bytea], array[null], array[null], array['{}'::jsonb], array[null], array[now()])");

        (await store.Store.Head(default)).Stamp.ShouldBeGreaterThan(Until);
        await Refused(Begin.AddDays(1));
    }

    private static NewEvent Cup(DateTimeOffset recordedAt) => Event(new CoffeeServed(1), recordedAt) with { RecordedAt = recordedAt };

    private Task<Appended> Played(DateTimeOffset at) =>
        store.Append(new AppendRequest(Tenant, [new StreamAppend(Guid.CreateVersion7(), "coffee", 0, [Cup(at)])]));

    // By the function in the database itself.
    private async Task Refused(DateTimeOffset at)
    {
        var events = await store.Count("mt_events");
        (await Should.ThrowAsync<PostgresException>(() => Played(at))).SqlState.ShouldBe("22023");
        (await store.Count("mt_events")).ShouldBe(events);
    }
}
