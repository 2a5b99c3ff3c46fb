using Crm.Domain.Activities;
using Crm.Domain.Leads;
using Crm.Domain.Playbooks;
using Crm.Domain.Scoring.Leads;
using Crm.Domain.Tests.Calendars;
using Crm.Domain.Tests.Playbooks;

namespace Crm.Domain.Tests.Leads;

/// <summary>Mails for leads that nobody works on yet, and bands that act.</summary>
public sealed class NurtureLeadTests
{
    private static readonly DateTimeOffset Friday = FixedZone.Shanghai.InstantOf(new DateTime(2026, 11, 27, 17, 0, 0));
    private static readonly LeadCaptured Captured = new("web", "Acme", Email: new Personal("enc:v1:x"));

    private static readonly PlaybookDocument Document = Documents.B2B with
    {
        Scoring = new([new("big", "Big", 80, Documents.When("employees", "gte", 200)), new("read", "Read", 10, Behaviour: "download")],
            new(High: 60, Low: 20, new("call", "Call now", 60))),
        Templates = [new("day-1", "Hello", "{{unsubscribe}}"), new("day-3", "Again", "{{unsubscribe}}"),
            new("day-7", "Last", "{{unsubscribe}}")],
        Nurture = new([new("welcome", "Welcome", [new(1, "day-1"), new(3, "day-3"), new(7, "day-7")], Band: "low"),
            new("later", "Later", [new(30, "day-7")])], Calendar: "office")
    };

    private static readonly LeadPolicy Policy = LeadPolicy.Of(Document, FixedZone.Shanghai);

    // Saturday, as it is no workday: Monday at nine. Then Monday at 17:00 is the day of the second, and Friday that of the third.
    private static readonly LeadNurtureStarted Started = new("welcome", 4,
    [
        new(At(30, 9), "day-1"), new(At(30, 17), "day-3"), new(At(34, 17), "day-7")
    ], NurtureBecause.Band);

    [Fact]
    public void A_lead_of_few_points_is_sent_mails_in_office_hours_and_given_to_nobody()
    {
        var facts = React(Captured);

        facts[0].ShouldBe(new LeadBandEntered("low", 0m));
        var started = facts[1].ShouldBeOfType<LeadNurtureStarted>();
        started.Moments.ShouldBe(Started.Moments);
        (started.Sequence, started.Playbook, started.Because, facts.Count).ShouldBe(("welcome", 4L, NurtureBecause.Band, 2));
    }

    [Fact]
    public void One_without_an_address_that_can_be_written_to_is_given_to_a_rep() =>
        React(Captured with { Email = null }).Last().ShouldBeOfType<LeadBandEntered>().Band.ShouldBe("low");

    [Fact]
    public void One_of_many_points_goes_to_a_rep_who_is_told_so_once()
    {
        var facts = React(Captured with { Employees = 500 });

        facts[0].ShouldBeOfType<LeadAssigned>();
        facts[1].ShouldBe(new LeadBandEntered("high", 80m));
        React([Captured with { Employees = 500 }, .. facts]).ShouldBeEmpty("counted again it is in the same band");
        React([Captured with { Employees = 500 }, .. facts, new LeadChanged(Employees: 100)])
            .ShouldBe([new LeadBandEntered("low", 0m, "high")]);
    }

    [Fact]
    public void Whoever_comes_to_us_gets_no_more_mails_and_a_rep() =>
        React(Captured, new LeadBandEntered("low", 0m), Started, new LeadTouched(Guid.NewGuid(), TouchKind.Download, Direction.Inbound))
            .Select(fact => fact.GetType().Name)
            .ShouldBe(["LeadNurtureEnded", "LeadAssigned"]);

    [Fact]
    public void A_mail_of_ours_ends_nothing() =>
        React(Captured, Started, new LeadTouched(Guid.NewGuid(), TouchKind.Mail, Direction.Outbound))
        .ShouldBe([new LeadBandEntered("low", 0m)]);

