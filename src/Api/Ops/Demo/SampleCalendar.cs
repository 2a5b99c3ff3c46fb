namespace Crm.Api.Ops.Demo;

/// <summary>When things happen: more each year, more in spring and autumn, little on weekends, and mostly in working hours.</summary>
internal sealed class SampleCalendar(DateTimeOffset until, int days)
{
    private static readonly double[] Months = [0.9, 0.7, 1.15, 1.1, 1.0, 1.1, 0.85, 0.75, 1.15, 1.0, 1.15, 0.9];
    private static readonly TimeSpan Opens = TimeSpan.FromHours(8.5);

    public DateTimeOffset Until => until;

    public DateTimeOffset Start { get; } = until.AddDays(-days);

    /// <summary>The first Monday of the second half, before work.</summary>
    public DateTimeOffset Reorganised { get; } = Enumerable.Range(days / 2, 7).Select(day => until.AddDays(day - days))
        .First(date => date.DayOfWeek == DayOfWeek.Monday).AddHours(7);

    /// <summary>As many moments as asked for, in order, spread as the business goes.</summary>
    public IEnumerable<DateTimeOffset> Arrivals(int count, Random random)
    {
        var weights = Enumerable.Range(0, days).Select(Weight).ToArray();
        var each = weights.Sum() / count;
        var (day, passed) = (0, 0.0);
        for (var i = 0; i < count; i++)
        {
            var goal = (i + random.NextDouble()) * each;
            while (day < days - 1 && passed + weights[day] <= goal)
            {
                passed += weights[day++];
            }

            var hour = 7.5 + (12 * Math.Clamp((goal - passed) / weights[day], 0, 0.9999));
            yield return Start.AddDays(day).AddHours(hour).AddMilliseconds(random.Next(1, 1000));
        }
    }

    /// <summary>Four days in March and four in September.</summary>
    public static bool IsFair(DateTimeOffset at) => at is { Month: 3 or 9, Day: >= 17 and <= 20 };

    /// <summary>In working hours, about so many days later.</summary>
    public static DateTimeOffset After(DateTimeOffset at, double later, Random random)
    {
        var then = at.AddDays(later);
        var day = new DateTimeOffset(then.Date, then.Offset);
        day = day.AddDays(day.DayOfWeek switch { DayOfWeek.Saturday => 2, DayOfWeek.Sunday => 1, _ => 0 });
        var moment = day + Opens + TimeSpan.FromMilliseconds(random.Next(10 * 3600 * 1000));
        return moment > at ? moment : at.AddMilliseconds(random.Next(180_000, 3_600_000));
    }

    private double Weight(int day)
    {
        var date = Start.AddDays(day);
        var weekend = date.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday;
        return (weekend ? 0.2 : 1) * Months[date.Month - 1] * (0.8 + (0.5 * day / days)) * (IsFair(date) ? 2.2 : 1);
    }
}
