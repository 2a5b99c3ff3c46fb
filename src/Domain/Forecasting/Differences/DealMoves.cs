namespace Crm.Domain.Forecasting;

/// <summary>How an opportunity came from what one forecast knew of it to what another did: one thing after another.</summary>
internal static class DealMoves
{
    /// <param name="restated">Null where both knew the same of the earlier moment.</param>
    /// <param name="isLearning">Whether the forecast of the later moment knew more, rather than less.</param>
    public static IEnumerable<(ForecastCause Cause, ForecastDeal? Deal)> Of(
        ForecastDeal? then, DealRestated? restated, ForecastDeal? now, bool isLearning) =>
        restated is null ? Happened(then, now) : [.. Learned(then, restated, isLearning), .. Happened(restated.After, now)];

    public static bool IsInPlay(ForecastDeal? deal) => deal is { Status: ForecastDeal.Open, OpenedAt: not null, IsFlagged: false };

    // What the other did not know is taken away in the opposite order.
    private static IEnumerable<(ForecastCause, ForecastDeal?)> Learned(ForecastDeal? then, DealRestated restated, bool isLearning)
    {
        if (then is not null && restated.After is { } after && then.IsFlagged != after.IsFlagged)
        {
            yield return (ForecastCause.Flagged, then with { IsFlagged = after.IsFlagged });
            restated = restated with { Midway = restated.Midway is { } midway ? midway with { IsFlagged = after.IsFlagged } : null };
        }

        yield return (isLearning ? ForecastCause.Late : ForecastCause.Corrected, restated.Midway);
        yield return (isLearning ? ForecastCause.Corrected : ForecastCause.Late, restated.After);
    }

    // What comes into play or goes out of it does so as a whole; what stays in it is changed member by member.
    private static IEnumerable<(ForecastCause, ForecastDeal?)> Happened(ForecastDeal? then, ForecastDeal? now) =>
        (IsInPlay(then), IsInPlay(now)) switch
        {
            (false, false) => [],
            (false, true) => [(then?.OpenedAt is null ? ForecastCause.Opened
                : then.IsFlagged ? ForecastCause.Flagged : ForecastCause.Reopened, now)],
            (true, false) => [(now?.OpenedAt is null ? ForecastCause.Opened
                : now.IsFlagged ? ForecastCause.Flagged
                : now.Status == ForecastDeal.Won ? ForecastCause.Won : ForecastCause.Lost, now)],
            _ => Changed(then!, now!)
        };

    private static IEnumerable<(ForecastCause, ForecastDeal?)> Changed(ForecastDeal deal, ForecastDeal now)
    {
        if (ReferenceEquals(deal, now))
            yield break;

        if ((deal.Pipeline, deal.Stage, deal.StageSince) != (now.Pipeline, now.Stage, now.StageSince))
        {
            yield return (ForecastCause.Stage,
                deal = deal with { Pipeline = now.Pipeline, Stage = now.Stage, StageSince = now.StageSince, Stays = now.Stays });
        }

        if ((deal.Amount, deal.Currency) != (now.Amount, now.Currency))
            yield return (ForecastCause.Amount, deal = deal with { Amount = now.Amount, Currency = now.Currency });
        if (deal.ExpectedClose != now.ExpectedClose)
            yield return (ForecastCause.Date, deal = deal with { ExpectedClose = now.ExpectedClose });
        if ((deal.Rep, deal.Team, deal.Region) != (now.Rep, now.Team, now.Region))
            yield return (ForecastCause.Owner, deal with { Rep = now.Rep, Team = now.Team, Region = now.Region });

        yield return (ForecastCause.Detail, now);
    }
}
