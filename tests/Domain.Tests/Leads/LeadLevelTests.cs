using Crm.Domain.Activities;
using Crm.Domain.Leads;
using Crm.Domain.Playbooks;
using Crm.Domain.Tests.Calendars;
using Crm.Domain.Tests.Playbooks;

namespace Crm.Domain.Tests.Leads;

public sealed class LeadLevelTests() : Spec<Lead, ILeadCommand, ILeadEvent>(LeadDecider.Instance)
{
    private static readonly DateTimeOffset Monday = FixedZone.Shanghai.InstantOf(new DateTime(2026, 11, 23, 10, 0, 0));
    private static readonly Guid Call = Guid.Parse("01920000-0000-7000-8000-000000000001");
    private static readonly Guid File = Guid.Parse("01920000-0000-7000-8000-000000000002");
    private static readonly Guid Other = Guid.Parse("01920000-0000-7000-8000-000000000003");

    private static readonly LevelSection[] Levels =
    [
        new("L1", "留资未验证"),
        new("L2", "电话初筛", [new("screened", "接通的电话", Touch: new(TouchKind.Call, Direction.Outbound, "reached")), new("company", "公司名称", Field: "company")]),
        new("L3", "需求确认", [new("pains", "痛点清单书面确认", Attachment: "痛点清单书面确认")])
    ];

    private static readonly LeadCaptured Captured = new("web", "Acme");
    private static readonly LeadTouched Reached = new(Call, TouchKind.Call, Direction.Outbound, Outcome: "reached");
    private static readonly LeadAttachmentAdded Pains = Attached(File, "痛点清单书面确认");

    private static readonly LeadLevelReached L1 = new("L1", "留资未验证", 1, 7, []);
    private static readonly LeadLevelReached L2 = new("L2", "电话初筛", 2, 7,
        [new("screened", "接通的电话", Touch: new(TouchKind.Call, Direction.Outbound, "reached"), TouchId: Call), new("company", "公司名称", Field: "company")]);
    private static readonly LeadLevelReached L3 = new("L3", "需求确认", 3, 7, [new("pains", "痛点清单书面确认", "痛点清单书面确认", AttachmentId: File)]);

    [Fact]
    public void It_rises_by_a_level_whose_evidence_is_there() => Given(Captured, L1, Reached).When(To("L2")).Then(L2);

    [Fact]
    public void It_rises_by_several_where_the_evidence_of_all_is_there() => Given(Captured, Reached, Pains).When(To("L3")).Then(L1, L2, L3);

    [Fact]
    public void Without_evidence_it_is_told_every_missing_piece_of_all_levels_between()
    {
        var refused = Given(new LeadCaptured("web"), Reached with { Outcome = "nobody there" }, Pains with { Label = "minutes" }).When(To("L3")).ThenRejected("lead.level-evidence");

        refused.Kind.ShouldBe(RejectionKind.BrokenRule);
        refused.Faults.Select(fault => (fault.Pointer, fault.Code, fault.Message)).ShouldBe(
        [
            ("/level", "lead.evidence-missing", $"L2 asks for 'screened' (接通的电话): a touch of the kind call, outbound, that came to 'reached'. There is touch {Call} (outbound, nobody there); recorded as is asked for it would serve."),
            ("/level", "lead.evidence-missing", "L2 asks for 'company' (公司名称): that company is known."),
            ("/level", "lead.evidence-missing", $"L3 asks for 'pains' (痛点清单书面确认): an attachment labelled '痛点清单书面确认'. There is attachment {File} (minutes); recorded as is asked for it would serve.")
        ]);
    }

    [Fact]
    public void A_level_that_nobody_speaks_of_is_refused()
    {
        Given(Captured).When(To("L9")).ThenRejected("lead.level-unknown", "level").Message.ShouldContain("L1, L2, L3");
        Given(Captured).When(new RaiseLead("L1", [], 7)).ThenRejected("lead.level-unknown", "level");
    }

    [Fact]
    public void It_does_not_fall_by_being_raised() => Given(Captured, Reached, L1, L2).When(To("L1")).ThenRejected("lead.level-passed").Kind.ShouldBe(RejectionKind.WrongState);

    [Fact]
    public void A_lead_that_is_closed_or_no_business_changes_no_level()
    {
        Given(Captured, L1, Reached, new LeadQualified(Guid.NewGuid(), Guid.NewGuid())).When(To("L2")).ThenRejected("lead.qualified");
        Given(Captured, L1, Reached, new LeadDisqualified("budget")).When(To("L2")).ThenRejected("lead.disqualified");
        Given(Captured, L1, L2, new LeadDisqualified("budget")).When(new LowerLead("L1", "so")).ThenRejected("lead.disqualified");
        Given(new LeadFlagged(RecordFlag.Test), Captured, Reached).When(To("L2")).ThenRejected("lead.flagged");
        Routine(Captured, L1, L2, new LeadDisqualified("budget")).ShouldBeEmpty("closed, it keeps what it had");
    }

