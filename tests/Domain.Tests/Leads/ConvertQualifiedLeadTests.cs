using Crm.Domain.Customers;
using Crm.Domain.Leads;
using Crm.Domain.Opportunities;
using Crm.Domain.Playbooks;

namespace Crm.Domain.Tests.Leads;

public sealed class ConvertQualifiedLeadTests
{
    private static readonly Guid LeadId = Guid.Parse("01920000-0000-7000-8000-000000000001");
    private static readonly Guid CustomerId = Guid.Parse("01920000-0000-7000-8000-000000000002");
    private static readonly Guid OpportunityId = Guid.Parse("01920000-0000-7000-8000-000000000003");

    private static readonly LeadCaptured Captured =
        new("web", "Acme", Region: "North", Industry: "Steel", Employees: 120, Product: "Press");
    private static readonly ILeadEvent[] Assigned = [Captured, new LeadAssigned("ann", "north")];
    private static readonly QualifyLead Qualify = new(LeadId, CustomerId, OpportunityId, "Press line", Money.Of(1000, "EUR"), "standard");

    [Fact]
    public void A_qualified_lead_becomes_a_customer_and_an_opportunity_and_nothing_known_is_lost()
    {
        var conversion = Convert(Assigned, [], [], Qualify);

        conversion.Lead.ShouldBe([new LeadQualified(CustomerId, OpportunityId)]);
        conversion.Customer.ShouldBe([new CustomerRegistered("Acme", Industry: "Steel", Region: "North", Employees: 120, LeadId: LeadId)]);
        Json.Write(conversion.Opportunity.ShouldHaveSingleItem()).ShouldBe(Json.Write(new OpportunityOpened(
            "Press line", OpportunityType.New, Money.Of(1000, "EUR"), "standard", "Prospecting", Source: "web",
            CustomerId: CustomerId, LeadId: LeadId, Rep: "ann", Team: "north", Region: "North", Product: "Press")));
    }

    [Fact]
    public void What_is_said_goes_before_what_the_lead_knows()
    {
        var said = Qualify with { CustomerName = "Acme AG", Rep = "bob", Team = "south", Region = "AT", Product = "Saw" };

        var conversion = Convert(Assigned, [], [], said);

        conversion.Customer.ShouldBe([new CustomerRegistered("Acme AG", Industry: "Steel", Region: "AT", Employees: 120, LeadId: LeadId)]);
        var opened = conversion.Opportunity.ShouldHaveSingleItem().ShouldBeOfType<OpportunityOpened>();
        (opened.Rep, opened.Team, opened.Region, opened.Product).ShouldBe(("bob", "south", "AT", "Saw"));
    }

    [Fact]
    public void A_lead_joins_a_customer_that_is_registered() =>
        Convert(Assigned, [new CustomerRegistered("Acme Group")], [], Qualify with { CustomerName = "Acme" })
            .Customer.ShouldBe([new CustomerLeadJoined(LeadId, OpportunityId)]);

    [Fact]
    public void A_lead_joins_a_customer_that_was_registered_for_it_by_hand() =>
        Convert(Assigned, [new CustomerRegistered("Acme Group", LeadId: LeadId)], [], Qualify)
            .Customer.ShouldBe([new CustomerLeadJoined(LeadId, OpportunityId)]);

    [Fact]
    public void A_new_customer_needs_a_name() =>
        Should.Throw<Rejection>(() => Convert([new LeadCaptured("web")], [], [], Qualify)).Field.ShouldBe("customerName");

    [Fact]
    public void A_lead_that_is_not_there_converts_into_nothing() =>
        Should.Throw<Rejection>(() => Convert([], [], [], Qualify)).Code.ShouldBe("lead.unknown");

    [Fact]
    public void An_unknown_stage_stops_all_three() =>
        Should.Throw<Rejection>(() => Convert(Assigned, [], [], Qualify with { Stage = "Paid" }))
            .Code.ShouldBe("opportunity.stage-unknown");

    [Fact]
    public void An_opportunity_that_is_there_is_not_taken_over() =>
        Should.Throw<Rejection>(() => Convert(
                Assigned, [], [new OpportunityOpened("Other", OpportunityType.New, Money.Of(1, "EUR"), "standard", "Proposal")], Qualify))
            .Code.ShouldBe("opportunity.opened");

    [Fact]
    public void A_lead_converted_with_another_amount_is_not_converted_again()
    {
        var first = Convert(Assigned, [], [], Qualify);

        Should.Throw<Rejection>(() => Convert(
                [.. Assigned, .. first.Lead], [.. first.Customer], [.. first.Opportunity], Qualify with { Amount = Money.Of(2000, "EUR") }))
            .Code.ShouldBe("opportunity.opened");
    }

    // Everything is said twice: the second time nothing may happen on any of the three.
    private static LeadConversion Convert(
        ILeadEvent[] lead, ICustomerEvent[] customer, IOpportunityEvent[] opportunity, QualifyLead command)
    {
        var first = Decide(lead, customer, opportunity, command);
        var again = Decide([.. lead, .. first.Lead], [.. customer, .. first.Customer], [.. opportunity, .. first.Opportunity], command);
        (again.Lead.Count, again.Customer.Count, again.Opportunity.Count).ShouldBe((0, 0, 0), "Said twice, nothing happens.");
        return first;
    }

    private static LeadConversion Decide(
        ILeadEvent[] lead, ICustomerEvent[] customer, IOpportunityEvent[] opportunity, QualifyLead command) =>
        ConvertQualifiedLead.Decide(
            lead.Aggregate(Lead.None, Lead.Evolve),
            customer.Aggregate(Customer.None, Customer.Evolve),
            opportunity.Aggregate(Opportunity.None, Opportunity.Evolve),
            Playbook.BuiltIn,
            command);
}
