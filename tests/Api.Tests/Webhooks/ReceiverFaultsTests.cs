using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Crm.Api.Tests.Journeys;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Crm.Api.Tests.Webhooks;

/// <summary>Receivers that misbehave in every way there is. Each has its own fault noted, and the others hear of everything in time.</summary>
public sealed class ReceiverFaultsTests(WebhookServer crm) : IClassFixture<WebhookServer>
{
    [Fact]
    public async Task A_receiver_that_misbehaves_holds_up_nobody_else()
    {
        using var admin = await crm.Tenant("faults");
        using var stop = new CancellationTokenSource();
        crm.Receiver.Answer = (context, got, _) => Answer(context, got.Path, stop.Token);
        using var loris = Raw(async (stream, ct) =>
        {
            foreach (var letter in "HTTP/1.1 200 OK\r\nX: " + new string('x', 1000))
            {
                await stream.WriteAsync(new[] { (byte)letter }, ct);
                await Task.Delay(50, ct);
            }
        }, stop.Token);
        using var headers = Raw((stream, ct) => stream.WriteAsync(Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\n" + string.Concat(Enumerable.Repeat($"X: {new string('x', 1000)}\r\n", 100)) + "\r\n"), ct).AsTask(), stop.Token);
        using var nonsense = Raw((stream, ct) => stream.WriteAsync("SSH-2.0-OpenSSH\r\n"u8.ToArray(), ct).AsTask(), stop.Token);
        using var hangsUp = Raw((_, _) => Task.CompletedTask, stop.Token);
        using var closed = new TcpListener(IPAddress.Loopback, 0);
        closed.Start();
        var nobody = closed.LocalEndpoint;
        closed.Stop();
        var healthy = await admin.Hook(crm.Receiver, "/healthy");
        var expected = new Dictionary<string, (string Url, int? Status, string? Error, string Outcome)>
        {
            ["says 500"] = ($"{crm.Receiver.Url}/500", 500, null, "failed"),
            ["says 429"] = ($"{crm.Receiver.Url}/429", 429, null, "failed"),
            ["redirects"] = ($"{crm.Receiver.Url}/301", 301, null, "failed"),
            ["never answers"] = ($"{crm.Receiver.Url}/never", null, "timeout", "failed"),
            ["hangs after its headers"] = ($"{crm.Receiver.Url}/hangs", 200, null, "delivered"),
            ["fails and hangs"] = ($"{crm.Receiver.Url}/fails-and-hangs", 500, null, "failed"),
            ["answers two MiB"] = ($"{crm.Receiver.Url}/large", 200, null, "delivered"),
            ["dribbles its headers"] = ($"http://{loris.LocalEndpoint}/", null, "timeout", "failed"),
            ["sends headers without end"] = ($"http://{headers.LocalEndpoint}/", null, "broken-off", "failed"),
            ["speaks something else"] = ($"http://{nonsense.LocalEndpoint}/", null, "broken-off", "failed"),
            ["hangs up"] = ($"http://{hangsUp.LocalEndpoint}/", null, "broken-off", "failed"),
            ["speaks no TLS"] = ($"https://{nonsense.LocalEndpoint}/", null, "tls", "failed"),
            ["is not there"] = ($"http://{nobody}/", null, "connect", "failed"),
            ["is gone"] = ($"{crm.Receiver.Url}/410", 410, null, "gone")
        };
        await using var forged = await Forged();
        expected["shows a certificate that nobody signed"] = (forged.Urls.Single(), null, "tls", "failed");
        var hooks = new Dictionary<string, Guid>();
        foreach (var (name, (url, _, _, _)) in expected)
        {
            hooks[name] = (await admin.Write("webhooks", new { url, description = name })).Ok().Id;
        }

        for (var i = 0; i < 20; i++)
        {
            await admin.Lead();
        }

        (await crm.Receiver.At("/healthy", 20)).Select(g => g.Id).ShouldBeUnique();
        var attempts = await admin.Attempts(healthy.Id, 20);
        attempts.Select(a => a.GetProperty("outcome").GetString()).Distinct().ShouldBe(["delivered"]);
        foreach (var (name, (_, status, error, outcome)) in expected)
        {
            var first = (await admin.Attempts(hooks[name], 1))[0];
            (Number(first, "status"), first.GetProperty("error").GetString(), first.GetProperty("outcome").GetString()).ShouldBe((status, error, outcome), name);
        }

        crm.Receiver.At("/redirected").ShouldBeEmpty();
        await admin.Status(hooks["is gone"], "disabled");
        await stop.CancelAsync();
    }

    private static async Task Answer(HttpContext context, string path, CancellationToken stop)
    {
        using var left = CancellationTokenSource.CreateLinkedTokenSource(stop, context.RequestAborted);
        var response = context.Response;
        response.StatusCode = path switch { "/500" or "/fails-and-hangs" => 500, "/429" => 429, "/301" => 301, "/410" => 410, _ => 200 };
        switch (path)
        {
            case "/429":
                response.Headers.RetryAfter = "30";
                break;
            case "/301":
                response.Headers.Location = "/redirected";
                break;
            case "/never":
                await Task.Delay(Timeout.Infinite, left.Token).ContinueWith(_ => { }, CancellationToken.None);
                break;
            case "/hangs" or "/fails-and-hangs":
                await response.StartAsync(left.Token);
                await response.Body.FlushAsync(left.Token);
                await Task.Delay(Timeout.Infinite, left.Token).ContinueWith(_ => { }, CancellationToken.None);
                break;
            case "/large":
                await response.Body.WriteAsync(new byte[2 * 1024 * 1024], left.Token);
                break;
        }
    }

    // A server that reads a little of the request and then does as it likes.
    private static TcpListener Raw(Func<NetworkStream, CancellationToken, Task> answer, CancellationToken stop)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        _ = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                _ = Talk(await listener.AcceptTcpClientAsync(stop));
            }
        }, stop);
        return listener;

        async Task Talk(TcpClient client)
        {
            using (client)
            {
                try
                {
                    await using var stream = client.GetStream();
                    _ = await stream.ReadAsync(new byte[65_536], stop);
                    await answer(stream, stop);
                }
                catch (Exception left) when (left is IOException or OperationCanceledException)
                {
                    // The other side has had enough.
                }
            }
        }
    }

    private static async Task<WebApplication> Forged()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
            listen.UseHttps(X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null))));
        var app = builder.Build();
        app.Run(_ => Task.CompletedTask);
        await app.StartAsync();
        return app;
    }

    private static int? Number(System.Text.Json.JsonElement json, string member) =>
        json.GetProperty(member) is { ValueKind: System.Text.Json.JsonValueKind.Number } number ? number.GetInt32() : null;
}
