using System.Net.Http.Headers;
using System.Reflection;
using System.Security.Cryptography;
using System.Text.Json;
using Crm.Api.Http.Shapes;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;

namespace Crm.Api.Http;

/// <summary>A request's JSON body, read as a record. What is wrong with it is said all at once.</summary>
/// <param name="Fingerprint">SHA-256 over the bytes as they came, to tell a repeated request from another one under the same key.</param>
public sealed record Body<T>(T Value, string Fingerprint)
    : IBindableFromHttpContext<Body<T>>, IEndpointParameterMetadataProvider where T : class
{
    public static async ValueTask<Body<T>?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var bytes = await BodyJson.Read(context);
        using var json = BodyJson.Parse(bytes);
        var faults = new Findings();
        var value = Shape.OfRecord(typeof(T)).Read(json.RootElement, Place.Body(faults));
        faults.ThrowIfAny();
        return new Body<T>((T)value!, Convert.ToHexStringLower(SHA256.HashData(bytes)));
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) => builder.Metadata.Add(new TakesBody(typeof(T)));
}

internal static class BodyJson
{
    private const int Depth = 32;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = Depth };

    public static async Task<byte[]> Read(HttpContext context)
    {
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody != true) throw Empty();
        if (!IsPlainJson(context.Request))
            throw new Problem(415, Code.UnsupportedMediaType, Statuses.Of(415).Detail,
                Fault.InHeader("Content-Type", Code.UnsupportedMediaType, "Send application/json, alone or with charset=utf-8."));

        return await RequestBytes.Read(context) is { Length: > 0 } bytes ? bytes : throw Empty();
    }

    public static JsonDocument Parse(byte[] bytes)
    {
        try
        {
            // Some clients put a byte order mark in front, which RFC 8259 lets us ignore.
            return JsonDocument.Parse(bytes.AsMemory(bytes.AsSpan().StartsWith("\uFEFF"u8) ? 3 : 0), Strict);
        }
        catch (JsonException e)
        {
            throw new Problem(400, Code.NotJson,
                $"The body stops being JSON at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}. It may be nested {Depth} deep.");
        }
    }

    private static bool IsPlainJson(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && "application/json".Equals(type.MediaType, StringComparison.OrdinalIgnoreCase)
        && (type.CharSet is null || "utf-8".Equals(type.CharSet.Trim('"'), StringComparison.OrdinalIgnoreCase))
        && request.Headers.ContentEncoding is [] or ["identity"];

    private static Problem Empty() => new(400, Code.NotJson, "The body is empty; send a JSON object.");
}
