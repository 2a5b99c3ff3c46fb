namespace Crm.Domain.Forecasting.Flow;

/// <summary>
/// How much of what is won falls on a day, against an average day: by its weekday, its place in the month and, where the past is long
/// enough, by the month of the quarter or of the year. Months differ in length and in what their days are worth; by weights they compare.
/// </summary>
internal sealed class DayWeights
{
    // What months, weeks … of one class differ by from one time to the next beyond the chance of single opportunities, as a share.
    public const double Unrest = 0.05;

    private readonly DateOnly first;
    private readonly double[] weights;
    private readonly double[] sums;

    private DayWeights(DateOnly first, double[] weights)
    {
        (this.first, this.weights, sums) = (first, weights, new double[weights.Length + 1]);
        for (var day = 0; day < weights.Length; day++)
        {
            sums[day + 1] = sums[day] + weights[day];
        }
    }

    public double this[DateOnly day] => weights[day.DayNumber - first.DayNumber];

    public static DayWeights Even(DateOnly first, DateOnly until)
    {
        var weights = new double[until.DayNumber - first.DayNumber];
        Array.Fill(weights, 1);
        return new(first, weights);
    }

    public double Sum(DateOnly from, DateOnly until) => Up(until) - Up(from);

    public DayWeights ByWeekday(DayBook book) => By(book, day => (int)day.DayOfWeek, 7, cycle: 7, reach: 91, least: 28);

    /// <summary>By how near the end of the month is: in its last four days, eight, sixteen, or before.</summary>
    public DayWeights ByMonthPart(DayBook book) => By(book, MonthPart, 4, cycle: 30, reach: 91, least: 59);

    public DayWeights ByMonthOfQuarter(DayBook book) => By(book, day => (day.Month - 1) % 3, 3, cycle: 91, reach: 91, least: 85);

    public DayWeights ByMonthOfYear(DayBook book) => By(book, day => day.Month - 1, 12, cycle: 365, reach: 365, least: 360);

    private static int MonthPart(DateOnly day) =>
        (DateTime.DaysInMonth(day.Year, day.Month) - day.Day) switch { < 4 => 0, < 8 => 1, < 16 => 2, _ => 3 };

    // Ratio to moving average (Hyndman, Athanasopoulos, Forecasting: Principles and Practice, 2021, section 3.4), each class drawn towards
    // 1 by how much of its departure chance would explain (B. Efron, C. Morris, JASA 70, 1975).
    private DayWeights By(DayBook book, Func<DateOnly, int> classOf, int classes, int cycle, int reach, int least)
    {
        if (book.Days + book.First.DayNumber - book.Since.DayNumber < least || book.Days < least / 2)
        {
            return this;
        }

        var (won, expected) = (new double[classes], new double[classes]);
        var end = book.Origin.DayNumber;
        for (var day = book.First; day < book.Origin; day = day.AddDays(1))
        {
            var from = Math.Max(book.First.DayNumber, Math.Min(day.DayNumber - reach / 2, end - reach));
            var (a, b) = (DateOnly.FromDayNumber(from), DateOnly.FromDayNumber(Math.Min(end, from + reach)));
            var (k, next) = (classOf(day), day.AddDays(1));
            won[k] += book.Won(day, next);
            expected[k] += this[day] * book.Won(a, b) / Sum(a, b);
        }

        var factors = Drawn(won, expected, book.Squares(book.First, book.Origin), times: Math.Max(1, (double)book.Days / cycle));
        return new(first, [.. weights.Select((weight, day) => weight * factors[classOf(first.AddDays(day))])]);
    }

    private static double[] Drawn(double[] won, double[] expected, double squares, double times)
    {
        var total = expected.Sum();
        if (total <= 0)
        {
            return [.. won.Select(_ => 1d)];
        }

        // The factors' mean is 1 by itself, so one of them says nothing new.
        var real = 0d;
        for (var k = 0; k < won.Length; k++)
        {
            real += expected[k] / total * (Away(k) * Away(k) * won.Length / (won.Length - 1) - Noise(k));
        }

        return [.. won.Select((_, k) => expected[k] > 0 && real > 0 ? 1 + Away(k) * real / (real + Noise(k)) : 1)];

        double Away(int k) => expected[k] > 0 ? won[k] / expected[k] - 1 : 0;
        double Noise(int k) => expected[k] > 0 ? squares / total / expected[k] + Unrest * Unrest / times : 0;
    }

    private double Up(DateOnly day) => sums[Math.Clamp(day.DayNumber - first.DayNumber, 0, weights.Length)];
}
