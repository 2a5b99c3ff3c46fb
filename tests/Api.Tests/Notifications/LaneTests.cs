using System.Text.Json;
using Crm.Api.Notifications;
using Crm.Api.Notifications.Sending;
using Crm.Api.Tests.Journeys;
using Crm.Api.Tests.Tasks;
using Crm.Domain.Notifications;
using Crm.Domain.Tasks;
using Crm.EventModel;
using Crm.EventStore;
using Crm.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Crm.Api.Tests.Notifications;

/// <summary>What one message, one tenant or one process that was held up could do to others, and does not.</summary>
public sealed class LaneTests(NotificationServer crm) : IClassFixture<NotificationServer>
{
    [Fact]
    public async Task A_message_that_cannot_be_put_into_words_holds_up_no_other()
    {
        await using var robots = await Robots.Open();
        var (admin, ann, tenant) = await crm.Stage("Asia/Shanghai");
        await Way(admin, ann, robots);

        // In Shanghai that is in the year 10000, which no calendar here has.
        await crm.Raise(tenant, "task-overdue", id: null, with: [("title", "never"), ("dueAt", "9999-12-31T23:59:59Z")]);
        await crm.Raise(tenant, "comes");
        await robots.Until(1);

        var stuck = await One(admin, "waiting");
        (stuck.GetProperty("answer").GetString(), stuck.GetProperty("attempts").GetInt32()).ShouldBe(("unwritable", 1));
    }

    [Fact]
    public async Task Whoever_was_held_up_and_tells_late_that_it_failed_has_nothing_sent_again()
    {
        await using var robots = await Robots.Open();
        var (admin, ann, tenant) = await crm.Stage();
        var channel = await Way(admin, ann, robots);
        await crm.Raise(tenant, "once");
        var id = (await One(admin, "sent")).GetProperty("id").GetGuid();
        var now = crm.Engine.Store.Clock.GetUtcNow();

        await new MessageTable(crm.Engine.Senders).Tried(
            new DueMessage(tenant, id, channel, MessageKinds.Alert, "ann", now, now, Attempts: 0, [1]),
            new Posted(IsTaken: false, "timeout"), now, TimeSpan.Zero, now, now, default);

        (await One(admin, "sent")).GetProperty("answer").GetString().ShouldBe("0");
        (await admin.Read($"messages/{id}")).Ok().Body.GetProperty("tries").GetArrayLength().ShouldBe(2, "that it was tried is told");
        await crm.Raise(tenant, "next");
        await robots.Until(2);
        robots.Taken.Select(one => one.Text).ShouldBe(["once", "next"]);
    }

    [Fact]
    public async Task Whoever_was_held_up_with_a_list_of_what_is_due_sends_nothing_that_another_has_sent()
    {
        await using var robots = await Robots.Open();
        var (admin, ann, tenant) = await crm.Stage();
        var channel = await Way(admin, ann, robots);
        var alert = Guid.CreateVersion7();
        await crm.Raise(tenant, "once", id: alert);
        var due = await Due((await One(admin, "sent")).GetProperty("id").GetGuid(), tenant, channel, alert);

        await Lane(tenant, channel).Send([due], crm.App.Services.GetRequiredService<Letters>(), default);

        robots.Taken.Count.ShouldBe(1);
    }

    [Fact]
    public async Task What_it_takes_to_send_is_forgotten_even_where_it_was_being_read()
    {
        await using var robots = await Robots.Open();
        var (admin, ann, tenant) = await crm.Stage();
        var channel = await Way(admin, ann, robots, new { from = "00:00", to = "23:59" });
        var (one, other) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await crm.Raise(tenant, "before", id: one);
        var (lane, letters) = (Lane(tenant, channel), crm.App.Services.GetRequiredService<Letters>());
        var before = await Due((await One(admin, "waiting")).GetProperty("id").GetGuid(), tenant, channel, one);
        Task sending;
        await using (var connection = await crm.Engine.Database.OpenConnectionAsync())
        await using (await connection.BeginTransactionAsync())
        {
            await using var command = new NpgsqlCommand("lock table crm.channel_secret", connection);
            await command.ExecuteNonQueryAsync();
            sending = lane.Send([before], letters, default);
            command.CommandText = "select count(*) > 0 from pg_locks where relation = 'crm.channel_secret'::regclass and not granted";
            await Patience.Until("it is being read", async () => (bool)(await command.ExecuteScalarAsync())!);
            await crm.Engine.Commands.Send(ChannelDecider.Instance, channel, new RemoveChannel(), By(tenant), default);
            lane.Forget();
        }

        // What the channel took may have been forgotten a moment before it was read: then it is not sent.
        await sending;
        await Patience.Until("it is over", async () =>
            (await admin.Read("messages?state=waiting")).Ok().Body.GetProperty("items").GetArrayLength() == 0);
        await crm.Raise(tenant, "after", id: other);
        var after = await Due((await One(admin, "waiting")).GetProperty("id").GetGuid(), tenant, channel, other);
        await lane.Send([after], letters, default);

        robots.Taken.ShouldNotContain(one => one.Text == "after");
    }

