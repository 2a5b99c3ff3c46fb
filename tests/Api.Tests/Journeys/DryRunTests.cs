using System.Text.Json;
using Crm.Api.Tests.Lists;

namespace Crm.Api.Tests.Journeys;

/// <summary>A write that is only tried out: everything is checked and decided, nothing is recorded.</summary>
public sealed class DryRunTests(CrmServer crm) : IClassFixture<CrmServer>
{
    private HttpClient Http => crm.Http;

    [Fact]
    public async Task It_tells_what_would_be_recorded_and_records_nothing()
    {
        var before = await crm.Events();
        var lead = new { source = "web", company = "试算科技", contact = "李雷", rep = "m-1", occurredAt = "2026-03-04T05:06:07Z" };

        var tried = (await Http.Write("leads?dryRun=true", lead, ("Idempotency-Key", "tried-then-meant"))).Ok();

        (tried.Status, tried.ETag, tried.Location, tried.Message.Headers.Contains("Idempotency-Replayed")).ShouldBe((200, "\"0\"", null, false));
        var facts = Facts(tried);
        facts.Select(fact => fact.Type).ShouldBe(["lead_captured", "lead_assigned"]);
        facts[0].Fact.GetProperty("subject").GetString().ShouldBe("lead");
        facts[0].Fact.GetProperty("occurredAt").GetString().ShouldBe("2026-03-04T05:06:07Z");
        facts[0].Fact.GetProperty("data").GetProperty("contact").GetString().ShouldBe("李雷");
        (await crm.Events()).ShouldBe(before);
        (await Http.Read($"leads/{tried.Id}")).Status.ShouldBe(404);

        var meant = (await Http.Write("leads", lead, ("Idempotency-Key", "tried-then-meant"))).Ok();
        (meant.Status, meant.Replayed).ShouldBe((201, null), "a key is not used up by a dry run");
        meant.Body.TryGetProperty("wouldRecord", out _).ShouldBeFalse();
        (await crm.Events()).ShouldBe(before + 2);
    }

    [Fact]
    public async Task It_is_refused_as_the_write_itself_would_be()
    {
        var customer = (await Http.Write("customers", new { name = "First" })).Ok();
        var other = (await Http.Write("customers", new { name = "Second" })).Ok();
        (await Http.Write($"customers/{customer.Id}/external-ids", new { system = "sap", externalId = "dry-1" })).Ok();
        var deal = await Http.Open();
        var before = await crm.Events();

        (await Refusal($"customers/{other.Id}/external-ids", new { system = "sap", externalId = "dry-1" })).ShouldBe((409, "claim-taken"));
        (await Refusal($"opportunities/{deal.Id}/stage", new { stage = "Nowhere" })).Status.ShouldBe(422);
        (await Refusal($"opportunities/{Guid.NewGuid()}/win", new { amount = Talk.Money(1) })).Status.ShouldBe(404);
        (await Refusal($"opportunities/{deal.Id}/win", new { amount = "much" })).Status.ShouldBe(400);
        (await Refusal($"opportunities/{deal.Id}/win", new { amount = Talk.Money(1) }, ("If-Match", "\"7\""))).ShouldBe((412, "precondition-failed"));
        (await crm.Events()).ShouldBe(before);
    }

    [Fact]
    public async Task One_command_over_three_records_tells_the_facts_of_all_and_nothing_to_do_is_told_as_none()
    {
        var lead = (await Http.Write("leads", new { source = "web", company = "三条流" })).Ok();
        var qualification = new { opportunityName = "三条流 1", amount = Talk.Money(10) };

        var tried = (await Http.Write($"leads/{lead.Id}/qualification?dryRun=true", qualification)).Ok();
        Facts(tried).Select(fact => fact.Fact.GetProperty("subject").GetString()).Distinct().ShouldBe(["lead", "customer", "opportunity"]);
        (await Http.Write($"leads/{lead.Id}/qualification", qualification)).Ok();

        Facts((await Http.Write($"leads/{lead.Id}/qualification?dryRun=true", qualification)).Ok()).ShouldBeEmpty();
        Facts((await Http.Patch($"customers/{(await Http.Read($"leads/{lead.Id}"))["customerId"]}?dryRun=true", new { region = "East" })).Ok()).Single().Type.ShouldBe("customer_changed");
    }

    [Fact]
    public async Task A_key_that_is_tried_out_is_not_told()
    {
        using var admin = await crm.Tenant("keyless");

        var tried = (await admin.Write("api-keys?dryRun=true", new { name = "reader" })).Ok();

        tried["key"].ShouldBeNull();
        Facts(tried).Single().Type.ShouldBe("api_key_issued");
        (await admin.Read("api-keys")).Body.GetProperty("items").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task A_key_that_was_used_tells_in_a_trial_too()
    {
        var lead = new { source = "web", company = "Used" };
        var meant = (await Http.Write("leads", lead, ("Idempotency-Key", "used-before"))).Ok();

        var same = (await Http.Write("leads?dryRun=true", lead, ("Idempotency-Key", "used-before"))).Ok();
        var other = await (await Http.Write("leads?dryRun=true", new { source = "fair" }, ("Idempotency-Key", "used-before"))).Refused();

        (same.Status, same.Id, Facts(same).Count).ShouldBe((200, meant.Id, 0));
        (other.Status, other.Code).ShouldBe((422, "idempotency-key-reused"));
    }

    [Theory]
    [InlineData("leads?dryRun=maybe", "dryRun", "wrong-type")]
    [InlineData("leads?dryrun=true", "dryrun", "unknown-parameter")]
    [InlineData("leads?x=1", "x", "unknown-parameter")]
    public async Task A_misspelt_dry_run_is_refused_rather_than_meant(string path, string where, string code)
    {
        var before = await crm.Events();

        var refusal = await (await Http.Write(path, new { source = "web" })).Refused();

        (refusal.Status, refusal.Errors.Single().Where, refusal.Errors.Single().Code).ShouldBe((400, where, code));
        (await crm.Events()).ShouldBe(before);
    }

    private async Task<(int Status, string Code)> Refusal(string path, object body, params (string, string?)[] headers)
    {
        var tried = await (await Http.Write($"{path}?dryRun=true", body, headers)).Refused();
        var meant = await (await Http.Write(path, body, headers)).Refused();
        (tried.Status, tried.Code).ShouldBe((meant.Status, meant.Code));
        return (tried.Status, tried.Code);
    }

    private static IReadOnlyList<(string Type, JsonElement Fact)> Facts(Reply tried) =>
        [.. tried.Body.GetProperty("wouldRecord").EnumerateArray().Select(fact => (fact.GetProperty("type").GetString()!, fact))];
}
