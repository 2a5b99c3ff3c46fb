using Crm.Domain.Commitments;

namespace Crm.Domain.Tests.Commitments;

public sealed class DeliveryPlanTests() : Spec<DeliveryPlan, IDeliveryPlanCommand, IDeliveryPlanEvent>(DeliveryPlanDecider.Instance)
{
    private static readonly DateTimeOffset May = new(2026, 5, 1, 0, 0, 0, TimeSpan.Zero), June = May.AddDays(31);
    private static readonly DeliveryPlanned Ten = new("CK6140", May, June, 10);

    [Fact]
    public void A_span_has_a_quantity() => Given().When(new PlanDelivery("CK6140", May, June, 10.0m)).Then(Ten);

    [Fact]
    public void The_same_again_is_no_other_plan() => Given(Ten).When(new PlanDelivery("CK6140", May, June, 10)).ThenNothing();

    [Fact]
    public void What_is_said_last_of_a_span_stands() =>
        Given(Ten).When(new PlanDelivery("CK6140", May, June, 0)).Then(Ten with { Quantity = 0 });

    [Fact]
    public void A_span_ends_after_it_begins() =>
        Given().When(new PlanDelivery("CK6140", May, May, 1)).ThenRejected("delivery-plan.span", "endsAt");

    [Fact]
    public void Nobody_plans_less_than_nothing() =>
        Given().When(new PlanDelivery("CK6140", May, June, -1)).ThenRejected("delivery-plan.quantity", "quantity");

    [Fact]
    public void What_was_dropped_is_planned_again() =>
        Given(Ten, new DeliveryPlanDropped()).When(new PlanDelivery("CK6140", May, June, 10)).Then(Ten);

    [Fact]
    public void Nobody_drops_what_is_not_planned() =>
        Given(Ten, new DeliveryPlanDropped()).When(new DropDeliveryPlan()).ThenRejected("delivery-plan.unknown");
}
