namespace Crm.Domain.Forecasting.Flow;

/// <summary>
/// What was known as a day began, and nothing else: facts of that day and of later ones are not there. Whatever forecasts takes one of
/// these, and one of an earlier day can be had from it but never one of a later, so no back-test can look ahead.
/// </summary>
public sealed class KnownPaths
{
    private KnownPaths(DateOnly origin, IReadOnlyList<OpportunityPath> paths) => (Origin, Paths) = (origin, paths);

    /// <summary>The day that begins: the first of which nothing is known.</summary>
    public DateOnly Origin { get; }

    /// <summary>By day of entry, then id, whatever order they came in.</summary>
    public IReadOnlyList<OpportunityPath> Paths { get; }

    public static KnownPaths At(DateOnly origin, IEnumerable<OpportunityPath> paths) => new(
        origin,
        [
            .. paths.Where(path => path.Entered < origin).Select(path => Cut(path, origin))
                .OrderBy(path => path.Entered).ThenBy(path => path.Id)
        ]);

    public KnownPaths Earlier(DateOnly origin) => origin <= Origin
        ? new(origin, [.. Paths.TakeWhile(path => path.Entered < origin).Select(path => Cut(path, origin))])
        : throw new ArgumentOutOfRangeException(nameof(origin), "What is not known yet cannot be had from what is.");

    private static OpportunityPath Cut(OpportunityPath path, DateOnly origin) => path with
    {
        Stages = path.Stages.All(entry => entry.Day < origin) ? path.Stages : [.. path.Stages.Where(entry => entry.Day < origin)],
        Amounts = path.Amounts.All(entry => entry.Day < origin) ? path.Amounts : [.. path.Amounts.Where(entry => entry.Day < origin)],
        Closing = path.Closing?.Day < origin ? path.Closing : null
    };
}
