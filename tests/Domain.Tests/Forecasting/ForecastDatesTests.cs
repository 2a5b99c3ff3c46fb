using Crm.Domain.Forecasting;
using Crm.Domain.Playbooks;
using Crm.Domain.Tests.Calendars;

namespace Crm.Domain.Tests.Forecasting;

public sealed class ForecastDatesTests
{
    private static readonly DateTimeOffset Wednesday = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(ForecastEvery.Week, "02-28T22:00 02-21T22:00 02-14T22:00")]
    [InlineData(ForecastEvery.Month, "02-27T22:00 01-30T22:00 12-30T22:00")]
    [InlineData(ForecastEvery.Quarter, "01-30T22:00 10-30T22:00 07-30T22:00")]
    public void A_schedule_is_due_on_its_day_at_its_hour_where_the_tenant_is(ForecastEvery every, string expected) =>
        string.Join(' ', ForecastDates.Until(Schedule(every), Wednesday, FixedZone.Shanghai).Take(3)
            .Select(due => due.UtcDateTime.ToString("MM-ddTHH:mm", null))).ShouldBe(expected);

    [Fact]
    public void It_is_due_at_the_very_moment_and_not_before()
    {
        var due = ForecastDates.Until(Schedule(ForecastEvery.Week), Wednesday, FixedZone.Shanghai).First();

        ForecastDates.Until(Schedule(ForecastEvery.Week), due, FixedZone.Shanghai).First().ShouldBe(due);
        ForecastDates.Until(Schedule(ForecastEvery.Week), due.AddTicks(-1), FixedZone.Shanghai).First().ShouldBe(due.AddDays(-7));
    }

    [Fact]
    public void What_is_due_goes_by_the_rules_that_were_in_force_then()
    {
        var history = PlaybookHistory.Evolve(Published(1, Wednesday.AddDays(-25)), new PlaybookPublished(
            2, Wednesday.AddDays(-8), new PlaybookDocument("Sales", Forecast: new(Schedules: [Schedule(ForecastEvery.Week) with { Weeks = 4 }])), null));

        ForecastDates.Due(history, Wednesday, FixedZone.Shanghai, most: 12).Select(one => $"{one.Due.At.UtcDateTime:MM-dd} {one.Schedule.Weeks}")
            .ShouldBe(["02-07 13", "02-14 13", "02-21 13", "02-28 4"]);
    }

    [Fact]
    public void Of_what_was_missed_only_the_newest_is_made_up_for() =>
        ForecastDates.Due(Published(1, Wednesday.AddDays(-1000)), Wednesday, FixedZone.Shanghai, most: 2)
            .Select(one => $"{one.Due.At.UtcDateTime:MM-dd}").ShouldBe(["02-21", "02-28"]);

    private static PlaybookHistory Published(long number, DateTimeOffset from) => PlaybookHistory.Evolve(PlaybookHistory.None, new PlaybookPublished(
        number, from, new PlaybookDocument("Sales", Forecast: new(Schedules: [Schedule(ForecastEvery.Week)])), null));

    private static ForecastScheduleSection Schedule(ForecastEvery every) =>
        new("all", every, ForecastPeriod.Quarter, Weekday: DayOfWeek.Sunday, Day: 31);
}
