using Crm.Domain;
using Crm.Domain.Orders;
using Crm.Projections.Orders;

namespace Crm.Projections.Tests.Orders;

public sealed class OrderListTests
{
    private static readonly OrderSigned Signed = new(Guid.NewGuid(), "SO-1", Cny(100.01m));

    private readonly Story<OrderList.Row> story = new(Catalog.Orders);

    [Theory]
    [InlineData(1, "signed", 0, 0)]
    [InlineData(2, "signed", 0, 40)]
    [InlineData(3, "delivered", 100.01, 40)]
    [InlineData(9, "paid", 100.01, 100.01)]
    public void Three_amounts_tell_how_far_an_order_is(double day, string status, decimal delivered, decimal paid)
    {
        story.Then(0, Signed).Then(1, new OrderPaid(Guid.NewGuid(), Cny(40))).Then(2, new OrderDelivered(Guid.NewGuid(), Cny(100.01m))).Then(5, new OrderPaid(Guid.NewGuid(), Cny(60.01m)));

        var row = story.RowAsOf(day)!;
        (row.Status, row.Delivered, row.Paid, row.PaidAt).ShouldBe((status, delivered, paid, day > 5 ? Story<OrderList.Row>.Monday.AddDays(5) : null));
    }

    [Fact]
    public void What_was_paid_before_the_signing_counts_from_it_on()
    {
        story.Then(0, Signed).Then(-3, new OrderPaid(Guid.NewGuid(), Cny(100.01m)));

        story.RowAsOf(-1)!.SignedAt.ShouldBeNull();
        (story.Row!.Status, story.Row.PaidAt, story.Row.DeliveredAt).ShouldBe(("paid", (DateTimeOffset?)Story<OrderList.Row>.Monday, null));
    }

    [Fact]
    public void A_payment_that_is_taken_back_was_never_made()
    {
        story.Then(0, Signed);
        var paid = story.On(1, new OrderPaid(Guid.NewGuid(), Cny(100.01m)));
        story.On(2, new OrderImportUndone(Guid.NewGuid(), [paid]));

        (story.Row!.Status, story.Row.Paid, story.Row.PaidAt).ShouldBe(("signed", 0m, null));
    }

    private static Money Cny(decimal amount) => Money.Of(amount, "CNY");
}
