using Crm.Domain.Forecasting;
using Crm.Domain.Opportunities;
using Crm.EventModel;
using Crm.Projections;

namespace Crm.Api.Forecasting;

/// <summary>What lies between two forecasts: two moments, and two positions up to which each knew.</summary>
/// <param name="From">The moment of the earlier.</param>
/// <param name="Low">The lower one of the two positions.</param>
/// <param name="Known">Up to where the later knew.</param>
public sealed record ForecastGap(DateTimeOffset From, DateTimeOffset To, long Low, long High, long Known)
{
    public static ForecastGap Between(ForecastManifest then, ForecastManifest now) => new(
        then.AsOf, now.AsOf, Math.Min(then.Position, now.Position), Math.Max(then.Position, now.Position), now.Position);

    public bool KnewAlike => Low == High;

    /// <summary>The opportunity as of the earlier moment, as the later forecast knew it.</summary>
    public DealRestated Restated(IReadOnlyList<Recorded> stream, EventTypes types) => new(
        Of(stream.Where(e => e.Position <= Low || !types.IsCorrection(e.Data)), types), Of(stream.Where(e => e.Position <= Known), types));

    /// <summary>The opportunity as of the earlier moment: as the one knew it, after each thing that became known since, up to what the other knew.</summary>
    public IReadOnlyList<ForecastDeal?> Learning(IReadOnlyList<Recorded> stream, EventTypes types) =>
    [
        .. stream.Select(e => e.Position).Where(position => position > Low).Prepend(Low)
            .Select(position => Of(stream.Where(e => e.Position <= position), types))
    ];

    /// <summary>The events by which an opportunity has its share of a cause.</summary>
    /// <param name="stream">All that either knew of it.</param>
    public IReadOnlyList<Recorded> Grounds(ForecastCause cause, IReadOnlyList<Recorded> stream, EventTypes types)
    {
        var facts = FoldOrder.Of([.. stream.Where(e => e.Position <= Known)], types);
        var grounds = cause switch
        {
            ForecastCause.Late => stream.Where(e => IsNew(e) && !types.IsCorrection(e.Data) && e.OccurredAt < From),
            ForecastCause.Corrected => stream.Where(e => IsNew(e) && types.IsCorrection(e.Data)),
            ForecastCause.Flagged => stream.Where(e => e.Data is OpportunityFlagged or OpportunityFlagWithdrawn && (IsNew(e) || Happened(e))),
            ForecastCause.Time => facts.Where(e => e.OccurredAt < To
                && e.Data is OpportunityOpened or OpportunityStageEntered or OpportunityReopened).TakeLast(1),
            ForecastCause.Model => facts.Where(e => Happened(e) && e.Data is OpportunityWon or OpportunityLost),
            _ => facts.Where(e => Happened(e) && Tells(cause, e.Data))
        };
        var named = grounds.Select(e => e.EventId).ToHashSet();
        return [.. stream.Where(e => named.Contains(e.EventId) || (types.Corrected(e.Data) is { } fact && named.Contains(fact)))];
    }

    private ForecastDeal? Of(IEnumerable<Recorded> stream, EventTypes types) => Catalog.ForecastDeals.Of([.. stream], From, types);

    private bool IsNew(Recorded e) => e.Position > Low;

    private bool Happened(Recorded e) => e.OccurredAt >= From && e.OccurredAt < To;

    private static bool Tells(ForecastCause cause, object fact) => fact switch
    {
        OpportunityOpened => cause == ForecastCause.Opened,
        OpportunityStageEntered => cause is ForecastCause.Stage,
        OpportunityReopened => cause is ForecastCause.Reopened or ForecastCause.Stage or ForecastCause.Opened,
        OpportunityWon => cause is ForecastCause.Won or ForecastCause.Amount or ForecastCause.Opened,
        OpportunityLost => cause is ForecastCause.Lost or ForecastCause.Opened,
        OpportunityAmountChanged => cause == ForecastCause.Amount,
        OpportunityCloseDateChanged => cause == ForecastCause.Date,
        OpportunityAssigned => cause == ForecastCause.Owner,
        OpportunityChanged => cause == ForecastCause.Detail,
        _ => false
    };
}
