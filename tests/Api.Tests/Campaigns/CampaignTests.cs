using Crm.Api.Tests.Journeys;

namespace Crm.Api.Tests.Campaigns;

/// <summary>Campaigns: registered under a code, changed, and what is spent for them counted once and as of any day.</summary>
public sealed class CampaignTests(CrmServer crm) : IClassFixture<CrmServer>
{
    private static int _tenants;

    private HttpClient Http => crm.Http;

    [Fact]
    public async Task What_was_spent_adds_up_as_of_any_day()
    {
        var code = $"fair-{Guid.NewGuid():N}";
        var made = (await Http.Write("campaigns", new { code, name = "Hannover Messe", channel = "fair", startsOn = "2026-04-20", budget = Eur(100m), occurredAt = "2026-01-10T00:00:00Z" })).Ok();
        (await Http.Write($"campaigns/{made.Id}/spend", new { amount = Eur(0.10m), occurredAt = "2026-02-01T00:00:00Z" })).Ok();
        (await Http.Write($"campaigns/{made.Id}/spend", new { amount = Eur(0.05m), reference = "INV-0", occurredAt = "2025-12-01T00:00:00Z" })).Ok();
        var spend = new { id = Guid.CreateVersion7(), amount = Eur(0.20m), reference = "INV-1", occurredAt = "2026-03-01T00:00:00Z" };
        var last = (await Http.Write($"campaigns/{made.Id}/spend", spend)).Ok();

        (await Http.Write($"campaigns/{made.Id}/spend", spend)).Ok().ETag.ShouldBe(last.ETag);
        (await Http.Read($"campaigns/{made.Id}")).Ok().Body.GetProperty("spent").GetRawText().ShouldBe("""{"amount":"0.35","currency":"EUR"}""");
        (await Http.Read($"campaigns/{made.Id}?asOf=2026-02-15")).Ok().Body.GetProperty("spent").GetProperty("amount").GetString().ShouldBe("0.15");
        (await Http.Read($"campaigns?code={code}&filter=spent>=0.35,currency=EUR", ("Crm-Min-Position", last.Position))).Ok().Body.GetProperty("items").GetArrayLength().ShouldBe(1);
        (await Http.Read($"campaigns?q={code[..20]}", ("Crm-Min-Position", last.Position))).Ok().Body.GetProperty("items").GetArrayLength().ShouldBe(1);
        var file = (await Http.Read($"campaigns/export?code={code}", ("Crm-Min-Position", last.Position))).Ok().Text.TrimStart('\uFEFF').Split("\r\n");
        file[0].ShouldBe("id,registeredAt,code,name,channel,startsOn,endsOn,budget,currency,spent");
        file[1].ShouldEndWith($",{code},Hannover Messe,fair,2026-04-20,,100.00,EUR,0.35");
        (await Http.Read($"campaigns/{made.Id}/history?lang=zh-CN")).Ok().Text.ShouldContain("记录市场活动“Hannover Messe”支出 0.20 EUR，凭证 INV-1。");
    }

    [Fact]
    public async Task A_code_is_one_campaigns_and_a_tenants_own()
    {
        using var other = await crm.Tenant($"campaigns-{Interlocked.Increment(ref _tenants)}");
        var code = $"mail-{Guid.NewGuid():N}";
        var made = (await Http.Write("campaigns", new { code, name = "Mailing" })).Ok();

        var refused = await Http.Write("campaigns", new { code, name = "Another" });

        (refused.Status, (await refused.Refused()).Code).ShouldBe((409, "claim-taken"));
        refused.Text.ShouldContain(made.Id.ToString());
        (await Http.Patch($"campaigns/{made.Id}", new { code = "another" })).Status.ShouldBe(400);
        (await other.Write("campaigns", new { code, name = "Theirs" })).Status.ShouldBe(201);
        (await other.Read($"campaigns/{made.Id}")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task What_does_not_fit_is_refused_and_names_the_member()
    {
        var made = (await Http.Write("campaigns", new { code = $"x-{Guid.NewGuid():N}", name = "x", budget = Eur(10m) })).Ok();

        foreach (var (path, body, member) in ((string, object, string)[])[
            ($"campaigns/{made.Id}/spend", new { amount = Talk.Money(1m, "USD") }, "/amount"), ($"campaigns/{made.Id}/spend", new { amount = Eur(0m) }, "/amount"),
            ("campaigns", new { code = "y", name = "y", startsOn = "2026-02-02", endsOn = "2026-02-01" }, "/endsOn")])
        {
            var refused = await Http.Write(path, body);
            refused.Status.ShouldBe(422, refused.Text);
            refused.Text.ShouldContain($"\"{member}\"");
        }

        (await Http.Patch($"campaigns/{made.Id}", new { budget = (object?)null })).Ok();
        (await Http.Read($"campaigns/{made.Id}")).Ok()["budget"].ShouldBeNull();
    }

    [Fact]
    public async Task What_is_hidden_of_a_campaign_is_told_nowhere_and_a_rep_only_looks()
    {
        using var admin = await crm.Tenant($"campaigns-{Interlocked.Increment(ref _tenants)}");
        var made = (await admin.Write("campaigns", new { code = "fair", name = "Fair", budget = Eur(4242.42m) })).Ok();
        (await admin.Write($"campaigns/{made.Id}/spend", new { amount = Eur(3131.31m) })).Ok();
        using var role = new HttpRequestMessage(HttpMethod.Put, "roles/clerk")
        {
            Content = new StringContent("""{"functions":["campaigns.read","campaigns.write","audit.read","events.read"],"scope":"all","hiddenFields":["campaign.budget","campaign.spent"]}""", System.Text.Encoding.UTF8, "application/json")
        };
        (await admin.SendAsync(role)).EnsureSuccessStatusCode();
        using var clerk = await Member(admin, "clerk");
        using var rep = await Member(admin, "rep");

        foreach (var path in (string[])["campaigns", $"campaigns/{made.Id}", $"campaigns/{made.Id}/events", $"campaigns/{made.Id}/history", "audit", "events", "campaigns/export"])
        {
            var told = (await clerk.Read(path)).Ok();
            told.Text.ShouldNotContain("242.42", customMessage: path);
            told.Text.ShouldNotContain("131.31", customMessage: path);
            told.Text.ShouldNotContain("EUR", customMessage: path);
        }

        (await clerk.Write($"campaigns/{made.Id}/spend", new { amount = Eur(1m) })).Status.ShouldBe(403);
        (await clerk.Read("campaigns?filter=spent>1")).Status.ShouldBe(400);
        (await rep.Read($"campaigns/{made.Id}")).Ok();
        (await rep.Write("campaigns", new { code = "rep", name = "Rep's" })).Status.ShouldBe(403);
    }

    private async Task<HttpClient> Member(HttpClient admin, string role)
    {
        (await admin.Write("members", new { id = $"one-{role}", role })).Ok();
        return crm.With((await admin.Write("api-keys", new { name = role, member = $"one-{role}" })).Ok()["key"]);
    }

    private static object Eur(decimal amount) => Talk.Money(amount, "EUR");
}
