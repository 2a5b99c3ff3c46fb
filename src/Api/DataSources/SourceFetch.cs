using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Crm.Api.Http;
using Crm.Api.Http.Shapes;
using Crm.Api.Outside;
using Crm.Domain.DataSources;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace Crm.Api.DataSources;

/// <summary>What came of fetching.</summary>
/// <param name="Reading">Null where nothing came that could be read.</param>
/// <param name="Channel"><c>first</c> or <c>second</c>.</param>
/// <param name="Failure">A status, or what stood in the way:
/// <c>timeout</c>, <c>address</c>, <c>connect</c>, <c>schema</c>, <c>open</c>.</param>
public sealed record Fetched(PushReadingRequest? Reading, string Channel, string? Failure);

/// <summary>
/// Fetches readings over HTTP, by connections that <see cref="Reach"/> has looked at, no redirects, at most one mebibyte. A source that
/// does not answer is asked again after a while that grows, then left alone; where it has a second address that one is asked as soon as
/// the first is slow or fails.
/// </summary>
public sealed class SourceFetch(Reach reach) : IDisposable
{
    private const int MostBytes = 1 << 20;

    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(2);

    private readonly HttpClient client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false, UseProxy = false, UseCookies = false, AutomaticDecompression = DecompressionMethods.None,
        ConnectCallback = reach.Connect, MaxConnectionsPerServer = 8, PooledConnectionLifetime = TimeSpan.FromMinutes(2)
    })
    { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = MostBytes };

    private readonly ConcurrentDictionary<(Guid, string), ResiliencePipeline<Fetched>> pipelines = new();

    public async Task<Fetched> Get(Guid source, SourceTerms terms, CancellationToken ct)
    {
        var first = Tried(source, terms.Url!, "first", ct);
        if (terms.SecondUrl is not { } second)
        {
            return await first;
        }

        var slow = Task.Delay(Slow, ct);
        if (await Task.WhenAny(first, slow) == first && (await first).Reading is not null)
        {
            return await first;
        }

        // Whichever comes first; where neither does, what the first one said.
        var other = Tried(source, second, "second", ct);
        var quick = await await Task.WhenAny(first, other);
        return quick.Reading is not null ? quick : (await other).Reading is not null ? await other : await first;
    }

    public void Dispose() => client.Dispose();

    private async Task<Fetched> Tried(Guid source, string url, string channel, CancellationToken ct)
    {
        try
        {
            return await pipelines.GetOrAdd((source, url), _ => Pipeline()).ExecuteAsync(
                async stop => await Asked(new Uri(url), channel, stop), ct);
        }
        catch (Exception away) when (away is BrokenCircuitException or TimeoutRejectedException && !ct.IsCancellationRequested)
        {
            return new(null, channel, away is BrokenCircuitException ? "open" : "timeout");
        }
    }

    private async Task<Fetched> Asked(Uri url, string channel, CancellationToken ct)
    {
        try
        {
            using var answer = await client.GetAsync(url, ct);
            if (answer.StatusCode != HttpStatusCode.OK)
            {
                return new(null, channel, ((int)answer.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture));
            }

            using var json = BodyJson.Parse(await answer.Content.ReadAsByteArrayAsync(ct));
            var faults = new Findings();
            var read = (PushReadingRequest?)Shape.OfRecord(typeof(PushReadingRequest)).Read(json.RootElement, Place.Body(faults));
            faults.ThrowIfAny();
            return new(read, channel, null);
        }
        catch (Problem)
        {
            return new(null, channel, "schema");
        }
        catch (HttpRequestException error)
        {
            return new(null, channel, error.InnerException is NotReachable ? "address" : "connect");
        }
    }

    // What is no reading stays none, however often it is asked for.
    private static ResiliencePipeline<Fetched> Pipeline() => new ResiliencePipelineBuilder<Fetched>()
        .AddTimeout(TimeSpan.FromSeconds(30))
        .AddRetry(new RetryStrategyOptions<Fetched>
        {
            ShouldHandle = said => ValueTask.FromResult(said.Outcome.Exception is TimeoutRejectedException
                || said.Outcome.Result is { Reading: null, Failure: not "schema" }),
            MaxRetryAttempts = 2,
            Delay = TimeSpan.FromMilliseconds(250),
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true
        })
        .AddCircuitBreaker(new CircuitBreakerStrategyOptions<Fetched>
        {
            ShouldHandle = said => ValueTask.FromResult(said.Outcome.Result is not { Reading: not null }),
            FailureRatio = 1,
            MinimumThroughput = 10,
            SamplingDuration = TimeSpan.FromMinutes(2),
            BreakDuration = TimeSpan.FromSeconds(15)
        })
        .AddTimeout(TimeSpan.FromSeconds(8))
        .Build();
}
