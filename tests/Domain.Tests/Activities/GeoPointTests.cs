using Crm.Domain.Activities;
using FsCheck;
using FsCheck.Fluent;

namespace Crm.Domain.Tests.Activities;

public sealed class GeoPointTests
{
    private const double Degree = 111_195.08;                                  // a 360th of the way round: 2 π 6,371,008.8 m / 360

    [Theory]
    [InlineData(0, 0, 0, 1, Degree)]
    [InlineData(0, 0, 1, 0, Degree)]
    [InlineData(60, 0, 60, 0.001, 55.5975)]                                    // half as far as at the equator: cos 60° is a half
    [InlineData(0, 0, 0, 180, 180 * Degree)]
    [InlineData(90, 12, -90, 77, 180 * Degree)]
    [InlineData(0, 179.9995, 0, -179.9995, Degree / 1000)]                     // over the line where a day ends
    [InlineData(31.2304, 121.4737, 31.2304, 121.4737, 0)]
    public void So_far_is_it(double latitude, double longitude, double otherLatitude, double otherLongitude, double metres) =>
        new GeoPoint(latitude, longitude).MetresTo(new(otherLatitude, otherLongitude)).ShouldBe(metres, tolerance: 1e-6 * metres + 1e-4);

    [Fact]
    public void It_is_as_far_back_and_never_shorter_round_a_corner() =>
        Prop.ForAll(Points().Three().ToArbitrary(), points =>
        {
            var (a, b, c) = points;
            return Math.Abs(a.MetresTo(b) - b.MetresTo(a)) < 1e-3 && a.MetresTo(c) <= a.MetresTo(b) + b.MetresTo(c) + 1e-3;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void What_was_written_is_read_to_a_tenth_of_a_metre() =>
        Prop.ForAll(Points().ToArbitrary(), point => GeoPoint.Read(point.ToString()) is { } read && read.MetresTo(point) < 0.1)
            .QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("31.2")]
    [InlineData("31.2,east")]
    public void What_is_no_place_is_none(string? text) => GeoPoint.Read(text).ShouldBeNull();

    private static Gen<GeoPoint> Points() =>
        from latitude in Gen.Choose(-90_000_000, 90_000_000)
        from longitude in Gen.Choose(-180_000_000, 180_000_000)
        select new GeoPoint(latitude / 1e6, longitude / 1e6);
}
