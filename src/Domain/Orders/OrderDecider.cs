namespace Crm.Domain.Orders;

public interface IOrderCommand;

public sealed record SignOrder(Guid CustomerId, string Number, Money Amount, Guid? OpportunityId = null) : IOrderCommand
{
    public const int LongestNumber = 80;
}

/// <param name="Amount">Null for all that is left.</param>
/// <param name="Happened">Other books have it, so it is taken even where it goes beyond what was signed.</param>
public sealed record DeliverOrder(Guid DeliveryId, Money? Amount = null, string? Reference = null, bool Happened = false) : IOrderCommand, IMayPredate;

/// <inheritdoc cref="DeliverOrder"/>
public sealed record PayOrder(Guid PaymentId, Money Amount, string? Reference = null, bool Happened = false) : IOrderCommand, IMayPredate;

public sealed record FlagOrder(RecordFlag Flag, string? Reason = null) : IOrderCommand;
public sealed record WithdrawOrderFlag(string? Reason = null) : IOrderCommand;

public static class OrderDecider
{
    public static readonly Decider<Order, IOrderCommand, IOrderEvent> Instance = new("order", Order.None, Decide, Order.Evolve, Precede);

    public static IReadOnlyList<IOrderEvent> Decide(Order state, IOrderCommand command) => (state, command) switch
    {
        ({ Signed: null }, SignOrder c) => [Sign(c)],
        (_, SignOrder c) when state.Signed == new OrderSigned(c.CustomerId, c.Number, c.Amount, c.OpportunityId) => [],
        (_, SignOrder) => throw Signed(),

        ({ Signed: null }, _) => throw Rejection.Unknown("order.unknown", "There is no such order."),

        (_, DeliverOrder c) when state.Deliveries.TryGetValue(c.DeliveryId, out var known) =>
            known.Reference == c.Reference && (c.Amount is null || c.Amount == known.Amount) ? [] : throw DeliveryKnown(c),
        (_, DeliverOrder { Amount: null } c) => Rest(state, c),
        (_, DeliverOrder { Amount: { } amount } c) => [new OrderDelivered(c.DeliveryId, Within(state, amount, state.Delivered, c.Happened), c.Reference)],

        (_, PayOrder c) when state.Payments.TryGetValue(c.PaymentId, out var known) => known == new OrderPaid(c.PaymentId, c.Amount, c.Reference) ? [] : throw PaymentKnown(c),
        (_, PayOrder c) => [new OrderPaid(c.PaymentId, Within(state, c.Amount, state.Paid, c.Happened), c.Reference)],

        (_, FlagOrder c) => c.Flag == state.Flag ? [] : [new OrderFlagged(c.Flag, c.Reason)],
        (_, WithdrawOrderFlag c) => state.Flag is null ? [] : [new OrderFlagWithdrawn(c.Reason)],
        _ => []
    };

    public static void Precede(Order latest, IOrderCommand command)
    {
        switch (command)
        {
            case SignOrder when latest.Signed is not null:
                throw Signed();
            case DeliverOrder c when latest.Deliveries.ContainsKey(c.DeliveryId):
                throw DeliveryKnown(c);
            case PayOrder c when latest.Payments.ContainsKey(c.PaymentId):
                throw PaymentKnown(c);
            // What was left then may have been delivered later.
            case DeliverOrder { Amount: null } when latest.Deliveries.Count > 0:
                throw Exceeded();
            case DeliverOrder { Amount: { } amount } c:
                Within(latest, amount, latest.Delivered, c.Happened);
                break;
            case PayOrder c:
                Within(latest, c.Amount, latest.Paid, c.Happened);
                break;
        }
    }

    private static OrderSigned Sign(SignOrder c) => c.Amount.Amount is > 0 and <= Money.Limit
        ? new OrderSigned(c.CustomerId, c.Number, c.Amount, c.OpportunityId)
        : throw OutOfBounds(c.Amount);

    private static IReadOnlyList<IOrderEvent> Rest(Order state, DeliverOrder c)
    {
        var rest = state.Signed!.Amount with { Amount = state.Signed.Amount.Amount - state.Delivered };
        return rest.Amount > 0 ? [new OrderDelivered(c.DeliveryId, rest, c.Reference)] : c.Happened ? [] : throw Exceeded();
    }

    private static Money Within(Order state, Money amount, decimal already, bool happened)
    {
        var signed = state.Signed!.Amount;
        if (amount.Currency != signed.Currency)
            throw Rejection.BrokenRule("order.currency", $"This order is in {signed.Currency}; an amount in {amount.Currency} does not fit.", "amount");
        if (amount.Amount is <= 0 or > Money.Limit)
            throw OutOfBounds(amount);
        return happened || already + amount.Amount <= signed.Amount ? amount : throw Exceeded();
    }

    // How much is left is not told: it may be hidden from whoever is refused, and stands in the record for everybody else.
    private static Rejection Exceeded() => Rejection.BrokenRule("order.exceeded", "More would be delivered, or paid, than was signed.", "amount");

    private static Rejection OutOfBounds(Money amount) =>
        Rejection.BrokenRule("order.amount", $"{amount} is out of bounds; an amount is more than 0 and at most {Money.Limit}.", "amount");

    private static Rejection Signed() => Rejection.WrongState("order.signed", "This order is signed already, with other values or at another time.");

    private static Rejection DeliveryKnown(DeliverOrder c) =>
        Rejection.WrongState("order.delivery-known", $"Delivery {c.DeliveryId} is known, with other values or at a later time.");

    private static Rejection PaymentKnown(PayOrder c) =>
        Rejection.WrongState("order.payment-known", $"Payment {c.PaymentId} is known, with other values or at a later time.");
}
