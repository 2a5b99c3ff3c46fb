using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Crm.Benchmarks;

/// <summary>
/// One connection that says a request and waits for its answer, with as little work of its own as can be: client and server share the
/// machine's processors.
/// </summary>
public sealed class RawClient : IDisposable
{
    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] buffer = new byte[1 << 18];
    private readonly string key;

    public RawClient(int port, string key = ServedProgram.Key)
    {
        this.key = key;
        socket.Connect(IPAddress.Loopback, port);
    }

    /// <summary>Status, Crm-Position and body.</summary>
    public async ValueTask<(int Status, string? Position, string Body)> Say(string method, string path, string? body, string headers, CancellationToken ct)
    {
        var content = body is null ? "" : $"Content-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n";
        await socket.SendAsync(Encoding.UTF8.GetBytes($"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {key}\r\n{headers}{content}\r\n{body}"), ct);
        var (length, end) = (0, -1);
        while (end < 0)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(length), ct);
            if (read == 0)
            {
                throw new IOException("The server closed the connection.");
            }

            length += read;
            end = End(buffer.AsSpan(0, length));
        }

        var answer = Encoding.UTF8.GetString(buffer, 0, length);
        var status = int.Parse(answer.AsSpan(9, 3), CultureInfo.InvariantCulture);
        return (status, Header(answer, "Crm-Position: "), answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]);
    }

    public void Dispose() => socket.Dispose();

    // Where the answer is complete; -1 when it is not yet.
    private static int End(ReadOnlySpan<byte> received)
    {
        var head = received.IndexOf("\r\n\r\n"u8);
        if (head < 0)
        {
            return -1;
        }

        var at = received[..head].IndexOf("Content-Length: "u8);
        if (at < 0)
        {
            return received.EndsWith("0\r\n\r\n"u8) || received[..head].IndexOf("chunked"u8) < 0 ? received.Length : -1;
        }

        var text = received[(at + 16)..head];
        var stop = text.IndexOf((byte)'\r');
        var whole = head + 4 + int.Parse(stop < 0 ? text : text[..stop], CultureInfo.InvariantCulture);
        return received.Length >= whole ? whole : -1;
    }

    private static string? Header(string answer, string name)
    {
        var at = answer.IndexOf(name, StringComparison.Ordinal);
        return at < 0 ? null : answer[(at + name.Length)..answer.IndexOf('\r', at)];
    }
}
