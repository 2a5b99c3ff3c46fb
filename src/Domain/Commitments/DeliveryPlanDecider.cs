namespace Crm.Domain.Commitments;

public interface IDeliveryPlanCommand;

public sealed record PlanDelivery(string Product, DateTimeOffset StartsAt, DateTimeOffset EndsAt, decimal Quantity) : IDeliveryPlanCommand;
public sealed record DropDeliveryPlan(string? Reason = null) : IDeliveryPlanCommand;

public static class DeliveryPlanDecider
{
    public static readonly Decider<DeliveryPlan, IDeliveryPlanCommand, IDeliveryPlanEvent> Instance =
        new("delivery-plan", DeliveryPlan.None, Decide, DeliveryPlan.Evolve);

    public static IReadOnlyList<IDeliveryPlanEvent> Decide(DeliveryPlan state, IDeliveryPlanCommand command) => (state, command) switch
    {
        (_, PlanDelivery c) when state.Planned == Planned(c) => [],
        (_, PlanDelivery c) => [Planned(c)],
        ({ Planned: null }, DropDeliveryPlan) => throw Unknown(),
        (_, DropDeliveryPlan c) => [new DeliveryPlanDropped(c.Reason)],
        _ => []
    };

    public static Rejection Unknown() => Rejection.Unknown("delivery-plan.unknown", "There is no such delivery plan.");

    /// <summary>Four places at most, and no zeros behind the last: equal quantities are written alike.</summary>
    public static decimal? Normal(decimal? quantity) =>
        quantity is { } given ? decimal.Round(given, 4, MidpointRounding.ToEven) / 1.0000000000000000000000000000m : null;

    private static DeliveryPlanned Planned(PlanDelivery c)
    {
        if (c.EndsAt <= c.StartsAt)
            throw Rejection.BrokenRule("delivery-plan.span", "A plan is for a span of time: it ends after it begins.", "endsAt");
        if (c.Quantity is < 0 or > Money.Limit)
            throw Rejection.BrokenRule("delivery-plan.quantity", "A planned quantity is 0 or more.", "quantity");
        return new(c.Product, c.StartsAt.ToUniversalTime(), c.EndsAt.ToUniversalTime(), Normal(c.Quantity)!.Value);
    }
}
