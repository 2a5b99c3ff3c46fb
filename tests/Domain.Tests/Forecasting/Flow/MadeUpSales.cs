using Crm.Domain.Forecasting.Flow;
using Crm.Domain.Scoring;

namespace Crm.Domain.Tests.Forecasting.Flow;

/// <summary>Companies that never were, of which one knows the rhythm. What was closed before their books begin is not in them.</summary>
/// <param name="Cycle">Months after which their rhythm comes again.</param>
internal sealed record MadeUpSales(string Name, int Cycle, int Months)
{
    public static readonly DateOnly Begin = new(2021, 1, 1);

    /// <summary>How many enter on a day.</summary>
    public Func<DateOnly, double> Entering { get; init; } = _ => 4;

    /// <summary>How willingly customers sign on a day, against other days.</summary>
    public Func<DateOnly, double> Signing { get; init; } = _ => 1;

    public Func<DateOnly, double> Winning { get; init; } = _ => 0.5;

    /// <summary>Days until an opportunity is ripe, on the average.</summary>
    public double Ripening { get; init; } = 45;

    public double Typical { get; init; } = 2_000;

    /// <summary>Of the amounts' logarithms.</summary>
    public double Spread { get; init; } = 0.8;

    /// <summary>Whether nobody hears of an opportunity before it is closed.</summary>
    public bool IsToldLate { get; init; }

    /// <summary>Whether opportunities are written down on one of few days, up to a quarter early.</summary>
    public bool IsToldInHeaps { get; init; }

    public DateOnly End => Begin.AddMonths(Months);

    /// <summary>Signed on Fridays for the most part, so that a month with five of them is a good one.</summary>
    public static MadeUpSales Weekly { get; } = new("Fridays", 3, 15)
    {
        Signing = day => day.DayOfWeek == DayOfWeek.Friday ? 6 : IsWeekend(day) ? 0.05 : 0.5,
        Ripening = 14, Spread = 0.5
    };

    /// <summary>Three times as much in December as in June, and a quarter more from year to year.</summary>
    public static MadeUpSales Yearly { get; } = new("a year's season and growth", 12, 40)
    {
        Entering = day => 4 * PortableMath.Exp(0.22 * Years(day)),
        Winning = day => 0.4 + 0.2 * Wave(day.DayOfYear / 365d), Ripening = 30
    };

    /// <summary>Three or so a month, and now and then one that is as large as all others together.</summary>
    public static MadeUpSales Giants { get; } = new("giants", 3, 30)
    {
        Entering = _ => 0.25, Winning = _ => 0.4, Spread = 1.6, Ripening = 60
    };

    /// <summary>Signed at the end of a quarter if at all possible.</summary>
    public static MadeUpSales Quarterly { get; } = new("ends of quarters", 3, 14)
    {
        Signing = day => IsWeekend(day) ? 0.2 : day.Month % 3 == 0 ? 2 : day.Month % 3 == 1 ? 0.6 : 1
    };

    /// <summary>No season at all.</summary>
    public static MadeUpSales Even { get; } = new("no season", 3, 20) { Entering = _ => 2, Signing = day => IsWeekend(day) ? 0.1 : 1.3 };

    /// <summary>Half the sellers leave after a year.</summary>
    public static MadeUpSales Break { get; } = new("a break", 3, 24) { Entering = day => Years(day) < 1 ? 5 : 2.5, Ripening = 25 };

    /// <summary>Doubles every year.</summary>
    public static MadeUpSales Growth { get; } = new("growth", 3, 24) { Entering = day => 2 * PortableMath.PowerOfTwo(Years(day)) };

    /// <summary>Campaigns that bring many opportunities for six weeks, at no fixed time; they are won three months later.</summary>
    public static MadeUpSales Campaigns { get; } = new("campaigns", 3, 26)
    {
        Entering = day => (day.DayNumber - 737_000) / 43 % 7 is 1 or 4 or 5 ? 8 : 2, Ripening = 90
    };

    /// <summary>Weak first months of quarters, and nobody keeps a pipeline.</summary>
    public static MadeUpSales Books { get; } = Quarterly with
    {
        Name = "quarters without a pipeline",
        Months = 12,
        IsToldLate = true,
        Winning = day => day.Month % 3 == 1 ? 0.35 : day.Month % 3 == 2 ? 0.5 : 0.65
    };

