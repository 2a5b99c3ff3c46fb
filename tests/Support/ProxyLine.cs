using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Crm.Support;

/// <summary>One connection that passes a proxy.</summary>
internal sealed class ProxyLine(Proxy proxy, Socket client, Socket server) : IDisposable
{
    private const int LongestNotice = 400;

    private static readonly byte[] ReadyForQuery = [(byte)'Z', 0, 0, 0, 5, (byte)'I'];
    private static readonly byte[] BackendKey = [(byte)'K', 0, 0, 0, 12];
    private Fate? fate;
    private bool appends;
    private volatile bool isOrphan;

    private enum Then { Pass, Drop, PassAndReset, Reset, Close, BeSilent }

    private delegate Then Judge(Span<byte> bytes);

    /// <summary>The process that PostgreSQL serves it with; 0 until it has said so.</summary>
    public int Backend { get; private set; }

    public bool IsOver { get; private set; }

    public async Task Begin(EndPoint behind, CancellationToken ct)
    {
        try
        {
            await server.ConnectAsync(behind, ct);
        }
        catch (SocketException)
        {
            Dispose();
            throw;
        }

        _ = Task.WhenAll(Calls(), Answers());
    }

    public void Reset()
    {
        try
        {
            client.LingerState = new LingerOption(enable: true, seconds: 0);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // It is gone already.
        }

        Dispose();
    }

    /// <summary>Hangs up on PostgreSQL and leaves the client waiting.</summary>
    public void Orphan()
    {
        isOrphan = true;
        server.Dispose();
    }

    public void Dispose()
    {
        IsOver = true;
        client.Dispose();
        server.Dispose();
    }

    private Task Calls() => Pump(client, server, bytes =>
    {
        proxy.ApplyEdits(bytes);
        // The first call prepares the statement, under whose name the later ones go. What is shorter than any of them only says that something was appended.
        var prepares = bytes.IndexOf("crm.append("u8) >= 0;
        fate ??= appends && bytes.Length > LongestNotice ? proxy.TakeNext() : null;
        appends |= prepares;
        return fate?.Loss switch
        {
            Loss.Call => Then.Reset,
            Loss.CallInSilence => Then.BeSilent,
            Loss.MidCall => Then.PassAndReset,
            _ => Then.Pass
        };
    });

    private Task Answers() => Pump(server, client, bytes =>
    {
        if (Backend == 0 && bytes.IndexOf(BackendKey) is var at and >= 0)
        {
            Backend = BinaryPrimitives.ReadInt32BigEndian(bytes[(at + BackendKey.Length)..]);
        }

        return fate?.Loss switch
        {
            null => Then.Pass,
            Loss.Answer when bytes.EndsWith(ReadyForQuery) => Then.Close,
            Loss.AnswerByReset when bytes.EndsWith(ReadyForQuery) => Then.Reset,
            Loss.Silence when bytes.EndsWith(ReadyForQuery) => Then.BeSilent,
            _ => Then.Drop
        };
    });

    private async Task Pump(Socket from, Socket to, Judge judge)
    {
        var buffer = new byte[1 << 16];
        try
        {
            while (await from.ReceiveAsync(buffer) is var count and > 0)
            {
                await proxy.Opened;
                var then = judge(buffer.AsSpan(0, count));
                if (then is Then.Pass or Then.PassAndReset)
                {
                    for (var sent = 0; sent < count;)
                    {
                        sent += await to.SendAsync(buffer.AsMemory(sent, Math.Min(proxy.Mouthful, count - sent)));
                    }
                }

                if (then is Then.Reset or Then.PassAndReset)
                {
                    client.LingerState = new LingerOption(enable: true, seconds: 0);
                }

                if (then is not (Then.Pass or Then.Drop))
                {
                    fate?.Happened.TrySetResult();
                }

                if (then is Then.Reset or Then.PassAndReset or Then.Close)
                {
                    break;
                }
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // One end is gone; so is the other, below.
        }

        if (!isOrphan)
        {
            Dispose();
        }
    }
}
