using Crm.Domain.Contacts;

namespace Crm.Domain.Tests.Contacts;

public sealed class ContactTests() : Spec<Contact, IContactCommand, IContactEvent>(ContactDecider.Instance)
{
    private static readonly Guid Customer = Guid.Parse("01920000-0000-7000-8000-000000000003");
    private static readonly Personal Name = new("enc:v1:k1:bmFtZQ==");
    private static readonly ContactRegistered Wang = new(Customer, Name, Title: "Head of the laboratory", BuyingRole: BuyingRole.TechnicalEvaluator);

    [Fact]
    public void A_contact_is_registered() =>
        Given().When(new RegisterContact(Customer, Name, Title: "Head of the laboratory", BuyingRole: BuyingRole.TechnicalEvaluator)).Then(Wang);

    [Fact]
    public void A_registered_contact_is_not_registered_as_another() =>
        Given(Wang).When(new RegisterContact(Customer, Name, Title: "Director")).ThenRejected("contact.registered").Kind.ShouldBe(RejectionKind.WrongState);

    [Fact]
    public void A_contact_is_not_registered_before_it_was() =>
        Given().AndSince(Wang).When(new RegisterContact(Customer, Name)).ThenRejected("contact.registered");

    [Fact]
    public void What_is_sealed_anew_says_the_same() =>
        Given(Wang).When(new RegisterContact(Customer, new Personal("enc:v1:k1:b3RoZXI="), Title: "Head of the laboratory", BuyingRole: BuyingRole.TechnicalEvaluator)).ThenNothing();

    [Fact]
    public void Only_what_becomes_another_than_it_was_is_a_fact() =>
        Given(Wang).When(new ChangeContact(Title: "Head of the laboratory", BuyingRole: BuyingRole.DecisionMaker))
            .Then(new ContactChanged(BuyingRole: BuyingRole.DecisionMaker));

    [Fact]
    public void What_is_cleared_is_not_known_any_more() =>
        Given(Wang).When(new ChangeContact(Cleared: ["title", "phone"])).Then(new ContactChanged(Cleared: ["title"]));

    [Fact]
    public void A_contact_keeps_a_name() => Given(Wang).When(new ChangeContact(Cleared: ["name"])).ThenRejected("contact.name", "name");

    [Fact]
    public void Nobody_changes_a_contact_that_is_not_there() =>
        Given().When(new ChangeContact(Title: "Director")).ThenRejected("contact.unknown").Kind.ShouldBe(RejectionKind.Unknown);
}
