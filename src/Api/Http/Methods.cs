using Microsoft.Net.Http.Headers;

namespace Crm.Api.Http;

/// <summary>HEAD and OPTIONS, which every address answers without being mapped for them (RFC 9110).</summary>
internal static class Methods
{
    public static async Task Answer(HttpContext context, RequestDelegate next)
    {
        var (request, response) = (context.Request, context.Response);
        if (HttpMethods.IsHead(request.Method))
        {
            request.Method = HttpMethods.Get;                                          // the server itself leaves the body out
            context.Features.Set(new AskedByHead());
        }

        await next(context);
        if (!HttpMethods.IsOptions(request.Method) || response is not { HasStarted: false, StatusCode: 405 }) return;
        response.StatusCode = 204;
        response.Headers.AppendCommaSeparatedValues(HeaderNames.Allow, HttpMethods.Options);
    }

    /// <summary>Whether only the head of an answer is asked for: one that never ends need not begin.</summary>
    public static bool IsHead(HttpContext context) => context.Features.Get<AskedByHead>() is not null;

    private sealed record AskedByHead;
}
