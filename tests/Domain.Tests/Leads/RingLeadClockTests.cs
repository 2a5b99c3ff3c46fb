using Crm.Domain.Activities;
using Crm.Domain.Leads;
using Crm.Domain.Playbooks;
using Crm.Domain.Tests.Calendars;
using Crm.Domain.Tests.Playbooks;

namespace Crm.Domain.Tests.Leads;

public sealed class RingLeadClockTests
{
    private static readonly DateTimeOffset Monday = FixedZone.Shanghai.InstantOf(new DateTime(2026, 11, 23, 10, 0, 0));
    private static readonly DateTimeOffset Due = Monday.AddDays(1);
    private static readonly LeadPolicy Policy = Of(Documents.B2B with { Reps = [new("li", "chen"), new("chen", "boss"), new("boss")] });
    private static readonly (ILeadEvent, DateTimeOffset)[] Given = [(new LeadCaptured("web"), Monday), (new LeadAssigned("li", Terms: Policy.TermsFrom(Monday), Ground: new(AssignedBy.Rule, "rule")), Monday)];

    [Fact]
    public void Nothing_happens_before_it_is_due() => Ring(Monday.AddHours(20).AddTicks(-1), Given).ShouldBeEmpty();

    [Fact]
    public void He_is_reminded_before_it_is_due() => Ring(Monday.AddHours(20), Given).ShouldBe([new LeadReminded("li", Due)]);

    [Fact]
    public void What_is_due_to_the_instant_is_missed_then() =>
        Ring(Due, [.. Given, (new LeadReminded("li", Due), Monday.AddHours(20))])
            .ShouldBe([new LeadResponseMissed("li", Due, 1), new LeadReturned("li", ReturnedBecause.NoResponse)]);

    [Fact]
    public void Whoever_comes_back_late_does_all_in_the_order_in_which_it_was_due() =>
        Ring(Due.AddDays(10), Given).ShouldBe([new LeadReminded("li", Due), new LeadResponseMissed("li", Due, 1), new LeadReturned("li", ReturnedBecause.NoResponse)]);

    [Fact]
    public void A_call_stops_the_clock_of_the_first_response() => Ring(Due, [.. Given, (Call, Monday.AddHours(1))]).ShouldBeEmpty();

    [Fact]
    public void What_they_read_by_themselves_stops_nothing() =>
        Ring(Due, [.. Given, (new LeadTouched(Guid.NewGuid(), TouchKind.PageView, Direction.Inbound), Monday.AddHours(1))]).Count.ShouldBe(3);

    [Fact]
    public void After_a_follow_up_silence_is_looked_for_from_there()
    {
        var called = Monday.AddHours(1);
        var silentAt = Policy.TermsFrom(Monday)!.SilentAt!.Value;

        Ring(silentAt, [.. Given, (Call, called)]).ShouldBe([new LeadFollowUpExpected("li", silentAt.AddHours(1))]);
    }

    [Fact]
    public void Silence_goes_up_step_by_step_and_ends_at_the_top()
    {
        var silentAt = Policy.SilentAfter(Monday.AddHours(1))!.Value;
        (ILeadEvent, DateTimeOffset)[] facts = [.. Given, (Call, Monday.AddHours(1)), (new LeadFollowUpExpected("li", silentAt), Monday.AddDays(3))];

        var first = Ring(silentAt, facts).ShouldHaveSingleItem().ShouldBeOfType<LeadSilent>();
        (first.Step, first.Told, first.Since, first.NextAt).ShouldBe((1, "chen", Monday.AddHours(1), Policy.SilentAfter(silentAt)));
        var second = Ring(first.NextAt!.Value, [.. facts, (first, silentAt)]).ShouldHaveSingleItem().ShouldBeOfType<LeadSilent>();
        (second.Step, second.Told, second.NextAt).ShouldBe((2, "boss", null));
        Ring(Monday.AddYears(1), [.. facts, (first, silentAt), (second, first.NextAt.Value)]).ShouldBeEmpty();
    }

