using Crm.Domain.Calendars;
using Crm.Domain.Playbooks;

namespace Crm.Domain.Forecasting;

/// <summary>A forecast that is due, and the rules that were in force then.</summary>
public sealed record DueForecast(ForecastDue Due, ForecastScheduleSection Schedule, PlaybookPublished Playbook);

/// <summary>When schedules are due.</summary>
public static class ForecastDates
{
    /// <summary>What was due up to a moment by the rules that were in force when it was: of each schedule the newest, the oldest first.</summary>
    /// <param name="most">So many of each.</param>
    public static IReadOnlyList<DueForecast> Due(PlaybookHistory history, DateTimeOffset moment, IZone zone, int most) =>
    [
        .. history.Published.SelectMany(version => (version.Document.Forecast?.Schedules ?? []).SelectMany(schedule =>
                Until(schedule, moment, zone).Take(most).TakeWhile(due => due >= version.From)
                    .Where(due => history.PublishedAt(due)?.Number == version.Number)
                    .Select(due => new DueForecast(new(schedule.Key, due), schedule, version))))
            .GroupBy(one => one.Due.Schedule)
            .SelectMany(same => same.OrderByDescending(one => one.Due.At).Take(most))
            .OrderBy(one => one.Due.At).ThenBy(one => one.Due.Schedule, StringComparer.Ordinal)
    ];

    /// <summary>All moments up to one, the newest first; there is no end to them.</summary>
    /// <param name="schedule">Of a playbook that was published, and so has no faults.</param>
    /// <param name="zone">Where its days begin.</param>
    public static IEnumerable<DateTimeOffset> Until(ForecastScheduleSection schedule, DateTimeOffset moment, IZone zone)
    {
        var time = PlaybookTimes.Read(schedule.At) ?? TimeOnly.MinValue;
        var (today, step) = (DateOnly.FromDateTime(zone.LocalOf(moment)), 0);
        while (true)
        {
            var due = zone.InstantOf(Back(schedule, today, step++).ToDateTime(time));
            if (due <= moment)
                yield return due;
        }
    }

    // The day on which it is due in the week, month or quarter that lies so many before that of a day.
    private static DateOnly Back(ForecastScheduleSection schedule, DateOnly day, int steps)
    {
        if (schedule.Every == ForecastEvery.Week)
            return day.AddDays((((int)schedule.Weekday + 6) % 7) - (((int)day.DayOfWeek + 6) % 7) - (7 * steps));

        var month = new DateOnly(day.Year, day.Month, 1);
        var first = schedule.Every == ForecastEvery.Month
            ? month.AddMonths(-steps) : month.AddMonths(-((day.Month - 1) % 3) - (3 * steps));
        return first.AddDays(Math.Min(schedule.Day, DateTime.DaysInMonth(first.Year, first.Month)) - 1);
    }
}
