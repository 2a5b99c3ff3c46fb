namespace Crm.Support.Months;

/// <summary>Hours of each workday, walked through day by day.</summary>
/// <param name="Key">By which a playbook names them.</param>
public sealed record OfficeHours(string Key, params (TimeSpan From, TimeSpan To)[] Hours)
{
    public static readonly OfficeHours WholeDays = new("whole", (TimeSpan.Zero, TimeSpan.FromDays(1)));

    public static readonly OfficeHours Usual = new("office", (new(9, 0, 0), new(12, 0, 0)), (new(13, 30, 0), new(18, 0, 0)));

    public static readonly OfficeHours Late = new("late", (new(13, 0, 0), new(21, 0, 0)));

    public bool IsOpen(DateTime at) => OpensAt(at) == at;

    /// <summary>At once where it is open.</summary>
    public DateTime OpensAt(DateTime at)
    {
        for (var day = at.Date; ; day = day.AddDays(1))
        {
            foreach (var (from, to) in MonthDays.IsWorkday(day) ? Hours : [])
            {
                if (day + to > at)
                {
                    return day + from > at ? day + from : at;
                }
            }
        }
    }

    /// <summary>When so much of it has gone by.</summary>
    public DateTime After(DateTime at, TimeSpan span)
    {
        for (var day = at.Date; ; day = day.AddDays(1))
        {
            foreach (var (from, to) in MonthDays.IsWorkday(day) ? Hours : [])
            {
                var begin = day + from > at ? day + from : at;
                if (day + to <= begin)
                {
                    continue;
                }

                if (day + to - begin >= span)
                {
                    return begin + span;
                }

                span -= day + to - begin;
            }
        }
    }
}
