using Crm.Domain.Customers;

namespace Crm.Domain.Tests.Customers;

public sealed class CustomerTests() : Spec<Customer, ICustomerCommand, ICustomerEvent>(CustomerDecider.Instance)
{
    private static readonly Guid Lead = Guid.Parse("01920000-0000-7000-8000-000000000001");
    private static readonly Guid Opportunity = Guid.Parse("01920000-0000-7000-8000-000000000002");
    private static readonly CustomerRegistered Acme =
        new("Acme", Industry: "Steel", Region: "North", Country: "DE", Employees: 120, LeadId: Lead);

    [Fact]
    public void A_customer_is_registered() =>
        Given()
            .When(new RegisterCustomer("Acme", Industry: "Steel", Region: "North", Country: "DE", Employees: 120, LeadId: Lead))
            .Then(Acme);

    [Fact]
    public void A_registered_customer_is_not_registered_as_another() =>
        Given(Acme).When(new RegisterCustomer("Bolt")).ThenRejected("customer.registered").Kind.ShouldBe(RejectionKind.WrongState);

    [Fact]
    public void A_customer_is_not_registered_before_it_was() =>
        Given().AndSince(Acme).When(new RegisterCustomer("Acme")).ThenRejected("customer.registered");

    [Fact]
    public void No_company_has_fewer_than_no_employees() =>
        Given().When(new RegisterCustomer("Acme", Employees: -1)).ThenRejected("customer.employees", "employees");

    [Fact]
    public void Nobody_identifies_a_customer_that_is_not_there() =>
        Given().When(new IdentifyCustomer("erp", "4711")).ThenRejected("customer.unknown").Kind.ShouldBe(RejectionKind.Unknown);

    [Fact]
    public void A_customer_has_one_id_in_each_of_several_systems() =>
        Given(Acme, new CustomerIdentified("erp", "4711"))
            .When(new IdentifyCustomer("shop", "A-1"))
            .Then(new CustomerIdentified("shop", "A-1"));

    [Fact]
    public void A_customer_has_no_second_id_in_a_system()
    {
        var rejection = Given(Acme, new CustomerIdentified("erp", "4711"))
            .When(new IdentifyCustomer("erp", "4712"))
            .ThenRejected("customer.external-id-taken", "externalId");

        rejection.Kind.ShouldBe(RejectionKind.BrokenRule);
        rejection.Message.ShouldContain("4711");
    }

    [Fact]
    public void A_later_id_stands_against_another_one_back_then() =>
        Given(Acme).AndSince(new CustomerIdentified("erp", "4711"))
            .When(new IdentifyCustomer("erp", "4712"))
            .ThenRejected("customer.external-id-taken", "externalId");

    [Fact]
    public void A_lead_joins_a_customer() =>
        Given(Acme).When(new JoinLead(Lead, Opportunity)).Then(new CustomerLeadJoined(Lead, Opportunity));

    [Fact]
    public void An_id_given_before_the_registration_counts() =>
        Given(new CustomerIdentified("erp", "4711"), Acme).When(new IdentifyCustomer("erp", "4711")).ThenNothing();
}
