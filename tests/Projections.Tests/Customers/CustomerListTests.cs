using Crm.Domain.Customers;
using Crm.Projections.Customers;

namespace Crm.Projections.Tests.Customers;

public sealed class CustomerListTests
{
    [Fact]
    public void A_customer_is_listed_with_what_other_systems_call_it() =>
        new Story<CustomerList.Row>(Catalog.Customers).Then(0, new CustomerRegistered("Isdom", Region: "East"))
            .Then(1, new CustomerIdentified("erp", "4711")).Then(2, new CustomerIdentified("service", "X-9"))
            .Row!.ExternalIds.ShouldBe(["erp:4711", "service:X-9"]);

    [Fact]
    public void A_customer_is_in_the_stage_and_tier_that_it_came_to_last()
    {
        var story = new Story<CustomerList.Row>(Catalog.Customers).Then(0, new CustomerRegistered("Isdom"))
            .Then(1, new CustomerLifecycleEntered("prospect", From: null, Playbook: 1)).Then(2, new CustomerTagged(["b", "a"]))
            .Then(3, new CustomerTierSet("A", Playbook: 1)).Then(4, new CustomerTierSet("A", "agreed"))
            .Then(5, new CustomerTagged(["c"], ["b"])).Then(6, new CustomerLifecycleEntered("new", "prospect", Playbook: 1));

        var (row, then) = (story.Row!, story.RowAsOf(4)!);
        (row.Lifecycle, row.LifecycleSince, row.Tier, row.TierSince, row.TierByRule).ShouldBe(
            ("new", Story<CustomerList.Row>.Monday.AddDays(6), "A", Story<CustomerList.Row>.Monday.AddDays(3), false));
        row.Tags.ShouldBe(["a", "c"]);
        (then.Lifecycle, then.TierByRule).ShouldBe(("prospect", true));
    }
}
