using Crm.Domain.Approvals;
using static Crm.Domain.Tests.Approvals.Company;

namespace Crm.Domain.Tests.Approvals;

public sealed class ApprovalDelegationTests()
    : Spec<ApprovalDelegations, DelegateApprovals, IApprovalDelegationEvent>(ApprovalDelegationDecider.Instance)
{
    [Fact]
    public void Another_stands_in_for_a_time_and_no_longer()
    {
        Given().When(Away("chen", "sun")).Then(Gone("chen", "sun"));
        After(Gone("chen", "sun")).ActingFor("chen", Tuesday.AddTicks(-1), _ => true).ShouldBe("sun");
        After(Gone("chen", "sun")).ActingFor("chen", Tuesday, _ => true).ShouldBe("chen");
        After(Gone("chen", "sun")).ActingFor("chen", Monday, member => member != "sun").ShouldBe("chen");
    }

    [Fact]
    public void Nobody_stands_in_for_himself_not_through_others_either()
    {
        Given().When(Away("chen", "chen")).ThenRejected("approval.delegate", "to");
        Given(Gone("chen", "sun"), Gone("sun", "wang")).When(Away("wang", "chen")).ThenRejected("approval.delegation-ring", "to");
        Given(Gone("chen", "sun")).When(Away("sun", "chen") with { From = Tuesday, Until = Tuesday.AddDays(1) })
            .Then(new ApprovalsDelegated("sun", "chen", Tuesday, Tuesday.AddDays(1)));
    }

    [Fact]
    public void It_has_an_end_that_lies_ahead()
    {
        Given().When(Away("chen", "sun") with { Until = null }).ThenRejected("approval.delegation-time", "until");
        Given().When(Away("chen", "sun") with { From = Tuesday }).ThenRejected("approval.delegation-time", "until");
        Given().When(Away("chen", "sun") with { IsHere = false }).ThenRejected("approval.delegate", "to");
    }

    [Fact]
    public void Whoever_is_back_says_so() =>
        Given(Gone("chen", "sun")).When(new DelegateApprovals("chen", null, null, null, Monday, IsHere: false))
            .Then(new ApprovalDelegationEnded("chen"));

    [Fact]
    public void A_ring_that_came_about_all_the_same_ends_with_who_was_met_last() =>
        After(Gone("chen", "sun"), Gone("sun", "chen")).ActingFor("chen", Monday, _ => true).ShouldBe("sun");

    private static DelegateApprovals Away(string member, string to) => new(member, to, Monday, Tuesday, Monday, IsHere: true);

    private static ApprovalsDelegated Gone(string member, string to) => new(member, to, Monday, Tuesday);
}
