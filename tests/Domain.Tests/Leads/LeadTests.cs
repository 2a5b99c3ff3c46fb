using Crm.Domain.Activities;
using Crm.Domain.Leads;

namespace Crm.Domain.Tests.Leads;

public sealed class LeadTests() : Spec<Lead, ILeadCommand, ILeadEvent>(LeadDecider.Instance)
{
    private static readonly Guid Id = Guid.Parse("01920000-0000-7000-8000-000000000001");
    private static readonly Guid Customer = Guid.Parse("01920000-0000-7000-8000-000000000002");
    private static readonly Guid Opportunity = Guid.Parse("01920000-0000-7000-8000-000000000003");
    private static readonly Personal Text = new("enc:v1:k1:abc");

    private static readonly LeadCaptured Captured = new("web", "Acme", Contact: Text, Email: Text, Employees: 120, Campaign: "fair");
    private static readonly LeadQualified Qualified = new(Customer, Opportunity);
    private static readonly LeadDisqualified Disqualified = new("no budget", Text);

    [Fact]
    public void A_lead_is_captured() =>
        Given().When(Capture()).Then(Captured);

    [Fact]
    public void A_lead_captured_again_is_known_by_what_is_not_sealed() =>
        Given(Captured).When(Capture() with { Email = new("enc:v1:k1:xyz") }).ThenNothing();

    [Fact]
    public void A_captured_lead_is_not_captured_as_another() =>
        Given(Captured).When(Capture() with { Source = "fair" }).ThenRejected("lead.captured").Kind.ShouldBe(RejectionKind.WrongState);

    [Fact]
    public void A_lead_is_not_captured_before_it_was() =>
        Given().AndSince(Captured).When(Capture()).ThenRejected("lead.captured");

    [Fact]
    public void No_company_has_fewer_than_no_employees() =>
        Given().When(Capture() with { Employees = -1 }).ThenRejected("lead.employees", "employees");

    [Fact]
    public void Nobody_assigns_a_lead_that_is_not_there() =>
        Given().When(new AssignLead("ann")).ThenRejected("lead.unknown").Kind.ShouldBe(RejectionKind.Unknown);

    [Fact]
    public void A_lead_goes_from_rep_to_rep() =>
        Given(Captured, new LeadAssigned("ann", "north")).When(new AssignLead("bob", "south")).Then(new LeadAssigned("bob", "south"));

    [Fact]
    public void The_team_stays_when_it_is_left_out()
    {
        Given(Captured, new LeadAssigned("ann", "north")).When(new AssignLead("ann")).ThenNothing();
        After(Captured, new LeadAssigned("ann", "north"), new LeadAssigned("bob")).Team.ShouldBe("north");
    }

    [Fact]
    public void Touches_and_notes_are_taken_in_any_state()
    {
        Given(Captured, Qualified)
            .When(new TouchLead(Id, TouchKind.Download, Direction.Inbound, "web", "opened", 0, Text))
            .Then(new LeadTouched(Id, TouchKind.Download, Direction.Inbound, "web", "opened", 0, Text));
        Given(Captured, Disqualified).When(new NoteLead(Id, Text)).Then(new LeadNoted(Id, Text));
    }

    [Fact]
    public void A_touch_is_counted_once_whatever_time_it_is_sent_with() =>
        Given(Captured)
            .AndSince(new LeadTouched(Id, TouchKind.Call, Direction.Inbound))
            .When(new TouchLead(Id, TouchKind.Call, Direction.Inbound))
            .ThenRejected("lead.touch-known");

    [Fact]
    public void A_note_is_counted_once_whatever_time_it_is_sent_with() =>
        Given(Captured).AndSince(new LeadNoted(Id, Text)).When(new NoteLead(Id, Text)).ThenRejected("lead.note-known");

    [Fact]
    public void No_touch_ends_before_it_begins() =>
        Given(Captured)
            .When(new TouchLead(Id, TouchKind.Call, Direction.Inbound, DurationSeconds: -1))
            .ThenRejected("touch.duration", "durationSeconds");

    [Fact]
    public void A_lead_is_qualified() =>
        Given(Captured).When(Qualify()).Then(Qualified);

    [Fact]
    public void A_lead_is_qualified_once()
    {
        var rejection = Given(Captured, Qualified).When(Qualify() with { OpportunityId = Id }).ThenRejected("lead.qualified");

        rejection.Kind.ShouldBe(RejectionKind.WrongState);
        rejection.Message.ShouldNotContain(Opportunity.ToString(), customMessage: "it may be hidden from whoever is refused");
    }

    [Fact]
    public void A_disqualified_lead_is_not_qualified_until_revived()
    {
        Given(Captured, Disqualified).When(Qualify()).ThenRejected("lead.disqualified");
        Given(Captured, Disqualified, new LeadRevived()).When(Qualify()).Then(Qualified);
    }

    [Fact]
    public void A_qualified_lead_is_neither_disqualified_nor_revived_nor_assigned()
    {
        Given(Captured, Qualified).When(new DisqualifyLead("no budget")).ThenRejected("lead.qualified");
        Given(Captured, Qualified).When(new ReviveLead()).ThenRejected("lead.qualified");
        Given(Captured, Qualified).When(new AssignLead("bob")).ThenRejected("lead.qualified");
    }

    [Fact]
    public void A_lead_is_disqualified_for_one_reason()
    {
        Given(Captured).When(new DisqualifyLead("no budget", Text)).Then(Disqualified);
        Given(Captured, Disqualified).When(new DisqualifyLead("no need")).ThenRejected("lead.disqualified");
        Given(Captured, Disqualified).When(new AssignLead("bob")).ThenRejected("lead.disqualified");
    }

    [Fact]
    public void A_disqualified_lead_is_revived() =>
        Given(Captured, Disqualified).When(new ReviveLead("They called")).Then(new LeadRevived("They called"));

    [Fact]
    public void Who_lives_need_not_be_revived() =>
        Given(Captured).When(new ReviveLead()).ThenNothing();

    [Fact]
    public void A_later_outcome_stands_against_an_earlier_one()
    {
        Given(Captured).AndSince(Disqualified).When(Qualify()).ThenRejected("lead.later-outcome").Kind.ShouldBe(RejectionKind.WrongState);
        Given(Captured).AndSince(Qualified).When(Qualify()).ThenRejected("lead.later-outcome");
        Given(Captured).AndSince(Qualified).When(new DisqualifyLead("no budget")).ThenRejected("lead.later-outcome");
        Given(Captured, Disqualified).AndSince(new LeadRevived()).When(new ReviveLead()).ThenRejected("lead.later-outcome");
        Given(Captured, Disqualified).AndSince(new LeadRevived(), Disqualified).When(new ReviveLead()).ThenRejected("lead.later-outcome");
    }

    [Fact]
    public void An_outcome_of_yesterday_is_entered_today()
    {
        Given(Captured).AndSince(new LeadNoted(Id, Text)).When(new DisqualifyLead("no budget", Text)).Then(Disqualified);
        Given(Captured, Disqualified).AndSince(new LeadNoted(Id, Text)).When(new ReviveLead()).Then(new LeadRevived());
    }

    [Fact]
    public void What_occurred_before_the_capture_counts() =>
        Given(Qualified, Captured).When(new DisqualifyLead("no budget")).ThenRejected("lead.qualified");

    private static CaptureLead Capture() => new("web", "Acme", Contact: Text, Email: Text, Employees: 120, Campaign: "fair");

    private static QualifyLead Qualify() => new(Id, Customer, Opportunity, "Press line", Money.Of(1000, "EUR"), "standard");
}
