using Crm.Api.Http;
using Crm.Api.Http.Shapes;
using Crm.Api.Lists;
using Crm.Domain;
using Crm.Domain.Orders;
using Crm.EventStore;
using Crm.Projections;
using Crm.Projections.Orders;

namespace Crm.Api.Orders;

/// <summary>A number stands for one order of a tenant at most; a claim keeps it so.</summary>
public static class OrderNumbers
{
    public const string Kind = "order-number";

    public static IEnumerable<Claim> ClaimedBy(object fact, Guid order) => fact is OrderSigned e ? [new Claim(Kind, e.Number, order)] : [];
}

/// <param name="Number">What both sides call it; no other order has it.</param>
/// <param name="OpportunityId">The opportunity that it was won by.</param>
/// <param name="OccurredAt">When it was signed.</param>
public sealed record SignOrderRequest(Guid CustomerId, [Text(80)] string Number, Money Amount, Guid? OpportunityId = null, DateTimeOffset? OccurredAt = null);

/// <param name="Amount">What it is worth; left out, all that is left.</param>
/// <param name="Reference">The voucher: number of the delivery note.</param>
/// <param name="Id">Names it, so that it is counted once however often it is sent; left out, the server makes one.</param>
public sealed record DeliveryRequest([Field("delivered")] Money? Amount = null, string? Reference = null, Guid? Id = null, DateTimeOffset? OccurredAt = null);

/// <param name="Reference">The voucher: number of the invoice or of the transfer.</param>
/// <param name="Id">Names it, so that it is counted once however often it is sent; left out, the server makes one.</param>
public sealed record PaymentRequest([Field("paid")] Money Amount, string? Reference = null, Guid? Id = null, DateTimeOffset? OccurredAt = null);

public enum OrderStatus { Signed, Delivered, Paid }

public sealed record OrderQuestion(
    Times Times, ListWords Words, string? Q = null, Guid? CustomerId = null, Guid? OpportunityId = null, OrderStatus? Status = null,
    string? Number = null, RecordFlag? Flag = null) : IListQuestion
{
    public Asked Asked => Asked.Of(Times, Words, ("customerId", CustomerId?.ToString()), ("opportunityId", OpportunityId?.ToString()),
        ("status", Status is { } status ? ChoiceShape.Spell(status.ToString()) : null), ("number", Number),
        ("flag", Flag is { } flag ? RecordFlags.Word(flag) : null)).Seeking(Q);
}

/// <param name="Status"><c>paid</c> where all of it is; otherwise <c>delivered</c> where all of it is, or <c>signed</c>.</param>
/// <param name="Amount">What was signed.</param>
/// <param name="Delivered">How much of it was delivered.</param>
/// <param name="DeliveredAt">Since when all of it is, and not before it was signed; null while something is left.</param>
/// <param name="Paid">How much of it was paid.</param>
/// <param name="PaidAt">Likewise for what was paid.</param>
/// <param name="Flag"><c>test</c> or <c>junk</c>: it counts in no figure, whatever the day. Null while it is business.</param>
[Sparse]
public sealed record OrderAnswer(
    Guid Id, DateTimeOffset SignedAt, string? Number, Guid CustomerId, Guid? OpportunityId, string Status, Money Amount, Money Delivered,
    DateTimeOffset? DeliveredAt, Money Paid, DateTimeOffset? PaidAt, string? Flag)
{
    public static readonly RecordList<OrderList.Row, OrderAnswer> List = new(
        "order", Catalog.Orders, "signedAt", (row, _, _, _) => Task.FromResult(Of(row)),
        shownIn: new Dictionary<string, string> { ["currency"] = "amount" }, searched: ["number"]);

    public static OrderAnswer Of(OrderList.Row r) => new(
        r.OrderId, r.SignedAt!.Value, r.Number, r.CustomerId!.Value, r.OpportunityId, r.Status, Money.Of(r.Amount!.Value, r.Currency!),
        Money.Of(r.Delivered, r.Currency!), r.DeliveredAt, Money.Of(r.Paid, r.Currency!), r.PaidAt, r.Flag);
}
