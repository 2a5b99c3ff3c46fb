using Crm.Domain.Activities;
using Crm.Domain.Playbooks;

namespace Crm.Domain.Tests.Activities;

public sealed class VisitCheckTests
{
    private const string Photo = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    private static readonly DateTimeOffset Noon = new(2026, 11, 23, 4, 0, 0, TimeSpan.Zero);
    private static readonly Guid Touch = Guid.Parse("01920000-0000-7000-8000-000000000001");
    private static readonly Guid Other = Guid.Parse("01920000-0000-7000-8000-000000000002");
    private static readonly Guid Customer = Guid.Parse("01920000-0000-7000-8000-000000000003");
    private static readonly GeoPoint Shop = new(31.2304, 121.4737);
    private static readonly GeoPoint NextDoor = new(31.2313, 121.4737);        // 100 m to the north
    private static readonly GeoPoint Suzhou = new(31.2989, 120.5853);          // 85 km to the west
    private static readonly VisitTold Told = new(Touch, "li.na", "phone-7", Noon, NextDoor, AccuracyMetres: 20);

    [Fact]
    public void One_made_at_the_address_is_near()
    {
        var visit = Look(Told);

        (visit.IsNear, visit.DistanceMetres, visit.AccuracyMetres, visit.CustomerId, visit.Rep, visit.Doubts)
            .ShouldBe((true, 100, 20, Customer, "li.na", null));
    }

    [Fact]
    public void A_photo_that_is_named_three_times_is_one()
    {
        var visit = Look(Told with { Photos = [Photo, Photo, Photo], Ticks = ["shelf", "shelf"] }, rules: new(Photos: 2));

        visit.Doubts.ShouldBe([new(VisitDoubtOf.PhotosMissing)]);
        (visit.Photos!.Count, visit.Ticks!.Count).ShouldBe((1, 1));
    }

    [Fact]
    public void One_made_elsewhere_is_too_far()
    {
        var visit = Look(Told with { Position = Suzhou });

        (visit.IsNear, visit.DistanceMetres).ShouldBe((false, 84_783));
        visit.Doubts.ShouldBe([new(VisitDoubtOf.TooFar)]);
    }

    [Fact]
    public void At_the_very_bound_it_is_near()
    {
        Look(Told, rules: new(WithinMetres: 100)).IsNear.ShouldBeTrue();
        Look(Told, rules: new(WithinMetres: 99)).IsNear.ShouldBeFalse();
        Look(Told, rules: new(MaximumAccuracyMetres: 20)).IsNear.ShouldBeTrue();
        Look(Told, rules: new(MaximumAccuracyMetres: 19)).Doubts.ShouldBe([new(VisitDoubtOf.PoorAccuracy)]);
    }

    [Fact]
    public void Nobody_is_near_where_the_address_the_position_or_its_accuracy_is_not_known()
    {
        Look(Told, address: null).Doubts.ShouldBe([new(VisitDoubtOf.NoAddress)]);
        Look(Told with { Position = null, AccuracyMetres = null }).Doubts.ShouldBe([new(VisitDoubtOf.NoPosition)]);
        Look(Told with { AccuracyMetres = null }).Doubts.ShouldBe([new(VisitDoubtOf.PoorAccuracy)]);
        foreach (var visit in (Visit[])[Look(Told, address: null), Look(Told with { Position = null }),
            Look(Told with { AccuracyMetres = null })])
        {
            visit.IsNear.ShouldBeFalse();
        }
    }

    [Theory]
    [InlineData(-30, true)]                                                    // 85 km in half an hour: 170 km/h
    [InlineData(30, true)]
    [InlineData(0, true)]
    [InlineData(-40, false)]
    [InlineData(40, false)]
    public void Two_visits_go_together_where_somebody_could_have_come_from_one_to_the_other(int minutes, bool isTooFast)
    {
        var visit = Look(Told, others: [new(Other, Noon.AddMinutes(minutes), Suzhou, 20)]);

        (visit.Doubts ?? []).ShouldBe(isTooFast ? [new VisitDoubt(VisitDoubtOf.TooFast, Other)] : []);
        visit.IsNear.ShouldBe(!isTooFast);
    }

    [Fact]
    public void Only_the_one_before_and_the_one_behind_are_looked_at_and_never_itself()
    {
        VisitStop[] others =
        [
            new(Guid.NewGuid(), Noon.AddMinutes(-30), Suzhou, 20), new(Other, Noon.AddMinutes(-10), Shop, 20), new(Touch, Noon, Suzhou, 20)
        ];

        Look(Told, others: others).Doubts.ShouldBeNull();
    }

    [Fact]
    public void By_how_much_both_may_be_wrong_they_may_have_been_closer() =>
        Look(Told, others: [new(Other, Noon, new(31.2349, 121.4737), AccuracyMetres: 90)]).Doubts.ShouldBeNull();

    [Fact]
    public void One_that_was_told_late_or_with_a_known_photo_or_too_few_is_doubtful_and_near_all_the_same()
    {
        var visit = Look(
            Told with { Photos = [Photo] }, rules: new(Photos: 2, ToldWithinHours: 24), now: Noon.AddHours(24.5),
            photos: new() { [Photo] = Other });

        visit.Doubts.ShouldBe([new(VisitDoubtOf.ToldLate), new(VisitDoubtOf.PhotoKnown, Other), new(VisitDoubtOf.PhotosMissing)]);
        visit.IsNear.ShouldBeTrue();
        Look(Told, now: Noon.AddHours(24)).Doubts.ShouldBeNull();
    }

    private static Visit Look(VisitTold told, VisitsSection? rules = null, VisitStop[]? others = null, Dictionary<string,
        Guid>? photos = null, DateTimeOffset? now = null) =>
        VisitCheck.Of(told, Customer, Shop, others ?? [], photos ?? [], rules ?? VisitsSection.Usual, now ?? Noon);

    private static Visit Look(VisitTold told, GeoPoint? address) =>
        VisitCheck.Of(told, Customer, address, [], new Dictionary<string, Guid>(), VisitsSection.Usual, Noon);
}
