using Crm.Domain.Orders;
using Crm.EventModel;

namespace Crm.Projections.Orders;

/// <summary>Every order as it stands, and as it stood at any moment: what was signed, and how much of it was delivered and paid.</summary>
public sealed class OrderList : ReadModel<OrderList.Row>
{
    /// <param name="SignedAt">Null while there are only facts dated before the signing; such a row is not listed.</param>
    /// <param name="Status"><c>paid</c> where all of it is; otherwise <c>delivered</c> where all of it is, or <c>signed</c>.</param>
    /// <param name="DeliveredAt">Since when all of it is, and not before the signing; null while something is left.</param>
    /// <param name="PaidAt">Likewise.</param>
    /// <param name="Flag"><c>test</c> or <c>junk</c>; null while it is business.</param>
    public sealed record Row(
        Guid OrderId, DateTimeOffset? SignedAt, string? Number, Guid? CustomerId, Guid? OpportunityId, string Status, decimal? Amount, string? Currency,
        decimal Delivered, DateTimeOffset? DeliveredAt, decimal Paid, DateTimeOffset? PaidAt, string? Flag);

    public override string Name => "order_list";

    public override int Version => 2;

    public override bool KeepsHistory => true;

    public override Type Reads => typeof(IOrderEvent);

    /// <summary>Those of a customer.</summary>
    public override IReadOnlyList<string> Indexes => ["customer_id"];

    /// <inheritdoc cref="Indexes"/>
    public override IReadOnlyList<string> HistoryIndexes => ["customer_id, order_id"];

    public override Row? Fold(Row? row, Recorded e)
    {
        var order = row ?? new Row(e.StreamId, null, null, null, null, "signed", null, null, 0, null, 0, null, null);
        return e.Data switch
        {
            OrderSigned x => Settled(order with
            {
                SignedAt = e.OccurredAt,
                Number = x.Number,
                CustomerId = x.CustomerId,
                OpportunityId = x.OpportunityId,
                Amount = x.Amount.Amount,
                Currency = x.Amount.Currency
            }, e.OccurredAt),
            OrderDelivered x => Settled(order with { Delivered = order.Delivered + x.Amount.Amount }, e.OccurredAt),
            OrderPaid x => Settled(order with { Paid = order.Paid + x.Amount.Amount }, e.OccurredAt),
            OrderFlagged x => order with { Flag = RecordFlags.Word(x.Flag) },
            OrderFlagWithdrawn => order with { Flag = null },
            _ => row
        };
    }

    private static Row Settled(Row row, DateTimeOffset at)
    {
        DateTimeOffset? delivered = row.Delivered >= row.Amount ? row.DeliveredAt ?? at : null, paid = row.Paid >= row.Amount ? row.PaidAt ?? at : null;
        return row with { DeliveredAt = delivered, PaidAt = paid, Status = paid is not null ? "paid" : delivered is not null ? "delivered" : "signed" };
    }
}
