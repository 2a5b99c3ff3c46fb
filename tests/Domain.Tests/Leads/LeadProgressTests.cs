using Crm.Domain.Activities;
using Crm.Domain.Leads;

namespace Crm.Domain.Tests.Leads;

public sealed class LeadProgressTests
{
    private static readonly DateTimeOffset Monday = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    private static readonly Guid Part = Guid.Parse("01920000-0000-7000-8000-000000000001");
    private static readonly LeadCaptured Captured = new("web");
    private static readonly LeadTouched Call = new(Guid.Parse("01920000-0000-7000-8000-000000000002"), TouchKind.Call, Direction.Outbound);
    private static readonly LeadTouched PageView =
        new(Guid.Parse("01920000-0000-7000-8000-000000000003"), TouchKind.PageView, Direction.Inbound);

    [Fact]
    public void A_lead_that_nobody_touched_does_not_fall_silent() =>
        Last((0, Captured), (1, new LeadAssigned("li")), (2, new LeadRevived())).ShouldBeNull();

    [Fact]
    public void The_last_follow_up_counts_whatever_they_read_since() =>
        Last((0, Captured), (3, Call), (1, Call), (9, PageView)).ShouldBe(Monday.AddDays(3));

    [Fact]
    public void Where_nobody_followed_up_the_first_touch_counts() =>
        Last((0, Captured), (4, PageView), (2, PageView)).ShouldBe(Monday.AddDays(2));

    [Fact]
    public void Going_from_rep_to_rep_is_no_progress() =>
        Last((0, Captured), (1, Call), (5, new LeadAssigned("wang")), (6, new LeadReturned("wang", ReturnedBecause.Released)))
            .ShouldBe(Monday.AddDays(1));

    [Fact]
    public void Taken_up_again_it_has_come_on() =>
        Last((0, Captured), (1, Call), (5, new LeadDisqualified("budget")), (8, new LeadRevived())).ShouldBe(Monday.AddDays(8));

    [Fact]
    public void A_level_higher_it_has_come_on_and_falling_back_it_has_not() =>
        Last((0, Captured), (1, Call), (5, new LeadLevelReached("L1", "Known", 1, 1, [])), (8, new LeadFellBack("L1", ["L1"], 0, FellBackBecause.Hand))).ShouldBe(Monday.AddDays(5));

    [Fact]
    public void A_part_brings_its_touches_and_takes_them_along_when_it_goes()
    {
        var absorbed = new LeadAbsorbed(Part, Touches: 3, LastTouchAt: Monday.AddDays(4));
        (double, ILeadEvent)[] merged = [(0, Captured), (1, Call), (5, absorbed), (6, Call with { Via = Part })];

        Last(merged[..3]).ShouldBe(Monday.AddDays(4));
        Last(merged).ShouldBe(Monday.AddDays(6));
        Last([.. merged, (7, new LeadReleased([Part], 4, 1))]).ShouldBe(Monday.AddDays(1));
    }

    [Fact]
    public void Coming_in_again_is_no_touch_of_ours() =>
        Last((0, Captured), (1, Call), (5, new LeadAbsorbed(Part, Touches: 1, LastTouchAt: Monday.AddDays(5)))).ShouldBe(Monday.AddDays(1));

    private static DateTimeOffset? Last(params (double Day, ILeadEvent Fact)[] facts) =>
        facts.Aggregate(LeadProgress.None, (state, one) => LeadProgress.Evolve(state, one.Fact, Monday.AddDays(one.Day))).LastAt;
}
