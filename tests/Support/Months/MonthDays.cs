using System.Globalization;

namespace Crm.Support.Months;

/// <summary>
/// The days of a made-up month in Shanghai: from a Monday on, with a week of holidays and a Saturday that is worked in their place. Times
/// are local.
/// </summary>
public static class MonthDays
{
    public const int Count = 31;

    public const string Zone = "Asia/Shanghai";

    // All year.
    private static readonly TimeSpan Offset = TimeSpan.FromHours(8);
    private static readonly int[] Off = [14, 15, 16, 17, 18];
    private static readonly int[] Extra = [12];

    /// <summary>Midnight of a Monday that is still to come: a store's clock goes forward only.</summary>
    public static DateTime First { get; } =
        Enumerable.Range(2, 7).Select(n => DateTime.UtcNow.Date.AddDays(n)).First(day => day.DayOfWeek == DayOfWeek.Monday);

    public static DateTime End => At(Count, 0);

    public static IReadOnlyList<string> Holidays => [.. Off.Select(Date)];

    public static IReadOnlyList<string> ExtraWorkdays => [.. Extra.Select(Date)];

    /// <param name="day">From 0.</param>
    public static DateTime At(int day, int hour, int minute = 0) =>
        DateTime.SpecifyKind(First, DateTimeKind.Unspecified).AddDays(day).AddHours(hour).AddMinutes(minute);

    public static bool IsWorkday(DateTime at)
    {
        var day = (at.Date - At(0, 0)).Days;
        return Extra.Contains(day) || (at.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) && !Off.Contains(day));
    }

    public static DateTimeOffset Instant(this DateTime local) => new(local, Offset);

    public static DateTime Local(this DateTimeOffset instant) => instant.ToOffset(Offset).DateTime;

    public static DateTime Minute(this DateTime at) => at.AddTicks(-(at.Ticks % TimeSpan.TicksPerMinute));

    /// <summary>The day of the month, from 0, and the minute: finer the clocks of a test are not.</summary>
    public static string Word(DateTime? at) => at is not { } moment ? "-"
        : string.Create(CultureInfo.InvariantCulture, $"{(moment.Date - At(0, 0)).Days}d{moment:HH:mm}");

    private static string Date(int day) => At(day, 0).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
