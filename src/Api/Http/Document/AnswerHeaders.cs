using Microsoft.OpenApi;

namespace Crm.Api.Http.Document;

/// <summary>The headers of answers, as the document tells them.</summary>
internal static class AnswerHeaders
{
    private const string Token = "^[0-9a-f]{1,16}-(0|[1-9][0-9]{0,18})$";

    // Each is described once, as a component.
    private static readonly Dictionary<string, OpenApiHeader> All = new()
    {
        ["Request-Id"] = Text("Names this request in the log; quote it when you ask about it.", "0198c5f27b1e7c3a9d395b0f6b1a8e52", "^[A-Za-z0-9._-]{1,64}$"),
        [CrmVersion.HeaderName] = Text("The version of the API that answered.", CrmVersion.Oldest, CrmVersion.Form),
        ["RateLimit"] = Text("What is left of each share, and in how many seconds it is full again.", "\"tenant\";r=9999;t=1, \"key\";r=4999;t=1", "^[ -~]*$"),
        ["RateLimit-Policy"] = Text("The shares of tenant and key: so many requests in so many seconds.", "\"tenant\";q=10000;w=5, \"key\";q=5000;w=5", "^[ -~]*$"),
        ["X-RateLimit-Limit"] = Text("The scarcer share, for clients that know the older headers.", "5000", "^[0-9]{1,10}$"),
        ["X-RateLimit-Remaining"] = Text("What is left of it.", "4999", "^[0-9]{1,10}$"),
        ["X-RateLimit-Reset"] = Text("In how many seconds it is full again.", "1", "^[0-9]{1,10}$"),
        ["ETag"] = Text("The record's version; send it as If-Match.", "\"7\"", "^\"[0-9]+\"$"),
        ["WeakETag"] = Text("Send it as If-None-Match to hear whether there is anything new.", "W/\"mW3kT0b5Zk2dXw1v9c0nGg\"", "^W/\"[A-Za-z0-9_-]+\"$"),
        ["PageLink"] = Text("The next page, where there is one, and the first.", "</api/v1/leads?limit=50>; rel=\"first\"", "rel=", 40_000),
        ["FeedLink"] = Text("Where to go on, at the end of this page; there is always such a place.", "</api/v1/events?after=1a2b-42>; rel=\"next\"", "rel=", 40_000),
        [Headers.PositionName] = Text("Send it as Crm-Min-Position to see at least this much.", "1a2b-42", Token),
        ["Upload-Offset"] = Text("How many bytes of the file are here.", "1048576", "^[0-9]{1,19}$"),
        ["Upload-Complete"] = Text("`?1`: all of the file is here.", "?1", "^\\?[01]$"),
        ["Content-Disposition"] = Text("The file's name.", "attachment; filename=\"lead-failed.csv\"", "^attachment"),
        ["Location"] = Text("The address of what is new: a record, or a job.", "/api/v1/leads/0198c5f2-7b1e-7c3a-9d39-5b0f6b1a8e52", "^/"),
        ["Idempotency-Replayed"] = Text("`true`: this is the first answer to a request sent again.", "true", "^true$"),
        ["Retry-After"] = Text("When to send it again, in seconds.", "1", "^[0-9]{1,10}$"),
        ["Allow"] = Text("At 405: the methods that this address takes.", "GET, POST", "^[A-Z]+(, [A-Z]+)*$"),
        ["WWW-Authenticate"] = Text("How to sign in.", "Bearer", "^Bearer")
    };

    private static readonly string[] OfEverything = ["Request-Id", CrmVersion.HeaderName];
    private static readonly string[] OfCounted = ["RateLimit", "RateLimit-Policy", "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"];

    /// <summary>Headers of a failure; those of rate limits are there wherever callers are counted.</summary>
    public static Dictionary<string, IOpenApiHeader> OfFailure(OpenApiDocument document, int? status) => Refer(document,
    [
        .. OfEverything,
        .. status is 412 ? ["ETag"] : Array.Empty<string>(),
        .. status is 429 or 503 ? ["Retry-After"] : Array.Empty<string>(),
        .. status is null ? ["Allow"] : Array.Empty<string>(),
        .. status is 401 ? ["WWW-Authenticate"] : Array.Empty<string>(),
        .. OfCounted
    ]);

    /// <param name="ofRecord">The answer is about one record, which has a version.</param>
    /// <param name="positioned">The answer names the position that it shows, or that it took.</param>
    public static Dictionary<string, IOpenApiHeader> OfSuccess(
        OpenApiDocument document, string status, bool reads, bool ofRecord, bool positioned, bool counted) => Refer(document,
    [
        .. OfEverything,
        .. counted ? OfCounted : [],
        .. ofRecord ? ["ETag"] : Array.Empty<string>(),
        .. positioned ? [Headers.PositionName] : Array.Empty<string>(),
        .. status is "201" ? ["Location"] : Array.Empty<string>(),
        .. reads ? [] : new[] { "Idempotency-Replayed" }
    ]);

    /// <summary>Headers that only few operations have.</summary>
    public static void Add(IDictionary<string, IOpenApiHeader> headers, OpenApiDocument document, params IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            headers[name] = Refer(document, name);
        }
    }

    public static void AddDeprecation(IDictionary<string, IOpenApiHeader> headers, Deprecated deprecated)
    {
        headers["Deprecation"] = Text("Since when this is out of favour (RFC 9745).", deprecated.DeprecationField, "^@[0-9]+$");
        headers["Sunset"] = Text("When it will be gone (RFC 8594).", deprecated.SunsetField, " GMT$");
        headers["Link"] = Text("What to use instead, and how long there is.", deprecated.LinkField, "rel=");
    }

    /// <summary>A header that is called otherwise as a component.</summary>
    public static IOpenApiHeader Refer(OpenApiDocument document, string component) => Refer(document, [component])[component];

    private static Dictionary<string, IOpenApiHeader> Refer(OpenApiDocument document, string[] names)
    {
        foreach (var name in names)
        {
            document.AddComponent<IOpenApiHeader>(name, All[name]);
        }

        return names.ToDictionary(name => name, IOpenApiHeader (name) => new OpenApiHeaderReference(name, document));
    }

    private static OpenApiHeader Text(string description, string example, string pattern, int longest = 1000) => new()
    {
        Description = description,
        Example = example,
        Schema = new OpenApiSchema
        {
            Type = JsonSchemaType.String,
            MaxLength = longest,
            Pattern = pattern
        }
    };
}
