using Crm.EventModel;
using Crm.EventStore.Tests.Faults;
using Crm.Support;
using Npgsql;
using Xunit.Abstractions;

namespace Crm.EventStore.Tests.MartenFormat;

/// <summary>What a Marten host calls and writes, as plain SQL: its daemon's marks, its ways to append, its way to archive.</summary>
public sealed class MartenHostTests(ITestOutputHelper output) : IAsyncLifetime
{
    // As Marten starts a stream, or appends to one with no version expected: the statement draws its number itself.
    private const string PlainInsert = """
        insert into public.mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, is_archived)
        values (nextval('public.mt_events_sequence'), gen_random_uuid(), $1, 1, '{"drink": "matcha", "price": 3.20, "extras": []}', 'cup_ordered',
                now(), 'acme', false)
        """;

    private CupStore crm = null!;

    public async Task InitializeAsync() => crm = await CupStore.New();

    public async Task DisposeAsync() => await crm.DisposeAsync();

    [Fact]
    public async Task The_daemon_notes_its_mark_and_moves_it_again()
    {
        await crm.Run("select public.mt_mark_event_progression('HighWaterMark', 5)");
        await crm.Run("select public.mt_mark_event_progression('HighWaterMark', 9)");

        (await Mark()).ShouldBe(9);
    }

    [Fact]
    public async Task A_mark_moves_over_a_gap_only_from_where_the_daemon_saw_it_and_the_gap_is_kept()
    {
        (await Skip(to: 8, from: 5)).ShouldBe(8);
        (await Skip(to: 20, from: 5)).ShouldBe(8);
        (await Skip(to: 12, from: 8)).ShouldBe(12);

        (await Mark()).ShouldBe(12);
        (await crm.Count("mt_high_water_skips where (starting_sequence, ending_sequence) in ((5, 8), (8, 12))")).ShouldBe(2);
        (await crm.Count("mt_high_water_skips")).ShouldBe(2);
    }

    [Fact]
    public async Task Marks_of_a_daemon_leave_those_of_our_followers_alone()
    {
        await using var follower = AtWork.Follower(crm.ConnectionString);
        await crm.Order(cups: 10);
        await crm.Run("select public.mt_mark_event_progression('HighWaterMark', 10)");
        await crm.Order(cups: 10);
        await crm.CaughtUp();

        (await Mark()).ShouldBe(10);
        await crm.CheckAll();
    }

    [Fact]
    public async Task An_archived_stream_takes_no_events_from_anyone_and_shows_none()
    {
        var cup = Guid.CreateVersion7();
        await crm.Append(CupStore.Ordering(cup, "tea"));

        await crm.Run($"select public.mt_archive_stream('{cup}', 'another tenant')");
        (await crm.Store.ReadStream(CupStore.Tenant, cup, null, default)).Count.ShouldBe(1);
        await crm.Run($"select public.mt_archive_stream('{cup}', 'acme')");

        (await crm.Store.ReadStream(CupStore.Tenant, cup, null, default)).ShouldBeEmpty();
        await Should.ThrowAsync<StreamArchived>(() => crm.Append(CupStore.To(cup, 1, new CupDrunk())));
        await using var marten = new ForeignWriter(crm.ConnectionString);
        (await Should.ThrowAsync<PostgresException>(() => marten.QuickAppend(cup, expected: 1, events: 1))).SqlState.ShouldBe("MT001");
    }

    [Fact]
    public async Task A_host_with_a_login_of_its_own_appends_reads_and_marks_and_sees_nothing_of_ours()
    {
        var login = $"host_{Guid.NewGuid():N}";
        await crm.Run($"create role {login} login password 'a host'; grant crm_marten to {login}");
        try
        {
            await using var marten = new ForeignWriter(new NpgsqlConnectionStringBuilder(crm.ConnectionString) { Username = login, Password = "a host", Pooling = false }.ConnectionString);
            var cup = Guid.CreateVersion7();
            (await marten.QuickAppend(cup, expected: 0, events: 2)).ShouldBe([2, 1, 2]);
            await marten.Ask<object>("insert into mt_streams (tenant_id, id, type, version) values ('acme', $1, 'cup', 1)", Guid.CreateVersion7());
            (await marten.Ask<long>("select count(*) from mt_events where stream_id = $1", cup)).ShouldBe(2);
            await marten.Run("select public.mt_mark_event_progression('HighWaterMark', 2)");

            foreach (var table in (string[])["crm.person_key", "crm.idempotency", "crm.claim", "crm.coffee_bar"])
            {
                (await Should.ThrowAsync<PostgresException>(() => marten.Run($"select * from {table}"))).SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
            }

            (await Should.ThrowAsync<PostgresException>(() => marten.Run("delete from mt_events"))).SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
        }
        finally
        {
            await crm.Run($"drop role {login}");
        }
    }

