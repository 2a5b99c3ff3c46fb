using System.Net;
using System.Net.Sockets;
using Crm.Api.Notifications.Sending;
using Crm.Api.Notifications.Sending.Ports;
using Crm.Api.Outside;
using Crm.Support;

namespace Crm.Api.Tests.Notifications;

/// <summary>A mail server that stops in the middle of what it has to say.</summary>
public sealed class MailPortTests
{
    [Theory]
    [InlineData("")]
    [InlineData("RCPT")]
    [InlineData(".")]
    public async Task A_server_that_goes_silent_is_given_up_and_left(string after)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        using var patience = new CancellationTokenSource();
        var server = Serve(listener, after, patience);

        var sent = Send(port, patience.Token);

        await Should.ThrowAsync<OperationCanceledException>(sent.Soon());
        await server.Soon();
    }

    [Theory]
    [InlineData("554 not now", "", "554", false)]
    [InlineData("220 here", "RCPT", "554", true)]
    [InlineData("220 here", "DATA", "554", true)]
    [InlineData("220 here", "EHLO", "554", false)]
    [InlineData("220 here", "MAIL", "550", false)]
    public async Task A_refusal_is_final_where_it_is_said_of_the_mail_and_not_of_the_server(string greeting, string after, string answer,
        bool isFinal)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var server = Refuse(listener, greeting, after, answer);

        var posted = await Send(port, CancellationToken.None).Soon();

        (posted.IsTaken, posted.Answer, posted.IsFinal).ShouldBe((false, answer, isFinal));
        await server.Soon();
    }

    [Fact]
    public async Task What_a_name_stood_for_when_it_was_looked_at_is_what_is_spoken_to_over_tls_too()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var (port, asked) = (((IPEndPoint)listener.LocalEndpoint).Port, 0);
        var server = Refuse(listener, "554 not now", "", "");
        var reach = new Reach(new Settings { UnsafeWebhooks = true }, (_, _) =>
            Task.FromResult(++asked == 1 ? [IPAddress.Loopback] : Array.Empty<IPAddress>()));

        var posted = await new MailPort(reach).Send(
            new Letter(Guid.NewGuid(), "subject", "text", "ann@example.com"),
            new ChannelCredentials(Mail: new MailServer("mail.nowhere.invalid", port, MailSecurity.StartTls, User: null,
                Password: null, "crm@example.com", FromName: null)), CancellationToken.None).Soon();

        (posted.Answer, asked).ShouldBe(("554", 1));
        await server.Soon();
    }

    [Fact]
    public async Task A_server_that_never_comes_to_an_end_is_left()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var server = TalkOn(listener);

        var posted = await Send(((IPEndPoint)listener.LocalEndpoint).Port, CancellationToken.None).Soon();

        (posted.IsTaken, posted.Answer).ShouldBe((false, "connect"));
        await server.Soon();
    }

    // Otherwise one box had many addresses: each would be sent a mail a day, and none of them be the one that wants none.
    [Theory]
    [InlineData("a<ann@example.com>")]
    [InlineData("ann(1)@example.com")]
    [InlineData("\"a\\nn\"@example.com")]
    [InlineData("ann@[example>.com]")]
    public async Task What_is_more_than_an_address_is_sent_nothing(string to)
    {
        var posted = await Send(port: 1, CancellationToken.None, to).Soon();

        (posted.IsFinal, posted.Answer).ShouldBe((true, "address-malformed"));
    }

    private static Task<Posted> Send(int port, CancellationToken ct, string to = "ann@example.com") =>
        new MailPort(new Reach(new Settings { MailServers = [$"127.0.0.1:{port}"] })).Send(
            new Letter(Guid.NewGuid(), "subject", "text", to),
            new ChannelCredentials(Mail: new MailServer("127.0.0.1", port, MailSecurity.None, User: null,
                Password: null, "crm@example.com", FromName: null)), ct);

    private static async Task TalkOn(TcpListener listener)
    {
        using var client = await listener.AcceptTcpClientAsync();
        await using var writer = new StreamWriter(client.GetStream()) { NewLine = "\r\n" };
        try
        {
            while (true)
            {
                await writer.WriteLineAsync("220-here");
                await writer.FlushAsync();
            }
        }
        catch (IOException)
        {
            // The other side has left.
        }
    }

    private static async Task Refuse(TcpListener listener, string greeting, string after, string answer)
    {
        using var client = await listener.AcceptTcpClientAsync();
        using var reader = new StreamReader(client.GetStream());
        await using var writer = new StreamWriter(client.GetStream()) { NewLine = "\r\n", AutoFlush = true };
        await writer.WriteLineAsync(greeting);
        while (await Read(reader) is { } line)
        {
            await writer.WriteLineAsync(after.Length > 0 && line.StartsWith(after, StringComparison.Ordinal) ? $"{answer} no"
                : "250-well\r\n250 SIZE");
        }
    }

    // Ends when the other side has left. Once it has gone silent, whoever sends has no more patience.
    private static async Task Serve(TcpListener listener, string after, CancellationTokenSource patience)
    {
        using var client = await listener.AcceptTcpClientAsync();
        using var reader = new StreamReader(client.GetStream());
        await using var writer = new StreamWriter(client.GetStream()) { NewLine = "\r\n", AutoFlush = true };
        await writer.WriteLineAsync("220 here");
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line.StartsWith(after, StringComparison.Ordinal))
            {
                await patience.CancelAsync();
                break;
            }

            if (line is "DATA")
            {
                await writer.WriteLineAsync("354 go on");
                while (await reader.ReadLineAsync() is { } text && text != ".")
                {
                }

                await patience.CancelAsync();
                break;
            }

            await writer.WriteLineAsync("250 well");
        }

        while (await Read(reader) is not null)
        {
        }
    }

    private static async Task<string?> Read(StreamReader reader)
    {
        try
        {
            return await reader.ReadLineAsync();
        }
        catch (IOException)
        {
            return null;
        }
    }
}
