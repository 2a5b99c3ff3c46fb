using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Crm.EventStore.Tests.Faults;

/// <summary>What becomes of a call of crm.append that passes the proxy.</summary>
public enum Loss
{
    /// <summary>Carried out; its answer is dropped, then the line is closed.</summary>
    Answer,

    /// <summary>Carried out; its answer is dropped, then the line is reset.</summary>
    AnswerByReset,

    /// <summary>Never reaches PostgreSQL.</summary>
    Call,

    /// <summary>Cut as soon as it is sent: nobody can tell whether it will be carried out.</summary>
    MidCall,

    /// <summary>Carried out; the line stays open and is silent for ever.</summary>
    Silence
}

/// <summary>Stands between a store and PostgreSQL, hands bytes on, and can lose or hold what passes.</summary>
internal sealed class Proxy : IAsyncDisposable
{
    private static readonly byte[] ReadyForQuery = [(byte)'Z', 0, 0, 0, 5, (byte)'I'];

    private readonly TcpListener door = new(IPAddress.Loopback, 0);
    private readonly EndPoint server;
    private readonly List<Socket> sockets = [];
    private readonly CancellationTokenSource end = new();
    private volatile TaskCompletionSource open = Done();
    private (Loss Loss, TaskCompletionSource Happened)? next;

    private Proxy(string connectionString)
    {
        var straight = new NpgsqlConnectionStringBuilder(connectionString);
        server = straight.Host!.StartsWith('/')
            ? new UnixDomainSocketEndPoint($"{straight.Host}/.s.PGSQL.{straight.Port}")
            : new IPEndPoint(IPAddress.Loopback, straight.Port);
        door.Start();
        straight.Host = "127.0.0.1";
        straight.Port = ((IPEndPoint)door.LocalEndpoint).Port;
        straight.SslMode = SslMode.Disable;
        straight.Timeout = 5;
        ConnectionString = straight.ConnectionString;
        _ = Task.Run(Welcome);
    }

    public string ConnectionString { get; }

    public static Proxy Before(string connectionString) => new(connectionString);

    /// <summary>Loses the next call of crm.append on a line that has made one before.</summary>
    /// <returns>Ends when it has happened.</returns>
    public Task Lose(Loss loss)
    {
        lock (sockets)
        {
            var happened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            next = (loss, happened);
            return happened.Task;
        }
    }

    /// <summary>Holds every byte on every line, old or new, until <see cref="Thaw"/>.</summary>
    public void Freeze() => open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Thaw() => open.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        Thaw();
        door.Dispose();
        lock (sockets)
        {
            sockets.ForEach(socket => socket.Dispose());
        }
    }

    private async Task Welcome()
    {
        while (!end.IsCancellationRequested)
        {
            try
            {
                var client = await door.AcceptSocketAsync(end.Token);
                var behind = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Unspecified);
                lock (sockets)
                {
                    sockets.AddRange([client, behind]);
                }

                await behind.ConnectAsync(server, end.Token);
                var line = new Line(this, client, behind);
                _ = Task.WhenAll(line.Calls(), line.Answers());
            }
            catch (Exception error) when (error is SocketException or OperationCanceledException)
            {
                // PostgreSQL is away, or the test is over; the client sees a closed line.
            }
        }
    }

    private (Loss Loss, TaskCompletionSource Happened)? TakeNext()
    {
        lock (sockets)
        {
            var taken = next;
            next = null;
            return taken;
        }
    }

    private static TaskCompletionSource Done()
    {
        var done = new TaskCompletionSource();
        done.SetResult();
        return done;
    }

    private sealed class Line(Proxy proxy, Socket client, Socket server)
    {
        private (Loss Loss, TaskCompletionSource Happened)? fate;
        private bool appends;

        public Task Calls() => Pump(client, server, bytes =>
        {
            // The first call prepares the statement, under whose name the later ones go.
            var prepares = bytes.IndexOf("crm.append("u8) >= 0;
            fate ??= appends ? proxy.TakeNext() : null;
            appends |= prepares;
            return fate?.Loss switch
            {
                Loss.Call => Then.Reset,
                Loss.MidCall => Then.PassAndReset,
                _ => Then.Pass
            };
        });

        public Task Answers() => Pump(server, client, bytes => fate?.Loss switch
        {
            null => Then.Pass,
            Loss.Answer when bytes.EndsWith(ReadyForQuery) => Then.Close,
            Loss.AnswerByReset when bytes.EndsWith(ReadyForQuery) => Then.Reset,
            Loss.Silence when bytes.EndsWith(ReadyForQuery) => Then.BeSilent,
            _ => Then.Drop
        });

        private enum Then { Pass, Drop, PassAndReset, Reset, Close, BeSilent }

        private delegate Then Judge(ReadOnlySpan<byte> bytes);

        private async Task Pump(Socket from, Socket to, Judge judge)
        {
            var buffer = new byte[1 << 16];
            try
            {
                while (await from.ReceiveAsync(buffer) is var count and > 0)
                {
                    await proxy.open.Task;
                    var then = judge(buffer.AsSpan(0, count));
                    if (then is Then.Pass or Then.PassAndReset)
                    {
                        for (var sent = 0; sent < count;)
                        {
                            sent += await to.SendAsync(buffer.AsMemory(sent, count - sent));
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

            client.Dispose();
            server.Dispose();
        }
    }
}
