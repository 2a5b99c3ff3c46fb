namespace Crm.Domain.Forecasting;

/// <summary>What of an opportunity was otherwise between two moments, and is now as it was: it makes no difference, and still happened.</summary>
public static class ThereAndBack
{
    private static readonly (ForecastCause Cause, Func<ForecastDeal?, object?> Of)[] Members =
    [
        (ForecastCause.Flagged, deal => deal?.IsFlagged ?? false),
        (ForecastCause.Opened, deal => DealMoves.IsInPlay(deal)),
        (ForecastCause.Stage, deal => (deal?.Pipeline, deal?.Stage)),
        (ForecastCause.Amount, deal => (deal?.Amount, deal?.Currency)),
        (ForecastCause.Date, deal => deal?.ExpectedClose),
        (ForecastCause.Owner, deal => (deal?.Rep, deal?.Team, deal?.Region)),
        (ForecastCause.Detail, deal => (deal?.CustomerId, deal?.Product))
    ];

    /// <param name="path">All states that it was in, from the first moment to the second.</param>
    public static IReadOnlyList<ForecastCause> Of(IReadOnlyList<ForecastDeal?> path) => path.Count < 3 ? [] :
    [
        .. Members.Where(member => Equals(member.Of(path[0]), member.Of(path[^1]))
            && path.Any(deal => !Equals(member.Of(deal), member.Of(path[0])))).Select(member => member.Cause)
    ];
}
