using Crm.Domain.Customers;
using Crm.Projections.Customers;

namespace Crm.Projections.Tests.Customers;

public sealed class CustomerTiersTests
{
    [Fact]
    public void A_customer_is_in_a_tier_since_it_came_to_it_until_it_leaves_it()
    {
        var story = new Story<CustomerTiers.Row>(Catalog.CustomerTiers);
        story.Then(0, new CustomerTierSet("B")).Then(5, new CustomerTierSet("A")).Then(6, new CustomerTierSet("A", "again"))
            .Then(9, new CustomerTierSet());

        (story.RowAsOf(5)!.Tier, story.RowAsOf(8)!.Tier, story.RowAsOf(8)!.TierSince, story.Row)
            .ShouldBe(("B", "A", Story<CustomerTiers.Row>.Monday.AddDays(5), null));
    }
}
