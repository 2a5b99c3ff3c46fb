using System.Text.RegularExpressions;

namespace Crm.Api.Http;

/// <summary>What every answer carries: the request's id, and headers that keep browsers and caches from guessing.</summary>
internal sealed partial class Etiquette(RequestDelegate next, ILogger<Etiquette> log)
{
    private const string Shut = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    private const string Nothing = $"default-src 'none'; {Shut}";
    private const string DocsPage = $"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; {Shut}";

    // Two years; browsers that came by https once do not come otherwise.
    private const string HttpsOnly = "max-age=63072000; includeSubDomains";

    public async Task Invoke(HttpContext context)
    {
        context.TraceIdentifier = Given(context.Request) ?? Guid.CreateVersion7().ToString("N");
        context.Response.OnStarting(() =>
        {
            Dress(context);
            return Task.CompletedTask;
        });

        using (log.BeginScope(new Dictionary<string, object> { ["RequestId"] = context.TraceIdentifier })) await next(context);
    }

    private static string? Given(HttpRequest request)
    {
        var headers = request.Headers;
        var given = headers.RequestId.Count > 0 ? headers.RequestId : headers["X-Request-Id"];
        return given is [{ } id] && Id().IsMatch(id) ? id : null;
    }

    // Only at the last moment, since an answer that turns into a problem is cleared of what was set before.
    private static void Dress(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.RequestId = context.TraceIdentifier;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        if (context.Request.IsHttps) headers.StrictTransportSecurity = HttpsOnly;
        headers[CrmVersion.HeaderName] = CrmVersion.Of(context);
        Deprecated.Tell(context);
        headers.TryAdd("Cache-Control", "no-store");
        headers.Append("Vary", "Authorization");
        headers.TryAdd("Content-Security-Policy", context.Request.Path.StartsWithSegments(HttpManners.Docs) ? DocsPage : Nothing);
    }

    [GeneratedRegex(@"\A[A-Za-z0-9._-]{1,64}\z")]
    private static partial Regex Id();
}
