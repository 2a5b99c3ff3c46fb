using Crm.Api.Access;

namespace Crm.Api.Tasks.Calendars;

/// <summary>
/// Where a calendar is found: <c>/calendars/&lt;tenant&gt;_&lt;address&gt;_&lt;secret&gt;.ics</c>. Made as keys are, and no key: it opens
/// nothing else.
/// </summary>
internal static class CalendarAddress
{
    public static ApiKeyText New(string tenant) => ApiKeyText.New(tenant);

    public static string PathOf(ApiKeyText address) => $"/calendars/{address.Text[ApiKeyText.Prefix.Length..]}.ics";

    public static ApiKeyText? Parse(string token) => ApiKeyText.Parse(ApiKeyText.Prefix + token);
}
