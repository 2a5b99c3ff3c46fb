using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Crm.Api.Tests.Journeys;

namespace Crm.Api.Tests.Attachments;

/// <summary>What a scanner finds is not attached, nor what it could not look at. The daemon here speaks as clamd(8) says, and finds EICAR's test file.</summary>
public sealed class ScannerTests(ScannedServer crm) : IClassFixture<ScannedServer>
{
    // In two pieces, so that no scanner takes the source for it.
    private static readonly byte[] Eicar = Encoding.ASCII.GetBytes(@"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD" + "-ANTIVIRUS-TEST-FILE!$H+H*");

    [Fact]
    public async Task Malware_is_refused_and_what_could_not_be_looked_at_as_well()
    {
        var record = $"leads/{(await crm.Http.Write("leads", new { source = "web" })).Ok().Id}";
        (await crm.Http.Attach(record, "a.pdf", Attaching.Pdf(new string('x', 200_000)))).Ok();
        var refusal = await (await crm.Http.Attach(record, "eicar.txt", Eicar)).Refused();
        (refusal.Status, refusal.Code).ShouldBe((422, "attachment.malware"));

        crm.Daemon.Answer = "INSTREAM size limit exceeded. ERROR";
        (await (await crm.Http.Attach(record, "b.pdf", Attaching.Pdf("b"))).Refused()).Code.ShouldBe("attachment.scanner");
        crm.Daemon.Stop();
        var away = await (await crm.Http.Attach(record, "b.pdf", Attaching.Pdf("b"))).Refused();
        (away.Status, away.Code).ShouldBe((503, "attachment.scanner"));

        (await crm.Http.Read($"{record}/attachments")).Ok().Body.GetProperty("items").GetArrayLength().ShouldBe(1);
    }
}

/// <summary>The program with a scanner beside it.</summary>
public sealed class ScannedServer : CrmServer
{
    internal Daemon Daemon { get; } = new();

    protected override IReadOnlyDictionary<string, string?> More => new Dictionary<string, string?> { ["Crm:Scanner"] = $"127.0.0.1:{Daemon.Port}" };
}

/// <summary>Takes INSTREAM, and answers as clamd would.</summary>
internal sealed class Daemon
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);

    public Daemon()
    {
        listener.Start();
        _ = Serve();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>In place of what it finds.</summary>
    public string? Answer { get; set; }

    public void Stop() => listener.Stop();

    private async Task Serve()
    {
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync();
                await using var line = client.GetStream();
                await Look(line);
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // It was stopped.
        }
    }

    private async Task Look(NetworkStream line)
    {
        var (word, length, all) = (new byte["zINSTREAM\0".Length], new byte[4], new MemoryStream());
        await line.ReadExactlyAsync(word);
        Encoding.ASCII.GetString(word).ShouldBe("zINSTREAM\0");
        while (true)
        {
            await line.ReadExactlyAsync(length);
            if (BinaryPrimitives.ReadInt32BigEndian(length) is not (> 0 and var count))
            {
                break;
            }

            var piece = new byte[count];
            await line.ReadExactlyAsync(piece);
            all.Write(piece);
        }

        var found = all.ToArray().AsSpan().IndexOf("EICAR-STANDARD"u8) >= 0;
        await line.WriteAsync(Encoding.ASCII.GetBytes($"{Answer ?? (found ? "stream: Eicar-Test-Signature FOUND" : "stream: OK")}\0"));
    }
}
