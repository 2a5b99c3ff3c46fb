using Crm.Domain.ProductRequests;
using Crm.Projections.ProductRequests;

namespace Crm.Projections.Tests.ProductRequests;

public sealed class ProductRequestListTests
{
    [Fact]
    public void A_request_is_listed_with_how_many_want_it_and_what_becomes_of_it()
    {
        var (acme, bolt) = (Guid.Parse("01920000-0000-7000-8000-000000000001"), Guid.Parse("01920000-0000-7000-8000-000000000002"));
        var story = new Story<ProductRequestList.Row>(Catalog.ProductRequests).Then(0, new ProductRequestRaised("CK6140", "PDF", acme))
            .Then(1, new ProductRequestJoined(bolt)).Then(2, new ProductRequestJoined(acme))
            .Then(3, new ProductRequestStateSet(ProductRequestState.Planned, "in spring"));

        (story.Row!.CustomerCount, story.Row.State, story.Row.StateSince, story.Row.Reason)
            .ShouldBe((2, "planned", Story<ProductRequestList.Row>.Monday.AddDays(3), "in spring"));
        story.Row.CustomerIds.ShouldBe([$"{acme}", $"{bolt}"]);
        (story.RowAsOf(1)!.CustomerCount, story.RowAsOf(1)!.State).ShouldBe((1, "open"));
    }
}
