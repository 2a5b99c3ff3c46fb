using Crm.Domain.Commitments;

namespace Crm.Domain.Tests.Commitments;

public sealed class CommitmentTests() : Spec<Commitment, ICommitmentCommand, ICommitmentEvent>(CommitmentDecider.Instance)
{
    private static readonly Guid Customer = Guid.Parse("01920000-0000-7000-8000-000000000003"),
        Other = Guid.Parse("01920000-0000-7000-8000-000000000052");
    private static readonly DateTimeOffset Friday = new(2026, 3, 6, 9, 0, 0, TimeSpan.Zero), Monday = Friday.AddDays(3);
    private static readonly CommitmentMade Made = new(Customer, "delivery", Friday, "ann", Product: "CK6140", Quantity: 12);

    [Fact]
    public void What_was_promised_is_promised() =>
        Given().When(new MakeCommitment(Customer, "delivery", Friday, "ann", Product: "CK6140", Quantity: 12.000m)).Then(Made);

    [Fact]
    public void The_same_said_again_is_no_second_promise() =>
        Given(Made with { Text = new Personal("enc:v1:k1:YQ==") })
            .When(new MakeCommitment(Customer, "delivery", Friday, "ann", Product: "CK6140", Quantity: 12,
                Text: new Personal("enc:v1:k1:Yg=="))).ThenNothing();

    [Fact]
    public void Nobody_makes_another_promise_of_one() =>
        Given(Made).When(new MakeCommitment(Customer, "delivery", Monday, "ann")).ThenRejected("commitment.made");

    [Fact]
    public void A_quantity_is_of_a_product() =>
        Given().When(new MakeCommitment(Customer, "delivery", Friday, "ann", Quantity: 12)).ThenRejected("commitment.quantity", "quantity");

    [Fact]
    public void Nobody_promises_none_of_a_product() =>
        Given().When(new MakeCommitment(Customer, "delivery", Friday, "ann", Product: "CK6140", Quantity: 0))
            .ThenRejected("commitment.quantity", "quantity");

    [Fact]
    public void A_kind_is_a_key() => Given().When(new MakeCommitment(Customer, "", Friday, "ann")).ThenRejected("commitment.kind", "kind");

    [Fact]
    public void Another_answers_for_a_promise_that_is_open()
    {
        Given(Made).When(new HandOverCommitment("bob", "left")).Then(new CommitmentHandedOver("bob", "left"));
        Given(Made, new CommitmentHandedOver("bob")).When(new HandOverCommitment("bob")).ThenNothing();
        Given(Made, new CommitmentKept()).When(new HandOverCommitment("bob")).ThenRejected("commitment.settled");
    }

    [Fact]
    public void A_promise_is_put_off() => Given(Made).When(new MoveCommitment(Monday, "late")).Then(new CommitmentMoved(Monday, "late"));

    [Fact]
    public void It_is_not_put_off_to_where_it_is() =>
        Given(Made, new CommitmentMoved(Monday)).When(new MoveCommitment(Monday, "again")).ThenNothing();

    [Fact]
    public void A_promise_is_kept_once() => Given(Made, new CommitmentKept()).When(new KeepCommitment()).ThenNothing();

    [Fact]
    public void What_was_kept_is_not_broken_any_more() =>
        Given(Made, new CommitmentKept()).When(new BreakCommitment("late")).ThenRejected("commitment.settled");

    [Fact]
    public void What_is_settled_does_not_move() =>
        Given(Made, new CommitmentWithdrawn("x")).When(new MoveCommitment(Monday)).ThenRejected("commitment.settled");

    [Fact]
    public void What_was_broken_later_was_not_kept_before() =>
        Given(Made).AndSince(new CommitmentBroken("late")).When(new KeepCommitment()).ThenRejected("commitment.later-outcome");

    [Fact]
    public void Promises_that_stand_beside_each_other_are_told_of_once() =>
        Given(Made with { Beside = [Other] }).When(new ReconcileCommitment(Other, "two batches")).ThenNothing();

    [Fact]
    public void Nobody_keeps_a_promise_that_was_not_made() => Given().When(new KeepCommitment()).ThenRejected("commitment.unknown");
}