    [Fact]
    public async Task Channels_of_two_tenants_under_one_id_are_two()
    {
        await using var first = await Robots.Open();
        await using var second = await Robots.Open();
        var id = Guid.CreateVersion7();
        foreach (var (robots, name) in new[] { (first, "first"), (second, "second") })
        {
            var (admin, ann, tenant) = await crm.Stage();
            var (secret, url) = (Guid.CreateVersion7(), $"{robots.Url}/cgi-bin/webhook/send?key=k1");
            await crm.App.Services.GetRequiredService<ChannelStreams>().Keep(tenant, id, secret, new ChannelCredentials(url), default);
            await crm.Engine.Commands.Send(ChannelDecider.Instance, id,
                new AddChannel(ChannelKind.Wecom, name, "127.0.0.1", secret, Sender: null, PerMinute: 60), By(tenant), default);
            (await ann.Put("alerts/preferences", new { routes = new[] { new { channel = id } } })).Ok();
            await crm.Raise(tenant, name);
            await One(admin, "sent");
        }

        first.Taken.Select(one => one.Text).ShouldBe(["first"]);
        second.Taken.Select(one => one.Text).ShouldBe(["second"]);
    }

    [Fact]
    public async Task A_channel_that_is_left_alone_is_so_by_the_stores_clock()
    {
        await using var robots = await Robots.Open();
        var (admin, ann, tenant) = await crm.Stage();
        await Way(admin, ann, robots);
        robots.TooOften = 1;
        await crm.Raise(tenant, "waits");
        await Patience.Until("it was refused once", async () => (await One(admin, "waiting")).GetProperty("attempts").GetInt32() == 1);

        await crm.Move(TimeSpan.FromMinutes(2));

        // By the clock on the wall it would be a minute, which nobody waits here.
        await robots.Until(1);
    }

    [Fact]
    public async Task What_is_tried_again_is_not_sent_to_whoever_has_read_it_meanwhile()
    {
        await using var robots = await Robots.Open();
        var (admin, ann, tenant) = await crm.Stage();
        await Way(admin, ann, robots);
        robots.TooOften = 1;
        var alert = Guid.CreateVersion7();
        await crm.Raise(tenant, "read-by-then", id: alert);
        await Patience.Until("it was refused once", async () => (await One(admin, "waiting")).GetProperty("attempts").GetInt32() == 1);
        (await ann.Write($"alerts/{alert}/read", new { })).Ok();
        var message = (await One(admin, "waiting")).GetProperty("id").GetGuid();
        var due = new DueMessage(tenant, message, default, MessageKinds.Alert, "ann", default, default, Attempts: 1, []);

        var letters = crm.App.Services.GetRequiredService<AlertLetters>();
        var raised = (await crm.Engine.Store.ReadStream(tenant, alert, bound: null, default)).Take(1).ToList();

        (await letters.Of(due, raised, default, ChannelKind.Wecom, default)).Dropped.ShouldBe("read-already");
    }

    [Fact]
    public async Task An_event_of_which_no_message_can_be_made_keeps_nothing_back_and_can_be_tried_again()
    {
        await using var robots = await Robots.Open();
        var (admin, ann, tenant) = await crm.Stage();
        await Way(admin, ann, robots);
        var (sick, stream) = (Guid.CreateVersion7(), NotificationWishes.StreamOf(tenant, "bob"));
        await Chosen(0, "never");
        await AlertTests.Raise(crm, tenant, sick, new RaiseAlert("bob", "sick", AlertSeverity.Info,
            new AlertCause("watch-tasks", Guid.NewGuid())));
        await crm.Raise(tenant, "well");

        await robots.Until(1);
        var failed = await Failed();
        failed.GetProperty("subject").GetGuid().ShouldBe(sick);
        await Patience.Until("it is counted", async () => (await admin.Read("automations")).Ok().Body.GetProperty("items").EnumerateArray()
            .Any(one => one.GetProperty("key").GetString() == "send-messages" && one.GetProperty("failures").GetInt64() == 1
                && one.GetProperty("acts").GetProperty("sent").GetInt64() == 1));
        await Chosen(1, null);
        (await admin.Write($"automations/send-messages/failures/{sick}/retry", new { })).Status.ShouldBe(204);
        await Patience.Until("it was made", async () => (await admin.Read("messages?recipient=bob")).Ok().Body.GetProperty("items")
            .GetArrayLength() == 1);
        await Patience.Until("it failed no more", async () => (await admin.Read("automations/send-messages/failures")).Ok()
            .Body.GetProperty("items").GetArrayLength() == 0);
        (await admin.Write("automations/send-messages/mode", new { mode = "off" })).Status.ShouldBe(404);

        // As no endpoint takes it.
        Task Chosen(long version, string? digestAt) =>
            crm.Engine.Store.Append(new AppendRequest(tenant, [new StreamAppend(stream, NotificationDecider.Instance.StreamType, version,
            [new NewEvent(Guid.CreateVersion7(),
                new NotificationsChosen("bob", "en", [new NotificationRoute(Guid.NewGuid(), DigestAt: digestAt)]), OccurredAt: null,
                By(tenant).Metadata(null))])]), default);

        async Task<JsonElement> Failed()
        {
            IReadOnlyList<JsonElement> items = [];
            await Patience.Until("it failed", async () =>
                (items = [.. (await admin.Read("automations/send-messages/failures")).Ok().Body.GetProperty("items").EnumerateArray()])
                .Count == 1);
            return items[0];
        }
    }

