namespace Crm.EventStore.Tests;

public sealed class AppendTests : IAsyncLifetime
{
    private static readonly Guid Cup = Guid.Parse("0198a5f0-0000-7000-8000-000000000001");
    private static readonly Guid OtherCup = Guid.Parse("0198a5f0-0000-7000-8000-000000000002");
    private StoreFixture crm = null!;

    public async Task InitializeAsync() => crm = await StoreFixture.New();

    public async Task DisposeAsync() => await crm.DisposeAsync();

    [Fact]
    public async Task What_was_appended_is_read_back()
    {
        var yesterday = new DateTimeOffset(2026, 11, 20, 9, 30, 0, TimeSpan.Zero);
        await crm.Append(new AppendRequest(StoreFixture.Tenant, [new StreamAppend(Cup, "coffee", 0,
            [StoreFixture.Event(new CoffeeOrdered("拿铁 ☕", 4.50m), yesterday), StoreFixture.Event(new CoffeeServed(3))])]));

        var events = await crm.Store.ReadStream(StoreFixture.Tenant, Cup, null, default);

        events.Select(e => e.Data).ShouldBe([new CoffeeOrdered("拿铁 ☕", 4.50m), new CoffeeServed(3)]);
        events.Select(e => e.Version).ShouldBe([1, 2]);
        events[0].OccurredAt.ShouldBe(yesterday);
        events[1].OccurredAt.ShouldBe(events[1].RecordedAt);
        events[1].RecordedAt.ShouldBeGreaterThan(events[0].RecordedAt);
        events[0].Metadata.Actor.ShouldBe("rep-1");
    }

    [Fact]
    public async Task A_stream_that_moved_on_refuses_and_names_its_version()
    {
        await crm.Append(Cup, 0, new CoffeeServed(1));

        var conflict = await Should.ThrowAsync<VersionConflict>(() => crm.Append(Cup, 0, new CoffeeServed(2)));

        conflict.Actual.ShouldBe(1);
        (await crm.Count("mt_events")).ShouldBe(1);
    }

    [Fact]
    public async Task The_right_version_with_another_last_event_is_a_conflict_too()
    {
        await crm.Append(Cup, 0, new CoffeeServed(1));

        await Should.ThrowAsync<VersionConflict>(() => crm.Append(new AppendRequest(StoreFixture.Tenant,
            [new StreamAppend(Cup, "coffee", 1, [StoreFixture.Event(new CoffeeServed(2))], LastEvent: Guid.NewGuid())])));
    }

    [Fact]
    public async Task Several_streams_go_together_or_not_at_all()
    {
        await crm.Append(OtherCup, 0, new CoffeeServed(1));
        var both = new AppendRequest(StoreFixture.Tenant,
        [
            new StreamAppend(Cup, "coffee", 0, [StoreFixture.Event(new CoffeeServed(2))]),
            new StreamAppend(OtherCup, "coffee", 0, [StoreFixture.Event(new CoffeeServed(3))])
        ]);

        await Should.ThrowAsync<VersionConflict>(() => crm.Append(both));

        (await crm.Store.ReadStream(StoreFixture.Tenant, Cup, null, default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Two_tenants_may_share_a_stream_id()
    {
        await crm.Append(Cup, 0, new CoffeeServed(1));
        await crm.Append(StoreFixture.To(Cup, 0, new CoffeeServed(2)) with { Tenant = "globex" });

        (await crm.Store.ReadStream("globex", Cup, null, default)).Single().Data.ShouldBe(new CoffeeServed(2));
    }

    [Fact]
    public async Task The_same_key_gets_the_first_answer_and_writes_nothing()
    {
        var first = await crm.Append(Keyed("k1", Cup));
        var again = await crm.Append(Keyed("k1", OtherCup));

        again.ShouldBe(first with { Replayed = true, Streams = again.Streams, RecordedAt = again.RecordedAt });
        again.Streams.ShouldBe([(Cup, 1L)]);
        (await crm.Count("mt_events")).ShouldBe(1);
    }

    [Fact]
    public async Task The_same_key_for_something_else_is_refused() =>
        await crm.Append(Keyed("k1", Cup)).ContinueWith(_ =>
            Should.ThrowAsync<KeyReused>(() => crm.Append(Keyed("k1", OtherCup, fingerprint: 9)))).Unwrap();

    [Fact]
    public async Task Fifty_at_once_with_one_key_write_once_and_get_one_answer()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => crm.Append(Keyed("k1", Guid.CreateVersion7()))));

        answers.Select(a => a.Streams.Single()).Distinct().Count().ShouldBe(1);
        answers.Count(a => !a.Replayed).ShouldBe(1);
        (await crm.Count("mt_events")).ShouldBe(1);
    }

