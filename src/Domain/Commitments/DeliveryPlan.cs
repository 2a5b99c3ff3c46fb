namespace Crm.Domain.Commitments;

// Stored forever as JSON under these names: add, never rename. See docs/events.md.
public interface IDeliveryPlanEvent;

/// <summary>How much of a product can be delivered in a span of time; what was said before of that span stands no more.</summary>
/// <param name="StartsAt">What is due then is in it.</param>
/// <param name="EndsAt">What is due then is not in it any more.</param>
/// <param name="Quantity">0 where nothing can be.</param>
public sealed record DeliveryPlanned(string Product, DateTimeOffset StartsAt, DateTimeOffset EndsAt, decimal Quantity) : IDeliveryPlanEvent;

/// <summary>Nothing is said of that span any more.</summary>
public sealed record DeliveryPlanDropped(string? Reason = null) : IDeliveryPlanEvent;

/// <summary>What is planned for one span of a product; null where nothing is.</summary>
public sealed record DeliveryPlan(DeliveryPlanned? Planned)
{
    public static readonly DeliveryPlan None = new(Planned: null);

    public static DeliveryPlan Evolve(DeliveryPlan state, IDeliveryPlanEvent @event) => @event switch
    {
        DeliveryPlanned e => new(e),
        DeliveryPlanDropped => None,
        _ => state
    };
}
