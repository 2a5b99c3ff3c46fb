namespace Crm.Domain.Calendars;

// Stored forever as text under these names: add, never rename.

/// <summary>What a span of time is counted in: all time there is, whole workdays (24 hours each), or the hours in which people are at work.</summary>
public enum Counting { Elapsed, Workdays, OpenHours }

/// <summary>When people are at work: days of the week, holidays, and days that are worked instead of others.</summary>
/// <param name="Hours">Of each workday, in order, not overlapping; until midnight is <see cref="TimeOnly.MinValue"/> as the end.</param>
/// <param name="Holidays">Not worked, whatever day of the week.</param>
/// <param name="ExtraWorkdays">Worked, whatever day of the week; as China makes up for long holidays.</param>
public sealed record BusinessCalendar(
    IZone Zone, IReadOnlySet<DayOfWeek> Workdays, IReadOnlyList<(TimeOnly From, TimeOnly To)> Hours, IReadOnlySet<DateOnly> Holidays,
    IReadOnlySet<DateOnly> ExtraWorkdays)
{
    // Whoever is at work on no day of two years is never there.
    private const int MostDays = 731;

    public bool IsWorkday(DateOnly day) => ExtraWorkdays.Contains(day) || (Workdays.Contains(day.DayOfWeek) && !Holidays.Contains(day));

    public bool IsOpen(DateTimeOffset at) => Spans(Counting.OpenHours, at).Take(1).Any(span => span.From <= at);

    /// <summary>When people are at work next: at once where they are; null where they never are.</summary>
    public DateTimeOffset? OpensAt(DateTimeOffset at) =>
        Spans(Counting.OpenHours, at).Select(span => (DateTimeOffset?)(span.From > at ? span.From : at)).FirstOrDefault();

    /// <summary>The moment when a span of time will have gone by.</summary>
    /// <returns>Null where it never will, since nobody is at work.</returns>
    public DateTimeOffset? After(DateTimeOffset at, TimeSpan span, Counting counting)
    {
        if (counting == Counting.Elapsed)
        {
            return at + span;
        }

        var left = span;
        foreach (var (from, to) in Spans(counting, at))
        {
            var begin = from > at ? from : at;
            if (to - begin >= left)
            {
                return begin + left;
            }

            left -= to - begin;
        }

        return null;
    }

    /// <summary>How much of a span of time people are at work; of the first two years of it.</summary>
    public TimeSpan Worked(DateTimeOffset from, DateTimeOffset to) => Spans(Counting.OpenHours, from).TakeWhile(span => span.From < to)
        .Aggregate(TimeSpan.Zero, (worked, span) => worked + ((span.To < to ? span.To : to) - (span.From > from ? span.From : from)));

    // Those that end after a moment, in order.
    private IEnumerable<(DateTimeOffset From, DateTimeOffset To)> Spans(Counting counting, DateTimeOffset after)
    {
        var first = DateOnly.FromDateTime(Zone.LocalOf(after));
        return Enumerable.Range(0, MostDays).Select(first.AddDays).Where(IsWorkday)
            .SelectMany(day => counting == Counting.Workdays ? [(Of(day, TimeOnly.MinValue), Of(day.AddDays(1), TimeOnly.MinValue))] : Hours.Select(hours => Span(day, hours)))
            .Where(span => span.Item2 > after);
    }

    private (DateTimeOffset, DateTimeOffset) Span(DateOnly day, (TimeOnly From, TimeOnly To) hours) =>
        (Of(day, hours.From), hours.To == TimeOnly.MinValue ? Of(day.AddDays(1), hours.To) : Of(day, hours.To));

    private DateTimeOffset Of(DateOnly day, TimeOnly time) => Zone.InstantOf(day.ToDateTime(time));
}
