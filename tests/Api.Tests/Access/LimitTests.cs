using Crm.Api.Access;
using Crm.Api.Http;
using Crm.Api.Tests.Journeys;
using Crm.Support;
using Microsoft.AspNetCore.Http;

namespace Crm.Api.Tests.Access;

/// <summary>Who asks too much waits; others do not.</summary>
public sealed class LimitTests(LimitTests.NarrowServer crm) : IClassFixture<LimitTests.NarrowServer>
{
    [Fact]
    public async Task Who_has_used_up_the_share_is_told_when_there_is_room_again_and_others_go_on()
    {
        using var loud = await crm.Tenant("loud");
        using var quiet = await crm.Tenant("quiet");

        var replies = await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => loud.Read("me")));
        var refused = replies.First(r => r.Status == 429);

        replies.Count(r => r.Status == 200).ShouldBeInRange(20, 40, "five seconds' worth of five a second, and what flowed in meanwhile");
        var refusal = await refused.Refused();
        (refusal.Code, refusal.Retryable).ShouldBe(("too-many-requests", true));
        refused.Message.Headers.RetryAfter!.Delta!.Value.ShouldBeGreaterThan(TimeSpan.Zero);
        refused.Message.Headers.GetValues("RateLimit").Single().ShouldContain("\"key\";r=0");
        (await quiet.Read("me")).Ok();
        await Patience.Until("there is room again", async () => (await loud.Read("me")).Status == 200);
    }

    [Fact]
    public async Task Every_answer_says_what_is_left()
    {
        using var client = await crm.Tenant("counting");

        var first = (await client.Read("me")).Ok();
        var next = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => client.Read("me")));

        first.Message.Headers.GetValues("RateLimit-Policy").Single().ShouldBe("\"tenant\";q=50;w=5, \"key\";q=25;w=5");
        next.Min(Left).ShouldBeLessThan(Left(first), "five a second flow in, and twenty at once take more");
    }

    [Fact]
    public async Task A_forwarded_address_does_not_make_another_caller()
    {
        using var client = await crm.Tenant("evading");

        var replies = await Task.WhenAll(Enumerable.Range(0, 60).Select(n => client.Read("me", ("X-Forwarded-For", $"10.0.0.{n}"))));

        replies.CountBy(r => r.Status).Select(status => status.Key).Order().ShouldBe([200, 429]);
    }

    [Fact]
    public void Each_login_of_a_member_has_a_share_of_its_own_and_so_has_each_key()
    {
        var limits = new Limits(new Settings { TenantRequestsPerSecond = 0, KeyRequestsPerSecond = 1 }, new StoppedClock());
        Caller[] callers =
        [
            new Caller("acme", "m-1") { Credential = new Credential("token", Login: ("https://one", "an")) },
            new Caller("acme", "m-1") { Credential = new Credential("token", Login: ("https://two", "an")) },
            new Caller("acme", "m-1") { Credential = new Credential("api-key", Id: "m-1") }
        ];

        foreach (var caller in callers)
        {
            Enumerable.Range(0, 5).ToList().ForEach(_ => limits.Take(caller, new DefaultHttpContext()));
            Should.Throw<Problem>(() => limits.Take(caller, new DefaultHttpContext())).Status.ShouldBe(429);
        }
    }

    private sealed class StoppedClock : TimeProvider
    {
        public override long GetTimestamp() => 0;
    }

    private static int Left(Reply reply) => int.Parse(reply.Message.Headers.GetValues("X-RateLimit-Remaining").Single());

    public sealed class NarrowServer : CrmServer
    {
        protected override IReadOnlyDictionary<string, string?> More =>
            new Dictionary<string, string?> { ["Crm:TenantRequestsPerSecond"] = "10", ["Crm:KeyRequestsPerSecond"] = "5" };
    }
}
