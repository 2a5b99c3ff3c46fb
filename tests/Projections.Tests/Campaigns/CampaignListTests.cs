using Crm.Domain;
using Crm.Domain.Campaigns;
using Crm.Projections.Campaigns;

namespace Crm.Projections.Tests.Campaigns;

public sealed class CampaignListTests
{
    private readonly Story<CampaignList.Row> story = new(Catalog.Campaigns);

    [Fact]
    public void What_was_spent_adds_up_to_the_cent_in_whatever_order_it_is_told()
    {
        story.Then(3, new CampaignSpent(Guid.NewGuid(), Eur(0.10m))).Then(0, new CampaignRegistered("fair", "Fair", Budget: Eur(100))).Then(-2, new CampaignSpent(Guid.NewGuid(), Eur(0.20m)));

        (story.Row!.Spent, story.Row.Currency, story.Row.Budget).ShouldBe((0.30m, "EUR", 100m));
        (story.RowAsOf(1)!.Spent, story.RowAsOf(-1)!.RegisteredAt).ShouldBe((0.20m, null));
    }

    [Fact]
    public void A_budget_that_is_cleared_leaves_the_currency_of_what_was_spent()
    {
        story.Then(0, new CampaignRegistered("fair", "Fair", "fair", Budget: Eur(100))).Then(1, new CampaignSpent(Guid.NewGuid(), Eur(7)))
            .Then(2, new CampaignChanged(Name: "Messe", Cleared: ["budget", "channel"]));

        (story.Row!.Name, story.Row.Channel, story.Row.Budget, story.Row.Spent, story.Row.Currency).ShouldBe(("Messe", null, null, 7m, "EUR"));
    }

    [Fact]
    public void While_nothing_was_spent_the_budget_says_the_currency()
    {
        story.Then(0, new CampaignRegistered("fair", "Fair")).Then(1, new CampaignChanged(Budget: Money.Of(5, "USD"))).Then(2, new CampaignChanged(Budget: Money.Of(6, "CNY")));

        (story.RowAsOf(1)!.Currency, story.RowAsOf(2)!.Currency, story.Row!.Currency).ShouldBe((null, "USD", "CNY"));
    }

    private static Money Eur(decimal amount) => Money.Of(amount, "EUR");
}
