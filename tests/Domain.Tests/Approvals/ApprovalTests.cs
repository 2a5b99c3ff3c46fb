using Crm.Domain.Approvals;
using Crm.Domain.Playbooks;
using static Crm.Domain.Tests.Approvals.Company;
using static Crm.Domain.Tests.Playbooks.Documents;

namespace Crm.Domain.Tests.Approvals;

public sealed class ApprovalTests() : Spec<Approval, IApprovalCommand, IApprovalEvent>(ApprovalDecider.Instance)
{
    private static readonly ApprovalStepSection Head = Step("head", "chen");
    private static readonly ApprovalStepSection Both = Step("both", "wang", "sun") with { Mode = ApprovalMode.All };
    private static readonly ApprovalStepSection Two = Step("two", "wang", "sun", "zhao") with { Mode = ApprovalMode.AtLeast, AtLeast = 2 };

    [Fact]
    public void Only_the_steps_that_apply_are_asked_for_and_the_first_is_reached_at_once() =>
        Given().When(Ask(Head with { When = When("percent", "gt", 20) }, Both with { When = When("percent", "gt", 10) }, Two))
            .Then(Asked(Both with { When = When("percent", "gt", 10) }, Two), new ApprovalStepReached("both", ["wang", "sun"], Needed: 2));

    [Fact]
    public void Where_no_step_applies_it_is_granted_at_once() =>
        Given().When(Ask(Head with { When = When("region", "eq", "West") })).Then(Asked(), new ApprovalGranted());

    [Fact]
    public void What_was_granted_goes_on_to_the_next_step_and_at_last_to_the_end()
    {
        Given(Asked(Head, Both), At("head", "chen")).When(Grant("chen"))
            .Then(new ApprovalGiven("head", "chen", "chen"), Reached("both", 2, "wang", "sun"));
        Given(Asked(Head), At("head", "chen")).When(Grant("chen")).Then(new ApprovalGiven("head", "chen", "chen"), new ApprovalGranted());
    }

    [Fact]
    public void The_first_of_any_decides_for_all()
    {
        var any = Step("any", "wang", "sun");
        Given(Asked(any), Reached("any", 1, "wang", "sun")).When(Grant("sun"))
            .Then(new ApprovalGiven("any", "sun", "sun"), new ApprovalGranted());
        Given(Asked(any), Reached("any", 1, "wang", "sun")).When(Refuse("sun"))
            .Then(new ApprovalDeclined("any", "sun", "sun"), new ApprovalRefused("any"));
    }

    [Fact]
    public void All_have_to_grant_and_one_who_refuses_ends_it()
    {
        Given(Asked(Both), Reached("both", 2, "wang", "sun")).When(Grant("wang")).Then(new ApprovalGiven("both", "wang", "wang"));
        Given(Asked(Both), Reached("both", 2, "wang", "sun"), new ApprovalGiven("both", "wang", "wang")).When(Refuse("sun"))
            .Then(new ApprovalDeclined("both", "sun", "sun"), new ApprovalRefused("both"));
    }

    [Fact]
    public void Of_three_two_have_to_grant_and_it_ends_when_two_cannot_any_more()
    {
        IApprovalEvent[] asked = [Asked(Two), Reached("two", 2, "wang", "sun", "zhao")];
        Given([.. asked, new ApprovalGiven("two", "wang", "wang")]).When(Grant("zhao"))
            .Then(new ApprovalGiven("two", "zhao", "zhao"), new ApprovalGranted());
        Given(asked).When(Refuse("sun")).Then(new ApprovalDeclined("two", "sun", "sun"));
        Given([.. asked, new ApprovalDeclined("two", "sun", "sun")]).When(Refuse("zhao"))
            .Then(new ApprovalDeclined("two", "zhao", "zhao"), new ApprovalRefused("two"));
    }

    [Fact]
    public void Nobody_grants_their_own_request()
    {
        Given().When(Ask(Step("own", "li"))).Then(Asked(Step("own", "li")), At("own", "chen"));
        Given(Asked(Head), At("head", "chen")).When(Grant("li")).ThenRejected("approval.own-request");
        Given(Asked(Head), At("head", "chen")).When(new TransferApproval("chen", "li", Now)).ThenRejected("approval.own-request", "to");
    }

    [Fact]
    public void Where_the_flow_allows_it_whoever_asks_decides_himself() =>
        Given(Asked(Step("own", "li")) with { AllowOwn = true }, At("own", "li")).When(Grant("li"))
            .Then(new ApprovalGiven("own", "li", "li"), new ApprovalGranted());

