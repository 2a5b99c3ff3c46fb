using System.Diagnostics;
using Crm.Api.Tests.Journeys;
using Crm.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Xunit.Abstractions;

namespace Crm.Api.Tests.Events;

/// <summary>The feed as it comes: at once, from any place on, until the right to it ends.</summary>
public sealed class StreamTests(StreamTests.FewStreams crm, ITestOutputHelper output) : IClassFixture<StreamTests.FewStreams>
{
    private static int _tenants;

    [Fact]
    public async Task What_there_is_comes_first_and_then_what_happens_as_it_happens()
    {
        using var admin = await NewTenant();
        var (known, _) = await admin.All();
        using var answer = await admin.Stream();
        await using var blocks = answer.Blocks().GetAsyncEnumerator();

        foreach (var e in known)
        {
            var block = await blocks.Event().Soon();
            (block.Id, block.Event, block.Data!.Value.GetRawText()).ShouldBe((e.Text("token"), e.Text("type"), e.GetRawText()));
        }

        var waits = new List<double>();
        for (var i = 0; i < 30; i++)
        {
            var lead = (await admin.Write("leads", new { source = "web" })).Ok();
            var clock = Stopwatch.StartNew();
            var block = await blocks.Event().Soon();
            waits.Add(clock.Elapsed.TotalMilliseconds);
            block.Data!.Value.Text("subjectId").ShouldBe(lead.Id.ToString());
        }

        output.WriteLine($"after the answer to the write: median {waits.Order().ElementAt(15):0.0} ms, longest {waits.Max():0.0} ms");
        waits.Order().ElementAt(15).ShouldBeLessThan(100);
    }

    [Fact]
    public async Task A_reader_who_comes_again_goes_on_behind_the_last_block_that_he_read()
    {
        using var admin = await NewTenant();
        var lead = (await admin.Write("leads", new { source = "web" })).Ok();
        var items = (await admin.Feed()).Items();

        using var answer = await admin.Stream("after=head", last: items[^2].Text("token"));
        await using var blocks = answer.Blocks().GetAsyncEnumerator();

        (await blocks.Event().Soon()).Data!.Value.Text("subjectId").ShouldBe(lead.Id.ToString());
        var refused = await admin.Read("events/stream", ("Last-Event-ID", "nonsense"));
        (refused.Status, refused.Body.GetProperty("errors")[0].Text("header")).ShouldBe((400, "Last-Event-ID"));
        (await admin.Read("events/stream", ("Last-Event-ID", "0-1"))).Status.ShouldBe(410);
        (await admin.Read("events/stream?after=0-1")).Status.ShouldBe(410);
    }

    [Fact]
    public async Task The_place_moves_on_where_nothing_matches_the_filter()
    {
        using var admin = await NewTenant();
        using var answer = await admin.Stream("after=head&type=opportunity_won&format=cloudevents");
        await using var blocks = answer.Blocks().GetAsyncEnumerator();
        (await blocks.MoveNextAsync().AsTask().Soon()).ShouldBeTrue();
        var begin = blocks.Current.Id;
        (await admin.Write("leads", new { source = "web" })).Ok();
        var head = (await admin.Feed("after=head")).Text("next");

        do
        {
            (await blocks.MoveNextAsync().AsTask().Soon()).ShouldBeTrue();
            blocks.Current.Data.ShouldBeNull();
        }
        while (blocks.Current.Id is null || blocks.Current.Id == begin);

        blocks.Current.Id.ShouldBe(head);
        var deal = await admin.Open();
        (await admin.Write($"opportunities/{deal.Id}/win", new { })).Ok();
        var won = await blocks.Event().Soon();
        (won.Event, won.Data!.Value.Text("specversion")).ShouldBe(("opportunity_won", "1.0"));
    }

    [Fact]
    public async Task A_silent_stream_says_that_it_lives()
    {
        using var admin = await NewTenant();
        using var answer = await admin.Stream("after=head");
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());