    [Theory]
    [InlineData(typeof(LeadAssigned), NurtureEnd.Taken)]
    [InlineData(typeof(LeadUnsubscribed), NurtureEnd.Unsubscribed)]
    [InlineData(typeof(LeadDisqualified), NurtureEnd.Closed)]
    [InlineData(typeof(LeadFlagged), NurtureEnd.Closed)]
    public void Other_things_end_it_too(Type type, NurtureEnd why)
    {
        ILeadEvent fact = type == typeof(LeadAssigned) ? new LeadAssigned("li") : type == typeof(LeadUnsubscribed) ? new LeadUnsubscribed()
            : type == typeof(LeadFlagged) ? new LeadFlagged(RecordFlag.Junk) : new LeadDisqualified("no budget");

        React(Captured, Started, fact)[0].ShouldBe(new LeadNurtureEnded("welcome", why));
        Clock(Captured, Started, fact).Due.ShouldBeNull("nothing is sent before that is written either");
    }

    [Fact]
    public void Each_mail_goes_out_when_it_is_due_and_the_last_ends_it()
    {
        var first = Ring(At(30, 9), Captured, Started);
        var second = Ring(At(30, 17), [Captured, Started, .. first]);
        var third = Ring(At(34, 17), [Captured, Started, .. first, .. second]);

        first.ShouldBe([new LeadNurtureMailed("welcome", 4, 1, "day-1", At(30, 9), At(30, 17))]);
        second.ShouldBe([new LeadNurtureMailed("welcome", 4, 2, "day-3", At(30, 17), At(34, 17))]);
        third.ShouldBe([new LeadNurtureMailed("welcome", 4, 3, "day-7", At(34, 17)),
            new LeadNurtureEnded("welcome", NurtureEnd.Completed)]);
        Ring(At(34, 17).AddYears(1), [Captured, Started, .. first, .. second, .. third]).ShouldBeEmpty();
        React([Captured, Started, .. first, .. second, .. third])
            .ShouldBe([new LeadBandEntered("low", 0m)], "a lead that answered nothing is given to nobody");
    }

    [Fact]
    public void Nothing_is_due_after_the_end_whatever_was_written_before_it() =>
        Clock(Captured, Started, new LeadNurtureMailed("welcome", 4, 3, "day-7", At(30, 9), At(30, 17)),
            new LeadNurtureEnded("welcome", NurtureEnd.Completed)).Due.ShouldBeNull("or its clock rings for ever");

    [Fact]
    public void What_is_late_sets_back_what_comes_after_it()
    {
        var late = At(34, 20);

        Ring(late, Captured, Started).ShouldBe([new LeadNurtureMailed("welcome", 4, 1, "day-1", At(30, 9), late.AddHours(8))]);
    }

    [Fact]
    public void Whoever_answers_after_the_last_mail_goes_to_a_rep() =>
        React(Captured, Started, new LeadNurtureMailed("welcome", 4, 3, "day-7", At(34, 17)),
            new LeadNurtureEnded("welcome", NurtureEnd.Completed), new LeadTouched(Guid.NewGuid(), TouchKind.Call, Direction.Inbound))
            .ShouldContain(fact => fact is LeadAssigned);

    [Fact]
    public void Whoever_answered_is_for_a_rep_though_another_sequence_would_fit()
    {
        var policy = LeadPolicy.Of(Document with
        {
            Nurture = Document.Nurture! with { Sequences = [.. Document.Nurture!.Sequences, new("more", "More", [new(1, "day-1")], Band: "low")] }
        }, FixedZone.Shanghai);
        ILeadEvent[] facts = [Captured, new LeadBandEntered("low", 0m), Started, new LeadTouched(Guid.NewGuid(), TouchKind.Mail, Direction.Inbound)];

        LeadRoutine.React(
            Lead(facts), Clock(facts), [.. facts.Select(fact => new LeadFact(fact, Friday))], new NoBooks(), new RulesInForce(policy, 4), Friday, has: true, isForSale: true)
            .Select(fact => fact.GetType().Name).ShouldBe(["LeadNurtureEnded", "LeadAssigned"]);
    }

