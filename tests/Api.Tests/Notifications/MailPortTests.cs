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

        var sent = new MailPort(new Reach(new Settings { MailServers = [$"127.0.0.1:{port}"] })).Send(
            new Letter(Guid.NewGuid(), "subject", "text", "ann@example.com"),
            new ChannelCredentials(Mail: new MailServer("127.0.0.1", port, MailSecurity.None, User: null,
                Password: null, "crm@example.com", FromName: null)), patience.Token);

        await Should.ThrowAsync<OperationCanceledException>(sent.Soon());
        await server.Soon();
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