        (await reader.ReadLineAsync()).ShouldBe("retry: 1000");
        (await reader.ReadLineAsync())!.ShouldStartWith("id: ");
        (await reader.ReadLineAsync()).ShouldBe("");
        (await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(15))).ShouldBe(":");
    }

    [Fact]
    public async Task A_key_that_is_revoked_hears_nothing_more_within_a_second_on_any_node()
    {
        using var admin = await NewTenant();
        await using var engine = await Engine.Open(crm.Engine.Settings, new Progress<string>(), default);
        await using var other = Server.Build(engine);
        await other.StartAsync();
        foreach (var take in (Func<string, string, Task>[])[
            async (key, _) => (await admin.Write($"api-keys/{key}/revocation", new { })).Ok(),
            async (_, member) => (await admin.Write($"members/{member}/role", new { role = "rep" })).Ok(),
            async (_, member) => (await admin.Write($"members/{member}/suspension", new { })).Ok()])
        {
            var member = $"m-{Guid.NewGuid():N}";
            (await admin.Write("members", new { id = member, role = "integration" })).Ok();
            var key = (await admin.Write("api-keys", new { name = "follower", member })).Ok();
            using var here = crm.With(key["key"]);
            using var there = new HttpClient { BaseAddress = new Uri(other.Urls.Single() + "/api/v1/"), DefaultRequestHeaders = { Authorization = new("Bearer", key["key"]) } };
            await Patience.Until("the other node knows the key", async () => (await there.Read("me")).Status == 200);
            using var one = await here.Stream("after=head");
            using var two = await there.Stream("after=head");
            var ended = Task.WhenAll(End(one), End(two));

            await take(key["id"]!, member);

            await ended.WaitAsync(TimeSpan.FromSeconds(1));
        }
    }

    [Fact]
    public async Task Who_waits_for_a_page_is_not_answered_once_his_key_is_revoked()
    {
        using var admin = await NewTenant();
        var key = (await admin.Write("api-keys", new { name = "follower" })).Ok();
        using var thief = crm.With(key["key"]);

        // The revocation is an event, too; whoever waits for leads does not wait for that.
        var waiting = thief.Read("events?after=head&wait=30&subject=lead");
        await Patience.Until("he waits", () => crm.App.Services.GetRequiredService<Crm.Api.Events.OpenStreams>().Of(Newest) == 1);

        (await admin.Write($"api-keys/{key["id"]}/revocation", new { })).Ok();

        (await waiting.WaitAsync(TimeSpan.FromSeconds(1))).Status.ShouldBe(401);
    }

    [Fact]
    public async Task A_program_that_stops_lets_its_readers_go_at_once()
    {
        using var admin = await NewTenant();
        var key = (await admin.Write("api-keys", new { name = "follower" })).Ok()["key"];
        await using var engine = await Engine.Open(crm.Engine.Settings, new Progress<string>(), default);
        await using var other = Server.Build(engine);
        await other.StartAsync();
        using var follower = new HttpClient { BaseAddress = new Uri(other.Urls.Single() + "/api/v1/"), DefaultRequestHeaders = { Authorization = new("Bearer", key) } };
        using var answer = await follower.Stream("after=head");
        var waiting = follower.GetAsync("events?after=head&wait=30");
        await Patience.Until("both wait", () => other.Services.GetRequiredService<Crm.Api.Events.OpenStreams>().Of(Newest) == 2);

        var clock = Stopwatch.StartNew();
        await other.StopAsync();

        await End(answer).Soon();
        (await waiting.Soon()).EnsureSuccessStatusCode();
        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task Neither_a_key_nor_a_tenant_takes_all_the_places_there_are()
    {
        using var admin = await NewTenant();
        using var other = crm.With((await admin.Write("api-keys", new { name = "other" })).Ok()["key"]);
        using var third = crm.With((await admin.Write("api-keys", new { name = "third" })).Ok()["key"]);
        using (await admin.Stream())
        using (await admin.Stream())
        using (await other.Stream())
        {
            var refused = await admin.Read("events/stream");
            ((await refused.Refused()).Code, refused.Status).ShouldBe(("too-many-streams", 429));
            refused.Message.Headers.RetryAfter.ShouldNotBeNull();
            (await admin.Read("events?after=head&wait=1")).Status.ShouldBe(429);
            (await admin.Read("events")).Ok();
            (await (await third.Read("events/stream")).Refused()).Code.ShouldBe("too-many-streams");
        }

        await Patience.Until("their places are free again", async () => (await third.Read("events/stream")).Status == 200);
    }

    [Fact]
    public async Task Of_a_stream_only_its_head_can_be_asked_for()
    {
        using var admin = await NewTenant();
        using var request = new HttpRequestMessage(HttpMethod.Head, "events/stream");

        using var answer = await admin.SendAsync(request).Soon();

        ((int)answer.StatusCode, answer.Content.Headers.ContentType!.MediaType).ShouldBe((200, "text/event-stream"));
    }

    [Fact]
    public async Task A_reader_who_does_not_read_holds_up_nobody_and_goes_on_where_he_was()
    {
        using var admin = await NewTenant();
        var text = new string('x', 3900);
        var lead = (await admin.Write("leads", new { source = "web" })).Ok().Id;
        for (var i = 0; i < 20; i++)
        {
            await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ => (await admin.Write($"leads/{lead}/notes", new { text })).Ok()));
        }

        using var lazy = await admin.Stream();
        using var busy = await admin.Stream("after=head");
        await using var blocks = busy.Blocks().GetAsyncEnumerator();
        var deal = await admin.Open();
        (await blocks.Event().Soon()).Data!.Value.Text("subjectId").ShouldBe(deal.Id.ToString());

        await using var late = lazy.Blocks().GetAsyncEnumerator();
        var read = new List<string?>();
        do
        {
            read.Add((await late.Event().Soon()).Id);
        }
        while (late.Current.Event is not "opportunity_opened");

        read.ShouldBe((await admin.All()).Events.Select(e => e.Text("token")));
    }

    private static string Newest => $"stream-{_tenants}";

    private Task<HttpClient> NewTenant() => crm.Tenant($"stream-{Interlocked.Increment(ref _tenants)}");

    private static async Task End(HttpResponseMessage answer)
    {
        await foreach (var _ in answer.Blocks())
        {
        }
    }

    /// <summary>Lets a tenant have three streams and a key two.</summary>
    public sealed class FewStreams : CrmServer
    {
        protected override IReadOnlyDictionary<string, string?> More => new Dictionary<string, string?>
        {
            ["Crm:TenantStreams"] = "3",
            ["Crm:KeyStreams"] = "2"
        };
    }
}
