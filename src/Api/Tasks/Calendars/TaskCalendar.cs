using System.Globalization;
using Crm.Projections.Tasks;

namespace Crm.Api.Tasks.Calendars;

/// <summary>One task as a calendar shows it; what its reader may not see is null.</summary>
internal sealed record Entry(TaskList.Row Row, string? Title, string? Kind, string? Text);

/// <summary>Somebody's tasks in the words of RFC 5545: half an hour at the time when each is due, and a reminder before.</summary>
internal static class TaskCalendar
{
    public static byte[] Of(string tenant, IReadOnlyList<Entry> entries)
    {
        var calendar = new ICalendarText()
            .Line("BEGIN", "VCALENDAR").Line("VERSION", "2.0").Line("PRODID", "-//EventSourcedCrm//Tasks//EN").Line("CALSCALE", "GREGORIAN")
            .Line("REFRESH-INTERVAL;VALUE=DURATION", "PT15M").Line("X-PUBLISHED-TTL", "PT15M");
        foreach (var entry in entries)
        {
            Write(calendar, tenant, entry);
        }

        return (entries.Count == 0 ? Nothing(calendar) : calendar).Line("END", "VCALENDAR").Bytes;
    }

    private static void Write(ICalendarText calendar, string tenant, Entry entry)
    {
        var (row, isCancelled) = (entry.Row, entry.Row.State == TaskList.Cancelled);
        var title = entry.Title ?? entry.Kind ?? row.TaskId.ToString();

        // The same task keeps its UID, and by SEQUENCE and times a reader knows which of two is newer. Where there is no METHOD, DTSTAMP
        // is when it was last changed.
        calendar.Line("BEGIN", "VEVENT").Line("UID", $"{row.TaskId}@{tenant}")
            .Line("DTSTAMP", row.ChangedAt).Line("LAST-MODIFIED", row.ChangedAt)
            .Line("SEQUENCE", (row.Revision - 1).ToString(CultureInfo.InvariantCulture))
            .Line("DTSTART", row.DueAt!.Value).Line("DURATION", "PT30M").Text("SUMMARY", title)
            .Line("STATUS", isCancelled ? "CANCELLED" : "CONFIRMED").Line("TRANSP", "TRANSPARENT").Line("CLASS", "PRIVATE");
        if (entry.Text is { } text)
        {
            calendar.Text("DESCRIPTION", text);
        }

        if (entry.Kind is { } kind)
        {
            calendar.Text("CATEGORIES", kind);
        }

        if (!isCancelled)
        {
            calendar.Line("BEGIN", "VALARM").Line("ACTION", "DISPLAY").Text("DESCRIPTION", title)
                .Line("TRIGGER", "-PT15M").Line("END", "VALARM");
        }

        calendar.Line("END", "VEVENT");
    }

    // A calendar has one component at least (section 3.6), though it be the zone that all of its times are in.
    private static ICalendarText Nothing(ICalendarText calendar) => calendar
        .Line("BEGIN", "VTIMEZONE").Line("TZID", "Etc/UTC")
        .Line("BEGIN", "STANDARD").Line("DTSTART", "19700101T000000").Line("TZOFFSETFROM", "+0000").Line("TZOFFSETTO", "+0000")
        .Line("END", "STANDARD").Line("END", "VTIMEZONE");
}
