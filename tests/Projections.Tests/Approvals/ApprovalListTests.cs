using Crm.Domain.Approvals;
using Crm.Domain.Tasks;
using Crm.Projections.Approvals;

namespace Crm.Projections.Tests.Approvals;

public sealed class ApprovalListTests
{
    private static readonly ApprovalRequested Requested = new(
        "discount", "Discount", 1, new About(AboutKind.Opportunity, Guid.NewGuid()), new ApprovalFacts("opportunity"), [], "li", "ten");

    private readonly Story<ApprovalList.Row> story = new(Catalog.Approvals);

    [Fact]
    public void It_waits_for_those_who_have_not_decided_and_for_who_stands_in_for_them()
    {
        story.Then(0, Requested).Then(0, new ApprovalStepReached("head", ["chen", "zhao"], 2)).Then(1, new ApprovalDelegated("head", "chen", "sun"));
        story.Row!.Waiting.ShouldBe(["chen", "zhao", "sun"]);

        story.Then(2, new ApprovalGiven("head", "chen", "sun"));
        story.Row!.Waiting.ShouldBe(["zhao"]);
        story.Row.Involved.ShouldBe(["li", "chen", "zhao", "sun"]);
    }

    [Fact]
    public void What_is_handed_on_waits_for_the_other_and_what_is_settled_for_nobody()
    {
        var due = Story<ApprovalList.Row>.Monday.AddDays(1);
        story.Then(0, Requested).Then(0, new ApprovalStepReached("head", ["chen"], 1, due))
            .Then(1, new ApprovalTransferred("head", "chen", "sun", "chen")).Then(2, new ApprovalEscalated("head", [new("sun", "zhao")], due.AddDays(1)));
        (string.Join(' ', story.Row!.Waiting), story.Row.DueAt).ShouldBe(("zhao", due.AddDays(1)));

        story.Then(3, new ApprovalGiven("head", "zhao", "zhao")).Then(3, new ApprovalGranted());
        (story.Row!.State, story.Row.Waiting.Count, story.Row.DueAt, story.RowAsOf(2.5)!.State).ShouldBe(("granted", 0, null, "pending"));
    }

    [Fact]
    public void The_first_end_stands()
    {
        story.Then(0, Requested).Then(1, new ApprovalWithdrawn()).Then(2, new ApprovalGranted());
        story.Row!.State.ShouldBe("withdrawn");
    }
}
