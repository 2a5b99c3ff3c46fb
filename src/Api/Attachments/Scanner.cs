using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Crm.Api.Http;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace Crm.Api.Attachments;

/// <summary>Looks for malware in what is to be attached.</summary>
internal interface IScanner
{
    /// <summary>What was found; null where nothing was.</summary>
    /// <exception cref="Problem">503: it could not be asked. What was not looked at is not attached.</exception>
    Task<string?> Find(Stream file, CancellationToken ct);
}

/// <summary>Where no scanner is set up.</summary>
internal sealed class NoScanner : IScanner
{
    public Task<string?> Find(Stream file, CancellationToken ct) => Task.FromResult<string?>(null);
}

/// <summary>Asks a ClamAV daemon by its INSTREAM command (clamd(8)), over TCP or a local socket.</summary>
internal sealed class ClamAv : IScanner
{
    private const int Piece = 64 << 10;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    private readonly EndPoint daemon;
    private readonly ILogger<ClamAv> log;
    private readonly ResiliencePipeline asking;

    public ClamAv(EndPoint daemon, TimeProvider clock, ILogger<ClamAv> log)
    {
        (this.daemon, this.log) = (daemon, log);
        asking = new ResiliencePipelineBuilder { TimeProvider = clock }
            .AddTimeout(Longest)
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<SocketException>().Handle<IOException>(),
                MaxRetryAttempts = 2,
                Delay = TimeSpan.FromMilliseconds(200)
            })
            .Build();
    }

    /// <param name="address">As in the setting: a path, or host and port.</param>
    /// <returns>Null where it is neither.</returns>
    public static EndPoint? Parse(string address) => address.StartsWith('/') ? new UnixDomainSocketEndPoint(address)
        : address.LastIndexOf(':') is var colon and > 0 && ushort.TryParse(address[(colon + 1)..], out var port) ? new DnsEndPoint(address[..colon], port)
        : null;

    public async Task<string?> Find(Stream file, CancellationToken ct)
    {
        string answer;
        try
        {
            answer = await asking.ExecuteAsync(async ct => await Ask(file, ct), ct);
        }
        catch (Exception error) when (error is SocketException or IOException or TimeoutRejectedException)
        {
            log.LogError("The scanner at {Address} does not answer: {Reason}", daemon, error.Message);
            throw Unavailable();
        }

        // "stream: OK", "stream: Eicar-Test-Signature FOUND", or what went wrong and "ERROR".
        var said = answer.TrimEnd('\0', '\n');
        if (said.EndsWith(" OK", StringComparison.Ordinal))
        {
            return null;
        }

        if (said.EndsWith(" FOUND", StringComparison.Ordinal))
        {
            return said[(said.IndexOf(' ') + 1)..^" FOUND".Length];
        }

        log.LogError("The scanner at {Address} could not look at a file: {Answer}", daemon, said);
        throw Unavailable();
    }

    private async Task<string> Ask(Stream file, CancellationToken ct)
    {
        using var socket = daemon is UnixDomainSocketEndPoint
            ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(daemon, ct);
        await using var line = new NetworkStream(socket);
        await line.WriteAsync("zINSTREAM\0"u8.ToArray(), ct);
        file.Position = 0;
        var piece = new byte[sizeof(uint) + Piece];
        int count;
        do
        {
            count = await file.ReadAtLeastAsync(piece.AsMemory(sizeof(uint)), Piece, throwOnEndOfStream: false, ct);
            BinaryPrimitives.WriteInt32BigEndian(piece, count);
            await line.WriteAsync(piece.AsMemory(0, sizeof(uint) + count), ct);
        }
        while (count > 0);

        using var answer = new StreamReader(line, Encoding.UTF8);
        return await answer.ReadToEndAsync(ct);
    }

    private static Problem Unavailable() => new(503, "attachment.scanner", "Files cannot be looked at for malware at the moment; nothing was attached.")
    {
        RetryAfter = TimeSpan.FromSeconds(30)
    };
}
