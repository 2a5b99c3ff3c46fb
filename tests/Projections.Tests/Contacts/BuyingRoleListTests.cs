using Crm.Domain;
using Crm.Domain.Contacts;
using Crm.Projections.Contacts;

namespace Crm.Projections.Tests.Contacts;

public sealed class BuyingRoleListTests
{
    private static readonly Guid Customer = Guid.NewGuid();
    private static readonly ContactRegistered Registered = new(Customer, new Personal("enc:v1:k:n"), BuyingRole: BuyingRole.Buyer);

    private readonly Story<BuyingRoleList.Row> story = new(Catalog.BuyingRoles);

    [Fact]
    public void A_role_is_had_since_it_was_taken_and_follows_on_another()
    {
        story.Then(0, Registered).Then(3, new ContactChanged(Title: "Director"))
            .Then(5, new ContactChanged(BuyingRole: BuyingRole.DecisionMaker));

        Told(story.RowAsOf(5)).ShouldBe(("buyer", Story<BuyingRoleList.Row>.Monday, null));
        Told(story.Row).ShouldBe(("decision-maker", Story<BuyingRoleList.Row>.Monday.AddDays(5), "buyer"));
        (story.Row!.Title, story.Row.CustomerId).ShouldBe(("Director", (Guid?)Customer));
    }

    [Fact]
    public void Whoever_has_no_role_any_more_has_none_since_any_time()
    {
        story.Then(0, Registered).Then(5, new ContactChanged(Cleared: ["buyingRole"]));

        Told(story.Row).ShouldBe((null, null, "buyer"));
        Told(story.Then(8, new ContactChanged(BuyingRole: BuyingRole.User)).Row)
            .ShouldBe(("user", Story<BuyingRoleList.Row>.Monday.AddDays(8), "buyer"));
    }

    [Fact]
    public void What_was_said_of_a_time_before_he_was_registered_makes_nobody_part_of_a_decision()
    {
        story.Then(2, Registered).Then(1, new ContactChanged(BuyingRole: BuyingRole.User));

        Told(story.RowAsOf(2)).ShouldBe(("user", null, null));
        Told(story.Row).ShouldBe(("buyer", Story<BuyingRoleList.Row>.Monday.AddDays(2), null));
    }

    private static (string? Role, DateTimeOffset? Since, string? Before) Told(BuyingRoleList.Row? row) =>
        (row!.BuyingRole, row.RoleSince, row.PreviousRole);
}
