using Crm.Domain.Activities;
using Crm.Domain.Leads;
using Crm.Domain.Playbooks;
using Crm.Domain.Tests.Calendars;
using Crm.Domain.Tests.Playbooks;

namespace Crm.Domain.Tests.Leads;

public sealed class LeadSimulationTests
{
    private static readonly DateTimeOffset Monday = FixedZone.Shanghai.InstantOf(new DateTime(2026, 11, 23, 10, 0, 0));
    private static readonly DateTimeOffset End = Monday.AddDays(4);
    private static readonly Guid Lead = new("0198c5f2-7b1e-7c3a-9d39-5b0f6b1a8e52");
    private static readonly PlaybookDocument ByRegion = Documents.B2B with
    {
        Reps = [new("li", "chen", Regions: ["East"]), new("wang", "chen", Regions: ["West"]), new("chen", TakesLeads: false)],
        Assignment = new([new("region", "Region", Match: [Knowing.Region])])
    };

    [Fact]
    public void What_the_rules_did_is_done_again_by_the_rules_on_trial()
    {
        var result = Simulate(ByRegion,
            (new LeadCaptured("web", Region: "West"), Monday), (new LeadAssigned("li", Ground: new(AssignedBy.Rule, "old")), Monday.AddSeconds(1)));

        (result.Leads, result.WereGiven, result.WouldBeGiven, result.Otherwise).ShouldBe((1, 1, 1, 1));
        result.Reps.ShouldBe([new("li", 1, 0), new("wang", 0, 1)]);
        result.Examples.ShouldHaveSingleItem().ShouldBe(new SimulatedLead(Lead, "li", "wang", "region", null, CannotTell: false));
    }

    [Fact]
    public void Clocks_that_would_have_broken_are_counted()
    {
        var result = Simulate(ByRegion, (new LeadCaptured("web", Region: "West"), Monday));

        result.Acts.ShouldBe([new("given", 0, 1), new("given-to-superior", 0, 1), new("missed", 0, 1), new("reminded", 0, 1)], "nobody else knows the West");
        result.LeftInPool.ShouldBeEmpty();
    }

    [Fact]
    public void A_lead_that_is_found_to_be_another_as_it_comes_in_goes_to_nobody() =>
        Simulate(ByRegion, (new LeadCaptured("web", Region: "West"), Monday), (new LeadMerged(Guid.NewGuid()), Monday.AddTicks(10))).WouldBeGiven.ShouldBe(0);

    [Fact]
    public void What_people_did_stands_and_where_it_was_not_theirs_the_log_cannot_tell()
    {
        (ILeadEvent, DateTimeOffset)[] story =
        [
            (new LeadCaptured("web", Region: "West"), Monday), (new LeadAssigned("li", Ground: new(AssignedBy.Rule, "old")), Monday.AddSeconds(1)),
            (new LeadTouched(Guid.NewGuid(), TouchKind.Call, Direction.Outbound), Monday.AddHours(2))
        ];
        var result = Simulate(ByRegion, story);

        result.CannotTell.ShouldBe(1);
        result.Acts.ShouldBe([new("given", 1, 1), new("silent", 0, 1)], "the call came in time, whoever would have made it, and none after it");
    }

    [Fact]
    public void Under_the_rules_that_were_in_force_it_comes_out_as_it_did()
    {
        var policy = LeadPolicy.Of(ByRegion, FixedZone.Shanghai);
        var given = new LeadAssigned("wang", Ground: new(AssignedBy.Rule, "region"), Terms: policy.TermsFrom(Monday));
        var respondBy = given.Terms!.RespondBy!.Value;
        var result = Simulate(ByRegion, (new LeadCaptured("web", Region: "West"), Monday), (given, Monday), (new LeadReminded("wang", respondBy), given.Terms.RemindAt!.Value),
            (new LeadResponseMissed("wang", respondBy, 1), respondBy), (new LeadReturned("wang", ReturnedBecause.NoResponse), respondBy), (new LeadAssigned("chen", Ground: new(AssignedBy.Rounds, Round: 1)), respondBy));

        result.Otherwise.ShouldBe(0);
        result.Acts.ShouldAllBe(act => act.Did == act.Would);
    }

    [Fact]
    public void What_the_rules_on_trial_flag_is_given_to_nobody()
    {
        var result = Simulate(ByRegion with { Flags = new([new("web", "Web", RecordFlag.Test, Documents.When("source", "eq", "web"))]) },
            (new LeadCaptured("web", Region: "West"), Monday), (new LeadAssigned("wang", Ground: new(AssignedBy.Rule, "region")), Monday));

        result.Acts.ShouldBe([new("flagged", 0, 1), new("given", 1, 0)]);
    }

    [Fact]
    public void What_was_before_is_as_it_was_and_the_clocks_of_then_go_on()
    {
        var simulation = new LeadSimulation(LeadPolicy.Of(ByRegion, FixedZone.Shanghai), Monday, End, new HashSet<string>());
        var policy = LeadPolicy.Of(ByRegion, FixedZone.Shanghai);
        simulation.Take(Lead, new LeadCaptured("web", Region: "West"), Monday.AddDays(-7), Monday.AddDays(-7), isOfFile: false);
        simulation.Take(Lead, new LeadAssigned("li", Ground: new(AssignedBy.Rule, "old"), Terms: new(RespondBy: Monday.AddHours(1))), Monday.AddDays(-7), Monday.AddDays(-7), isOfFile: false);

        var result = simulation.End();
        result.Acts.ShouldContain(new SimulatedCount("missed", 0, 2), "he who had it, and he who would have got it then");
        result.Reps.ShouldBe([new("wang", 0, 1)]);
    }

    [Fact]
    public void What_came_by_files_is_left_alone_unless_the_playbook_says_otherwise()
    {
        Of(ByRegion).WouldBeGiven.ShouldBe(0);
        Of(ByRegion with { Assignment = ByRegion.Assignment! with { Imported = true } }).WouldBeGiven.ShouldBe(1);

        static LeadSimulationResult Of(PlaybookDocument document)
        {
            var simulation = new LeadSimulation(LeadPolicy.Of(document, FixedZone.Shanghai), Monday, End, new HashSet<string>());
            simulation.Take(Lead, new LeadCaptured("fair", Region: "West"), Monday, Monday, isOfFile: true);
            return simulation.End();
        }
    }

    private static LeadSimulationResult Simulate(PlaybookDocument document, params (ILeadEvent Fact, DateTimeOffset At)[] story)
    {
        var simulation = new LeadSimulation(LeadPolicy.Of(document, FixedZone.Shanghai), Monday, End, new HashSet<string>());
        foreach (var (fact, at) in story)
        {
            simulation.Take(Lead, fact, at, at, isOfFile: false);
        }

        return simulation.End();
    }
}