    [Fact]
    public void Only_those_who_are_asked_decide_and_each_once()
    {
        Given().When(Grant("chen")).ThenRejected("approval.unknown").Kind.ShouldBe(RejectionKind.Unknown);
        Given(Asked(Head), At("head", "chen")).When(Grant("wang")).ThenRejected("approval.not-asked");
        Given(Asked(Both), Reached("both", 2, "wang", "sun"), new ApprovalGiven("both", "wang", "wang")).When(Refuse("wang"))
            .ThenRejected("approval.not-asked");
        Given(Asked(Head), At("head", "chen"), new ApprovalGiven("head", "chen", "chen"), new ApprovalGranted()).When(Refuse("chen"))
            .ThenRejected("approval.settled");
        Given(Asked(Head, Both), At("head", "chen"), new ApprovalGiven("head", "chen", "chen"), Reached("both", 2, "wang", "sun"))
            .When(Grant("sun") with { Step = "head" }).ThenRejected("approval.step-over");
    }

    [Fact]
    public void What_is_handed_on_is_the_others_and_what_was_sent_for_it_is_dead()
    {
        Given(Asked(Head), At("head", "chen")).When(new TransferApproval("chen", "sun", Now, "hers"))
            .Then(new ApprovalTransferred("head", "chen", "sun", "chen", "hers"));
        Given(Asked(Head), At("head", "chen")).When(new TransferApproval("chen", "nobody", Now)).ThenRejected("approval.transfer", "to");
        IApprovalEvent[] back =
            [Asked(Head), At("head", "chen"), new ApprovalTransferred("head", "chen", "sun", "chen"),
                new ApprovalTransferred("head", "sun", "chen", "sun")];
        Given(back).When(Grant("chen") with { Step = "head", Turn = 0 }).ThenRejected("approval.not-asked");
        Given(back).When(Grant("chen") with { Step = "head", Turn = 2 })
            .Then(new ApprovalGiven("head", "chen", "chen"), new ApprovalGranted());
    }

    [Fact]
    public void Who_stands_in_for_one_who_is_away_decides_for_him()
    {
        var away = Company.At(Monday, null, new ApprovalsDelegated("chen", "sun", Monday.AddDays(-1), Tuesday),
            new ApprovalsDelegated("sun", "wang", Monday, Tuesday));
        Given().When(Ask(Head) with { Terms = away }).Then(Asked(Head), At("head", "chen"), new ApprovalDelegated("head", "chen", "wang"));
        Given(Asked(Head), At("head", "chen")).When(Grant("wang") with { Terms = away })
            .Then(new ApprovalGiven("head", "chen", "wang"), new ApprovalGranted());
        Given(Asked(Head), At("head", "chen")).When(Grant("wang") with { Terms = away with { Now = Tuesday } })
            .ThenRejected("approval.not-asked");
    }

    [Fact]
    public void One_who_left_makes_room_for_his_superior()
    {
        var without = Company.At(Monday, Without("chen"));
        Given().When(Ask(Head) with { Terms = without }).Then(Asked(Head), At("head", "zhao"));
        Given(Asked(Head), At("head", "chen")).When(new ReviseApprovers(without))
            .Then(new ApprovalTransferred("head", "chen", "zhao", By: null, "left"));
        Given(Asked(Head), At("head", "chen")).When(Grant("zhao") with { Terms = without })
            .Then(new ApprovalTransferred("head", "chen", "zhao", By: null, "left"), new ApprovalGiven("head", "zhao", "zhao"),
                new ApprovalGranted());
        Given(Asked(Head), At("head", "chen")).When(new ReviseApprovers(Now)).ThenNothing();
    }

    [Fact]
    public void Where_nobody_is_left_admins_are_asked_and_where_none_is_nobody_can_ask()
    {
        Given().When(Ask(Step("gone", "nobody"))).Then(Asked(Step("gone", "nobody")), At("gone", "boss"));
        Given().When(Ask(Step("gone", "nobody")) with { By = "boss", Terms = Company.At(Monday, People()) })
            .ThenRejected("approval.nobody", "flow");
    }

    [Fact]
    public void Only_whoever_asked_withdraws_and_only_while_it_is_open()
    {
        Given(Asked(Head), At("head", "chen")).When(new WithdrawApproval("li", Now, "they pay in full"))
            .Then(new ApprovalWithdrawn("they pay in full"));
        Given(Asked(Head), At("head", "chen")).When(new WithdrawApproval("chen", Now)).ThenRejected("approval.not-asker");
        Given(Asked(Head), At("head", "chen"), new ApprovalGranted()).When(new WithdrawApproval("li", Now)).ThenRejected("approval.settled")
            .Kind.ShouldBe(RejectionKind.WrongState);
        Given(Asked(Head), At("head", "chen"), new ApprovalWithdrawn()).When(Grant("chen")).ThenRejected("approval.settled");
    }

