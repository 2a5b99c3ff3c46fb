using Crm.Api.Ops;
using Crm.Api.Tests.Journeys;

namespace Crm.Api.Tests.Ops;

public sealed class TenantsVerbTests(CrmServer crm) : IClassFixture<CrmServer>
{
    [Theory]
    [InlineData("ACME\0", "control character")]
    [InlineData("ACME\u001b[31m", "control character")]
    [InlineData("  ", "is empty")]
    public void A_name_is_taken_as_the_api_would_take_it(string name, string why) =>
        Should.Throw<InvalidOperationException>(() => TenantsVerb.Name(name)).Message.ShouldContain(why);

    [Fact]
    public void A_name_of_201_characters_is_too_long_and_white_space_around_one_is_cut_off()
    {
        Should.Throw<InvalidOperationException>(() => TenantsVerb.Name(new string('x', 201))).Message.ShouldContain("At most 200");
        TenantsVerb.Name(" ACME GmbH ").ShouldBe("ACME GmbH");
    }

    [Fact]
    public async Task The_first_tenant_is_listed_without_a_key_as_soon_as_it_holds_anything()
    {
        (await TenantsVerb.All(crm.Engine.Store, default)).ShouldNotContain("main");
        (await crm.Http.Write("leads", new { source = "web" })).Ok();
        using var other = await crm.Tenant("zebra");

        (await TenantsVerb.All(crm.Engine.Store, default)).ShouldBe(["main", "zebra"]);
    }
}
