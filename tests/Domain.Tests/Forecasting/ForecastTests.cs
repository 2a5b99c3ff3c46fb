using Crm.Domain.Forecasting;
using Crm.Domain.Playbooks;
using Crm.Domain.Tests.Calendars;
using Crm.Domain.Tests.Playbooks;

namespace Crm.Domain.Tests.Forecasting;

public sealed class ForecastTests() : Spec<Forecast, IForecastCommand, IForecastEvent>(ForecastDecider.Instance)
{
    private static readonly ForecastResult Result = Funnel.Run([Funnel.Open(1, "A")]);
    private static readonly ForecastRun Run = new(Funnel.Manifest, Result.Totals, CanonicalForecast.HashOf(Result));

    private static readonly ForecastDue Due = new("all", Funnel.Monday);
    private static readonly ForecastHeld Held = new(Funnel.Id(1), 122, 109, -10.66m, 10, [], Funnel.Id(2));

    [Fact]
    public void A_forecast_is_computed_once() => Given().When(new RecordForecast(Funnel.Manifest, Result)).Then(Run);

    [Fact]
    public void Whoever_comes_second_changes_nothing() =>
        Given(Run).When(new RecordForecast(Funnel.Manifest, Funnel.Run([]))).ThenNothing();

    [Fact]
    public void One_that_moved_too_far_is_held_with_it() =>
        Given().When(new RecordForecast(Funnel.Manifest, Result, Due: Due, Jump: Held)).Then(Run with { Due = Due }, Held);

    [Fact]
    public void Who_looked_at_it_lets_it_stand_or_not()
    {
        Given(Run, Held).When(new SettleForecast(Held.ApprovalId, IsGranted: true)).Then(new ForecastAccepted(Held.ApprovalId));
        Given(Run, Held).When(new SettleForecast(Held.ApprovalId, IsGranted: false)).Then(new ForecastRefused(Held.ApprovalId));
        Given(Run, Held, new ForecastRefused(Held.ApprovalId)).When(new SettleForecast(Held.ApprovalId, IsGranted: true)).ThenNothing();
        Given(Run, Held).When(new SettleForecast(Guid.Empty, IsGranted: true)).ThenNothing();
    }

    [Fact]
    public void What_comes_to_the_same_is_not_said_anew()
    {
        Given(Run).When(new RestateForecast(Guid.Empty, Run.Hash)).ThenRejected("forecast.unchanged");
        Given(Run).When(new RestateForecast(Guid.Empty, "other")).Then(new ForecastRestated(Guid.Empty));
        Given().When(new RestateForecast(Guid.Empty, "other")).ThenRejected("forecast.unknown");
    }

    [Theory]
    [InlineData(ForecastPeriod.Month, "2026-02-01", "2026-03-01")]
    [InlineData(ForecastPeriod.Quarter, "2026-01-01", "2026-04-01")]
    [InlineData(ForecastPeriod.Weeks, "2026-02-28", "2026-03-14")]
    public void A_span_is_the_month_or_quarter_of_its_day_or_so_many_weeks_from_it(ForecastPeriod period, string from, string to) =>
        ForecastSpan.Of(period, new(2026, 2, 28), weeks: 2).ShouldBe((DateOnly.Parse(from, null), DateOnly.Parse(to, null)));

    [Fact]
    public void A_playbook_says_what_is_wrong_with_its_section()
    {
        ForecastSection section = new(CommitPercent: 30, Currency: "RMB");

        Faults(section).Select(fault => (fault.Pointer, fault.Code)).ShouldBe(
        [
            ("/forecast/bestPercent", "playbook.forecast-thresholds"), ("/forecast/currency", "money.currency")
        ]);
        Faults(new()).ShouldBeEmpty();
        Faults(new(Schedules: [new("a", ForecastEvery.Week, ForecastPeriod.Weeks, At: "25:00", Guard: new(10, "none")), new("a", ForecastEvery.Week, ForecastPeriod.Weeks)]))
            .Select(fault => fault.Pointer).ShouldBe(
            [
                "/forecast/schedules/1/key", "/forecast/schedules/0/at", "/forecast/schedules/0/guard/flow"
            ]);
    }

    private static IReadOnlyList<PlaybookFault> Faults(ForecastSection section) =>
        PlaybookCheck.Of(new PlaybookDocument("Sales", Forecast: section), FixedZone.Shanghai, Braces.Balanced);
}