    [Fact]
    public async Task Of_each_channel_so_many_are_looked_for_and_of_tenants_that_have_no_room_none()
    {
        await using var connection = await crm.Engine.Senders.OpenConnectionAsync();
        var (one, other, now) = (Guid.NewGuid(), Guid.NewGuid(), crm.Engine.Store.Clock.GetUtcNow());
        var tenant = $"full-{one:N}";
        NewMessage[] messages = [.. Enumerable.Range(0, 9)
            .Select(n => new NewMessage(tenant, Guid.NewGuid(), n < 6 ? one : other, MessageKinds.Alert, "x", now, now.AddDays(-9)
            .AddMinutes(n), n))];
        await using var transaction = await connection.BeginTransactionAsync();
        await MessageTable.Put(connection, messages, default);

        (await Due([], [])).ShouldBe([one, one, other, other]);
        (await Due([(tenant, one)], [])).ShouldBe([other, other], "one that is held is not read past");
        (await Due([], [tenant])).ShouldBeEmpty();

        async Task<IReadOnlyList<Guid>> Due(IReadOnlyList<(string, Guid)> busy, IReadOnlyList<string> full) =>
            [.. (await MessageTable.Due(connection, now.AddDays(-8), now, busy, full, (2, 100), default)).Where(due => due.Tenant == tenant)
                .Select(due => due.Channel)];
    }

    [Fact]
    public async Task A_digest_waits_for_whoever_is_still_writing_when_its_moment_comes()
    {
        await using var robots = await Robots.Open();
        var (admin, ann, tenant) = await crm.Stage();
        var channel = await Way(admin, ann, robots);
        var soon = crm.Engine.Store.Clock.GetUtcNow().AddHours(1);
        (await ann.Put("alerts/preferences", new { routes = new[] { new { channel, digestAt = $"{soon:HH:mm}" } } })).Ok();
        await crm.Raise(tenant, "early");
        await One(admin, "waiting");
        await using (var connection = await crm.Engine.Database.OpenConnectionAsync())
        await using (await connection.BeginTransactionAsync())
        {
            await using var command = new NpgsqlCommand("select pg_advisory_xact_lock(crm.lane_key())", connection);
            await command.ExecuteNonQueryAsync();
            await crm.MoveUnnoticed(TimeSpan.FromHours(2));
            command.CommandText = """
                select exists (select from pg_locks where locktype = 'advisory' and not granted
                    and database = (select oid from pg_database where datname = current_database()))
                """;
            await Patience.Until("the writer is waited for", async () => (bool)(await command.ExecuteScalarAsync())!);
            robots.Taken.ShouldBeEmpty();
        }

        await robots.Until(1);
    }

    // One beside those of the program itself.
    private Lane Lane(string tenant, Guid channel) => new(
        tenant, channel, crm.App.Services.GetRequiredService<ChannelStreams>(),
        crm.App.Services.GetServices<IPort>().ToDictionary(port => port.Kind), new MessageTable(crm.Engine.Senders),
        new MessageTerms(), crm.Engine.Store.Clock, NullLogger.Instance);

    // As somebody found it before it was tried.
    private async Task<(DueMessage Message, IReadOnlyList<Recorded> Events)> Due(Guid message, string tenant, Guid channel, Guid alert)
    {
        var raised = (await crm.Engine.Store.ReadStream(tenant, alert, bound: null, default))[0];
        return (new DueMessage(tenant, message, channel, MessageKinds.Alert, "ann", raised.RecordedAt, raised.RecordedAt, Attempts: 0,
            [raised.Position]), [raised]);
    }

    private static Call By(string tenant) =>
        new(new Caller(tenant, "admin"), OccurredAt: null, IfMatch: null, Key: null, RequestId: null, Source: "api");

    private static async Task<Guid> Way(HttpClient admin, HttpClient ann, Robots robots, object? quietHours = null)
    {
        var channel = (await admin.Write("channels",
            new { kind = "wecom", name = "group", url = $"{robots.Url}/cgi-bin/webhook/send?key=k1", perMinute = 6000 })).Ok().Id;
        (await ann.Put("alerts/preferences", new { routes = new[] { new { channel } }, quietHours })).Ok();
        return channel;
    }

    private static async Task<JsonElement> One(HttpClient admin, string state)
    {
        JsonElement found = default;
        await Patience.Until($"one is {state}", async () =>
        {
            var items = (await admin.Read($"messages?state={state}")).Ok().Body.GetProperty("items");
            found = items.GetArrayLength() == 1 ? items[0] : default;
            return items.GetArrayLength() == 1;
        });
        return found;
    }
}
