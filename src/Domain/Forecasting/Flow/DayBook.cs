namespace Crm.Domain.Forecasting.Flow;

/// <summary>What was won on each day, from the first on which anything is known to have been won or lost up to the origin.</summary>
internal sealed class DayBook
{
    private readonly double[] won;
    private readonly double[] squares;

    public DayBook(KnownPaths known)
    {
        Origin = known.Origin;
        First = known.Paths.Min(path => path.Closing?.Day) ?? Origin;
        (won, squares) = (new double[Days + 1], new double[Days + 1]);
        var (values, closings) = (new decimal[Days], 0);
        foreach (var closing in known.Paths.Select(path => path.Closing).OfType<PathClosing>())
        {
            closings++;
            if (closing.IsWon)
            {
                var day = closing.Day.DayNumber - First.DayNumber;
                values[day] += closing.Value;
                squares[day + 1] += (double)closing.Value * (double)closing.Value;
            }
        }

        for (var day = 0; day < Days; day++)
        {
            won[day + 1] = won[day] + (double)values[day];
            squares[day + 1] += squares[day];
        }

        // A period counts as known from its beginning unless three closings were to be expected before the first that there was.
        Since = First.AddDays(-(closings == 0 ? 0 : Math.Min(10, 3 * Days / closings)));
    }

    public DateOnly First { get; }

    public DateOnly Since { get; }

    public DateOnly Origin { get; }

    public int Days => Origin.DayNumber - First.DayNumber;

    public double Won(DateOnly from, DateOnly until) => won[Place(until)] - won[Place(from)];

    /// <summary>The sum of the squares of what was won by each opportunity: the variance of a compound Poisson sum.</summary>
    public double Squares(DateOnly from, DateOnly until) => squares[Place(until)] - squares[Place(from)];

    private int Place(DateOnly day) => Math.Clamp(day.DayNumber - First.DayNumber, 0, Days);
}
