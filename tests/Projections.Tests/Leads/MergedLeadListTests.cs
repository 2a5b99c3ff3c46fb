using Crm.Domain;
using Crm.Domain.Activities;
using Crm.Domain.Leads;
using Crm.Projections.Leads;

namespace Crm.Projections.Tests.Leads;

public sealed class MergedLeadListTests
{
    private static readonly Guid Other = Guid.Parse("01920000-0000-7000-8000-000000000031");
    private static readonly Guid Third = Guid.Parse("01920000-0000-7000-8000-000000000032");
    private static readonly LeadAbsorbed Absorbed = new(Other, Touches: 3, LastTouchAt: Story<LeadList.Row>.Monday.AddDays(9), Email: new Personal("enc:v1:k:m"), Employees: 70);

    private readonly Story<LeadList.Row> story = new(Catalog.Leads);

    [Fact]
    public void The_capture_is_the_first_touch()
    {
        story.Then(2, new LeadCaptured("web")).Then(1, new LeadTouched(Other, TouchKind.Call, Direction.Inbound));

        (story.Row!.Touches, story.Row.Captures, story.Row.LastTouchAt).ShouldBe((2, 1, Story<LeadList.Row>.Monday.AddDays(2)));
    }

    [Fact]
    public void A_whole_shows_what_its_parts_lend_it_until_they_go()
    {
        story.Then(0, new LeadCaptured("web", "Acme")).Then(1, Absorbed).Then(2, new LeadReleased([Other], Touches: 3, Captures: 1, Story<LeadList.Row>.Monday));

        var with = story.RowAsOf(2)!;
        (with.Email, with.Employees, with.SizeBand, with.Touches, with.Captures).ShouldBe(("enc:v1:k:m", 70, "medium", 4, 2));
        with.Borrowed.ShouldBe(["email", "employees"]);
        var without = story.Row!;
        without.ShouldBe(story.RowAsOf(1)! with { Borrowed = without.Borrowed, Lenders = without.Lenders, Touched = without.Touched });
        (without.Borrowed.Count, without.Lenders.Count, without.Touched.Count).ShouldBe((0, 0, 0));
    }

    [Fact]
    public void What_it_learns_itself_stays_when_the_lender_goes()
    {
        story.Then(0, new LeadCaptured("web")).Then(1, Absorbed).Then(2, new LeadChanged(Email: new Personal("enc:v1:k:own"))).Then(3, new LeadReleased([Other], Touches: 3, Captures: 1));

        (story.Row!.Email, story.Row.Employees, story.Row.SizeBand).ShouldBe(("enc:v1:k:own", null, null));
    }

    [Fact]
    public void The_next_lender_takes_the_place_of_one_that_goes()
    {
        story.Then(0, new LeadCaptured("web")).Then(1, Absorbed).Then(2, Absorbed with { LeadId = Third, Email = new Personal("enc:v1:k:third") }).Then(3, new LeadReleased([Other], Touches: 3, Captures: 1));

        (story.Row!.Email, story.Row.Touches).ShouldBe(("enc:v1:k:third", 4));
    }

    [Fact]
    public void A_part_is_not_listed_until_it_is_a_lead_of_its_own_again()
    {
        story.Then(0, new LeadCaptured("web")).Then(1, new LeadAssigned("li.na")).Then(2, new LeadMerged(Other)).Then(3, new LeadUnmerged(Other));

        (story.RowAsOf(3)!.CapturedAt, story.RowAsOf(3)!.Status, story.RowAsOf(3)!.MergedInto).ShouldBe((null, "merged", Other));
        story.Row.ShouldNotBeNull().Status.ShouldBe("assigned");
        (story.Row!.CapturedAt, story.Row.MergedInto).ShouldBe((Story<LeadList.Row>.Monday, null));
    }
}
