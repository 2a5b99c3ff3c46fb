using Crm.Domain.Orders;

namespace Crm.Domain.Tests.Orders;

public sealed class OrderTests() : Spec<Order, IOrderCommand, IOrderEvent>(OrderDecider.Instance)
{
    private static readonly Guid Customer = Guid.Parse("01920000-0000-7000-8000-000000000003");
    private static readonly Guid One = Guid.Parse("01920000-0000-7000-8000-000000000060"), Two = Guid.Parse("01920000-0000-7000-8000-000000000061");
    private static readonly OrderSigned Lathe = new(Customer, "SO-1", Cny(100.03m));

    [Fact]
    public void An_order_is_signed() => Given().When(new SignOrder(Customer, "SO-1", Cny(100.03m))).Then(Lathe);

    [Fact]
    public void A_signed_order_is_not_signed_as_another() =>
        Given(Lathe).When(new SignOrder(Customer, "SO-1", Cny(99))).ThenRejected("order.signed").Kind.ShouldBe(RejectionKind.WrongState);

    [Fact]
    public void Nothing_is_not_signed_for() => Given().When(new SignOrder(Customer, "SO-1", Cny(0))).ThenRejected("order.amount", "amount");

    [Fact]
    public void It_is_paid_in_parts_to_the_cent_and_no_further()
    {
        var deposit = new OrderPaid(One, Cny(100.01m));

        Given(Lathe).When(new PayOrder(One, Cny(100.01m))).Then(deposit);
        Given(Lathe, deposit).When(new PayOrder(Two, Cny(0.02m), "INV-2")).Then(new OrderPaid(Two, Cny(0.02m), "INV-2"));
        Given(Lathe, deposit).When(new PayOrder(Two, Cny(0.03m))).ThenRejected("order.exceeded", "amount");
        Given(Lathe).AndSince(deposit).When(new PayOrder(Two, Cny(0.03m))).ThenRejected("order.exceeded", "amount");
        Given(Lathe, deposit).When(new PayOrder(One, Cny(1))).ThenRejected("order.payment-known").Kind.ShouldBe(RejectionKind.WrongState);
    }

    [Fact]
    public void What_other_books_have_happened_even_where_it_is_too_much() =>
        Given(Lathe).When(new PayOrder(One, Cny(200), Happened: true)).Then(new OrderPaid(One, Cny(200)));

    [Fact]
    public void A_delivery_without_an_amount_is_all_that_is_left()
    {
        Given(Lathe, new OrderDelivered(One, Cny(60))).When(new DeliverOrder(Two, Reference: "DN")).Then(new OrderDelivered(Two, Cny(40.03m), "DN"));
        Given(Lathe, new OrderDelivered(One, Lathe.Amount)).When(new DeliverOrder(Two)).ThenRejected("order.exceeded", "amount");
        Given(Lathe, new OrderDelivered(One, Lathe.Amount)).When(new DeliverOrder(Two, Happened: true)).ThenNothing();
        Given(Lathe).AndSince(new OrderDelivered(One, Cny(60))).When(new DeliverOrder(Two)).ThenRejected("order.exceeded", "amount");
        Given(Lathe).AndSince(new OrderDelivered(One, Cny(60))).When(new DeliverOrder(Two, Cny(40))).Then(new OrderDelivered(Two, Cny(40)));
    }

    [Fact]
    public void An_order_is_in_one_currency() => Given(Lathe).When(new PayOrder(One, Money.Of(1, "USD"))).ThenRejected("order.currency", "amount");

    [Fact]
    public void Nothing_is_paid_for_what_was_not_signed() => Given().When(new PayOrder(One, Cny(1))).ThenRejected("order.unknown").Kind.ShouldBe(RejectionKind.Unknown);

    private static Money Cny(decimal amount) => Money.Of(amount, "CNY");
}
