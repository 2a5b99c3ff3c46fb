namespace Crm.Domain.Forecasting.Flow;

/// <summary>Days that a forecast is about: a whole period to come, or what is left of the current one.</summary>
/// <param name="Kind">In what steps the past is looked at to foretell it.</param>
/// <param name="Until">The first day that is no longer part of it.</param>
public sealed record ForecastSpan(PeriodKind Kind, DateOnly From, DateOnly Until)
{
    /// <summary>The first whole week (from Monday), month or quarter that begins on a day or after it.</summary>
    public static ForecastSpan Next(PeriodKind kind, DateOnly origin)
    {
        var first = kind.Begin(origin);
        var from = first == origin ? origin : kind.Shift(first, 1);
        return new(kind, from, kind.Shift(from, 1));
    }

    /// <summary>From a day to the end of the week, month or quarter that it lies in.</summary>
    public static ForecastSpan Rest(PeriodKind kind, DateOnly origin) => new(kind, origin, kind.Shift(kind.Begin(origin), 1));

    internal ForecastSpan Moved(PeriodKind by, int count) => this with { From = by.Shift(From, count), Until = by.Shift(Until, count) };
}

public enum PeriodKind { Week, Month, Quarter }

internal static class Periods
{
    public static DateOnly Begin(this PeriodKind kind, DateOnly day) => kind switch
    {
        PeriodKind.Week => day.AddDays(-(((int)day.DayOfWeek + 6) % 7)),
        PeriodKind.Month => new(day.Year, day.Month, 1),
        _ => new(day.Year, day.Month - (day.Month - 1) % 3, 1)
    };

    /// <summary>So many periods later: the same weekday, or the same day of a month where it has one.</summary>
    public static DateOnly Shift(this PeriodKind kind, DateOnly day, int count) => kind switch
    {
        PeriodKind.Week => day.AddDays(7 * count),
        PeriodKind.Month => day.AddMonths(count),
        _ => day.AddMonths(3 * count)
    };
}
