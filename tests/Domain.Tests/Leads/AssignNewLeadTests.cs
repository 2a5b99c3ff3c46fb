using Crm.Domain.Activities;
using Crm.Domain.Leads;
using Crm.Domain.Playbooks;
using Crm.Domain.Tests.Calendars;
using Crm.Domain.Tests.Playbooks;

namespace Crm.Domain.Tests.Leads;

public sealed class AssignNewLeadTests
{
    private static readonly DateTimeOffset Monday = FixedZone.Shanghai.InstantOf(new DateTime(2026, 11, 23, 10, 0, 0));
    private static readonly LeadCaptured East = new("web", Region: "East", Industry: "machinery", Employees: 300);

    [Fact]
    public void A_lead_goes_to_who_knows_its_region_and_the_others_are_told_why_not()
    {
        var given = Given(East, Reps(new("li", Regions: ["East"]), new("wang", Regions: ["West"])), new AssignmentRuleSection("region", "Region", Match: [Knowing.Region]))
            .ShouldBeOfType<LeadAssigned>();

        (given.Rep, given.Ground!.By, given.Ground.Rule, given.Ground.Round).ShouldBe(("li", AssignedBy.Rule, "region", 1));
        given.Ground.PassedOver.ShouldHaveSingleItem().ShouldBe(new PassedOver("wang", "region"));
    }

    [Fact]
    public void Whoever_names_no_region_knows_all() =>
        Rep(Given(East, Reps(new RepSection("li")), new AssignmentRuleSection("region", "Region", Match: [Knowing.Region]))).ShouldBe("li");

    [Fact]
    public void A_rule_that_has_nobody_who_knows_leaves_it_to_the_next() =>
        Rule(Given(East, Reps(new RepSection("wang", Regions: ["West"])), new AssignmentRuleSection("region", "Region", Match: [Knowing.Region]), new("rest", "Rest"))).ShouldBe("rest");

    [Fact]
    public void The_first_rule_that_fits_decides() =>
        Rule(Given(East, Reps(new RepSection("li")), new AssignmentRuleSection("small", "Small", Documents.When("employees", "lt", 50)), new("large", "Large", Documents.When("employees", "gte", 200)), new("rest", "Rest")))
            .ShouldBe("large");

    [Fact]
    public void In_turn_it_is_whoever_got_one_longest_ago()
    {
        var books = new Books { Turns = { ["rule/li"] = 7, ["rule/wang"] = 5 } };

        Rep(Given(East, Reps(new("li"), new("wang")), books, new AssignmentRuleSection("rule", "Rule"))).ShouldBe("wang");
        Rep(Given(East, Reps(new("li"), new("wang"), new("zhao")), books, new AssignmentRuleSection("rule", "Rule"))).ShouldBe("zhao");
    }

    [Fact]
    public void By_load_it_is_whoever_is_least_full()
    {
        var books = new Books { Open = { ["li"] = 10, ["wang"] = 12 } };

        Rep(Given(East, Reps(new("li", Capacity: 20), new("wang", Capacity: 40)), books, new AssignmentRuleSection("rule", "Rule", By: Turn.LeastLoaded))).ShouldBe("wang");
    }

    [Fact]
    public void Whoever_is_full_waits_and_the_lead_with_him()
    {
        var left = Given(East, Reps(new RepSection("li", Capacity: 10)), new Books { Open = { ["li"] = 10 } }, new AssignmentRuleSection("rule", "Rule")).ShouldBeOfType<LeadLeftInPool>();

        (left.Why, left.Rule, left.TryAgainAt).ShouldBe(("nobody-free", "rule", Monday.AddMinutes(15)));
        left.PassedOver.ShouldHaveSingleItem().ShouldBe(new PassedOver("li", "full", "10/10"));
    }

