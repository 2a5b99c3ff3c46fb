namespace Crm.Domain.DataSources;

// Stored forever as JSON under these names: add, never rename. What is added has a default.

/// <summary>How readings come: somebody sends them, or they are fetched.</summary>
public enum SourceKind { Push, Pull }

/// <summary>What a data source says, how often, and what a reading has to be like.</summary>
/// <param name="FreshMinutes">So long its values hold.</param>
/// <param name="System">By whose names its subjects are customers; null for our own ids.</param>
/// <param name="Url">Where it is fetched.</param>
/// <param name="SecondUrl">Where else, as soon as the first does not answer at once.</param>
/// <param name="EveryMinutes">How often it is fetched.</param>
/// <param name="Unit">In which its values are; a reading in another is held.</param>
/// <param name="Least">No value is below it.</param>
/// <param name="ExpectedRows">Of how many customers it tells; null for as many as good readings did lately.</param>
/// <param name="LeastPercent">A reading with fewer of these in a hundred is held.</param>
/// <param name="MedianTimes">A reading whose median is so many times that of good ones lately, or so many times less, is held.</param>
/// <param name="MostZeroPercent">A reading with more zeros in a hundred is held.</param>
/// <param name="MayRepeat">Whether the same values may come again for longer than they hold.</param>
public sealed record SourceTerms(
    SourceKind Kind, int FreshMinutes, string? System = null, string? Url = null, string? SecondUrl = null, int? EveryMinutes = null,
    string? Unit = null, decimal? Least = null, decimal? Most = null, int? ExpectedRows = null,
    int LeastPercent = 50, decimal MedianTimes = 10, int MostZeroPercent = 90, bool MayRepeat = false)
{
    public TimeSpan FreshFor() => TimeSpan.FromMinutes(FreshMinutes);

    /// <summary>The last moment up to now at which it was due to be fetched; what was missed before it is not made up for.</summary>
    /// <param name="next">The first that was not fetched yet.</param>
    public DateTimeOffset? Due(DateTimeOffset? next, DateTimeOffset now) => next is not { } first || EveryMinutes is not { } minutes ? null
        : now < first ? null : first + TimeSpan.FromMinutes(minutes) * Math.Floor((now - first) / TimeSpan.FromMinutes(minutes));
}
