using Crm.Domain.Contacts;
using Crm.Domain.CustomFields;
using Crm.Domain.Forecasting;
using Crm.Domain.Forecasting.Factors;
using Crm.Domain.Opportunities;
using Crm.Domain.Playbooks;

namespace Crm.Domain.Tests.Forecasting.Factors;

public sealed class DealSignsTests
{
    private static readonly Guid Deal = Funnel.Id(1), File = Funnel.Id(2), Approval = Funnel.Id(3);

    private static readonly OpportunityOpened Opened = new(
        "Line 3", OpportunityType.New, Money.Of(100, "CNY"), "b2b", "Need", ExpectedClose: new(2026, 3, 1));

    [Fact]
    public void A_move_to_a_later_day_is_counted_and_one_to_an_earlier_is_not()
    {
        Reading(FactorFrom.Reschedules, Opened).ShouldBe(0);
        Reading(FactorFrom.Reschedules, Opened, Close(20), Close(10), Close(31), Close(31)).ShouldBe(2);
        Reading(FactorFrom.Reschedules, Opened with { ExpectedClose = null }, Close(20), Close(21)).ShouldBe(1);
        Reading(FactorFrom.Reschedules, Opened with { ExpectedClose = null }).ShouldBeNull("nobody expects it on any day");
    }

    [Fact]
    public void Evidence_is_what_is_held_and_granted_now()
    {
        var contract = Weights.Of("contract", FactorFrom.Evidence, 10) with { Labels = ["合同草案", "盖章合同"], Flows = ["contract"] };
        var draft = new OpportunityAttachmentAdded(File, new Personal("enc:v1:k:x"), "application/pdf", 1, "00", "合同草案");
        var granted = new OpportunityApprovalSettled(Approval, "contract", Granted: true);

        Reading(contract, Opened).ShouldBe(0);
        Reading(contract, Opened, draft, draft, granted).ShouldBe(2);
        Reading(contract, Opened, draft with { Label = "other" }, granted with { Flow = "discount" }).ShouldBe(0);
        Reading(contract, Opened, draft, granted, new OpportunityAttachmentRemoved(File), granted with { Granted = false }).ShouldBe(0);
    }

    [Fact]
    public void A_competitor_is_as_bad_as_the_playbook_says()
    {
        var rival = Weights.Of("rival", FactorFrom.Field, 10) with
        {
            Field = "competitor",
            Values = [new("none", 100), new("Acme", 10)],
            OtherPercent = 30
        };

        Reading(rival, Opened).ShouldBeNull("nobody said");
        Reading(rival, Opened with { Competitor = "Acme" }).ShouldBe(0.1m);
        Reading(rival, Opened with { Competitor = "Acme" }, new OpportunityChanged(Competitor: "Bolt")).ShouldBe(0.3m);
        Reading(rival, Opened with { Competitor = "Acme" }, new OpportunityChanged(Cleared: ["competitor"])).ShouldBeNull();
        Reading(rival with { OtherPercent = null }, Opened with { Competitor = "Bolt" }).ShouldBeNull();
    }

    [Fact]
    public void Fields_of_the_playbook_are_read_as_what_they_are()
    {
        var trial = Weights.Of("trial", FactorFrom.Field, 10) with { Field = "custom.trial", Low = 0, High = 100 };
        var certified = Weights.Of("certified", FactorFrom.Field, 10) with { Field = "custom.certified" };

        Reading(trial, With(("trial", "62.5"))).ShouldBe(62.5m);
        Reading(trial, With(("trial", "soon"))).ShouldBeNull();
        Reading(certified, With(("certified", "true"))).ShouldBe(1);
        Reading(certified, With(("certified", "false"))).ShouldBe(0);
        Reading(certified, Opened).ShouldBeNull();
    }

    [Fact]
    public void Qualification_is_how_many_fields_are_known()
    {
        var known = Weights.Of("known", FactorFrom.Qualification, 10) with { Fields = ["custom.budget", "competitor", "expectedClose", "rep"] };

        Reading(known, Opened).ShouldBe(1);
        Reading(known, With(("budget", "big")) with { Competitor = "Acme", Rep = "li" }).ShouldBe(4);
    }

    [Fact]
    public void A_chain_is_asked_of_deals_that_have_a_customer()
    {
        var settings = new ForecastSettings(
            Factors: [Weights.Of("x", FactorFrom.DecisionChain, 10)], Chain: [BuyingRole.Buyer, BuyingRole.DecisionMaker]);
        DealFacts Facts(params BuyingRole[]? roles) => new(ForecastDeal.New(Deal), DealTraits.New(Deal), roles, null, new Dictionary<string, int>());

        DealSigns.Of(settings, Facts(null)).Readings.ShouldBeEmpty();
        DealSigns.Of(settings, Facts()).Readings["x"].ShouldBe(0);
        DealSigns.Of(settings, Facts(BuyingRole.Buyer, BuyingRole.User)).Readings["x"].ShouldBe(1);
    }

    [Fact]
    public void Touches_are_told_by_the_key_of_who_asks() => DealSigns.Of(
        new(Factors: [Weights.Calls, Weights.Mails]),
        new(ForecastDeal.New(Deal), DealTraits.New(Deal), null, "软件", new Dictionary<string, int> { ["mails"] = 3 }))
        .ShouldSatisfyAllConditions(
            signs => signs.Industry.ShouldBe("软件"),
            signs => signs.Readings.ShouldBe(new Dictionary<string, decimal> { ["calls"] = 0, ["mails"] = 3 }, ignoreOrder: true));

    private static OpportunityCloseDateChanged Close(int day) => new(new DateOnly(2026, 3, day));

    private static OpportunityOpened With(params (string Key, string Value)[] custom) =>
        Opened with { Custom = CustomValues.Of(custom.ToDictionary(one => one.Key, one => one.Value)) };

    private static decimal? Reading(FactorFrom from, params object[] facts) => Reading(Weights.Of("x", from, 10), facts);

    private static decimal? Reading(FactorSection factor, params object[] facts)
    {
        var at = Funnel.Monday.AddDays(-30);
        var deal = facts.Aggregate((ForecastDeal?)null, (known, fact) => ForecastDeal.Evolve(Deal, known, fact, at))!;
        var traits = facts.Aggregate((DealTraits?)null, (known, fact) => DealTraits.Evolve(Deal, known, fact))!;
        var signs = DealSigns.Of(new(Factors: [factor]), new(deal, traits, null, null, new Dictionary<string, int>()));
        return signs.Readings.TryGetValue(factor.Key, out var reading) ? reading : null;
    }
}
