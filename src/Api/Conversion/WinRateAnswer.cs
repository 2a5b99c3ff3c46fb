using Crm.Api.Http;
using Crm.Domain.Opportunities;

namespace Crm.Api.Conversion;

/// <param name="From">Decided at this moment or later; left out, from the beginning.</param>
/// <param name="To">Decided before this moment; left out, to the end.</param>
/// <param name="By">Group by these, comma-separated: month, pipeline, team, rep, region, product.</param>
/// <param name="Pipeline">Left out: all of them.</param>
public sealed record WinRateQuestion(
    Times Times, Moment? From = null, Moment? To = null, string? By = null, string? Pipeline = null, string? Team = null,
        string? Rep = null,
    string? Region = null, string? Product = null) : IChecked
{
    public static readonly IReadOnlyList<string> Dimensions = ["month", "pipeline", "team", "rep", "region", "product"];

    public IReadOnlyList<string> Groups => By?.Split(',', StringSplitOptions.TrimEntries) ?? [];

    public IReadOnlyList<(string Column, string? Value)> Filters =>
        [("pipeline", Pipeline), ("team", Team), ("rep", Rep), ("region", Region), ("product", Product)];

    public IEnumerable<(string Member, string Code, string Message)> Check() => Grouping.Faults(Groups, Dimensions);
}

/// <param name="AsOf">Facts that occurred before this; null for all facts.</param>
/// <param name="KnownAt">As was known then; null for all that is known.</param>
/// <param name="Position">The position that the answer shows.</param>
/// <param name="ReadModelVersion">The same moments, position and version give the same answer for ever.</param>
public sealed record WinRateAnswer(
    DateTimeOffset? AsOf, DateTimeOffset? KnownAt, long Position, int ReadModelVersion, DateTimeOffset? From, DateTimeOffset? To,
        WinFigures Total,
    IReadOnlyList<WinRateGroup> Groups);

/// <param name="By">The values of the dimensions asked for. A month is <c>2026-03</c>: of the day on which a deal was signed, or
/// lost.</param>
public sealed record WinRateGroup(IReadOnlyDictionary<string, string?> By, WinFigures Figures);

/// <summary>How many of the deals that were decided were won, by each way to call one won. Tests and junk are none of them.</summary>
/// <param name="Closed">Signed or lost: what all three rates divide by.</param>
/// <param name="Signed">Those that were signed.</param>
/// <param name="Paid">Those of them that were paid by the moment asked about, whenever.</param>
/// <param name="Delivered">Those of them that were delivered by then.</param>
/// <param name="WithFlagged">Signed, of those that were decided, as it would be if tests and junk counted, too.</param>
public sealed record WinFigures(long Closed, long Lost, Share Signed, Share Paid, Share Delivered, Share WithFlagged)
{
    internal static WinFigures Of(WinRate rate, WinRate withFlagged) => new(
        rate.Closed, rate.Lost, Share(rate, WonState.Signed), Share(rate, WonState.Paid), Share(rate, WonState.Delivered),
        Share(withFlagged, WonState.Signed));

    private static Share Share(WinRate rate, WonState state) => new(rate.Count(state), rate.Closed, (double?)rate.Of(state));
}
