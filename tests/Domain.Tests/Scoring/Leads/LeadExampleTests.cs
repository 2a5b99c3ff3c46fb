using Crm.Domain.Activities;
using Crm.Domain.Leads;
using Crm.Domain.Scoring.Leads;
using Crm.Domain.Scoring.Points;

namespace Crm.Domain.Tests.Scoring.Leads;

public sealed class LeadExampleTests
{
    private static readonly DateTimeOffset Monday = new(2026, 6, 1, 9, 0, 0, TimeSpan.Zero);
    private static readonly ExampleTerms Terms = new(ScoreOutcome.Qualified, Monday.AddDays(60), MaturityDays: 30, HoursAfterCapture: 0);
    private static readonly LeadFact Captured = new(new LeadCaptured("web", Region: "East", Email: new("enc:v1:k:x")), Monday);
    private static readonly LeadFact Qualified = At(5, new LeadQualified(Guid.Empty, Guid.Empty));

    [Fact]
    public void A_lead_is_read_as_it_was_captured()
    {
        var example = Of(Captured, At(1, new LeadChanged(Industry: "machinery", Region: "West")), Qualified)!;

        Value(example, "region").ShouldBe("East");
        Value(example, "industry").ShouldBeNull();
        (Value(example, "hasEmail"), Value(example, "hasPhone"), Value(example, "captures")).ShouldBe(("true", "false", "1"));
        example.Converted.ShouldBeTrue();
    }

    [Fact]
    public void What_is_known_of_a_person_is_not_read() =>
        Of(Captured, Qualified)!.Values.ShouldAllBe(value => value == null || !value.Contains("enc:"));

    [Fact]
    public void When_fields_were_filled_and_changed_is_held_against_the_outcome()
    {
        var changed = At(6, new LeadChanged(Region: "West", Industry: "machinery"));

        var dates = Of(Captured, At(1, new LeadChanged(Region: "East")), Qualified, changed)!.Dates;

        dates.Outcome.ShouldBe(Monday.AddDays(5));
        dates.Fields["source"].ShouldBe(new(Monday, Monday));
        dates.Fields["region"].ShouldBe(new(Monday, Monday.AddDays(6)));
        dates.Fields["industry"].ShouldBe(new(Monday.AddDays(6), Monday.AddDays(6)));
        dates.Fields["hasEmail"].ShouldBe(new(Monday, Monday));
        dates.Fields.Keys.ShouldNotContain("hasPhone");
    }

    [Fact]
    public void Where_all_is_told_of_one_moment_nobody_knows_what_came_first() =>
        Of(Captured, At(0, new LeadQualified(Guid.Empty, Guid.Empty)))!.Dates.Fields.ShouldBeEmpty();

    [Fact]
    public void A_lead_that_nobody_decided_on_counts_once_it_is_old_enough()
    {
        AsOf(29, Captured).ShouldBeNull();
        AsOf(30, Captured)!.Converted.ShouldBeFalse();
        AsOf(3, Captured, At(2, new LeadDisqualified("no budget")))!.Converted.ShouldBeFalse();
        AsOf(5, Captured, Qualified).ShouldBeNull("what happens at that moment is not known yet");
    }

    [Fact]
    public void What_is_part_of_another_lead_is_no_example() =>
        Of(Captured, At(1, new LeadMerged(Guid.NewGuid())), Qualified).ShouldBeNull();

    [Fact]
    public void What_is_no_business_is_no_example() =>
        Of(At(0, new LeadFlagged(RecordFlag.Test)), Captured, Qualified).ShouldBeNull();

    [Fact]
    public void Of_a_lead_that_became_an_opportunity_its_end_is_the_outcome()
    {
        var terms = Terms with { Outcome = ScoreOutcome.Won };
        DealEnd won = new(IsWon: true, Monday.AddDays(20));

        LeadExample.Of([Captured, Qualified], terms, null, won)!.Dates.Outcome.ShouldBe(won.At);
        LeadExample.Of([Captured, Qualified], terms, null, won with { IsWon = false })!.Converted.ShouldBeFalse();
        LeadExample.Of([Captured, Qualified], terms with { AsOf = Monday.AddDays(25) }, null, null).ShouldBeNull("it may still be won");
    }

    [Fact]
    public void Read_hours_later_it_has_what_happened_by_then_and_whoever_was_decided_on_before_is_left_aside()
    {
        var terms = Terms with { HoursAfterCapture = 24 };
        LeadTouched view = new(Guid.Empty, TouchKind.PageView, Direction.Inbound);
        var columns = LeadReading.ColumnsAfter(24).ToList();

        var example = LeadExample.Of([Captured, new(view, Monday.AddHours(2)), At(2, view), Qualified], terms, null, null)!;

        (example.Values[columns.IndexOf("touches.page-view")], example.Values[columns.IndexOf("touches.call")]).ShouldBe(("1", "0"));
        LeadExample.Of([Captured, new(new LeadQualified(Guid.Empty, Guid.Empty), Monday.AddHours(3))], terms, null, null).ShouldBeNull();
    }

    [Fact]
    public void Its_points_are_those_of_when_it_is_read()
    {
        PointsModel points = new(
            [new PointsRule.ForBehaviour("in", "In", 10, "capture"), new PointsRule.ForBehaviour("views", "Views", 10, "page-view")]);
        var view = At(1, new LeadTouched(Guid.Empty, TouchKind.PageView, Direction.Inbound));

        LeadExample.Of([Captured, view, Qualified], Terms, points, null)!.Points.ShouldBe(10m);
    }

    private static LeadExample? Of(params LeadFact[] facts) => LeadExample.Of(facts, Terms, points: null, deal: null);

    private static LeadExample? AsOf(int days, params LeadFact[] facts) =>
        LeadExample.Of(facts, Terms with { AsOf = Monday.AddDays(days) }, points: null, deal: null);

    private static LeadFact At(int days, ILeadEvent fact) => new(fact, Monday.AddDays(days));

    private static string? Value(LeadExample example, string column) => example.Values[LeadReading.Fields.ToList().IndexOf(column)];
}
