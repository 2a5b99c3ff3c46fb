using Crm.Domain.Calendars;

namespace Crm.Domain.Tests.Calendars;

public sealed class BusinessCalendarTests
{
    // National Day 2026: off from 1 to 7 October, made up for on Saturday the 10th.
    private static readonly BusinessCalendar Office = new(
        FixedZone.Shanghai, new HashSet<DayOfWeek> { DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday },
        [(new(9, 0), new(12, 0)), (new(13, 0), new(18, 0))],
        new HashSet<DateOnly>(Enumerable.Range(1, 7).Select(day => new DateOnly(2026, 10, day))), new HashSet<DateOnly> { new(2026, 10, 10) });

    [Theory]
    [InlineData("2026-09-28 10:00", 24, "2026-09-29 10:00")]                     // Monday
    [InlineData("2026-09-25 15:00", 24, "2026-09-28 15:00")]                     // over a weekend
    [InlineData("2026-09-26 15:00", 24, "2026-09-29 00:00")]                     // asked on Saturday: Monday is the first hour that counts
    [InlineData("2026-09-30 12:00", 24, "2026-10-08 12:00")]                     // over the holiday
    [InlineData("2026-10-09 12:00", 72, "2026-10-13 12:00")]                     // the Saturday that is worked counts, the Sunday does not
    public void Whole_workdays_are_counted(string from, int hours, string due) => Due(from, hours, Counting.Workdays).ShouldBe(due);

    [Theory]
    [InlineData("2026-09-28 10:00", 2, "2026-09-28 12:00")]                      // ends with the morning
    [InlineData("2026-09-28 10:00", 3, "2026-09-28 14:00")]                      // over noon
    [InlineData("2026-09-28 20:00", 1, "2026-09-29 10:00")]                      // asked at night
    [InlineData("2026-09-30 17:30", 1, "2026-10-08 09:30")]
    public void Open_hours_are_counted(string from, int hours, string due) => Due(from, hours, Counting.OpenHours).ShouldBe(due);

    [Fact]
    public void All_time_goes_by_on_holidays_too() => Due("2026-10-01 12:00", 24, Counting.Elapsed).ShouldBe("2026-10-02 12:00");

    [Theory]
    [InlineData("2026-09-28 08:59:59", false)]
    [InlineData("2026-09-28 09:00", true)]
    [InlineData("2026-09-28 12:00", false)]
    [InlineData("2026-10-01 10:00", false)]
    [InlineData("2026-10-10 10:00", true)]
    [InlineData("2026-10-11 10:00", false)]
    public void People_are_at_work_from_the_first_instant_up_to_the_last(string at, bool open) => Office.IsOpen(At(at)).ShouldBe(open);

    [Fact]
    public void It_says_when_people_are_back() => Show(Office.OpensAt(At("2026-09-30 18:00"))).ShouldBe("2026-10-08 09:00");

    [Fact]
    public void A_night_shift_ends_at_midnight() =>
        Show((Office with { Hours = [(new(20, 0), TimeOnly.MinValue)] }).After(At("2026-09-28 23:00"), TimeSpan.FromHours(2), Counting.OpenHours)).ShouldBe("2026-09-29 21:00");

    [Fact]
    public void Where_nobody_is_ever_at_work_it_is_never_due() =>
        (Office with { Workdays = new HashSet<DayOfWeek>(), ExtraWorkdays = new HashSet<DateOnly>() }).After(At("2026-09-28 10:00"), TimeSpan.FromHours(1), Counting.Workdays).ShouldBeNull();

    private static string Due(string from, int hours, Counting counting) => Show(Office.After(At(from), TimeSpan.FromHours(hours), counting));

    private static DateTimeOffset At(string local) => FixedZone.Shanghai.InstantOf(DateTime.Parse(local));

    private static string Show(DateTimeOffset? instant) => FixedZone.Shanghai.LocalOf(instant!.Value).ToString("yyyy-MM-dd HH:mm");
}
