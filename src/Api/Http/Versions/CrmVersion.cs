using System.Text.RegularExpressions;

namespace Crm.Api.Http;

/// <summary>
/// Which version of the API a caller was written against: a date, in the header <c>Crm-Version</c>. Who names none gets the oldest that is still
/// served, so what he gets never changes by itself.
/// </summary>
public sealed partial class CrmVersion(RequestDelegate next)
{
    public const string HeaderName = "Crm-Version";
    public const string Form = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$";

    /// <summary>All that are served, oldest first; docs/api/versions.md says what came with each.</summary>
    public static IReadOnlyList<string> Served { get; } = ["2026-11-22"];

    public static string Oldest => Served[0];

    public static string Newest => Served[^1];

    /// <summary>The version in which a request is to be answered.</summary>
    public static string Of(HttpContext context) => context.Items[HeaderName] as string ?? Oldest;

    public async Task Invoke(HttpContext context)
    {
        var asked = context.Request.Headers[HeaderName];
        if (asked.Count > 0)
        {
            if (asked is not [{ } version] || !Served.Contains(version))
            {
                throw Problem.Invalid([Fault.InHeader(HeaderName, Code.UnknownVersion,
                    $"There is no version {Shapes.Place.Echo(Plain().Replace(asked.ToString(), "?"))}; served are {string.Join(", ", Served)}.")]);
            }

            context.Items[HeaderName] = version;
        }

        await next(context);
    }

    [GeneratedRegex("[^ -~]")]
    private static partial Regex Plain();
}