    [Fact]
    public void What_it_came_to_later_stands_before_what_is_dated_back()
    {
        Given(Captured, Reached, L1).AndSince(L2).When(To("L2")).ThenRejected("lead.later-level");
        Given(Captured, Reached, L1).AndSince(new LeadDisqualified("budget")).When(To("L2")).ThenRejected("lead.later-outcome");
        Given(Captured, Reached).AndSince(L1).When(To("L1")).ThenRejected("lead.later-level");
    }

    [Fact]
    public void It_keeps_its_level_when_the_playbook_asks_for_more_by_now()
    {
        LevelSection[] stricter = [new("L1", "Known", [new("phone", "Phone", Field: "phone")]), new("L2", "Screened", [new("size", "Size", Field: "employees")]), new("L4", "Demo")];

        Routine(Captured, Reached, L1, L2).ShouldBeEmpty();
        Given(Captured, Reached, L1, L2).When(new RaiseLead("L4", stricter, 8)).Then(new LeadLevelReached("L4", "Demo", 3, 8, []));
        Given(Captured, Reached, Pains, L1, L2, L3).When(new RaiseLead("L4", stricter, 8)).Then(new LeadLevelReached("L4", "Demo", 4, 8, []));
    }

    [Fact]
    public void A_removed_attachment_costs_the_level_that_rests_on_it() =>
        Routine(Captured, Reached, Pains, L1, L2, L3, new LeadAttachmentRemoved(File))
            .ShouldBe([Written(new LeadFellBack("L3", ["L3"], 2, FellBackBecause.Evidence, "L2", [L3.Evidence[0]]))]);

    [Fact]
    public void A_field_that_is_cleared_costs_its_level_and_those_above() =>
        Routine(Captured, Reached, Pains, L1, L2, L3, new LeadChanged(Cleared: ["company"]))
            .ShouldBe([Written(new LeadFellBack("L3", ["L2", "L3"], 1, FellBackBecause.Evidence, "L1", [L2.Evidence[1]]))]);

    [Fact]
    public void A_touch_that_is_taken_back_costs_its_level() =>
        Routine(Captured, L1, L2).ShouldBe([Written(new LeadFellBack("L2", ["L2"], 1, FellBackBecause.Evidence, "L1", [L2.Evidence[0]]))], "facts that are taken back are folded no more");

    [Fact]
    public void Another_of_the_same_serves_in_its_place() =>
        Routine(Captured, Reached, Pains, L1, L2, L3, Attached(Other, Pains.Label!), new LeadAttachmentRemoved(File)).ShouldBeEmpty();

    [Fact]
    public void A_person_has_it_fall_back_and_says_why()
    {
        Given(Captured, Reached, Pains, L1, L2, L3).When(new LowerLead("L1", "wrong plant")).Then(new LeadFellBack("L3", ["L2", "L3"], 1, FellBackBecause.Hand, "L1", Reason: "wrong plant"));
        Given(Captured, L1).When(new LowerLead(null, "so")).Then(new LeadFellBack("L1", ["L1"], 0, FellBackBecause.Hand, Reason: "so"));
        Given(Captured, L1).When(new LowerLead("L2", "so")).ThenRejected("lead.level-not-reached");
        After(Captured, Reached, L1, L2, new LeadFellBack("L2", ["L2"], 1, FellBackBecause.Hand, "L1")).Level!.Level.ShouldBe("L1");
    }

    [Fact]
    public void Lost_it_can_be_reached_again() =>
        Given(Captured, Reached, L1, L2, new LeadFellBack("L2", ["L2"], 1, FellBackBecause.Hand, "L1")).When(To("L2")).Then(L2);

    [Fact]
    public void What_was_said_of_an_earlier_day_does_not_lower_it() => After(Captured, L1, L2, L1).Level.ShouldBe(L2);

    private static RaiseLead To(string level) => new(level, Levels, 7);

    private static LeadAttachmentAdded Attached(Guid id, string label) => new(id, new Personal("enc:v1:k:n"), "application/pdf", 1, "00", label);

    private IEnumerable<string> Routine(params ILeadEvent[] facts) => LeadRoutine.React(
        After(facts), facts.Aggregate(LeadClock.None, (clock, fact) => LeadClock.Evolve(clock, fact, Monday)), [], new NoBooks(), new RulesInForce(LeadPolicy.Of(Documents.B2B, FixedZone.Shanghai)),
        Monday, has: true, isForSale: false).Select(Written);

    private static string Written(ILeadEvent fact) => Json.Write(fact);

    private sealed class NoBooks : ILeadBooks
    {
        public int OpenOf(string rep) => 0;

        public long LastTurn(string rule, string rep) => 0;

        public bool IsSuspended(string rep) => false;
    }
}
