namespace Crm.Domain.Customers;

/// <summary>How often a customer is to be seen, and whether it was.</summary>
public static class Cadence
{
    /// <summary>By when it is to be seen next: so many days after it was last, or after it came to its tier where that was later.</summary>
    public static DateTimeOffset DueAt(DateTimeOffset tierSince, DateTimeOffset? last, int everyDays) =>
        (last > tierSince ? last.Value : tierSince).AddDays(everyDays);

    /// <summary>
    /// How many whole periods of so many days lie in a span, counted from its beginning or from when the customer came to its tier, and in
    /// how
    /// many of them it was seen. A period holds its beginning and not its end.
    /// </summary>
    /// <param name="seen">When it was seen.</param>
    public static (int Periods, int Met) Within(
        DateTimeOffset from, DateTimeOffset to, DateTimeOffset tierSince, int everyDays, IReadOnlyCollection<DateTimeOffset> seen)
    {
        var begin = tierSince > from ? tierSince : from;
        var periods = Math.Max(0, (int)((to - begin).Ticks / TimeSpan.FromDays(everyDays).Ticks));
        var met = seen.Where(at => at >= begin && at < begin.AddDays((double)periods * everyDays))
            .Select(at => (at - begin).Ticks / TimeSpan.FromDays(everyDays).Ticks).Distinct().Count();
        return (periods, met);
    }
}
