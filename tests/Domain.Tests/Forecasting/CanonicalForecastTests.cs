using System.Globalization;
using System.Text;
using Crm.Domain.Forecasting;

namespace Crm.Domain.Tests.Forecasting;

public sealed class CanonicalForecastTests
{
    private static readonly ForecastDeal[] Deals = [.. Funnel.Decided, .. Funnel.Stages.Select((stage, i) => Funnel.Open(2000 + i, stage))];

    [Fact]
    public void The_hash_of_the_worked_example_is_for_ever() =>
        CanonicalForecast.HashOf(Funnel.Run(Deals)).ShouldBe("6e65d873cdcfd5d1fdb68622b3a658a9caa6a96418008bed849c2b8a4bbec22c");

    [Fact]
    public void In_whichever_order_and_by_whichever_culture_the_bytes_are_the_same()
    {
        var (bytes, culture) = (CanonicalForecast.Bytes(Funnel.Run(Deals)), CultureInfo.CurrentCulture);
        try
        {
            CultureInfo.CurrentCulture = OtherHabits();
            CanonicalForecast.Bytes(Funnel.Run(Deals.Reverse())).ShouldBe(bytes);
            CanonicalForecast.Bytes(Funnel.Run(Deals.OrderBy(deal => deal.Stage))).ShouldBe(bytes);
            1.5m.ToString("0.0", provider: null).ShouldBe("1,5", "these are other habits");
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Fact]
    public void Amounts_of_another_scale_are_the_same_amounts() =>
        CanonicalForecast.Bytes(Funnel.Run(Deals.Select(deal => deal with { Amount = deal.Amount * 1.000m })))
            .ShouldBe(CanonicalForecast.Bytes(Funnel.Run(Deals)));

    [Fact]
    public void Members_are_in_ordinal_order_and_every_value_is_a_text_or_null() =>
        Encoding.UTF8.GetString(CanonicalForecast.Bytes(Funnel.Run([Funnel.Open(1, "A", 12.5m)]))).ShouldStartWith(
            """{"contributions":[{"amount":"12.5","by":"expected","category":"best","chance":"0.5","closes":"2026-03-12","freshDays":null"""
            + ""","freshness":"1","id":"00000001-0000-0000-0000-000000000001","odds":"0.5","pipeline":"standard","product":null,""");

    [Fact]
    public void The_first_difference_is_named_with_opportunity_and_member()
    {
        var then = Funnel.Run(Deals);
        var now = Funnel.Run(Deals.Select(deal => deal.OpportunityId == Funnel.Id(2001) ? deal with { Amount = 2_000_000 } : deal));

        ForecastDifference.Between(then, then).ShouldBeEmpty();
        ForecastDifference.Between(then, now).First().ShouldBe(new ForecastDifference(Funnel.Id(2001), "amount", "1000000", "2000000"));
        ForecastDifference.Between(then, Funnel.Run(Deals.Where(deal => deal.OpportunityId != Funnel.Id(2000)))).First()
            .ShouldBe(new ForecastDifference(Funnel.Id(2000), "id", Funnel.Id(2000).ToString(), null));
        ForecastDifference.Between(then.Totals, now.Totals)
            .ShouldContain(new ForecastDifference(null, "total/value", "1044000", "1164000"));
    }

    // Programs here know no cultures, so one is made.
    private static CultureInfo OtherHabits()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NumberDecimalSeparator = ",";
        culture.NumberFormat.NegativeSign = "−";
        culture.DateTimeFormat.DateSeparator = ".";
        return culture;
    }
}
