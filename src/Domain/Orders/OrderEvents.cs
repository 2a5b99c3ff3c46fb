namespace Crm.Domain.Orders;

// Stored forever as JSON under these names: add, never rename. See docs/events.md.
public interface IOrderEvent;

/// <param name="Number">What both sides call it; no other order has it.</param>
public sealed record OrderSigned(Guid CustomerId, string Number, Money Amount, Guid? OpportunityId = null) : IOrderEvent, INaming
{
    IEnumerable<string?> INaming.Names => [Number];
}

/// <summary>Goods or services of that worth went to the customer.</summary>
public sealed record OrderDelivered(Guid DeliveryId, Money Amount, string? Reference = null) : IOrderEvent;

/// <summary>Money of the customer came in.</summary>
public sealed record OrderPaid(Guid PaymentId, Money Amount, string? Reference = null) : IOrderEvent;

/// <summary>It turned out to be no business, and so never was any.</summary>
public sealed record OrderFlagged(RecordFlag Flag, string? Reason = null) : IOrderEvent, IFromTheFirst;

/// <summary>It is business after all, and always was.</summary>
public sealed record OrderFlagWithdrawn(string? Reason = null) : IOrderEvent, IFromTheFirst;

/// <summary>An import was taken back, and with it what it had said here.</summary>
/// <param name="ImportId">Which one.</param>
public sealed record OrderImportUndone(Guid ImportId, IReadOnlyList<Guid> Events) : IOrderEvent, IRetraction;
