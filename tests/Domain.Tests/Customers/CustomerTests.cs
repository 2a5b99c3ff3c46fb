using Crm.Domain.Customers;

namespace Crm.Domain.Tests.Customers;

public sealed class CustomerTests() : Spec<Customer, ICustomerCommand, ICustomerEvent>(CustomerDecider.Instance)
{
    private static readonly Guid Lead = Guid.Parse("01920000-0000-7000-8000-000000000001");
    private static readonly Guid Opportunity = Guid.Parse("01920000-0000-7000-8000-000000000002");
    private static readonly IReadOnlyDictionary<string, string> Because = new Dictionary<string, string> { ["orders"] = "10" };
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

    [Fact]
    public void A_rule_puts_a_customer_into_a_tier_where_nobody_has() =>
        Given(Acme).When(new TierCustomer("A", Playbook: 3, Because)).Then(new CustomerTierSet("A", Playbook: 3, Because: Because));

    [Fact]
    public void A_rule_leaves_alone_what_a_person_said() =>
        Given(Acme, new CustomerTierSet("C")).When(new TierCustomer("A", Playbook: 3, Because)).ThenNothing();

    [Fact]
    public void A_person_says_himself_what_a_rule_said_and_then_it_stays() =>
        Given(Acme, new CustomerTierSet("A", Playbook: 3, Because: Because)).When(new SetCustomerTier("A", ["A"]))
            .Then(new CustomerTierSet("A"));

    [Fact]
    public void Whoever_takes_his_word_back_leaves_the_tier_to_rules() =>
        Given(Acme, new CustomerTierSet("C"), new CustomerTierSet()).When(new TierCustomer("A", Playbook: 3, Because))
            .Then(new CustomerTierSet("A", Playbook: 3, Because: Because));

    [Fact]
    public void A_customer_comes_to_a_stage_once_and_it_is_told_where_from() =>
        Given(Acme, new CustomerLifecycleEntered("prospect", From: null, Playbook: 3))
            .When(new EnterLifecycle("new", Playbook: 4, Because, Lead))
            .Then(new CustomerLifecycleEntered("new", "prospect", 4, Because, Lead));

    [Fact]
    public void Who_is_in_a_stage_does_not_come_to_it() =>
        Given(Acme, new CustomerLifecycleEntered("new", From: null, Playbook: 3)).When(new EnterLifecycle("new", Playbook: 4, Because))
            .ThenNothing();

    [Fact]
    public void Tags_that_are_there_are_not_put_on_again()
    {
        Given(Acme, new CustomerTagged(["a", "b"])).When(new TagCustomer(["b"], ["c"])).ThenNothing();
        Given(Acme).When(new TagCustomer([" a"])).ThenRejected("customer.tag", "add");
        Given(Acme).When(new TagCustomer([.. Enumerable.Range(0, 51).Select(i => $"{i}")])).ThenRejected("customer.tags", "add");
    }
}
