namespace Crm.Domain.Forecasting.Flow;

/// <summary>
/// At which rates opportunities leave a stage at an age, by the day: events over days at risk (the actuarial estimator for competing risks:
/// J. D. Kalbfleisch, R. L. Prentice, The Statistical Analysis of Failure Time Data, 2002, chapter 8). Days before anything is known to
/// have closed are no risk: what closed then is not there. A rate is drawn towards that of the stage as if one event more had been seen.
/// </summary>
internal sealed class FlowRates
{
    public const int Oldest = 365;

    private const int Bins = 29;
    private readonly Leaving[][] leaving;

    public FlowRates(KnownPaths known, DayBook book, DayWeights weights)
    {
        var names = known.Paths.SelectMany(path => path.Stages.Select(entry => entry.Stage).DefaultIfEmpty("")).Distinct();
        Stages = names.Order(StringComparer.Ordinal).Select((name, i) => (name, i)).ToDictionary(pair => pair.name, pair => pair.i);
        var amounts = known.Paths.Select(path => path.Amount).OfType<double>().ToList();
        Typical = amounts.Count > 0 ? amounts.Sum() / amounts.Count : 0;
        var counts = new FlowCounts(Stages.Count, Bins);
        foreach (var path in known.Paths)
        {
            Count(path, counts, book, weights);
        }

        leaving = counts.Rates();
        Realised = Realisation(known, counts, book);
    }

    public IReadOnlyDictionary<string, int> Stages { get; }

    /// <summary>The mean amount, for those of which nobody has said one.</summary>
    public double Typical { get; }

    /// <summary>What was won for one of what these rates would have made of the amounts.</summary>
    public double Realised { get; }

    public Leaving Of(int stage, int age) => leaving[stage][Bin(age)];

    /// <summary>Weeks up to the twentieth, then four at a time, then all the rest.</summary>
    private static int Bin(int age) => age < 140 ? age / 7 : age < 364 ? 20 + (age - 140) / 28 : Bins - 1;

    private static int BinEnd(int bin) => bin < 20 ? 7 * (bin + 1) : bin < Bins - 1 ? 140 + 28 * (bin - 19) : int.MaxValue;

    private void Count(OpportunityPath path, FlowCounts counts, DayBook book, DayWeights weights)
    {
        var stages = path.Stages.Count > 0 ? path.Stages : [new(path.Entered, "")];
        var amount = path.Amount ?? Typical;
        for (var i = 0; i < stages.Count; i++)
        {
            var from = i == 0 && path.Entered < stages[i].Day ? path.Entered : stages[i].Day;
            var stage = Stages[stages[i].Stage];
            var left = i + 1 < stages.Count ? stages[i + 1].Day : path.Closing?.Day;
            var until = left?.AddDays(1) ?? book.Origin;
            for (var day = from < book.First ? book.First : from; day < until;)
            {
                var bin = Bin(day.DayNumber - from.DayNumber);
                var end = BinEnd(bin) == int.MaxValue ? until.DayNumber : Math.Min(until.DayNumber, from.DayNumber + BinEnd(bin));
                var next = DateOnly.FromDayNumber(end);
                counts.AtRisk(stage, bin, next.DayNumber - day.DayNumber, weights.Sum(day, next), amount);
                day = next;
            }

            if (left >= book.First)
            {
                var bin = Bin(Math.Max(0, left.Value.DayNumber - from.DayNumber));
                counts.Left(stage, bin, i + 1 < stages.Count ? Stages[stages[i + 1].Stage] : null, path.Closing?.IsWon == true);
            }
        }
    }

    private static double Realisation(KnownPaths known, FlowCounts counts, DayBook book)
    {
        var won = known.Paths.Where(path => path.Closing is { IsWon: true }).ToList();
        var some = won.Count == 0 ? 0 : 3 * book.Won(book.First, book.Origin) / won.Count;
        return counts.Expected() is > 0 and var expected ? (book.Won(book.First, book.Origin) + some) / (expected + some) : 1;
    }
}

/// <param name="Won">A day of average weight.</param>
/// <param name="Gone">Lost, or into another stage, a day.</param>
/// <param name="To">Into which other stage, a day.</param>
internal sealed record Leaving(double Won, double Gone, double[] To);