    /// <summary>A year's season, of which only what was won is told.</summary>
    public static MadeUpSales YearBooks { get; } = Yearly with { Name = "a year without a pipeline", Months = 30, IsToldLate = true };

    /// <summary>No season, no pipeline, few opportunities.</summary>
    public static MadeUpSales Few { get; } = Even with { Name = "few and late", Entering = _ => 0.7, IsToldLate = true, Months = 15 };

    /// <summary>Ends of quarters again, but opportunities are written down in heaps, when somebody asks for them.</summary>
    public static MadeUpSales Heaps { get; } = Books with
    {
        Name = "written down in heaps",
        Months = 14,
        IsToldLate = false,
        IsToldInHeaps = true
    };

    /// <summary>The same, by a seller whose customers know no season.</summary>
    public static MadeUpSales EvenHeaps { get; } = Even with { Name = "heaps and no season", Months = 14, IsToldInHeaps = true };

    public static IReadOnlyList<MadeUpSales> All { get; } =
        [Weekly, Yearly, Giants, Quarterly, Even, Break, Growth, Campaigns, Books, YearBooks, Few, Heaps, EvenHeaps];

    public List<OpportunityPath> Make(int seed)
    {
        var (chance, paths) = (new Random(seed), new List<OpportunityPath>());
        for (var day = Begin.AddDays(-300); day < End; day = day.AddDays(1))
        {
            for (var many = Poisson(chance, Entering(day)); many > 0; many--)
            {
                paths.Add(Path(chance, day));
            }
        }

        return [.. paths.Where(path => path.Closing is null ? !IsToldLate : path.Closing.Day >= Begin)];
    }

    private OpportunityPath Path(Random chance, DateOnly entered)
    {
        var bytes = new byte[16];
        chance.NextBytes(bytes);
        var worth = Amount(Typical * PortableMath.Exp(Spread * Normal(chance)));
        var ripe = Ripening * PortableMath.Exp(0.5 * Normal(chance));
        var (day, final) = (entered.AddDays((int)ripe), Amount((double)worth * (0.9 + 0.2 * chance.NextDouble())));
        while (chance.NextDouble() > 0.12 * Signing(day))
        {
            day = day.AddDays(1);
        }

        entered = IsToldInHeaps ? Heap(chance, entered) : entered;
        var stages = new[] { new StageEntry(entered, "talking"), new StageEntry(entered.AddDays((int)(0.6 * ripe)), "offered") };
        var closing = chance.NextDouble() < Winning(day) ? new PathClosing(day, true, final)
            : chance.NextDouble() < 0.1 ? null
            : new PathClosing(day.AddDays(chance.Next(20)), false, 0);
        return IsToldLate && closing is not null
            ? new(new(bytes), closing.Day, [new(closing.Day, "closed")], [new(closing.Day, closing.Value)], closing)
            : new(new(bytes), entered, stages, [new(entered, worth)], closing);
    }

    // One of the last two days on which all were asked, which lie some weeks apart.
    private static DateOnly Heap(Random chance, DateOnly entered)
    {
        var days = entered.DayNumber - Begin.AddDays(-300).DayNumber;
        return entered.AddDays(-(days % 53) - 53 * chance.Next(2));
    }

    private static decimal Amount(double value) => PortableMath.Rounded(value, 0);

    private static bool IsWeekend(DateOnly day) => day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday;

    private static double Years(DateOnly day) => (day.DayNumber - Begin.DayNumber) / 365.25;

    // From −1 at midsummer to 1 at midwinter, without the sines of a platform.
    private static double Wave(double year) => 1 - 4 * Math.Min(year, 1 - year) is var x ? Math.Clamp(1.3 * x, -1, 1) : 0;

    private static int Poisson(Random chance, double mean)
    {
        var (count, product, limit) = (0, chance.NextDouble(), PortableMath.Exp(-mean));
        for (; product > limit; count++)
        {
            product *= chance.NextDouble();
        }

        return count;
    }

    // Near enough to a normal distribution.
    private static double Normal(Random chance) => Enumerable.Range(0, 12).Sum(_ => chance.NextDouble()) - 6;
}