    [Fact]
    public async Task Statements_that_draw_their_own_numbers_are_never_late_and_leave_no_gap()
    {
        await Task.WhenAll([.. Enumerable.Range(0, 4).Select(_ => StartStreams(25)), .. Enumerable.Range(0, 4).Select(_ => crm.Order(cups: 25))]).Soon();

        (await crm.Count("mt_events")).ShouldBe(200);
        (await crm.Ask<long>("select max(seq_id) from mt_events")).ShouldBe(200);
        await Checker.CheckEvents(crm.Database);

        async Task StartStreams(int streams)
        {
            await using var marten = new ForeignWriter(crm.ConnectionString);
            for (var i = 0; i < streams; i++)
            {
                var cup = Guid.CreateVersion7();
                await marten.Run("begin");
                await marten.Ask<object>("insert into mt_streams (tenant_id, id, type, version) values ('acme', $1, 'cup', 1)", cup);
                await marten.Ask<object>(PlainInsert, cup);
                await marten.Run("commit");
            }
        }
    }

    [Fact]
    public async Task A_host_in_quick_mode_sends_no_times_and_gets_the_same_promises()
    {
        await using var marten = new ForeignWriter(crm.ConnectionString);
        var cup = Guid.CreateVersion7();

        (await marten.QuickAppend(cup, expected: 0, events: 2, withTimes: false)).ShouldBe([2, 1, 2]);
        (await marten.QuickAppend(cup, expected: null, events: 1, withTimes: false)).ShouldBe([3, 3]);
        var refused = await Should.ThrowAsync<PostgresException>(() => marten.QuickAppend(cup, expected: 2, events: 1, withTimes: false));

        output.WriteLine(refused.MessageText);
        refused.SqlState.ShouldBe("MT003");
        (await crm.Count("mt_events where timestamp between now() - interval '1 minute' and now()")).ShouldBe(3);
        await Checker.CheckEvents(crm.Database);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"source": 5, "request": {"id": 1}, "playbook": "three", "undated": "no", "occurredAt": "soon", "theirs": [1]}""")]
    public async Task A_hosts_own_headers_keep_no_event_from_being_read(string headers)
    {
        await using var marten = new ForeignWriter(crm.ConnectionString);
        var cup = Guid.CreateVersion7();
        await marten.QuickAppend(cup, expected: 0, events: 1);
        await crm.Run($"update mt_events set headers = '{headers}'");

        var read = (await crm.Store.ReadStream(CupStore.Tenant, cup, null, default)).Single();

        read.Metadata.ShouldBe(new Metadata("marten", CorrelationId: "flow-1"));
        read.OccurredAt.ShouldBe(read.RecordedAt);
    }

    [Fact]
    public async Task Of_mixed_headers_those_of_our_kind_count()
    {
        await using var marten = new ForeignWriter(crm.ConnectionString);
        var cup = Guid.CreateVersion7();
        await marten.QuickAppend(cup, expected: 0, events: 1);
        await crm.Run("""update mt_events set headers = '{"source": 5, "playbook": 3, "request": "r-1", "occurredAt": "2026-05-05T08:00:00+08:00"}'""");

        var read = (await crm.Store.ReadStream(CupStore.Tenant, cup, null, default)).Single();

        (read.Metadata.Source, read.Metadata.PlaybookVersion, read.Metadata.RequestId).ShouldBe((null, 3, "r-1"));
        read.OccurredAt.ShouldBe(new DateTimeOffset(2026, 5, 5, 8, 0, 0, TimeSpan.FromHours(8)));
    }

    private Task<long> Mark() => crm.Ask<long>("select last_seq_id from mt_event_progression where name = 'HighWaterMark'");

    private Task<long> Skip(long to, long from) => crm.Ask<long>($"select public.mt_mark_progression_with_skip('HighWaterMark', {to}, {from})");
}
