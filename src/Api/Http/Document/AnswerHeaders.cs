using Microsoft.OpenApi;

namespace Crm.Api.Http.Document;

/// <summary>The headers of answers, as the document tells them.</summary>
internal static class AnswerHeaders
{
    private const string Token = "^[0-9a-f]{1,16}-(0|[1-9][0-9]{0,18})$";

    /// <summary>Headers of a failure; those of rate limits are there wherever callers are counted.</summary>
    public static Dictionary<string, IOpenApiHeader> OfFailure(int? status)
    {
        var headers = OfEverything();
        if (status is 412) headers["ETag"] = ETagHeader;
        if (status is 429 or 503) headers["Retry-After"] = Text("When to send it again, in seconds.", "1", "^[0-9]{1,10}$");
        if (status is 405 or null) headers["Allow"] = Text("At 405: the methods that this address takes.", "GET, POST", "^[A-Z]+(, [A-Z]+)*$");
        if (status is 401) headers["WWW-Authenticate"] = Text("How to sign in.", "Bearer", "^Bearer");
        if (status is < 500) AddLimits(headers);
        return headers;
    }

    /// <param name="ofRecord">The answer is about one record, which has a version.</param>
    /// <param name="positioned">The answer names the position that it shows, or that it took.</param>
    public static Dictionary<string, IOpenApiHeader> OfSuccess(string status, string? method, bool ofRecord, bool positioned, bool counted)
    {
        var headers = OfEverything();
        if (counted) AddLimits(headers);
        if (ofRecord) headers["ETag"] = ETagHeader;
        if (positioned) headers[Headers.PositionName] = Text("Send it as Crm-Min-Position to see at least this much.", "1a2b-42", Token);
        if (status is "201") headers["Location"] = Text("The new record's address.", "/api/v1/leads/0198c5f2-7b1e-7c3a-9d39-5b0f6b1a8e52", "^/");
        if (method is "POST") headers["Idempotency-Replayed"] = Text("`true`: this is the first answer to a request sent again.", "true", "^true$");
        return headers;
    }

    public static void AddDeprecation(IDictionary<string, IOpenApiHeader> headers, Deprecated deprecated)
    {
        headers["Deprecation"] = Text("Since when this is out of favour (RFC 9745).", deprecated.DeprecationField, "^@[0-9]+$");
        headers["Sunset"] = Text("When it will be gone (RFC 8594).", deprecated.SunsetField, " GMT$");
        headers["Link"] = Text("What to use instead, and how long there is.", deprecated.LinkField, "rel=");
    }

    private static Dictionary<string, IOpenApiHeader> OfEverything() => new()
    {
        ["Request-Id"] = Text("Names this request in the log; quote it when you ask about it.", "0198c5f27b1e7c3a9d395b0f6b1a8e52", "^[A-Za-z0-9._-]{1,64}$"),
        [CrmVersion.HeaderName] = Text("The version of the API that answered.", CrmVersion.Oldest, CrmVersion.Form)
    };

    private static void AddLimits(Dictionary<string, IOpenApiHeader> headers)
    {
        headers["RateLimit"] = Text("What is left of the caller's share, and when it is renewed.", "\"key\";r=599;t=1", null);
        headers["RateLimit-Policy"] = Text("The caller's share.", "\"key\";q=600;w=60", null);
    }

    private static OpenApiHeader ETagHeader => Text("The record's version; send it as If-Match.", "\"7\"", "^\"[0-9]+\"$");

    private static OpenApiHeader Text(string description, string example, string? pattern) => new()
    {
        Description = description,
        Example = example,
        Schema = new OpenApiSchema
        {
            Type = JsonSchemaType.String,
            MaxLength = 1000,
            Pattern = pattern ?? "^[ -~]*$"
        }
    };
}
