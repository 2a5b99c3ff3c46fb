using Crm.Domain.Forecasting.Factors;
using Crm.Domain.Opportunities;
using Crm.EventModel;

namespace Crm.Projections.Forecasting;

/// <summary>What factors of forecasts ask of every opportunity, as of any moment. Touches are counted where they are kept anyway.</summary>
public sealed class ForecastTraits : ReadModel<DealTraits>
{
    public override string Name => "forecast_traits";

    public override int Version => 1;

    public override bool KeepsHistory => true;

    public override Type Reads => typeof(IOpportunityEvent);

    public override IReadOnlyList<Type> Ignores { get; } =
    [
        typeof(OpportunityAssigned), typeof(OpportunityStageEntered), typeof(OpportunityAmountChanged), typeof(OpportunityTouched),
        typeof(OpportunityNoted), typeof(OpportunityAmountHeld), typeof(OpportunityApprovalAsked), typeof(OpportunityWon),
        typeof(OpportunityPaid), typeof(OpportunityDelivered), typeof(OpportunityReopened), typeof(OpportunityReviewed),
        typeof(OpportunityFlagged), typeof(OpportunityFlagWithdrawn), typeof(OpportunityMarked), typeof(OpportunityMarkEscalated),
        typeof(OpportunityMarkCleared), typeof(OpportunityEntryActed)
    ];

    public override DealTraits? Fold(DealTraits? row, Recorded e) => DealTraits.Evolve(e.StreamId, row, e.Data);
}
