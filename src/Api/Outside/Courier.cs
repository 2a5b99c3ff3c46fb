using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace Crm.Api.Outside;

/// <summary>One thing to be delivered, signed.</summary>
/// <param name="Id">The same at every attempt.</param>
public sealed record Parcel(Uri Url, string Id, DateTimeOffset At, byte[] Body, string ContentType, string Signature);

/// <summary>
/// Carries one request to a receiver and tells what came back. Follows no redirects, keeps no cookies, uses no proxy, and reads no more of
/// an answer
/// than it takes to use the connection again.
/// </summary>
public sealed class Courier : IDisposable
{
    private const int MostRead = 16 * 1024;

    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(1);

    private readonly HttpClient client;
    private readonly TimeSpan limit;

    /// <param name="limit">How long an attempt may take over all.</param>
    public Courier(Reach reach, TimeSpan limit)
    {
        this.limit = limit;
        client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectCallback = reach.Connect,
            MaxConnectionsPerServer = 64,
            MaxResponseHeadersLength = 16,
            // Names are looked up anew from time to time.
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(20)
        })
        {
            Timeout = Timeout.InfiniteTimeSpan
        };
        client.DefaultRequestHeaders.UserAgent.ParseAdd("EventSourcedCrm-Webhooks/1");
    }

    /// <exception cref="OperationCanceledException">Only where <paramref name="ct"/> was cancelled.</exception>
    public async Task<Reply> Post(Parcel parcel, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, parcel.Url) { Content = new ByteArrayContent(parcel.Body) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(parcel.ContentType);
        request.Headers.TryAddWithoutValidation("webhook-id", parcel.Id);
        request.Headers.TryAddWithoutValidation("webhook-timestamp", Signature.Seconds(parcel.At));
        request.Headers.TryAddWithoutValidation("webhook-signature", parcel.Signature);
        return (await Send(request, ct)).Reply;
    }

    /// <summary>Sends a request, and reads as much of the answer as it keeps in mind.</summary>
    /// <exception cref="OperationCanceledException">Only where <paramref name="ct"/> was cancelled.</exception>
    public async Task<(Reply Reply, ReadOnlyMemory<byte> Said)> Send(HttpRequestMessage request, CancellationToken ct)
    {
        var clock = Stopwatch.StartNew();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(limit);
        try
        {
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            var took = clock.Elapsed;
            var said = await Read(response, patience.Token);
            ct.ThrowIfCancellationRequested();
            return (new Reply((int)response.StatusCode, null, took, Wanted(response.Headers.RetryAfter)), said);
        }
        catch (Exception error) when (!ct.IsCancellationRequested)
        {
            return (new Reply(null, patience.IsCancellationRequested ? "timeout" : Kind(error), clock.Elapsed), default);
        }
    }

    public void Dispose() => client.Dispose();

    // The status has told all, or nearly. A short answer is read so that the connection can be used again; any other is broken off.
    private static async Task<ReadOnlyMemory<byte>> Read(HttpResponseMessage response, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Drain);
        var buffer = new byte[MostRead];
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(patience.Token);
            return buffer.AsMemory(0, await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, patience.Token));
        }
        catch (Exception torn) when (torn is IOException or HttpRequestException or OperationCanceledException)
        {
            return default;
        }
    }

    private static TimeSpan? Wanted(RetryConditionHeaderValue? said) =>
        said?.Delta ?? (said?.Date is { } date ? date - DateTimeOffset.UtcNow : null);

    private static string Kind(Exception error)
    {
        var causes = Causes(error).ToList();
        return causes.Any(cause => cause is NotReachable
            or SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain }) ? "address"
            : error is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } ? "tls"
            : error is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } ? "connect"
            : error is HttpRequestException or IOException ? "broken-off" : "internal";
    }

    private static IEnumerable<Exception> Causes(Exception? error)
    {
        for (; error is not null; error = error.InnerException)
        {
            yield return error;
        }
    }
}
