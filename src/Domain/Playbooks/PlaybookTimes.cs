using System.Globalization;
using Crm.Domain.Calendars;

namespace Crm.Domain.Playbooks;

/// <summary>Times of day as a playbook writes them.</summary>
internal static class PlaybookTimes
{
    public static TimeOnly? Read(string text) =>
        TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;

    /// <summary>An end: midnight, written as <c>24:00</c>, is the first instant of the next day.</summary>
    public static TimeOnly? ReadEnd(string text) => text == "24:00" ? TimeOnly.MinValue : Read(text) is { } time && time > TimeOnly.MinValue ? time : null;

    /// <summary>A calendar, ready to count by, of one that has no faults.</summary>
    public static BusinessCalendar Made(this CalendarSection section, IZones zones) => new(
        zones.Find(section.Zone)!, section.Workdays.ToHashSet(), [.. section.Hours.Select(hours => (Read(hours.From)!.Value, ReadEnd(hours.To)!.Value))],
        (section.Holidays ?? []).ToHashSet(), (section.ExtraWorkdays ?? []).ToHashSet());
}
