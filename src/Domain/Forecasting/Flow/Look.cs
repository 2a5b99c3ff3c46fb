namespace Crm.Domain.Forecasting.Flow;

/// <summary>What rules look at on one day: windows as long as a period, going back from it, and what days weigh.</summary>
internal sealed class Look
{
    private readonly PeriodKind kind;
    private readonly Lazy<FlowModel> flow;

    public Look(KnownPaths known, ForecastSpan span)
    {
        (Known, Span, kind, Book) = (known, span, span.Kind, new(known));
        var even = DayWeights.Even(Book.First, span.Until);
        Plain = even.ByWeekday(Book).ByMonthPart(Book);
        Quarterly = Plain.ByMonthOfQuarter(Book);
        Yearly = Plain.ByMonthOfYear(Book);
        while (Windows < 60 && Begin(Windows + 1) >= Book.Since)
        {
            Windows++;
        }

        flow = new(() => new(this));
    }

    public KnownPaths Known { get; }

    public ForecastSpan Span { get; }

    public DayBook Book { get; }

    /// <summary>Weekdays and the end of the month.</summary>
    public DayWeights Plain { get; }

    /// <summary>And the month of the quarter; the same as <see cref="Plain"/> before a quarter is known.</summary>
    public DayWeights Quarterly { get; }

    /// <summary>Plain, and the month of the year; the same as <see cref="Plain"/> before a year is known.</summary>
    public DayWeights Yearly { get; }

    /// <summary>How many whole windows are known.</summary>
    public int Windows { get; }

    public FlowModel Flow => flow.Value;

    /// <summary>What was won in the window that ended so many windows ago; 1 is the last.</summary>
    public double Won(int window) => Book.Won(Begin(window), Begin(window - 1));

    /// <summary>The same for each day of average weight.</summary>
    public double Rate(int window, DayWeights weights) => weights.Sum(Begin(window), Begin(window - 1)) is > 0 and var weight
        ? Won(window) / weight
        : 0;

    /// <summary>What the chance of single opportunities makes of the span, as a variance, as in the last twelve windows.</summary>
    public double Chance()
    {
        var from = Windows == 0 ? Book.First : Begin(Math.Min(12, Windows));
        from = Book.Squares(from, Book.Origin) > 0 ? from : Book.First;
        var weight = Plain.Sum(from, Book.Origin);
        return weight > 0 ? Book.Squares(from, Book.Origin) * Plain.Sum(Span.From, Span.Until) / weight : 0;
    }

    public DateOnly Begin(int window) => kind.Shift(Book.Origin, -window);
}