    [Fact]
    public void Whoever_never_followed_up_is_not_told_to_have_done_so_since_a_stamp_is_later_than_his_terms()
    {
        var silentAt = Policy.SilentAfter(Monday)!.Value;
        (ILeadEvent, DateTimeOffset)[] facts = [Given[0], (new LeadAssigned("li", Terms: new(SilentAt: silentAt)), Monday.AddMilliseconds(3))];

        Ring(silentAt.AddSeconds(1), facts).ShouldHaveSingleItem().ShouldBeOfType<LeadSilent>().Since.ShouldBe(Monday.AddMilliseconds(3));
    }

    [Fact]
    public void A_follow_up_winds_up_a_clock_that_has_run_out()
    {
        var silent = new LeadSilent("li", Monday, 2, "boss");
        (ILeadEvent, DateTimeOffset)[] facts = [.. Given, (Call, Monday.AddHours(1)), (silent, Monday.AddDays(9)), (Call, Monday.AddDays(10))];

        Ring(Monday.AddDays(10), facts).ShouldBe([new LeadFollowUpExpected("li", Policy.SilentAfter(Monday.AddDays(10))!.Value)]);
    }

    [Fact]
    public void What_is_closed_has_no_clock() => Ring(Due, [.. Given, (new LeadDisqualified("no budget"), Monday.AddHours(1))]).ShouldBeEmpty();

    [Fact]
    public void What_is_revived_is_not_missed_for_the_time_that_it_was_closed() =>
        Ring(Due.AddDays(30), [.. Given, (new LeadDisqualified("no budget"), Monday.AddHours(1)), (new LeadRevived(), Due.AddDays(30))]).ShouldBeEmpty();

    [Fact]
    public void Another_team_of_the_same_rep_starts_no_clock_anew() =>
        Clock([.. Given, (Call, Monday.AddHours(1)), (new LeadAssigned("li", "north", Terms: Policy.TermsFrom(Monday.AddHours(2))), Monday.AddHours(2))]).RespondBy.ShouldBeNull();

    [Fact]
    public void What_nobody_has_is_due_only_to_be_given() =>
        Clock([(new LeadCaptured("web"), Monday), (new LeadSilent("li", Monday, 1, NextAt: Monday), Monday)]).Due.ShouldBeNull();

    [Fact]
    public void What_the_playbook_expects_no_more_is_stopped() =>
        RingLeadClock.Decide(Clock(Given), Of(Documents.B2B with { Clocks = null }), Due).ShouldBe([new LeadClocksStopped("li")]);

    [Fact]
    public void After_its_rounds_whoever_is_above_the_last_has_it()
    {
        var policy = Of(Documents.B2B with { Reps = [new("li", "chen"), new("chen", "boss"), new("boss")], Clocks = new("office", new FirstResponseSection(Rounds: 1)) });
        var clock = Clock([.. Given, (new LeadResponseMissed("li", Due, 1), Due), (new LeadReturned("li", ReturnedBecause.NoResponse), Due)]);

        var given = AssignNewLead.Decide(Lead.Evolve(Lead.None, new LeadCaptured("web")), clock, new NoBooks(), policy, Due).ShouldBeOfType<LeadAssigned>();
        (given.Rep, given.Ground!.By).ShouldBe(("chen", AssignedBy.Rounds));
    }

    private static LeadTouched Call => new(Guid.NewGuid(), TouchKind.Call, Direction.Outbound);

    private static LeadPolicy Of(PlaybookDocument document) => LeadPolicy.Of(document, FixedZone.Shanghai);

    private static IReadOnlyList<ILeadEvent> Ring(DateTimeOffset now, (ILeadEvent, DateTimeOffset)[] facts) => RingLeadClock.Decide(Clock(facts), Policy, now);

    private static LeadClock Clock((ILeadEvent Fact, DateTimeOffset At)[] facts) => facts.Aggregate(LeadClock.None, (clock, one) => LeadClock.Evolve(clock, one.Fact, one.At));

    private sealed class NoBooks : ILeadBooks
    {
        public int OpenOf(string rep) => 0;

        public long LastTurn(string rule, string rep) => 0;

        public bool IsSuspended(string rep) => false;
    }
}
