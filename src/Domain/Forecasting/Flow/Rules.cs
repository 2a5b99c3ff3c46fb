using Crm.Domain.Scoring;

namespace Crm.Domain.Forecasting.Flow;

/// <summary>One way to foretell what is won in a span.</summary>
/// <param name="Trust">What it is thought to be worth before any back-test, against the others.</param>
/// <param name="Foretell">Null where it does not know enough yet.</param>
internal sealed record Rule(string Name, double Trust, Func<Look, double?> Foretell);

internal static class Rules
{
    private const double Smoothing = 0.3;

    public static readonly IReadOnlyList<Rule> All =
    [
        new("last", 1, look => Level(look, look.Plain, 1, 1)),
        new("mean-of-3", 1, look => Level(look, look.Plain, 3, 1)),
        new("mean-of-12", 1, look => Level(look, look.Plain, 12, 4)),
        new("smoothing", 1, look => Smoothed(look, look.Plain, 2)),
        new("theta", 1, look => Theta(look, look.Plain)),
        new("same-of-last-quarter", 2, look => SameOf(look, months: 3)),
        new("quarterly-level", 2, look => look.Quarterly == look.Plain ? null : Level(look, look.Quarterly, 3, 3)),
        new("quarterly-smoothing", 2, look => look.Quarterly == look.Plain ? null : Smoothed(look, look.Quarterly, 3)),
        new("same-of-last-year", 1, look => SameOf(look, months: 12)),
        new("same-of-last-year-grown", 1, SameOfLastYearGrown),
        new("yearly-level", 1, look => look.Yearly == look.Plain ? null : Level(look, look.Yearly, 3, 3)),
        new("yearly-smoothing", 1, look => look.Yearly == look.Plain ? null : Smoothed(look, look.Yearly, 3)),
        new("flow", 1, look => look.Flow.Foretell(look.Plain)),
        new("quarterly-flow", 2, look => look.Quarterly == look.Plain ? null : look.Flow.Foretell(look.Quarterly)),
        new("yearly-flow", 1, look => look.Yearly == look.Plain ? null : look.Flow.Foretell(look.Yearly))
    ];

    /// <summary>The mean rate of the last windows; of what there is where not one is whole.</summary>
    private static double? Level(Look look, DayWeights weights, int windows, int least)
    {
        if (look.Windows < least && (least > 1 || look.Book.Days == 0))
        {
            return null;
        }

        var from = look.Windows == 0 ? look.Book.First : look.Begin(Math.Min(windows, look.Windows));
        return weights.Sum(from, look.Book.Origin) is > 0 and var weight
            ? look.Book.Won(from, look.Book.Origin) / weight * weights.Sum(look.Span.From, look.Span.Until)
            : null;
    }

    // Weights that fall by a share for each window of age (R. G. Brown, Smoothing, Forecasting and Prediction of Discrete Time Series,
    // 1962; E. S. Gardner, International Journal of Forecasting 22, 2006).
    private static double? Smoothed(Look look, DayWeights weights, int least) => look.Windows < least
        ? null
        : Discounted(look, weights).Level * weights.Sum(look.Span.From, look.Span.Until);

    // Simple smoothing with half the slope of a line (V. Assimakopoulos, K. Nikolopoulos, International Journal of Forecasting 16, 2000;
    // R. J. Hyndman, B. Billah, the same 19, 2003).
    private static double? Theta(Look look, DayWeights weights)
    {
        if (look.Windows < 4)
        {
            return null;
        }

        var (level, age) = Discounted(look, weights);
        var (n, slope, square) = (look.Windows, 0d, 0d);
        for (var k = 1; k <= n; k++)
        {
            var place = (n + 1) / 2d - k;
            slope += place * look.Rate(k, weights);
            square += place * place;
        }

        var ahead = (look.Span.From.DayNumber - look.Book.Origin.DayNumber + (look.Span.Until.DayNumber - look.Span.From.DayNumber) / 2d)
            / (look.Book.Origin.DayNumber - look.Begin(1).DayNumber);
        return Math.Max(0, level + slope / square / 2 * (age + ahead)) * weights.Sum(look.Span.From, look.Span.Until);
    }

    private static (double Level, double Age) Discounted(Look look, DayWeights weights)
    {
        var (sum, age, all, share) = (0d, 0d, 0d, 1d);
        for (var k = 1; k <= look.Windows; k++)
        {
            sum += share * look.Rate(k, weights);
            age += share * (k - 0.5);
            all += share;
            share *= 1 - Smoothing;
        }

        return (sum / all, age / all);
    }

    private static double? SameOf(Look look, int months) => Cycles(look, months) is { } back && back.From >= look.Book.Since
        && look.Plain.Sum(back.From, back.Until) is > 0 and var weight
        ? look.Book.Won(back.From, back.Until) / weight * look.Plain.Sum(look.Span.From, look.Span.Until)
        : null;

    // Grown as far as the same windows of a year ago have, and drawn towards no growth by how much of it chance would explain.
    private static double? SameOfLastYearGrown(Look look)
    {
        var perYear = look.Span.Kind switch { PeriodKind.Week => 52, PeriodKind.Month => 12, _ => 4 };
        var windows = Math.Min(perYear, look.Windows - perYear);
        if (windows < 1 || SameOf(look, months: 12) is not { } same)
        {
            return null;
        }

        var (now, then) = (Sums(look, 0, windows), Sums(look, perYear, windows));
        if (now.Won <= 0 || then.Won <= 0)
        {
            return same;
        }

        var growth = PortableMath.Log(now.Won / then.Won);
        var unrest = 2 * DayWeights.Unrest * DayWeights.Unrest / windows;
        var noise = now.Squares / (now.Won * now.Won) + then.Squares / (then.Won * then.Won) + unrest;
        return same * PortableMath.Exp(growth * growth * growth / (growth * growth + noise));
    }

    private static (double Won, double Squares) Sums(Look look, int after, int windows)
    {
        var (from, until) = (look.Begin(after + windows), look.Begin(after));
        return (look.Book.Won(from, until), look.Book.Squares(from, until));
    }

    // The span as many cycles ago as it takes to lie wholly in the past. Weeks go back by whole weeks.
    private static ForecastSpan? Cycles(Look look, int months)
    {
        if (look.Span.Kind == PeriodKind.Quarter && months == 3)
        {
            return null;
        }

        var (back, inWeeks) = (look.Span, look.Span.Kind == PeriodKind.Week);
        while (back.Until > look.Book.Origin)
        {
            back = inWeeks ? back.Moved(PeriodKind.Week, -months * 13 / 3) : back.Moved(PeriodKind.Month, -months);
        }

        return back;
    }
}