    [Theory]
    [InlineData(ApprovalTimeout.Remind)]
    [InlineData(ApprovalTimeout.Escalate)]
    [InlineData(ApprovalTimeout.Grant)]
    [InlineData(ApprovalTimeout.Refuse)]
    public void When_the_time_is_over_the_playbook_says_what_happens_and_not_before(ApprovalTimeout then)
    {
        var step = Head with { DueMinutes = 60, OnTimeout = then };
        IApprovalEvent[] asked = [Asked(step), At("head", "chen") with { DueAt = Monday }];
        Given(asked).When(new TimeOutApproval(Company.At(Monday.AddSeconds(-1)))).ThenNothing();
        Given([.. asked, new ApprovalWithdrawn()]).When(new TimeOutApproval(Company.At(Tuesday))).ThenNothing();
        Given(asked).When(new TimeOutApproval(Now)).Then(then switch
        {
            ApprovalTimeout.Remind => [new ApprovalReminded("head", Monday.AddHours(1))],
            ApprovalTimeout.Escalate => [new ApprovalEscalated("head", [new("chen", "zhao")], Monday.AddHours(1))],
            ApprovalTimeout.Grant => [new ApprovalTimedOut("head", then), new ApprovalGranted()],
            _ => [new ApprovalTimedOut("head", then), new ApprovalRefused("head")]
        });
    }

    [Fact]
    public void It_escalates_to_whom_the_playbook_names_and_where_nobody_is_above_they_are_reminded()
    {
        var step = Head with { DueMinutes = 60, OnTimeout = ApprovalTimeout.Escalate };
        Given(Asked(step with { EscalateTo = new(Member: "sun") }), At("head", "chen") with { DueAt = Monday })
            .When(new TimeOutApproval(Now))
            .Then(new ApprovalEscalated("head", [new("chen", "sun")], Monday.AddHours(1)));
        Given(Asked(step with { EscalateTo = new(Step: "two") }, Both, Two), At("head", "chen") with { DueAt = Monday })
            .When(new TimeOutApproval(Now))
            .Then(new ApprovalTimedOut("head", ApprovalTimeout.Escalate), Reached("two", 2, "wang", "sun", "zhao"));
        Given(Asked(step), At("head", "zhao") with { DueAt = Monday }).When(new TimeOutApproval(Now))
            .Then(new ApprovalReminded("head", Monday.AddHours(1)));
    }

    [Fact]
    public void A_flow_depends_on_what_any_of_its_conditions_asks()
    {
        var flow = new ApprovalFlowSection("discount", "Discount",
            [Step("first", "chen"), Step("second", "zhao") with { When = Json(new { not = new { any = new[] { new { field = "percent", @operator = "lt", value = 10 } } } }) }]);

        (ApprovalPolicy.Asks(flow, "percent"), ApprovalPolicy.Asks(flow, "amount")).ShouldBe((true, false));
    }

    [Fact]
    public void Time_is_counted_in_the_hours_of_the_calendar() =>
        // Monday 10:00 in Shanghai; from 9 to 18 are nine hours.
        Given().When(Ask(Head with { DueMinutes = 600, Calendar = "office" }))
            .Then(Asked(Head with { DueMinutes = 600, Calendar = "office" }), At("head", "chen") with { DueAt = Tuesday.AddHours(1) });

    private static ApprovalTerms Now => Company.At(Monday);

    private static ApprovalStepReached At(string step, string member) => Reached(step, 1, member);

    private static ApprovalStepReached Reached(string step, int needed, params string[] members) => new(step, members, needed);

    private static DecideApproval Grant(string by) => new(by, Grants: true, Now);

    private static DecideApproval Refuse(string by) => new(by, Grants: false, Now);

    private static RequestApproval Ask(params ApprovalStepSection[] steps) =>
        new(new("discount", "Discount", steps), 3, Deal, Company.Facts, "li", "they order ten", Now, Rep: "li", Team: "east");

    private static ApprovalRequested Asked(params ApprovalStepSection[] steps) =>
        new("discount", "Discount", 3, Deal, Company.Facts, steps, "li", "they order ten", Rep: "li", Team: "east");
}
