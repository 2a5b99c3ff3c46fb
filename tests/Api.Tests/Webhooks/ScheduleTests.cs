using Crm.Api.Outside;
using Crm.Api.Webhooks.Sending;

namespace Crm.Api.Tests.Webhooks;

public sealed class ScheduleTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Pauses_are_those_that_Standard_Webhooks_advises() => string.Join(' ', Schedule.Pauses.Select(pause => pause.ToString()))
        .ShouldBe("00:00:00 00:00:05 00:05:00 00:30:00 02:00:00 05:00:00 10:00:00 14:00:00 20:00:00 1.00:00:00");

    [Theory]
    [InlineData(1, 0, 5)]
    [InlineData(1, 1, 6)]
    [InlineData(2, 0.5, 330)]
    [InlineData(9, 0, 86_400)]
    public void A_repeat_comes_after_its_pause_and_up_to_a_fifth_more(int attempts, double chance, double seconds) =>
        Schedule.Next(attempts, null, Now, chance).ShouldBe(Now.AddSeconds(seconds));

    [Fact]
    public void Ten_attempts_are_enough() => Schedule.Next(10, null, Now, 0).ShouldBeNull();

    [Theory]
    [InlineData(1, 60, 60)]
    [InlineData(3, 60, 1800)]
    [InlineData(1, 10_000_000, 86_400)]
    [InlineData(1, -5, 5)]
    public void A_receiver_may_ask_for_more_time_but_not_for_less_nor_for_ever(int attempts, double asked, double seconds) =>
        Schedule.Next(attempts, TimeSpan.FromSeconds(asked), Now, 0).ShouldBe(Now.AddSeconds(seconds));
}
