using Crm.Domain;
using Crm.Domain.Contacts;
using Crm.Projections.Contacts;

namespace Crm.Projections.Tests.Contacts;

public sealed class ContactListTests
{
    private static readonly ContactRegistered Registered = new(
        Guid.NewGuid(), new Personal("enc:v1:k:n"), new Personal("enc:v1:k:e"), BuyingRole: BuyingRole.TechnicalEvaluator);

    private readonly Story<ContactList.Row> story = new(Catalog.Contacts);

    [Fact]
    public void What_is_known_of_a_person_stays_sealed() => story.Then(0, Registered).Row!.Name.ShouldBe("enc:v1:k:n");

    [Fact]
    public void A_role_was_another_before_it_changed()
    {
        story.Then(0, Registered).Then(5, new ContactChanged(BuyingRole: BuyingRole.DecisionMaker, Cleared: ["email"]));

        (story.RowAsOf(5)!.BuyingRole, story.RowAsOf(5)!.Email).ShouldBe(("technical-evaluator", "enc:v1:k:e"));
        (story.Row!.BuyingRole, story.Row.Email, story.Row.CustomerId).ShouldBe(("decision-maker", null, (Guid?)Registered.CustomerId));
    }

    [Fact]
    public void A_contact_of_which_everything_was_taken_back_is_none()
    {
        var registered = story.On(0, Registered);
        story.On(3, new ContactImportUndone(Guid.NewGuid(), [registered]));

        story.Row.ShouldBeNull();
    }
}