    [Fact]
    public async Task A_request_that_says_nothing_new_is_remembered_all_the_same()
    {
        var nothing = new AppendRequest(StoreFixture.Tenant, [new StreamAppend(Cup, "coffee", 0, [])], new IdempotencyKey("s", "k", [1]));

        (await crm.Append(nothing)).Replayed.ShouldBeFalse();
        (await crm.Append(nothing)).Replayed.ShouldBeTrue();
        (await crm.Count("mt_streams")).ShouldBe(0);
    }

    [Fact]
    public async Task One_holder_a_claim_until_it_is_released()
    {
        var take = new Claim("phone", "h1", Cup);
        await crm.Append(StoreFixture.To(Cup, 0, new CoffeeServed(1)) with { Claims = [take] });

        var taken = await Should.ThrowAsync<ClaimTaken>(() =>
            crm.Append(StoreFixture.To(OtherCup, 0, new CoffeeServed(1)) with { Claims = [take with { Stream = OtherCup }] }));
        taken.Holder.ShouldBe(Cup);

        await crm.Append(StoreFixture.To(Cup, 1, new CoffeeServed(2)) with { Claims = [take with { Take = false }] });
        await crm.Append(StoreFixture.To(OtherCup, 0, new CoffeeServed(1)) with { Claims = [take with { Stream = OtherCup }] });
        (await crm.Store.Holder(StoreFixture.Tenant, "phone", "h1", default)).ShouldBe(OtherCup);
    }

    [Fact]
    public async Task Fifty_claimants_at_once_and_exactly_one_wins()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 50).Select(async i =>
        {
            var cup = Guid.CreateVersion7();
            try
            {
                await crm.Append(StoreFixture.To(cup, 0, new CoffeeServed(i)) with { Claims = [new Claim("slot", "1", cup)] });
                return true;
            }
            catch (ClaimTaken)
            {
                return false;
            }
        }));

        outcomes.Count(won => won).ShouldBe(1);
        (await crm.Count("mt_events")).ShouldBe(1);
    }

    [Fact]
    public async Task A_request_that_the_database_cannot_take_fails_alone()
    {
        // NUL has no place in jsonb: the whole group fails, and is halved until the guilty one stands alone.
        var requests = Enumerable.Range(0, 40)
            .Select(i => StoreFixture.To(Guid.CreateVersion7(), 0, new CoffeeOrdered(i == 17 ? "\0" : "tea", 1m))).ToList();

        var outcomes = await Task.WhenAll(requests.Select(r => crm.Append(r).ContinueWith(t => t.IsCompletedSuccessfully)));

        outcomes.Select((fine, i) => (fine, i)).Where(x => !x.fine).Select(x => x.i).ShouldBe([17]);
        (await crm.Count("mt_events")).ShouldBe(39);
    }

    [Fact]
    public async Task Stamps_rise_with_positions_and_versions_have_no_hole()
    {
        await Task.WhenAll(Enumerable.Range(0, 300).Select(async i =>
        {
            var cup = Guid.CreateVersion7();
            await crm.Append(cup, 0, new CoffeeServed(i), new CoffeeServed(i));
            await crm.Append(cup, 2, new CoffeeServed(i));
        }));

        (await crm.Count("mt_events")).ShouldBe(900);
        (await crm.Count("""
            (select timestamp <= lag(timestamp) over (order by seq_id) as falls from mt_events) x where falls
            """)).ShouldBe(0);
        (await crm.Count("""
            (select stream_id from mt_events group by stream_id having max(version) <> 3 or count(*) <> 3) x
            """)).ShouldBe(0);
        (await crm.Count("mt_streams s where version <> (select max(version) from mt_events e where e.stream_id = s.id)")).ShouldBe(0);
        (await crm.Count("crm.lane l where position = (select max(seq_id) from mt_events)")).ShouldBe(1);
    }

    [Fact]
    public async Task The_past_is_read_up_to_a_version_a_position_or_a_time()
    {
        var first = await crm.Append(Cup, 0, new CoffeeServed(1));
        var second = await crm.Append(Cup, 1, new CoffeeServed(2));
        await crm.Append(Cup, 2, new CoffeeServed(3));

        async Task<int> Read(ReadBound bound) => (await crm.Store.ReadStream(StoreFixture.Tenant, Cup, bound, default)).Count;

        (await Read(new ReadBound(Version: 1))).ShouldBe(1);
        (await Read(new ReadBound(Position: second.Position))).ShouldBe(2);
        (await crm.Store.PositionAt(second.RecordedAt, default)).ShouldBe(first.Position);
        (await crm.Store.PositionAt(second.RecordedAt.AddTicks(10), default)).ShouldBe(second.Position);
        (await crm.Store.PositionAt(first.RecordedAt.AddDays(-1), default)).ShouldBe(0);
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => crm.Store.PositionAt(DateTimeOffset.UtcNow.AddMinutes(1), default));
    }

    private static AppendRequest Keyed(string key, Guid stream, byte fingerprint = 1) =>
        StoreFixture.To(stream, 0, new CoffeeServed(1)) with { Key = new IdempotencyKey("rep-1 POST /coffee", key, [fingerprint]), Status = 201 };
}
