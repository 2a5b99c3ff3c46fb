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
    : ISaid, IBindableFromHttpContext<Body<T>>, IEndpointParameterMetadataProvider where T : class
{
    object ISaid.Value => Value;

    IReadOnlyList<string> ISaid.Cleared => [];

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

/// <summary>
/// A JSON Merge Patch (RFC 7396) on a flat record: a member that is absent stays as it is, one that is null is cleared. Taken as
/// <c>application/merge-patch+json</c> or <c>application/json</c>.
/// </summary>
/// <param name="Cleared">The members that were sent as null.</param>
public sealed record Patch<T>(T Value, IReadOnlyList<string> Cleared, string Fingerprint)
    : ISaid, IBindableFromHttpContext<Patch<T>>, IEndpointParameterMetadataProvider where T : class
{
    object ISaid.Value => Value;

    /// <summary>The same as an ordinary body, for those to whom it makes no difference.</summary>
    public Body<T> Body => new(Value, Fingerprint);

    public static async ValueTask<Patch<T>?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var bytes = await BodyJson.Read(context, BodyJson.MergePatch);
        using var json = BodyJson.Parse(bytes);
        var faults = new Findings();
        var value = Shape.OfRecord(typeof(T)).Read(json.RootElement, Place.Body(faults));
        faults.ThrowIfAny();
        foreach (var blank in Blank(json.RootElement))
        {
            Place.Body(faults).Member(blank).Wrong(Code.BadText, "Send a text, or null to clear it.");
        }

        faults.ThrowIfAny();
        string[] cleared = [.. json.RootElement.EnumerateObject().Where(member => member.Value.ValueKind == JsonValueKind.Null).Select(member => member.Name)];
        return new Patch<T>((T)value!, cleared, Convert.ToHexStringLower(SHA256.HashData(bytes)));
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new TakesBody(typeof(T), BodyJson.MergePatch));

    private static IEnumerable<string> Blank(JsonElement root) => root.ValueKind != JsonValueKind.Object ? [] : root.EnumerateObject()
        .Where(member => member.Value.ValueKind == JsonValueKind.String && string.IsNullOrWhiteSpace(member.Value.GetString())).Select(member => member.Name);
}

/// <summary>What a request says, whatever kind of record it is.</summary>
internal interface ISaid
{
    object Value { get; }

    /// <summary>The members that it takes away.</summary>
    IReadOnlyList<string> Cleared { get; }
}

internal static class BodyJson
{
    public const string MergePatch = "application/merge-patch+json";

    private const int Depth = 32;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = Depth };

    public static async Task<byte[]> Read(HttpContext context, string? alsoTaken = null)
    {
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody != true) throw Empty();
        if (!IsPlainJson(context.Request, alsoTaken))
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

    private static bool IsPlainJson(HttpRequest request, string? alsoTaken) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && ("application/json".Equals(type.MediaType, StringComparison.OrdinalIgnoreCase) || (alsoTaken?.Equals(type.MediaType, StringComparison.OrdinalIgnoreCase) ?? false))
        && (type.CharSet is null || "utf-8".Equals(type.CharSet.Trim('"'), StringComparison.OrdinalIgnoreCase))
        && request.Headers.ContentEncoding is [] or ["identity"];

    private static Problem Empty() => new(400, Code.NotJson, "The body is empty; send a JSON object.");
}
