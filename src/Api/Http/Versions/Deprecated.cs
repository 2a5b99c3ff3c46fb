using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace Crm.Api.Http;

/// <summary>An operation that is out of favour since a day and will be gone at another; the link says what to use instead.</summary>
public sealed record Deprecated(DateOnly On, DateOnly Sunset, string Link)
{
    /// <summary>The least time between the two that clients are promised.</summary>
    public const int LeastMonths = 18;

    /// <summary>RFC 9745: an instant, counted in seconds since 1970.</summary>
    public string DeprecationField => $"@{Midnight(On).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)}";

    /// <summary>RFC 8594: an HTTP date.</summary>
    public string SunsetField => Midnight(Sunset).ToString("R", CultureInfo.InvariantCulture);

    public string LinkField => $"<{Link}>; rel=\"deprecation\", <{Link}>; rel=\"sunset\"";

    /// <summary>Tells callers of a deprecated operation in every answer, failures included.</summary>
    internal static void Tell(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<Deprecated>() is not { } deprecated)
        {
            return;
        }

        var headers = context.Response.Headers;
        headers["Deprecation"] = deprecated.DeprecationField;
        headers["Sunset"] = deprecated.SunsetField;
        headers.Link = StringValues.Concat(headers.Link, deprecated.LinkField);
    }

    private static DateTimeOffset Midnight(DateOnly day) => new(day, TimeOnly.MinValue, TimeSpan.Zero);
}

public static class Deprecating
{
    /// <exception cref="ArgumentException">Clients would have less time than they are promised.</exception>
    public static RouteHandlerBuilder Deprecated(this RouteHandlerBuilder endpoint, DateOnly on, DateOnly sunset, string link) =>
        sunset >= on.AddMonths(Http.Deprecated.LeastMonths)
            ? endpoint.WithMetadata(new Deprecated(on, sunset, link))
            : throw new ArgumentException($"{sunset} is less than {Http.Deprecated.LeastMonths} months after {on}.", nameof(sunset));
}
