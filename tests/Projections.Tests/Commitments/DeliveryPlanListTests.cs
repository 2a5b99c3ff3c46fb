using Crm.Domain.Commitments;
using Crm.Projections.Commitments;

namespace Crm.Projections.Tests.Commitments;

public sealed class DeliveryPlanListTests
{
    [Fact]
    public void A_span_has_what_was_said_of_it_last_until_it_is_dropped()
    {
        var story = new Story<DeliveryPlanList.Row>(Catalog.DeliveryPlans);
        var planned = new DeliveryPlanned("CK6140", Story<DeliveryPlanList.Row>.Monday, Story<DeliveryPlanList.Row>.Monday.AddDays(7), 10);
        story.Then(0, planned).Then(2, planned with { Quantity = 8 }).Then(4, new DeliveryPlanDropped());

        (story.RowAsOf(1)!.Quantity, story.RowAsOf(3)!.Quantity, story.Row).ShouldBe((10m, 8m, null));
    }
}
