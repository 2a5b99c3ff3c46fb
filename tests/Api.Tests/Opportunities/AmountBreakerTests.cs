using System.Globalization;
using System.Text.Json;
using Crm.Api.Tests.Journeys;

namespace Crm.Api.Tests.Opportunities;

/// <summary>A change of an amount that is too large waits for another pair of eyes, and both amounts are seen meanwhile.</summary>
public sealed class AmountBreakerTests(CrmServer crm) : IClassFixture<CrmServer>
{
    private const string Least = "Crm-Min-Position";

    private static int tenants;

    private readonly string tenant = $"breaker-{Interlocked.Increment(ref tenants)}";

    [Fact]
    public async Task Two_steps_of_twenty_nine_percent_wait_and_come_true_when_they_are_granted()
    {
        var (admin, rep, reviewer, deal) = await Stage();
        (await rep.Write($"opportunities/{deal}/amount", new { amount = Talk.Money(129_000m) })).Ok();
        var held = (await rep.Write($"opportunities/{deal}/amount", new { amount = Talk.Money(166_410m) })).Ok();

        var waiting = (await rep.Read($"opportunities/{deal}")).Ok().Body;
        (Amount(waiting, "amount"), Amount(waiting, "heldAmount")).ShouldBe((129_000m, 166_410m));
        var approval = waiting.GetProperty("heldBy").GetGuid();
        var asked = (await reviewer.Read($"approvals/{approval}")).Ok().Body;
        (asked.GetProperty("state").GetString(), asked.GetProperty("facts").GetProperty("percent").GetString()).ShouldBe(("pending", "66.41"), "measured from what was looked at last");
        var listed = (await rep.Read("opportunities?filter=heldAmount>0", (Least, held.Position))).Ok().Body.GetProperty("items");
        listed.EnumerateArray().Select(item => item.GetProperty("id").GetGuid()).ShouldBe([deal]);
        Open((await admin.Read("pipeline", (Least, held.Position))).Ok().Body).ShouldBe("129000.00", "figures go by the old one");
        (await (await rep.Write($"opportunities/{deal}/amount", new { amount = Talk.Money(140_000m) })).Refused()).Code.ShouldBe("opportunity.amount-held");
        (await (await rep.Write($"opportunities/{deal}/win", new { })).Refused()).Code.ShouldBe("opportunity.amount-held");

        (await reviewer.Write($"approvals/{approval}/decision", new { decision = "grant", reason = "seen the order" })).Ok();
        var granted = (await rep.Read($"opportunities/{deal}")).Ok().Body;
        (Amount(granted, "amount"), granted.GetProperty("heldAmount").ValueKind).ShouldBe((166_410m, JsonValueKind.Null));
        (await admin.Read($"opportunities/{deal}/events")).Ok().Body.GetProperty("items").EnumerateArray().Select(e => e.GetProperty("type").GetString()).ShouldBe(
        [
            "opportunity_opened", "opportunity_amount_changed", "opportunity_amount_held", "opportunity_approval_asked", "opportunity_approval_settled",
            "opportunity_amount_changed"
        ]);
    }

    [Theory]
    [InlineData("216333.01", "30.000007")]
    [InlineData("216333.00", null)]
    public async Task What_is_just_beyond_the_limit_is_more_than_it_to_those_who_are_asked(string amount, string? percent)
    {
        var (_, rep, reviewer, deal) = await Stage(opened: 166_410m, when: new { field = "percent", @operator = "gt", value = 30 });
        (await rep.Write($"opportunities/{deal}/amount", new { amount = new { amount, currency = "USD" } })).Ok();

        var now = (await rep.Read($"opportunities/{deal}")).Ok().Body;
        if (percent is null)
        {
            (Amount(now, "amount"), now.GetProperty("heldBy").ValueKind).ShouldBe((216_333m, JsonValueKind.Null));
            return;
        }

        var asked = (await reviewer.Read($"approvals/{now.GetProperty("heldBy").GetGuid()}")).Ok().Body;
        (asked.GetProperty("state").GetString(), asked.GetProperty("facts").GetProperty("percent").GetString()).ShouldBe(("pending", percent));
    }

    [Theory]
    [InlineData(130_000, true)]
    [InlineData(70_000, true)]
    [InlineData(130_001, false)]
    [InlineData(69_999, false)]
    public async Task The_threshold_itself_passes(int amount, bool passes)
    {
        var (_, rep, _, deal) = await Stage();
        (await rep.Patch($"opportunities/{deal}", new { amount = Talk.Money(amount), product = "GTX" })).Ok();

        var now = (await rep.Read($"opportunities/{deal}")).Ok().Body;
        (Amount(now, "amount"), now.GetProperty("product").GetString()).ShouldBe((passes ? amount : 100_000m, "GTX"), "the rest is changed either way");
        (now.GetProperty("heldAmount").ValueKind == JsonValueKind.Null).ShouldBe(passes);
    }