    [Fact]
    public void Those_at_work_come_first_and_at_night_anybody_unless_the_rule_waits()
    {
        var night = Monday.AddHours(12);
        PlaybookDocument company = Reps(new("li", Calendar: "office"), new("wang"));

        Rep(Given(East, company, night, new AssignmentRuleSection("rule", "Rule"))).ShouldBe("wang");
        Rep(Given(East, company with { Reps = [company.Reps![0]] }, night, new AssignmentRuleSection("rule", "Rule"))).ShouldBe("li");
        var left = Given(East, company with { Reps = [company.Reps![0]] }, night, new AssignmentRuleSection("rule", "Rule", OnlyAtWork: true)).ShouldBeOfType<LeadLeftInPool>();
        left.TryAgainAt.ShouldBe(Monday.AddHours(23), "when the office opens");
    }

    [Fact]
    public void Whoever_is_suspended_gets_none() =>
        Rep(Given(East, Reps(new("li"), new("wang")), new Books { Suspended = { "li" } }, new AssignmentRuleSection("rule", "Rule"))).ShouldBe("wang");

    [Fact]
    public void Where_all_who_could_are_suspended_it_is_asked_again()
    {
        var left = Given(East, Reps(new RepSection("li")), new Books { Suspended = { "li" } }, new AssignmentRuleSection("rule", "Rule")).ShouldBeOfType<LeadLeftInPool>();

        (left.Why, left.TryAgainAt, left.PassedOver!.ShouldHaveSingleItem().Why).ShouldBe(("nobody-free", Monday.AddMinutes(15), "suspended"));
    }

    [Fact]
    public void With_fewer_reps_than_rounds_it_goes_to_the_superior_when_all_have_had_it()
    {
        var policy = LeadPolicy.Of(Documents.B2B with { Reps = [new("li", "chen"), new("chen", TakesLeads: false)], Assignment = new([new("rule", "Rule")]) }, FixedZone.Shanghai);
        var clock = ((ILeadEvent[])[East, new LeadAssigned("li", Ground: new(AssignedBy.Rule, "rule")), new LeadReturned("li", ReturnedBecause.NoResponse)])
            .Aggregate(LeadClock.None, (state, fact) => LeadClock.Evolve(state, fact, Monday));

        Rep(AssignNewLead.Decide(Lead.Evolve(Lead.None, East), clock, new Books(), policy, Monday)).ShouldBe("chen");
        AssignNewLead.Decide(Lead.Evolve(Lead.None, East), clock, new Books { Suspended = { "chen" } }, policy, Monday).ShouldBe(new LeadLeftInPool("rounds-used-up"));
    }

    [Fact]
    public void What_is_held_back_waits_for_a_change()
    {
        var company = Reps(new RepSection("li")) with { Assignment = new([new("rule", "Rule")], HeldBack: Documents.When("touches", "lt", 2)) };
        var policy = LeadPolicy.Of(company, FixedZone.Shanghai);
        var lead = Lead.Evolve(Lead.None, East);
        var clock = LeadClock.Evolve(LeadClock.None, East, Monday);

        var left = AssignNewLead.Decide(lead, clock, new Books(), policy, Monday).ShouldBeOfType<LeadLeftInPool>();
        left.ShouldBe(new LeadLeftInPool("held-back"));
        clock = LeadClock.Evolve(clock, left, Monday);
        AssignNewLead.Decide(lead, clock, new Books(), policy, Monday).ShouldBeNull("it was said");
        lead = Lead.Evolve(lead, new LeadTouched(Guid.NewGuid(), TouchKind.Call, Direction.Outbound));
        Rep(AssignNewLead.Decide(lead, clock, new Books(), policy, Monday)).ShouldBe("li");
    }

