using System.Net;
using System.Net.Sockets;
using System.Text;
using Npgsql;

namespace Crm.Support;

/// <summary>What becomes of a call of crm.append that passes the proxy.</summary>
public enum Loss
{
    /// <summary>Carried out; its answer is dropped, then the line is closed.</summary>
    Answer,

    /// <summary>Carried out; its answer is dropped, then the line is reset.</summary>
    AnswerByReset,

    /// <summary>Never reaches PostgreSQL.</summary>
    Call,

    /// <summary>Never reaches PostgreSQL; the line stays open and is silent for ever.</summary>
    CallInSilence,

    /// <summary>Cut as soon as it is sent: nobody can tell whether it will be carried out.</summary>
    MidCall,

    /// <summary>Carried out; the line stays open and is silent for ever.</summary>
    Silence
}

/// <summary>Stands between a program and PostgreSQL, hands bytes on, and can lose, hold, slow down or change what passes.</summary>
public sealed class Proxy : IAsyncDisposable
{
    private readonly TcpListener door = new(IPAddress.Loopback, 0);
    private readonly EndPoint server;
    private readonly List<ProxyLine> lines = [];
    private readonly CancellationTokenSource end = new();
    private readonly List<(byte[] Of, byte[] By)> edits = [];
    private volatile TaskCompletionSource open = Done();
    private Fate? next;
    private int edited;

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

    /// <summary>How often a text was put in the place of another.</summary>
    public int Edited => Volatile.Read(ref edited);

    /// <summary>How many bytes pass at a time.</summary>
    public int Mouthful { get; set; } = int.MaxValue;

    internal Task Opened => open.Task;

    public static Proxy Before(string connectionString) => new(connectionString);

    /// <summary>Loses the next call of crm.append on a line that has made one before.</summary>
    /// <returns>Ends when it has happened.</returns>
    public Task Lose(Loss loss)
    {
        lock (lines)
        {
            var happened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            next = new Fate(loss, happened);
            return happened.Task;
        }
    }

    /// <summary>Holds every byte on every line, old or new, until <see cref="Thaw"/>.</summary>
    public void Freeze() => open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Thaw() => open.TrySetResult();

    /// <summary>Resets all lines.</summary>
    /// <returns>How many there were.</returns>
    public int Reset()
    {
        var all = Lines();
        all.ForEach(line => line.Reset());
        return all.Count;
    }

    /// <summary>Takes the line away behind which a backend works; to the program it seems open, and says nothing any more.</summary>
    /// <returns>Ends the silence by closing the line; null when no such line is here.</returns>
    public IDisposable? Orphan(int backend)
    {
        var line = Lines().Find(l => l.Backend == backend);
        line?.Orphan();
        return line;
    }

    /// <summary>Puts another text of the same length in the place of one that the program sends.</summary>
    public void Edit(string of, string by)
    {
        if (of.Length != by.Length)
        {
            throw new ArgumentException("Both texts must be of one length.", nameof(by));
        }

        edits.Add((Encoding.UTF8.GetBytes(of), Encoding.UTF8.GetBytes(by)));
    }

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        Thaw();
        door.Dispose();
        Lines().ForEach(line => line.Dispose());
    }

    internal Fate? TakeNext()
    {
        lock (lines)
        {
            var taken = next;
            next = null;
            return taken;
        }
    }

    internal void ApplyEdits(Span<byte> bytes)
    {
        foreach (var (of, by) in edits)
        {
            for (int at; (at = bytes.IndexOf(of)) >= 0; Interlocked.Increment(ref edited))
            {
                by.CopyTo(bytes[at..]);
            }
        }
    }

    private async Task Welcome()
    {
        while (!end.IsCancellationRequested)
        {
            try
            {
                var client = await door.AcceptSocketAsync(end.Token);
                client.NoDelay = true;
                var behind = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Unspecified);
                var line = new ProxyLine(this, client, behind);
                lock (lines)
                {
                    lines.RemoveAll(l => l.IsOver);
                    lines.Add(line);
                }

                await line.Begin(server, end.Token);
            }
            catch (Exception error) when (error is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // PostgreSQL is away, or the test is over; the client sees a closed line.
            }
        }
    }

    private List<ProxyLine> Lines()
    {
        lock (lines)
        {
            return [.. lines.Where(line => !line.IsOver)];
        }
    }

    private static TaskCompletionSource Done()
    {
        var done = new TaskCompletionSource();
        done.SetResult();
        return done;
    }
}

internal sealed record Fate(Loss Loss, TaskCompletionSource Happened);
