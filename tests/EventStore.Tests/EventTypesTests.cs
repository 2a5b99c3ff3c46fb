using System.Text;
using Crm.EventModel;

namespace Crm.EventStore.Tests;

public sealed class EventTypesTests
{
    private sealed record TeaPoured(int Cups);

    private sealed record TeaPouredV2(decimal Litres);

    [Theory]
    [InlineData("LeadCaptured", "lead_captured")]
    [InlineData("OpportunityCloseDateChanged", "opportunity_close_date_changed")]
    [InlineData("TeaPouredV2", "tea_poured_v2")]
    public void A_stored_name_is_the_short_name_split_at_its_humps(string type, string alias) => EventTypes.AliasOf(type).ShouldBe(alias);

    [Fact]
    public void Two_types_with_one_name_fail_at_start() => Should.Throw<InvalidOperationException>(() =>
        new EventTypes().Add(typeof(TeaPoured), typeof(Elsewhere.TeaPoured))).Message.ShouldContain("tea_poured");

    [Fact]
    public void An_old_shape_is_lifted_to_the_new_one_on_the_way_in()
    {
        var types = new EventTypes().Lift<TeaPoured, TeaPouredV2>("tea_poured", old => new TeaPouredV2(old.Cups * 0.2m)).Add(typeof(TeaPouredV2));

        types.Read("tea_poured", """{"cups":3}"""u8).ShouldBe(new TeaPouredV2(0.6m));
        types.AliasOf(new TeaPouredV2(1m)).ShouldBe("tea_poured_v2");
        types.AliasesOf(typeof(TeaPouredV2)).ShouldBe(["tea_poured", "tea_poured_v2"]);
    }

    [Fact]
    public void A_name_from_the_future_is_kept_as_it_is() =>
        new EventTypes().Read("tea_spilt", """{"where":"carpet"}"""u8).ShouldBe(new UnknownEvent("tea_spilt", """{"where":"carpet"}"""));

    [Fact]
    public void Events_are_written_in_camel_case_with_their_text_as_it_is() =>
        Encoding.UTF8.GetString(StoreFixture.Types.Write(new CoffeeOrdered("拿铁", 4.50m))).ShouldBe("""{"drink":"拿铁","price":4.50}""");

    private static class Elsewhere
    {
        public sealed record TeaPoured(string Pot);
    }
}
