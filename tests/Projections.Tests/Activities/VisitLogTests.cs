using Crm.Domain;
using Crm.Domain.Activities;
using Crm.Domain.Customers;
using Crm.Domain.Leads;
using Crm.Domain.Opportunities;
using Crm.EventModel;
using Crm.Projections.Activities;

namespace Crm.Projections.Tests.Activities;

public sealed class VisitLogTests
{
    private static readonly Guid Touch = Guid.Parse("01920000-0000-7000-8000-000000000001");
    private static readonly Guid Other = Guid.Parse("01920000-0000-7000-8000-000000000002");

    private static readonly Visit Seen = new(
        "li.na", "phone-7", IsNear: false, Other, 420, 12, [new(VisitDoubtOf.TooFar), new(VisitDoubtOf.TooFast, Other)], ["shelf"],
            ["9f86"]);

    [Fact]
    public void A_visit_is_a_row_with_what_speaks_against_it_and_its_place_sealed()
    {
        var row = Say(new OpportunityTouched(
            Touch, TouchKind.Visit, Direction.Outbound, Visit: Seen, Place: new Personal("enc:v1:k1:cA=="))).ShouldNotBeNull();

        (row.VisitId, row.Record, row.Rep, row.CustomerId, row.Kind, row.IsNear, row.IsDoubtful, row.DistanceMetres, row.AccuracyMetres,
            row.Place)
            .ShouldBe((Touch, "opportunity", "li.na", Other, "visit", false, true, 420, 12, "enc:v1:k1:cA=="));
        row.Doubts.ShouldBe(["too-far", $"too-fast:{Other}"]);
        (row.Ticks, row.Photos).ShouldSatisfyAllConditions(both => both.Ticks.ShouldBe(["shelf"]), both => both.Photos.ShouldBe(["9f86"]));
    }

    [Fact]
    public void It_is_told_whom_it_was_made_to()
    {
        Say(new LeadTouched(Touch, TouchKind.Visit, Direction.Outbound, Visit: Seen))!.Record.ShouldBe("lead");
        Say(new CustomerTouched(Touch, TouchKind.Visit, Direction.Outbound, Visit: Seen))!.Record.ShouldBe("customer");
    }

    [Fact]
    public void A_touch_of_which_no_phone_told_is_none() =>
        Say(new OpportunityTouched(Touch, TouchKind.Visit, Direction.Outbound)).ShouldBeNull();

    private static VisitLog.Row? Say(object fact) => Catalog.Visits.Say(new Recorded(
        "acme", Touch, 1, Position: 10, Guid.NewGuid(), EventCatalog.Types.AliasOf(fact), fact, Story<VisitLog.Row>.Monday.AddHours(1),
        Story<VisitLog.Row>.Monday, new Metadata()));
}
