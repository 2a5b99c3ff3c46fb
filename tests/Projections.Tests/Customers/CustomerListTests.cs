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
}
