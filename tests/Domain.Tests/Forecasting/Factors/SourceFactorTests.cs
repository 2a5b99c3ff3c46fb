using Crm.Domain.Forecasting;
using Crm.Domain.Forecasting.Factors;
using Crm.Domain.Playbooks;

namespace Crm.Domain.Tests.Forecasting.Factors;

public sealed class SourceFactorTests
{
    private static readonly Guid Customer = Funnel.Id(7);
    private static readonly ForecastDeal Deal = Funnel.Open(2000, "D") with { CustomerId = Customer };

    private static readonly ForecastManifest Manifest = Weights.Manifest(
        Weights.Of("logins", FactorFrom.Source, 60) with { Source = "logins", Low = 0, High = 20 }, Weights.Mails);

    [Fact]
    public void A_reading_counts_for_the_customers_that_it_tells_of()
    {
        var result = Run([Deal, Deal with { OpportunityId = Funnel.Id(2001), CustomerId = null }], Reading(days: 1));

        result.Contributions.Select(one => one.Weighed!.Effects[0]).ShouldBe(
            [new("logins", 20, 1, 60, 135_849, "logins"), new("logins", Reading: null, 0.5m, 60, 0, "logins")]);
        result.Totals.Weighed!.Factors[0].ShouldBe(new FactorTotal("logins", Known: 1, 135_849, "logins"));
        (result.Totals.Weighed.Confidence, result.Contributions[0].Weighed!.Confidence).ShouldBe((1m, 1m));
    }

    [Fact]
    public void A_stale_reading_is_used_and_marked_and_lowers_the_confidence_by_what_it_weighs()
    {
        // Fresh for two days and three days old: a confidence of one half, on 60 of 100.
        var (fresh, stale) = (Run([Deal], Reading(days: 1)), Run([Deal], Reading(days: 3)));

        stale.Totals.Total.ShouldBe(fresh.Totals.Total);
        (stale.Contributions[0].Weighed!.Effects[0].IsStale, stale.Totals.Weighed!.Factors[0].IsStale).ShouldBe((true, true));
        (stale.Contributions[0].Weighed!.Confidence, stale.Totals.Weighed.Confidence).ShouldBe((0.7m, 0.7m));
        CanonicalForecast.HashOf(stale).ShouldNotBe(CanonicalForecast.HashOf(fresh));
    }

    [Fact]
    public void A_source_without_any_reading_is_neutral_and_says_so()
    {
        var result = Run([Deal]);

        result.Contributions[0].Weighed!.ShouldSatisfyAllConditions(
            weighed => weighed.Effects[0].ShouldBe(new("logins", Reading: null, 0.5m, 60, 0, "logins")),
            weighed => weighed.Confidence.ShouldBe(0.4m));
        result.Totals.Total.Value.ShouldBe(600_000);
    }

    private static SourceReading Reading(int days) => new(
        ReadingUse.Of("logins", Funnel.Id(9), "00", Funnel.Monday.AddDays(-days), Funnel.Monday, TimeSpan.FromDays(2)),
        new Dictionary<Guid, decimal> { [Customer] = 20 });

    private static ForecastResult Run(ForecastDeal[] open, params SourceReading[] readings) =>
        ForecastEngines.Of("factors/1").Run(Manifest, new([.. Funnel.Decided, .. open]) { Readings = readings });
}
