using Crm.Domain.Commitments;
using Crm.EventModel;

namespace Crm.Projections.Commitments;

/// <summary>How much of which product can be delivered in which span of time, as is planned now, and as was planned at any
/// moment.</summary>
public sealed class DeliveryPlanList : ReadModel<DeliveryPlanList.Row>
{
    /// <param name="StartsAt">What is due then is in it.</param>
    /// <param name="EndsAt">What is due then is not in it any more.</param>
    /// <param name="PlannedAt">When that quantity was said.</param>
    public sealed record Row(Guid PlanId, string Product, DateTimeOffset StartsAt, DateTimeOffset EndsAt, decimal Quantity,
        DateTimeOffset PlannedAt);

    public override string Name => "delivery_plan_list";

    public override int Version => 1;

    public override bool KeepsHistory => true;

    public override Type Reads => typeof(IDeliveryPlanEvent);

    public override IReadOnlyList<string> Indexes => ["product"];

    public override Row? Fold(Row? row, Recorded e) => e.Data switch
    {
        DeliveryPlanned x => new(e.StreamId, x.Product, x.StartsAt, x.EndsAt, x.Quantity, e.OccurredAt),
        DeliveryPlanDropped => null,
        _ => row
    };
}