    [Fact]
    public async Task What_is_refused_or_taken_back_leaves_the_amount_as_it_was()
    {
        var (_, rep, reviewer, deal) = await Stage();
        (await reviewer.Write($"approvals/{await Held(200_000m)}/decision", new { decision = "refuse", reason = "no order" })).Ok();
        Amount((await rep.Read($"opportunities/{deal}")).Ok().Body, "amount").ShouldBe(100_000m);
        (await rep.Write($"approvals/{await Held(300_000m)}/withdrawal", new { reason = "typed wrongly" })).Ok();
        (await rep.Write($"opportunities/{deal}/amount", new { amount = Talk.Money(110_000m) })).Ok();
        Amount((await rep.Read($"opportunities/{deal}")).Ok().Body, "amount").ShouldBe(110_000m);

        async Task<Guid> Held(decimal amount)
        {
            (await rep.Write($"opportunities/{deal}/amount", new { amount = Talk.Money(amount) })).Ok();
            return (await rep.Read($"opportunities/{deal}")).Ok().Body.GetProperty("heldBy").GetGuid();
        }
    }

    [Fact]
    public async Task Dated_back_it_waits_from_now_on_and_one_at_a_time()
    {
        var (_, rep, reviewer, deal) = await Stage();
        (await rep.Write($"opportunities/{deal}/amount", new { amount = Talk.Money(200_000m) })).Ok();
        var first = (await rep.Read($"opportunities/{deal}")).Ok().Body.GetProperty("heldBy").GetGuid();
        (await reviewer.Write($"approvals/{first}/decision", new { decision = "refuse", reason = "no order" })).Ok();
        var occurredAt = (await rep.Read($"opportunities/{deal}")).Ok().Body.GetProperty("openedAt").GetDateTimeOffset();
        (await rep.Write($"opportunities/{deal}/amount", new { amount = Talk.Money(300_000m), occurredAt })).Ok();

        var now = (await rep.Read($"opportunities/{deal}")).Ok().Body;
        (Amount(now, "heldAmount"), now.GetProperty("heldBy").GetGuid() != first).ShouldBe((300_000m, true));
        (await (await rep.Write($"opportunities/{deal}/amount", new { amount = Talk.Money(110_000m), occurredAt })).Refused()).Code.ShouldBe("opportunity.amount-held");
    }

    [Fact]
    public async Task Whoever_sees_no_amounts_sees_none_that_waits()
    {
        var (admin, rep, _, deal) = await Stage();
        var held = (await rep.Write($"opportunities/{deal}/amount", new { amount = Talk.Money(212_345.67m) })).Ok();
        (await admin.Put("roles/blind", new { functions = new[] { "opportunities.read", "approvals.read", "audit.read" }, scope = "all", hiddenFields = new[] { "opportunity.amount" } })).Ok();
        (await admin.Write("members", new { id = "bo", role = "blind" })).Ok();
        using var blind = await Come(admin, "bo");

        var seen = (await blind.Read($"opportunities/{deal}", (Least, held.Position))).Ok();
        seen.Text.ShouldNotContain("2345.67");
        (await blind.Read("opportunities?filter=heldAmount>0")).Status.ShouldBeGreaterThanOrEqualTo(400);
        (await blind.Read($"approvals/{seen.Body.GetProperty("heldBy").GetGuid()}")).Ok().Text.ShouldNotContain("2345.67");
    }

    // A deal of 100,000, its rep, and a reviewer of another department.
    private async Task<(HttpClient Admin, HttpClient Rep, HttpClient Reviewer, Guid Deal)> Stage(decimal opened = 100_000m, object? when = null)
    {
        var admin = await crm.Tenant(tenant);
        (await admin.Write("members", new { id = "li", role = "rep", rep = "Li" })).Ok();
        (await admin.Write("members", new { id = "fin", role = "manager" })).Ok();
        (await admin.Put("playbook/draft", new
        {
            name = "Sales", amountBreaker = new { flow = "amount-change" },
            approvals = new[] { new { key = "amount-change", name = "Amount change", steps = new[] { new { key = "finance", name = "Finance", approvers = new { members = new[] { "fin" } }, when } } } }
        })).Ok();
        (await admin.Write("playbook/publication", new { })).Ok();
        var (rep, reviewer) = (await Come(admin, "li"), await Come(admin, "fin"));
        return (admin, rep, reviewer, (await rep.Write("opportunities", new { name = "Lathe line", amount = Talk.Money(opened) })).Ok().Id);
    }

    private async Task<HttpClient> Come(HttpClient admin, string member) => crm.With((await admin.Write("api-keys", new { name = "k", member })).Ok()["key"]);

    private static decimal Amount(JsonElement deal, string member) =>
        decimal.Parse(deal.GetProperty(member).GetProperty("amount").GetString()!, CultureInfo.InvariantCulture);

    private static string? Open(JsonElement pipeline) => pipeline.GetProperty("open").GetProperty("amount").GetString();
}
