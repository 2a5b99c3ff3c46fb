using Crm.Api.Tests.Journeys;

namespace Crm.Api.Tests.Access;

/// <summary>When a deal was marked, signed, paid and delivered, and by which vouchers, is told to nobody from whom that is
/// hidden.</summary>
public sealed class HiddenMomentsTests(CrmServer crm) : IClassFixture<CrmServer>
{
    private static int tenants;

    [Theory]
    [InlineData("paid", "opportunity.paidAt")]
    [InlineData("paid", "opportunity.signedAt")]
    [InlineData("delivered", "opportunity.deliveredAt")]
    public async Task A_funnel_does_not_count_what_is_hidden(string win, string hidden)
    {
        using var admin = await Tenant();
        using var blind = await Blind(admin, hidden);

        (await blind.Read($"conversion?win={win}")).Status.ShouldBe(403);
        (await blind.Read("conversion")).Ok();
        (await admin.Read($"conversion?win={win}")).Ok();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Nothing_is_found_by_whether_it_is_marked_where_that_is_hidden(bool marked)
    {
        using var admin = await Tenant();
        using var blind = await Blind(admin, "opportunity.markedSince");
        var path = $"opportunities?marked={marked.ToString().ToLowerInvariant()}";

        (await (await blind.Read(path)).Refused()).Errors.Single().Where.ShouldContain("marked");
        (await admin.Read(path)).Ok();
    }

    [Theory]
    [InlineData("paymentReference", "Receipt 9041", "Delivery note 9041")]
    [InlineData("deliveryReference", "Delivery note 9041", "Receipt 9041")]
    public async Task A_voucher_is_hidden_in_the_fact_that_it_proves(string hidden, string secret, string shown)
    {
        using var admin = await Tenant();
        using var blind = await Blind(admin, $"opportunity.{hidden}");
        var deal = (await admin.Open()).Id;
        (await admin.Write($"opportunities/{deal}/win", new { reference = "Contract 9041" })).Ok();
        (await admin.Write($"opportunities/{deal}/payment", new { reference = "Receipt 9041" })).Ok();
        (await admin.Write($"opportunities/{deal}/delivery", new { reference = "Delivery note 9041" })).Ok();

        foreach (var path in (string[])["events", "history"])
        {
            var told = (await blind.Read($"opportunities/{deal}/{path}")).Ok().Text;
            told.ShouldNotContain(secret, customMessage: path);
            told.ShouldContain(shown, customMessage: path);
            told.ShouldContain("Contract 9041", customMessage: path);
        }
    }

    private Task<HttpClient> Tenant() => crm.Tenant($"hidden-moments-{Interlocked.Increment(ref tenants)}");

    private async Task<HttpClient> Blind(HttpClient admin, string hidden)
    {
        string[] functions = ["opportunities.read", "conversion.read"], hiddenFields = [hidden];
        (await admin.Put("roles/blind", new { functions, scope = "all", hiddenFields })).Ok();
        (await admin.Write("members", new { id = "blind", role = "blind" })).Ok();
        return crm.With((await admin.Write("api-keys", new { name = "blind", member = "blind" })).Ok()["key"]);
    }
}
