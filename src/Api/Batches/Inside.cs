using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Api.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace Crm.Api.Batches;

/// <summary>Requests that do not come over the wire: they go the whole way that one from outside goes, through identity, rights, limits and problems.</summary>
public sealed class Inside(IHttpContextFactory contexts)
{
    private RequestDelegate? way;

    /// <summary>Learns the way that requests go.</summary>
    public RequestDelegate Learn(RequestDelegate next) => way = next;

    /// <param name="outer">The request that holds the others: who sends it, and from where.</param>
    public async Task<BatchItemAnswer> Send(HttpContext outer, BatchItemRequest item, int number)
    {
        using var answer = new MemoryStream();
        var context = contexts.Create(Features(outer, item, number, answer));
        try
        {
            await way!(context);
            await context.Response.CompleteAsync();
            var headers = context.Response.Headers;
            return new BatchItemAnswer(
                context.Response.StatusCode, Text(headers.ETag), Text(headers.Location), Text(headers[Headers.PositionName]), headers.ContainsKey("Idempotency-Replayed"),
                answer.Length == 0 ? null : JsonNode.Parse(answer.ToArray()));
        }
        finally
        {
            contexts.Dispose(context);
        }
    }

    private static FeatureCollection Features(HttpContext outer, BatchItemRequest item, int number, MemoryStream answer)
    {
        var (path, query) = item.Path.Split('?', 2) is [var before, var after] ? (before, $"?{after}") : (item.Path, "");
        var body = item.Body is { } json ? JsonSerializer.SerializeToUtf8Bytes(json.Json) : [];
        var headers = new HeaderDictionary
        {
            [HeaderNames.Host] = outer.Request.Headers.Host,
            [HeaderNames.Authorization] = outer.Request.Headers.Authorization,
            [HeaderNames.AcceptLanguage] = outer.Request.Headers.AcceptLanguage,
            [CrmVersion.HeaderName] = outer.Request.Headers[CrmVersion.HeaderName],
            ["Request-Id"] = $"{outer.TraceIdentifier[..Math.Min(outer.TraceIdentifier.Length, 60)]}-{number}",
            [Headers.IdempotencyKeyName] = item.IdempotencyKey,
            [HeaderNames.IfMatch] = item.IfMatch
        };
        if (item.Body is not null)
        {
            headers[HeaderNames.ContentType] = "application/json";
            headers.ContentLength = body.Length;
        }

        var features = new FeatureCollection();
        features.Set<IHttpRequestFeature>(new HttpRequestFeature
        {
            Method = item.Method.ToString().ToUpperInvariant(),
            Scheme = outer.Request.Scheme,
            Protocol = outer.Request.Protocol,
            Path = PathString.FromUriComponent($"/api/v1/{path}").Value!,
            QueryString = query,
            Headers = headers,
            Body = new MemoryStream(body)
        });
        features.Set<IHttpResponseFeature>(new HttpResponseFeature());
        features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(answer));
        features.Set<IHttpRequestBodyDetectionFeature>(new Detected(item.Body is not null));
        features.Set(new Within());
        features.Set(outer.Features.Get<IHttpConnectionFeature>());
        features.Set(outer.Features.Get<IHttpRequestLifetimeFeature>());
        return features;
    }

    private static string? Text(Microsoft.Extensions.Primitives.StringValues values) => values is [{ Length: > 0 } text] ? text : null;

    /// <summary>Marks a request that another one holds.</summary>
    public sealed record Within;

    private sealed record Detected(bool CanHaveBody) : IHttpRequestBodyDetectionFeature;
}
