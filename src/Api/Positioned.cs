using Crm.Api.Http;

namespace Crm.Api;

/// <summary>An answer together with the position that it shows.</summary>
public sealed class Positioned<T>(T body, PositionToken position) : IResult
{
    /// <summary>To other pages, as the header <c>Link</c> has them.</summary>
    public string? Links { get; init; }

    public Task ExecuteAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers[Headers.PositionName] = position.ToString();
        if (Links is not null)
        {
            headers.Link = Links;
        }

        return context.Response.WriteAsJsonAsync(body, context.RequestAborted);
    }
}
