using System.Globalization;
using Crm.Api.Http;
using NodaTime;
using NodaTime.TimeZones;

namespace Crm.Api.Imports;

/// <summary>How a company writes dates and times. A bare date is its first instant in the zone; a time without offset is of that zone.</summary>
internal sealed record DateFormat(IReadOnlyList<string> Patterns)
{
    private const int EarliestYear = 1000;

    public static readonly DateFormat Iso = new(["yyyy-MM-dd", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"]);

    /// <summary>Whether something written in a pattern says year, month and day.</summary>
    public static bool IsPattern(string pattern)
    {
        try
        {
            var day = new DateTime(2017, 11, 23);
            return DateTime.TryParseExact(day.ToString(pattern, CultureInfo.InvariantCulture), pattern, CultureInfo.InvariantCulture,
                DateTimeStyles.RoundtripKind, out var same) && same.Date == day;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    public DateTimeOffset? Moment(string text, DateTimeZone zone) => Parse(text) is var (local, offset, isDay) ? offset is { } known
        ? Cut(new DateTimeOffset(local, known))
        : isDay ? Http.Moment.OfDay(DateOnly.FromDateTime(local)).In(zone) : Cut(InZone(local, zone))
        : null;

    public DateOnly? Day(string text) => Parse(text) is var (local, _, _) ? DateOnly.FromDateTime(local) : null;

    private (DateTime Local, TimeSpan? Offset, bool IsDay)? Parse(string text)
    {
        foreach (var pattern in Patterns)
        {
            if (DateTime.TryParseExact(text, pattern, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var read)
                && read.Year >= EarliestYear)
            {
                if (read.Kind == DateTimeKind.Unspecified)
                {
                    return (read, null, !pattern.Contains('H') && !pattern.Contains('h'));
                }

                var exact = DateTimeOffset.ParseExact(text, pattern, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
                return (exact.DateTime, exact.Offset, false);
            }
        }

        return null;
    }

    // Of an hour that comes twice the first; an hour that is left out begins when it would have.
    private static DateTimeOffset InZone(DateTime local, DateTimeZone zone) =>
        zone.ResolveLocal(LocalDateTime.FromDateTime(local), Resolvers.LenientResolver).ToDateTimeOffset();

    private static DateTimeOffset Cut(DateTimeOffset time) => time.ToUniversalTime().AddTicks(-(time.Ticks % TimeSpan.TicksPerMicrosecond));
}
