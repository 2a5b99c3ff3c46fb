using System.Text.Json;
using System.Text.RegularExpressions;

namespace Crm.Api.Tests.Journeys;

/// <summary>Fails a request whose answer the program's OpenAPI document does not foretell: its status, its media type, its body.</summary>
public sealed class Documented(HttpMessageHandler way) : DelegatingHandler(way)
{
    /// <summary>The media type of an answer that has no end.</summary>
    public const string Streamed = "text/event-stream";

    private Task<ApiDocument>? document;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken ct)
    {
        var api = await (document ??= Load(request.RequestUri!, ct));
        var response = await base.SendAsync(request, ct);
        if (api.Operation(request.Method.Method, request.RequestUri!.AbsolutePath) is { } operation)
        {
            var (status, what) = ((int)response.StatusCode, $"{request.Method} {request.RequestUri.AbsolutePath}");
            if (response.Content.Headers.ContentType?.MediaType is not Streamed)
            {
                await response.Content.LoadIntoBufferAsync(ct);
                api.Surprise(operation, status, response.Content.Headers.ContentType?.MediaType, await response.Content.ReadAsStringAsync(ct)).ShouldBeNull(what);
            }

            api.Surprise(operation, status, [.. response.Headers.Concat(response.Content.Headers).Select(header => header.Key)]).ShouldBeNull(what);
        }

        return response;
    }

    private async Task<ApiDocument> Load(Uri server, CancellationToken ct)
    {
        using var response = await base.SendAsync(new HttpRequestMessage(HttpMethod.Get, new Uri(server, "/openapi/v1.json")), ct);
        return new ApiDocument(JsonDocument.Parse(await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync(ct)).RootElement);
    }
}

