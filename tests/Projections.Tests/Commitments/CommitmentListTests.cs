using Crm.Domain;
using Crm.Domain.Commitments;
using Crm.Projections.Commitments;

namespace Crm.Projections.Tests.Commitments;

public sealed class CommitmentListTests
{
    private static readonly DateTimeOffset Due = Story<CommitmentList.Row>.Monday.AddDays(10);
    private static readonly Guid Other = Guid.NewGuid();
    private static readonly CommitmentMade Made = new(Guid.NewGuid(), "delivery", Due, "ann", Product: "CK6140", Quantity: 12,
        Text: new Personal("enc:v1:k:t"));

    private readonly Story<CommitmentList.Row> story = new(Catalog.Commitments);

    [Fact]
    public void A_promise_is_open_until_it_is_settled_and_then_it_is_known_whether_in_time()
    {
        story.Then(0, Made).Then(10, new CommitmentKept(new Personal("enc:v1:k:n")));

        (story.RowAsOf(10)!.State, story.Row!.State, story.Row.KeptLate, story.Row.Note).ShouldBe(("open", "kept", false, "enc:v1:k:n"));
    }

    [Fact]
    public void What_is_kept_after_it_was_due_is_late_and_when_it_was_due_is_what_it_was_moved_to()
    {
        story.Then(0, Made).Then(5, new CommitmentMoved(Due.AddDays(-4))).Then(8, new CommitmentKept());

        (story.Row!.DueAt, story.Row.Moves, story.Row.KeptLate).ShouldBe((Due.AddDays(-4), 1, true));
    }

    [Fact]
    public void Why_it_was_broken_is_told_and_what_it_stands_beside()
    {
        story.Then(0, Made).Then(1, new CommitmentReconciled(Other, "both")).Then(2, new CommitmentReconciled(Other, "both"))
            .Then(11, new CommitmentBroken("late"));

        (story.Row!.State, story.Row.Reason, story.Row.SettledAt)
            .ShouldBe(("broken", "late", Story<CommitmentList.Row>.Monday.AddDays(11)));
        story.Row.Beside.ShouldBe([Other.ToString()]);
    }
}
