using Crm.Domain.Leads;
using Crm.Domain.Tests.Calendars;
using Crm.Domain.Tests.Playbooks;

namespace Crm.Domain.Tests.Leads;

public sealed class FlagLeadTests() : Spec<Lead, ILeadCommand, ILeadEvent>(LeadDecider.Instance)
{
    private static readonly DateTimeOffset Monday = FixedZone.Shanghai.InstantOf(new DateTime(2026, 11, 23, 10, 0, 0));
    private static readonly LeadCaptured Captured = new("test", "Acme");
    private static readonly LeadFlagged Flagged = new(RecordFlag.Test);
    private static readonly LeadPolicy Policy = LeadPolicy.Of(Documents.B2B with
    {
        Flags = new(
        [
            new("tests", "Tests", RecordFlag.Test, Documents.When("source", "eq", "test")),
            new("nobody", "Nobody knows them", RecordFlag.Junk, Documents.When("company", "isNull", true))
        ])
    }, FixedZone.Shanghai);

    [Fact]
    public void Nobody_gets_a_flagged_lead_and_it_becomes_no_customer()
    {
        Given(Flagged, Captured).When(new AssignLead("li")).ThenRejected("lead.flagged").Kind.ShouldBe(RejectionKind.WrongState);
        Given(Flagged, Captured)
            .When(new QualifyLead(Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), "Deal", Money.Of(1m, "CNY"), "standard"))
            .ThenRejected("lead.flagged");
        Should.Throw<Rejection>(() => LeadPool.Claim(
            After(Flagged, Captured), Clock(Flagged, Captured), "li", null, Policy, (null, null), Monday)).Code.ShouldBe("lead.flagged");
    }

    [Fact]
    public void It_can_be_touched_and_set_aside() =>
        Given(Flagged, Captured).When(new DisqualifyLead("sells to us")).Then(new LeadDisqualified("sells to us"));

    [Fact]
    public void A_withdrawn_flag_was_never_there() =>
        Given(Flagged, new LeadFlagWithdrawn(), Captured).When(new AssignLead("li")).Then(new LeadAssigned("li"));

    [Fact]
    public void What_is_not_flagged_needs_no_withdrawal()
    {
        Given(Captured).When(new WithdrawLeadFlag()).ThenNothing();
        Given(Flagged, Captured).When(new WithdrawLeadFlag("real")).Then(new LeadFlagWithdrawn("real"));
    }

    [Fact]
    public void Said_again_it_is_nothing_new_and_the_other_flag_replaces_it()
    {
        Flag(RecordFlag.Test, Flagged, Captured).ShouldBeEmpty();
        Flag(RecordFlag.Junk, Flagged, Captured).ShouldBe([new LeadFlagged(RecordFlag.Junk, "so")]);
    }

    [Fact]
    public void With_the_flag_its_clocks_stop()
    {
        var given = new LeadAssigned("li", Terms: Policy.TermsFrom(Monday), Ground: new(AssignedBy.Rule, "rule"));

        Flag(RecordFlag.Junk, Captured, given).ShouldBe([new LeadFlagged(RecordFlag.Junk, "so"), new LeadClocksStopped("li")]);
        Clock(Flagged, Captured, given).Due.ShouldBeNull();
    }

    [Fact]
    public void A_flagged_lead_takes_none_of_its_reps_claims()
    {
        var claimed = new LeadAssigned("li", Ground: new(AssignedBy.Claim, Slots: ["held/li/1"]));

        After(Captured, claimed).HeldSlot.ShouldBe("held/li/1");
        After(Captured, claimed, Flagged).HeldSlot.ShouldBeNull();
        After(Flagged, Captured, claimed).HeldSlot.ShouldBeNull();
    }

    [Fact]
    public void The_first_rule_that_fits_flags_a_lead()
    {
        React(new LeadCaptured("test")).ShouldBe([new LeadFlagged(RecordFlag.Test, Rule: "tests")]);
        React(new LeadCaptured("web")).ShouldBe([new LeadFlagged(RecordFlag.Junk, Rule: "nobody")]);
        React(new LeadCaptured("web", "Acme")).ShouldBeEmpty();
    }

    [Fact]
    public void No_rule_flags_what_somebody_vouched_for() =>
        React(Flagged, new LeadFlagWithdrawn(), Captured).ShouldBeEmpty();

    [Fact]
    public void No_rule_flags_what_is_closed() =>
        React(Captured, new LeadDisqualified("no budget")).ShouldBeEmpty();

    private IReadOnlyList<ILeadEvent> Flag(RecordFlag flag, params ILeadEvent[] facts) =>
        FlagLead.Decide(After(facts), Clock(facts), flag, "so");

    private IReadOnlyList<ILeadEvent> React(params ILeadEvent[] facts) => FlagLead.React(After(facts), Clock(facts), Policy);

    private static LeadClock Clock(params ILeadEvent[] facts) =>
        facts.Aggregate(LeadClock.None, (clock, fact) => LeadClock.Evolve(clock, fact, Monday));
}