/// <summary>An OpenAPI document, as far as it foretells answers.</summary>
public sealed class ApiDocument(JsonElement root)
{
    private readonly List<(string Template, Regex Path, JsonElement Methods)> paths = [.. root.GetProperty("paths").EnumerateObject()
        .Select(path => (path.Name, new Regex($"^{Regex.Replace(path.Name, "{[^}]+}", "[^/]+")}/?$"), path.Value))
        .OrderBy(path => path.Name.Count(c => c == '{'))];

    private static readonly string[] Promised = ["ETag", "Crm-Position", "Request-Id", "Crm-Version"];
    private static readonly string[] Ours = [
        .. Promised, "Location", "Idempotency-Replayed", "Link", "Retry-After", "RateLimit", "RateLimit-Policy", "X-RateLimit-Limit", "X-RateLimit-Remaining",
        "X-RateLimit-Reset", "Deprecation", "Sunset", "WWW-Authenticate"];

    public JsonElement Root => root;

    public IEnumerable<(string Method, string Template, JsonElement Operation)> Operations => paths.SelectMany(path =>
        path.Methods.EnumerateObject().Select(method => (method.Name, path.Template, method.Value)));

    /// <summary>Null for what is no operation: an address that does not exist, a method that it does not take.</summary>
    public JsonElement? Operation(string method, string path) =>
        paths.Where(p => p.Path.IsMatch(path)).Select(p => (JsonElement?)p.Methods).FirstOrDefault() is { } methods
        && methods.TryGetProperty(method.ToLowerInvariant(), out var operation) ? operation : null;

    /// <summary>What the document does not say of an answer; null when it says all of it.</summary>
    public string? Surprise(JsonElement operation, int status, string? mediaType, string body)
    {
        if (Response(operation, status) is not { } response) return $"status {status} is not documented: {body}";
        if (!response.TryGetProperty("content", out var content)) return body is "" ? null : $"a body is not documented for {status}";
        return content.TryGetProperty(mediaType ?? "", out var media) || content.TryGetProperty("*/*", out media)
            ? mediaType?.EndsWith("json", StringComparison.Ordinal) != true || mediaType == "application/x-ndjson" ? null : Surprise(media.GetProperty("schema"), JsonDocument.Parse(body).RootElement, "")
            : $"{mediaType} is not documented for {status}";
    }

    /// <summary>A header that was sent and is not documented for this status, or documented for success and not sent. Files have headers of their own.</summary>
    public string? Surprise(JsonElement operation, int status, IReadOnlyList<string> sent)
    {
        var anyCase = StringComparer.OrdinalIgnoreCase;
        if (Response(operation, status) is not { } response || sent.Contains("Content-Disposition", anyCase)) return null;
        var documented = response.TryGetProperty("headers", out var headers) ? headers.EnumerateObject().Select(h => h.Name).ToList() : [];
        return Ours.Except(documented).Intersect(sent, anyCase).Select(name => $"header {name} is not documented for {status}")
            .Concat(status is >= 200 and < 300 ? Promised.Intersect(documented).Except(sent, anyCase).Select(name => $"header {name} is missing") : [])
            .FirstOrDefault();
    }

    /// <summary>What the document says of a status; what it says once for several operations included.</summary>
    public JsonElement? Response(JsonElement operation, int status) =>
        operation.GetProperty("responses").TryGetProperty(status.ToString(), out var response)
            ? response.TryGetProperty("$ref", out var reference) ? Resolve(reference.GetString()!) : response
            : null;

    /// <summary>What is wrong with a value by a schema; null when nothing is.</summary>
    public string? Surprise(JsonElement schema, JsonElement value) => Surprise(schema, value, "");

    private string? Surprise(JsonElement schema, JsonElement value, string at)
    {
        if (schema.TryGetProperty("$ref", out var reference)) return Surprise(Resolve(reference.GetString()!), value, at);
        if (schema.TryGetProperty("not", out var other) && Surprise(other, value, at) is null) return $"{at} is {value}, which it must not be";
        if (schema.TryGetProperty("oneOf", out var choices))
            return choices.EnumerateArray().Count(choice => Surprise(choice, value, at) is null) == 1 ? null : $"{at} is {value}, not exactly one of {choices}";
        if (schema.TryGetProperty("anyOf", out choices))
            return choices.EnumerateArray().Any(choice => Surprise(choice, value, at) is null) ? null : $"{at} is {value}";
        if (schema.TryGetProperty("type", out var type) && !Kinds(type).Intersect(KindsOf(value)).Any()) return $"{at} is {value}, not {type}";
        if (schema.TryGetProperty("enum", out var words) && !words.EnumerateArray().Any(w => w.ToString() == value.ToString())) return $"{at} is {value}";
        if (schema.TryGetProperty("pattern", out var pattern) && value.ValueKind == JsonValueKind.String
            && !Regex.IsMatch(value.GetString()!, pattern.GetString()!)) return $"{at} is {value}, not {pattern}";

        return value.ValueKind switch
        {
            JsonValueKind.Object when schema.TryGetProperty("properties", out var properties) => Members(schema, properties, value, at),
            JsonValueKind.Array when schema.TryGetProperty("items", out var items) =>
                value.EnumerateArray().Select((item, i) => Surprise(items, item, $"{at}/{i}")).FirstOrDefault(s => s is not null),
            _ => null
        };
    }

    private string? Members(JsonElement schema, JsonElement properties, JsonElement value, string at)
    {
        if (schema.TryGetProperty("required", out var required)
            && required.EnumerateArray().FirstOrDefault(r => !value.TryGetProperty(r.GetString()!, out _)) is { ValueKind: JsonValueKind.String } missing)
            return $"{at}/{missing} is missing";
        return value.EnumerateObject().Select(member => properties.TryGetProperty(member.Name, out var property)
            ? Surprise(property, member.Value, $"{at}/{member.Name}")
            : $"{at}/{member.Name} is not documented").FirstOrDefault(s => s is not null);
    }

    public JsonElement Resolve(string reference) =>
        reference.Split('/').Skip(1).Aggregate(root, (here, name) => here.GetProperty(name));

    private static IEnumerable<string?> Kinds(JsonElement type) =>
        type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Select(t => t.GetString()) : [type.GetString()];

    private static IEnumerable<string> KindsOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => ["object"],
        JsonValueKind.Array => ["array"],
        JsonValueKind.String => ["string"],
        JsonValueKind.Number => value.TryGetInt64(out _) ? ["integer", "number"] : ["number"],
        JsonValueKind.Null => ["null"],
        _ => ["boolean"]
    };
}
