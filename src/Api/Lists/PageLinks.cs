using Microsoft.AspNetCore.Http.Extensions;

namespace Crm.Api.Lists;

/// <summary>Links from a page to others of its list (RFC 8288). Only what was asked for by GET has an address.</summary>
internal static class PageLinks
{
    private const string Cursor = "cursor";

    public static string? Of(HttpRequest request, string? next)
    {
        if (!HttpMethods.IsGet(request.Method))
        {
            return null;
        }

        var query = request.Query.Where(p => p.Key != Cursor).ToList();
        var first = Link(request, new QueryBuilder(query), "first");
        return next is null ? first : $"{Link(request, new QueryBuilder(query) { { Cursor, next } }, "next")}, {first}";
    }

    /// <summary>To the page that begins where this one ends.</summary>
    /// <param name="parameter">Which one takes the token.</param>
    public static string Next(HttpRequest request, string parameter, string token) =>
        Link(request, new QueryBuilder(request.Query.Where(p => p.Key != parameter)) { { parameter, token } }, "next");

    private static string Link(HttpRequest request, QueryBuilder query, string relation) =>
        $"<{request.PathBase.ToUriComponent()}{request.Path.ToUriComponent()}{query.ToQueryString().ToUriComponent()}>; rel=\"{relation}\"";
}
