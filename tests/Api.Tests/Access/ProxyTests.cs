using Crm.Api.Tests.Journeys;

namespace Crm.Api.Tests.Access;

/// <summary>A proxy that the operator names is believed; credentials that came to it in the clear are refused.</summary>
public sealed class ProxyTests(ProxyTests.ServerBehindProxy behind, CrmServer plain) : IClassFixture<ProxyTests.ServerBehindProxy>, IClassFixture<CrmServer>
{
    [Fact]
    public async Task What_came_to_the_proxy_in_the_clear_is_refused()
    {
        var reply = await behind.Http.Read("me", ("X-Forwarded-For", "203.0.113.9"), ("X-Forwarded-Proto", "http"));

        (reply.Status, (await reply.Refused()).Code).ShouldBe((403, "https-required"));
    }

    [Fact]
    public async Task What_came_to_the_proxy_over_https_is_taken_and_stays_there()
    {
        var reply = (await behind.Http.Read("me", ("X-Forwarded-For", "203.0.113.9"), ("X-Forwarded-Proto", "https"))).Ok();

        reply.Message.Headers.GetValues("Strict-Transport-Security").Single().ShouldContain("max-age=");
    }

    [Fact]
    public async Task Who_is_not_named_is_not_believed()
    {
        var reply = (await plain.Http.Read("me", ("X-Forwarded-For", "203.0.113.9"), ("X-Forwarded-Proto", "http"))).Ok();

        reply.Message.Headers.Contains("Strict-Transport-Security").ShouldBeFalse();
    }

    public sealed class ServerBehindProxy : CrmServer
    {
        protected override IReadOnlyDictionary<string, string?> More => new Dictionary<string, string?> { ["Crm:Proxies:0"] = "127.0.0.1" };
    }
}