    [Fact]
    public void Other_rules_are_asked_when_they_come_into_force()
    {
        var policy = LeadPolicy.Of(Reps(new RepSection("li", Regions: ["West"])) with { Assignment = new([new("region", "By region", Match: [Knowing.Region])]) }, FixedZone.Shanghai);
        var (lead, clock, friday) = (Lead.Evolve(Lead.None, East), LeadClock.Evolve(LeadClock.None, East, Monday), Monday.AddDays(4));
        clock = LeadClock.Evolve(clock, Left(otherRules: null).ShouldNotBeNull(), Monday);

        var left = Left(friday).ShouldNotBeNull("nobody knew that there would be others");
        (left.Why, left.TryAgainAt).ShouldBe(("no-rule", friday));
        clock = LeadClock.Evolve(clock, left, Monday);
        Left(friday).ShouldBeNull("it was said");
        Left(friday.AddDays(1)).ShouldBeNull("they are asked before that");

        LeadLeftInPool? Left(DateTimeOffset? otherRules) => (LeadLeftInPool?)AssignNewLead.Decide(lead, clock, new Books(), policy, Monday, otherRules);
    }

    [Fact]
    public void What_somebody_has_is_left_to_him()
    {
        var clock = LeadClock.Evolve(LeadClock.Evolve(LeadClock.None, East, Monday), new LeadAssigned("zhao"), Monday);

        AssignNewLead.Decide(Lead.Evolve(Lead.None, East), clock, new Books(), LeadPolicy.Of(Reps(new RepSection("li")) with { Assignment = new([new("rule", "Rule")]) }, FixedZone.Shanghai), Monday).ShouldBeNull();
    }

    [Fact]
    public void What_is_expected_of_him_comes_of_the_calendar()
    {
        var company = Documents.B2B with { Reps = [new("li")], Assignment = new([new("rule", "Rule")]) };

        var terms = Given(East, company, FixedZone.Shanghai.InstantOf(new DateTime(2026, 11, 27, 15, 0, 0))).ShouldBeOfType<LeadAssigned>().Terms!;
        terms.RespondBy.ShouldBe(FixedZone.Shanghai.InstantOf(new DateTime(2026, 11, 30, 15, 0, 0)), "Friday afternoon, so Monday afternoon");
        terms.SilentAt.ShouldBe(FixedZone.Shanghai.InstantOf(new DateTime(2026, 12, 2, 15, 0, 0)));
    }

    private static PlaybookDocument Reps(params RepSection[] reps) => Documents.B2B with { Reps = reps, Clocks = null };

    private static ILeadEvent? Given(LeadCaptured lead, PlaybookDocument company, params AssignmentRuleSection[] rules) => Given(lead, company, new Books(), Monday, rules);

    private static ILeadEvent? Given(LeadCaptured lead, PlaybookDocument company, Books books, params AssignmentRuleSection[] rules) => Given(lead, company, books, Monday, rules);

    private static ILeadEvent? Given(LeadCaptured lead, PlaybookDocument company, DateTimeOffset now, params AssignmentRuleSection[] rules) => Given(lead, company, new Books(), now, rules);

    private static ILeadEvent? Given(LeadCaptured lead, PlaybookDocument company, Books books, DateTimeOffset now, AssignmentRuleSection[] rules) => AssignNewLead.Decide(
        Lead.Evolve(Lead.None, lead), LeadClock.Evolve(LeadClock.None, lead, Monday), books,
        LeadPolicy.Of(rules.Length == 0 ? company : company with { Assignment = new(rules) }, FixedZone.Shanghai), now);

    private static string? Rep(ILeadEvent? given) => (given as LeadAssigned)?.Rep;

    private static string? Rule(ILeadEvent? given) => (given as LeadAssigned)?.Ground?.Rule;

    private sealed class Books : ILeadBooks
    {
        public Dictionary<string, int> Open { get; } = [];

        public Dictionary<string, long> Turns { get; } = [];

        public HashSet<string> Suspended { get; } = [];

        public int OpenOf(string rep) => Open.GetValueOrDefault(rep);

        public long LastTurn(string rule, string rep) => Turns.GetValueOrDefault($"{rule}/{rep}");

        public bool IsSuspended(string rep) => Suspended.Contains(rep);
    }
}
