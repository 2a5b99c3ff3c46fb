using System.Net;
using System.Net.Sockets;
using Crm.Api.Outside;
using Crm.Api.Webhooks.Sending;
using Crm.Domain;

namespace Crm.Api.Tests.Webhooks;

/// <summary>Webhooks lead to addresses that are everybody's and nowhere else, when they are registered and each time that something is sent.</summary>
public sealed class ReachTests
{
    private static readonly IPAddress Everybodys = IPAddress.Parse("93.184.215.14");

    [Theory]
    [InlineData("http://hooks.example.com/")]
    [InlineData("gopher://hooks.example.com/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://hooks.example.com/")]
    [InlineData("//hooks.example.com/")]
    [InlineData("hooks.example.com")]
    [InlineData("https://")]
    [InlineData("https:///path")]
    [InlineData("https://user@hooks.example.com/")]
    [InlineData("https://user:word@hooks.example.com/")]
    [InlineData("https://hooks.example.com@127.0.0.1/")]
    [InlineData("https://hooks.example.com\\@127.0.0.1/")]
    [InlineData("https://hooks.example.com/#here")]
    [InlineData("https://hooks.example.com:22/")]
    [InlineData("https://hooks.example.com:80/")]
    [InlineData("https://hooks.example.com:8443/")]
    public async Task An_address_that_is_not_plain_https_is_refused(string url) => (await Refused(url, Everybodys)).ShouldBe("webhook.url");

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.1.2.3")]
    [InlineData("[::1]")]
    [InlineData("[::]")]
    [InlineData("10.0.0.1")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.168.1.1")]
    [InlineData("169.254.169.254")]
    [InlineData("100.64.0.1")]
    [InlineData("198.18.0.1")]
    [InlineData("192.0.0.1")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("0.0.0.0")]
    [InlineData("0")]
    [InlineData("[fe80::1]")]
    [InlineData("[fe80::1%25eth0]")]
    [InlineData("[fc00::1]")]
    [InlineData("[fd12:3456:789a::1]")]
    [InlineData("[fec0::1]")]
    [InlineData("[ff02::1]")]
    [InlineData("[::ffff:127.0.0.1]")]
    [InlineData("[::ffff:7f00:1]")]
    [InlineData("[::ffff:10.0.0.1]")]
    [InlineData("[::127.0.0.1]")]
    [InlineData("[64:ff9b::7f00:1]")]
    [InlineData("[64:ff9b::169.254.169.254]")]
    [InlineData("[2002:7f00:1::]")]
    [InlineData("[2001:0:7f00:1::]")]
    [InlineData("[2001:db8::1]")]
    [InlineData("2130706433")]
    [InlineData("0x7f000001")]
    [InlineData("0x7f.0.0.1")]
    [InlineData("0177.0.0.1")]
    [InlineData("017700000001")]
    [InlineData("127.1")]
    [InlineData("127.0.0.1.")]
    [InlineData("127。0。0。1")]
    [InlineData("１２７.０.０.１")]
    [InlineData("①②⑦.⓪.⓪.①")]
    public async Task An_address_that_is_not_everybodys_is_refused_however_it_is_written(string host) => (await Refused($"https://{host}/", Everybodys)).ShouldBe("webhook.url");

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("10.1.2.3")]
    [InlineData("169.254.169.254")]
    [InlineData("fe80::1")]
    [InlineData("::ffff:192.168.0.1")]
    [InlineData("64:ff9b::a00:1")]
    public async Task A_name_is_refused_that_stands_for_such_an_address_beside_others(string address)
    {
        (await Refused("https://hooks.example.com/", IPAddress.Parse(address))).ShouldBe("webhook.url");
        (await Refused("https://hooks.example.com/", Everybodys, IPAddress.Parse(address))).ShouldBe("webhook.url");
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("localhost.")]
    [InlineData("LOCALHOST")]
    [InlineData("a.localhost")]
    public async Task This_machine_by_its_name_is_refused(string host) =>
        (await Should.ThrowAsync<Rejection>(new Reach(new Settings()).MustBeReachable($"https://{host}/", default))).Code.ShouldBe("webhook.url");

    [Fact]
    public async Task A_name_that_there_is_not_is_refused_in_the_same_words_as_one_that_is_not_for_everybody()
    {
        var nothing = await Should.ThrowAsync<Rejection>(new Reach(new Settings(), (_, _) => throw new SocketException((int)SocketError.HostNotFound)).MustBeReachable("https://a.example/", default));
        var hidden = await Should.ThrowAsync<Rejection>(Standing(IPAddress.Loopback).MustBeReachable("https://a.example/", default));

        nothing.Message.ShouldBe(hidden.Message);
    }

    [Theory]
    [InlineData("https://hooks.example.com/")]
    [InlineData("https://hooks.example.com:443/a?b=c")]
    [InlineData("https://8.8.8.8/")]
    [InlineData("https://[2606:4700::1111]/")]
    [InlineData("https://[64:ff9b::808:808]/")]
    [InlineData("https://例子.中国/")]
    public async Task What_is_everybodys_is_taken(string url) => (await Standing(Everybodys).MustBeReachable(url, default)).Scheme.ShouldBe("https");

    [Fact]
    public async Task Other_ports_are_for_the_operator_to_permit() =>
        (await new Reach(new Settings { WebhookPorts = [443, 8443] }, (_, _) => Task.FromResult<IPAddress[]>([Everybodys])).MustBeReachable("https://hooks.example.com:8443/", default))
            .Port.ShouldBe(8443);

    [Fact]
    public async Task A_name_that_comes_to_stand_for_this_machine_after_it_was_registered_is_not_connected_to()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var asked = 0;
        var reach = new Reach(new Settings { WebhookPorts = [443, ((IPEndPoint)listener.LocalEndpoint).Port] },
            (_, _) => Task.FromResult<IPAddress[]>([Interlocked.Increment(ref asked) == 1 ? Everybodys : IPAddress.Loopback]));
        var url = await reach.MustBeReachable($"https://rebound.example.com:{((IPEndPoint)listener.LocalEndpoint).Port}/", default);
        using var courier = new Courier(reach, TimeSpan.FromSeconds(5));

        var reply = await courier.Post(new Parcel(url, "msg_1", DateTimeOffset.UtcNow, [], "application/json", "v1,x"), default);

        (reply.Status, reply.Error, asked).ShouldBe((null, "address", 2));
        listener.Pending().ShouldBeFalse();
    }

    [Theory]
    [InlineData("http://127.0.0.1:9/")]
    [InlineData("http://localhost:9/")]
    public async Task For_development_this_machine_may_be_let_in(string url) =>
        (await new Reach(new Settings { UnsafeWebhooks = true }).MustBeReachable(url, default)).Port.ShouldBe(9);

    [Theory]
    [InlineData("http://10.0.0.1/")]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    [InlineData("gopher://127.0.0.1/")]
    public async Task But_nothing_else(string url) =>
        (await Should.ThrowAsync<Rejection>(new Reach(new Settings { UnsafeWebhooks = true }).MustBeReachable(url, default))).Code.ShouldBe("webhook.url");

    private static Reach Standing(params IPAddress[] addresses) => new(new Settings(), (_, _) => Task.FromResult(addresses));

    private static async Task<string> Refused(string url, params IPAddress[] addresses) =>
        (await Should.ThrowAsync<Rejection>(Standing(addresses).MustBeReachable(url, default), url)).Code;
}
