namespace Crm.Domain.Knowledge;

/// <summary>What is known of an open deal by which help for it is chosen; null for what is not known.</summary>
public sealed record DealSituation(string? Industry, string? Product, string? Region, string? Competitor, string? Stage, Money? Amount);

/// <summary>A deal that was won, and from which something was learned.</summary>
/// <param name="Revision">By which what was learned is cited.</param>
/// <param name="WasInStage">Whether it once was in the stage that the open deal is in.</param>
public sealed record WonCase(
    Guid Id, int Revision, DateTimeOffset WonAt, string? Industry, string? Product, string? Region, Money? Amount, bool WasInStage);

/// <summary>How much something serves for a deal.</summary>
/// <param name="Parts">In what it is alike, the weightiest first.</param>
public sealed record Fitting<T>(T Source, int Score, IReadOnlyList<string> Parts);

/// <summary>
/// How alike an open deal and one that was won are, from 0 to 100: 30 for the same industry, 30 for the same product, 20 for an amount of
/// the same
/// size (as many digits before the point, in the same currency), 10 for the same region, 10 where the other was in the stage that this one
/// is in.
/// What is not known is not alike.
/// </summary>
public static class Similarity
{
    /// <summary>Those that are alike in anything, the most alike first; of those alike as much the one that was won last.</summary>
    public static IReadOnlyList<Fitting<WonCase>> MostAlike(DealSituation deal, IEnumerable<WonCase> cases, int most) =>
    [
        .. cases.Select(one => Of(deal, one)).Where(one => one.Score > 0)
            .OrderByDescending(one => one.Score).ThenByDescending(one => one.Source.WonAt).ThenBy(one => one.Source.Id).Take(most)
    ];

    public static Fitting<WonCase> Of(DealSituation deal, WonCase other)
    {
        (string Name, int Weight, bool IsAlike)[] parts =
        [
            ("industry", 30, deal.Industry is not null && deal.Industry == other.Industry),
            ("product", 30, deal.Product is not null && deal.Product == other.Product),
            ("amount", 20, deal.Amount is { } own && other.Amount is { } others && own.Currency == others.Currency
                && Digits(own) == Digits(others)),
            ("region", 10, deal.Region is not null && deal.Region == other.Region),
            ("stage", 10, deal.Stage is not null && other.WasInStage)
        ];
        var alike = parts.Where(part => part.IsAlike).ToList();
        return new(other, alike.Sum(part => part.Weight), [.. alike.Select(part => part.Name)]);
    }

    private static int Digits(Money amount)
    {
        var digits = 0;
        for (var rest = decimal.Truncate(amount.Amount); rest >= 1; rest = decimal.Truncate(rest / 10))
        {
            digits++;
        }

        return digits;
    }
}