    [Fact]
    public void A_sequence_is_sent_once() =>
        React(Captured, Started, new LeadNurtureEnded("welcome", NurtureEnd.Stopped)).ShouldNotContain(fact => fact is LeadNurtureStarted);

    [Fact]
    public void A_playbook_without_nurture_sends_nothing_more() =>
        RingLeadClock.Decide(Clock(Captured, Started), LeadPolicy.Of(Document with { Nurture = null }, FixedZone.Shanghai), At(30, 9))
            .ShouldBe([new LeadNurtureEnded("welcome", NurtureEnd.Withdrawn)]);

    [Fact]
    public void Where_no_playbook_is_in_force_any_more_its_mails_stop_with_its_clocks()
    {
        Clock(Captured, Started, new LeadClocksStopped()).Due.ShouldBeNull();
        React(Captured, Started, new LeadClocksStopped())[0].ShouldBe(new LeadNurtureEnded("welcome", NurtureEnd.Withdrawn));
    }

    [Fact]
    public void Whoever_has_one_that_says_not_now_lets_go_of_it()
    {
        var facts = Start("later", Captured, new LeadAssigned("li"));

        facts[0].ShouldBe(new LeadReturned("li", ReturnedBecause.Released));
        var started = facts[1].ShouldBeOfType<LeadNurtureStarted>();
        (started.Sequence, started.Because, started.Reason).ShouldBe(("later", NurtureBecause.Hand, "not now"));
        Start("welcome", Captured, Started).ShouldBeEmpty("it is sent that already");
    }

    [Fact]
    public void Nobody_is_sent_what_he_cannot_get_or_does_not_want()
    {
        Refused("nothing", Captured).ShouldBe("lead.nurture-unknown");
        Refused("later", Captured, Started).ShouldBe("lead.nurtured");
        Refused("later", Captured with { Email = null }).ShouldBe("lead.no-email");
        Refused("later", Captured, new LeadUnsubscribed()).ShouldBe("lead.unsubscribed");
        Clock(Captured, new LeadUnsubscribed(), new LeadResubscribed(new Personal("enc:v1:k:x"))).IsUnsubscribed.ShouldBeFalse();
        Refused("later", Captured, new LeadFlagged(RecordFlag.Test)).ShouldBe("lead.flagged");
        Refused("later", Captured, new LeadDisqualified("x")).ShouldBe("lead.not-open");
    }

    private static DateTimeOffset At(int day, int hour) =>
        FixedZone.Shanghai.InstantOf(new DateTime(2026, 11, 1).AddDays(day - 1).AddHours(hour));

    private static IReadOnlyList<ILeadEvent> React(params IReadOnlyList<ILeadEvent> facts) => LeadRoutine.React(
        Lead(facts), Clock(facts), [.. facts.Select(fact => new LeadFact(fact, Friday))], new NoBooks(), new RulesInForce(Policy, 4),
        Friday, has: true, isForSale: true);

    private static IReadOnlyList<ILeadEvent> Ring(DateTimeOffset now, params IReadOnlyList<ILeadEvent> facts) =>
        RingLeadClock.Decide(Clock(facts), Policy, now);

    private static IReadOnlyList<ILeadEvent> Start(string sequence, params IReadOnlyList<ILeadEvent> facts) =>
        NurtureLead.Start(Lead(facts), Clock(facts), sequence, Policy, playbook: 4, "not now", Friday);

    private static string Refused(string sequence, params IReadOnlyList<ILeadEvent> facts) =>
        Should.Throw<Rejection>(() => Start(sequence, facts)).Code;

    private static Lead Lead(IEnumerable<ILeadEvent> facts) => facts.Aggregate(Crm.Domain.Leads.Lead.None, Crm.Domain.Leads.Lead.Evolve);

    private static LeadClock Clock(params IReadOnlyList<ILeadEvent> facts) =>
        facts.Aggregate(LeadClock.None, (clock, fact) => LeadClock.Evolve(clock, fact, Friday));

    private sealed class NoBooks : ILeadBooks
    {
        public int OpenOf(string rep) => 0;

        public long LastTurn(string rule, string rep) => 0;

        public bool IsSuspended(string rep) => false;
    }
}
