using Crm.Domain.Campaigns;

namespace Crm.Domain.Tests.Campaigns;

public sealed class CampaignTests() : Spec<Campaign, ICampaignCommand, ICampaignEvent>(CampaignDecider.Instance)
{
    private static readonly Guid Stand = Guid.Parse("01920000-0000-7000-8000-000000000050");
    private static readonly DateOnly April = new(2026, 4, 20);
    private static readonly CampaignRegistered Fair = new("fair-2026", "Hannover Messe", "fair", April, April.AddDays(4), Eur(40_000));

    [Fact]
    public void A_campaign_is_registered() =>
        Given().When(new RegisterCampaign("fair-2026", "Hannover Messe", "fair", April, April.AddDays(4), Eur(40_000))).Then(Fair);

    [Fact]
    public void A_registered_campaign_is_not_registered_as_another() =>
        Given(Fair).When(new RegisterCampaign("fair-2026", "Another")).ThenRejected("campaign.registered").Kind.ShouldBe(RejectionKind.WrongState);

    [Fact]
    public void No_campaign_ends_before_it_starts()
    {
        Given().When(new RegisterCampaign("x", "x", StartsOn: April, EndsOn: April.AddDays(-1))).ThenRejected("campaign.dates", "endsOn");
        Given(Fair).When(new ChangeCampaign(StartsOn: April.AddDays(9))).ThenRejected("campaign.dates", "endsOn");
        Given(Fair).When(new ChangeCampaign(StartsOn: April.AddDays(9), EndsOn: April.AddDays(9))).Then(new CampaignChanged(StartsOn: April.AddDays(9), EndsOn: April.AddDays(9)));
    }

    [Fact]
    public void What_is_spent_is_counted_once()
    {
        Given(Fair).When(new SpendOnCampaign(Stand, Eur(100), "INV-1")).Then(new CampaignSpent(Stand, Eur(100), "INV-1"));
        Given(Fair, new CampaignSpent(Stand, Eur(100))).When(new SpendOnCampaign(Stand, Eur(200))).ThenRejected("campaign.spend-known").Kind.ShouldBe(RejectionKind.WrongState);
        Given(Fair).AndSince(new CampaignSpent(Stand, Eur(100))).When(new SpendOnCampaign(Stand, Eur(100))).ThenRejected("campaign.spend-known");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Nothing_and_less_is_not_spent(decimal amount) => Given(Fair).When(new SpendOnCampaign(Stand, Eur(amount))).ThenRejected("campaign.amount", "amount");

    [Fact]
    public void It_is_counted_in_one_currency()
    {
        var spent = new CampaignSpent(Stand, Eur(100));
        var bare = new CampaignRegistered("x", "x");

        Given(Fair).When(new SpendOnCampaign(Guid.NewGuid(), Money.Of(1, "USD"))).ThenRejected("campaign.currency", "amount");
        Given(bare, spent).When(new ChangeCampaign(Budget: Money.Of(1, "USD"))).ThenRejected("campaign.currency", "budget");
        Given(bare).AndSince(spent).When(new ChangeCampaign(Budget: Money.Of(1, "USD"))).ThenRejected("campaign.currency", "budget");
        Given(bare).AndSince(spent).When(new SpendOnCampaign(Guid.NewGuid(), Money.Of(1, "USD"))).ThenRejected("campaign.currency", "amount");
        Given(Fair).When(new ChangeCampaign(Budget: Money.Of(1, "USD"))).Then(new CampaignChanged(Budget: Money.Of(1, "USD")));
    }

    [Fact]
    public void A_campaign_keeps_a_name() => Given(Fair).When(new ChangeCampaign(Cleared: ["name"])).ThenRejected("campaign.name", "name");

    [Fact]
    public void Nothing_is_spent_for_what_is_not_there() => Given().When(new SpendOnCampaign(Stand, Eur(1))).ThenRejected("campaign.unknown").Kind.ShouldBe(RejectionKind.Unknown);

    private static Money Eur(decimal amount) => Money.Of(amount, "EUR");
}
