using Crm.Domain.Forecasting;
using Crm.Domain.Opportunities;
using Crm.EventModel;

namespace Crm.Projections.Forecasting;

/// <summary>
/// Every opportunity as forecasts see it, as of any moment. The list of opportunities holds more, and so a state for each touch; of the
/// past of a great many this is read whole, in a time that people wait.
/// </summary>
public sealed class ForecastDeals : ReadModel<ForecastDeal>
{
    public override string Name => "forecast_deals";

    public override int Version => 2;

    public override bool KeepsHistory => true;

    public override Type Reads => typeof(IOpportunityEvent);

    public override IReadOnlyList<Type> Ignores { get; } =
    [
        typeof(OpportunityTouched), typeof(OpportunityNoted), typeof(OpportunityAttachmentAdded), typeof(OpportunityAttachmentRemoved),
        typeof(OpportunityAmountHeld), typeof(OpportunityApprovalAsked), typeof(OpportunityApprovalSettled), typeof(OpportunityPaid),
        typeof(OpportunityDelivered), typeof(OpportunityReviewed), typeof(OpportunityMarked), typeof(OpportunityMarkEscalated),
        typeof(OpportunityMarkCleared), typeof(OpportunityEntryActed)
    ];

    public override ForecastDeal? Fold(ForecastDeal? row, Recorded e) => ForecastDeal.Evolve(e.StreamId, row, e.Data, e.OccurredAt);

    /// <summary>The deal by the events of its stream that were known, as of a moment: what the rows have to equal.</summary>
    /// <param name="stream">In the order of versions.</param>
    public ForecastDeal? Of(IReadOnlyList<Recorded> stream, DateTimeOffset asOf, EventTypes types) => FoldOrder.Of(stream, types)
        .Where(fact => fact.OccurredAt < asOf).Aggregate((ForecastDeal?)null, Fold);
}
