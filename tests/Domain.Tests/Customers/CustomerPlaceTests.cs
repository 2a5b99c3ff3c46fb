using Crm.Domain.Activities;
using Crm.Domain.Customers;

namespace Crm.Domain.Tests.Customers;

public sealed class CustomerPlaceTests() : Spec<Customer, ICustomerCommand, ICustomerEvent>(CustomerDecider.Instance)
{
    private static readonly Guid Touch = Guid.Parse("01920000-0000-7000-8000-000000000001");
    private static readonly Visit Seen = new("li.na", "phone-7", IsNear: true);
    private static readonly CustomerRegistered Hengce = new("Hengce");

    [Fact]
    public void It_is_where_somebody_says_to_six_decimals() =>
        Given(Hengce).When(new LocateCustomer(new(31.23040049, 121.4737))).Then(new CustomerLocated(31.2304, 121.4737));

    [Fact]
    public void Nobody_knows_any_more_where_it_is() =>
        Given(Hengce, new CustomerLocated(31.2304, 121.4737)).When(new LocateCustomer(null)).Then(new CustomerLocated());

    [Fact]
    public void Where_it_is_already_it_need_not_be_said() =>
        Given(Hengce, new CustomerLocated(31.2304, 121.4737)).When(new LocateCustomer(new(31.2304, 121.4737))).ThenNothing();

    [Theory]
    [InlineData(90.1, 0)]
    [InlineData(0, -180.1)]
    [InlineData(double.NaN, 0)]
    public void There_is_no_such_place(double latitude, double longitude) =>
        Given(Hengce).When(new LocateCustomer(new(latitude, longitude))).ThenRejected("customer.location");

    [Fact]
    public void It_is_visited_beside_any_opportunity_once_whatever_is_said_again() =>
        Given(Hengce).When(new TouchCustomer(Touch, TouchKind.Visit, Direction.Outbound, Outcome: "restocked", Visit: Seen))
            .Then(new CustomerTouched(Touch, TouchKind.Visit, Direction.Outbound, Outcome: "restocked", Visit: Seen));

    [Fact]
    public void A_visit_is_not_told_again_of_an_earlier_time() =>
        Given(Hengce).AndSince(new CustomerTouched(Touch, TouchKind.Visit, Direction.Outbound))
            .When(new TouchCustomer(Touch, TouchKind.Visit, Direction.Outbound)).ThenRejected("customer.touch-known");

    [Fact]
    public void It_seems_to_be_in_the_middle_of_where_people_were_wherever_a_few_of_them_went()
    {
        AddressGuess.Of([new(31.1, 121.1), new(31.2, 121.2)]).ShouldBeNull();
        var guess = AddressGuess.Of([new(31.2304, 121.4737), new(31.2306, 121.4735), new(31.2305, 121.4736), new(39.9, 116.4)])
            .ShouldNotBeNull();

        (guess.Place, guess.Visits).ShouldBe((new GeoPoint(31.231, 121.474), 4));
        guess.FarthestMetres.ShouldBeInRange(1_060_000, 1_080_000);
    }

    [Fact]
    public void Where_one_person_was_is_proposed_to_nobody_to_the_metre() =>
        AddressGuess.Of([new(31.230412, 121.473733), new(31.230412, 121.473733), new(31.230412, 121.473733)])!.Place
            .ShouldBe(new GeoPoint(31.23, 121.474));
}
