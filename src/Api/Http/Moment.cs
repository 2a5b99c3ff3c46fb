using NodaTime;

namespace Crm.Api.Http;

/// <summary>A point of time as people ask for it: an instant, or a day, which begins at different instants in different places.</summary>
public readonly record struct Moment
{
    private readonly DateTimeOffset instant;
    private readonly DateOnly? day;

    private Moment(DateTimeOffset instant, DateOnly? day) => (this.instant, this.day) = (instant, day);

    public static Moment Of(DateTimeOffset instant) => new(instant, day: null);

    public static Moment OfDay(DateOnly day) => new(default, day);

    /// <summary>The instant itself, or the first one of the day in that zone.</summary>
    public DateTimeOffset In(DateTimeZone zone) => day is { } date ? FirstOf(LocalDate.FromDateOnly(date), zone) : instant;

    private static DateTimeOffset FirstOf(LocalDate date, DateTimeZone zone)
    {
        try
        {
            var start = zone.AtStartOfDay(date).ToInstant();
            // East of Greenwich the first day of the calendar begins before it.
            return start < NodaTime.Extensions.DateTimeOffsetExtensions.ToInstant(DateTimeOffset.MinValue) ? DateTimeOffset.MinValue : start.ToDateTimeOffset();
        }
        catch (SkippedTimeException)
        {
            return FirstOf(date.PlusDays(1), zone);                             // Samoa had no 30 December 2011
        }
    }
}
