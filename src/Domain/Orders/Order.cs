using System.Collections.Immutable;

namespace Crm.Domain.Orders;

/// <summary>What a customer has signed for, and how much of it was delivered and paid.</summary>
public sealed record Order
{
    public static readonly Order None = new();

    public OrderSigned? Signed { get; private init; }

    /// <summary>Whether it is a test, or junk; null while it is business.</summary>
    public RecordFlag? Flag { get; private init; }

    public ImmutableDictionary<Guid, OrderDelivered> Deliveries { get; private init; } = ImmutableDictionary<Guid, OrderDelivered>.Empty;

    public ImmutableDictionary<Guid, OrderPaid> Payments { get; private init; } = ImmutableDictionary<Guid, OrderPaid>.Empty;

    public decimal Delivered => Deliveries.Values.Sum(delivery => delivery.Amount.Amount);

    public decimal Paid => Payments.Values.Sum(payment => payment.Amount.Amount);

    public static Order Evolve(Order state, IOrderEvent @event) => @event switch
    {
        OrderSigned e => state with { Signed = e },
        OrderDelivered e => state with { Deliveries = state.Deliveries.SetItem(e.DeliveryId, e) },
        OrderPaid e => state with { Payments = state.Payments.SetItem(e.PaymentId, e) },
        OrderFlagged e => state with { Flag = e.Flag },
        OrderFlagWithdrawn => state with { Flag = null },
        _ => state
    };
}
