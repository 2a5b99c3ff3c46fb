using Crm.Api.Tests.Http;
using Crm.Api.Tests.Journeys;

namespace Crm.Api.Tests.Webhooks;

/// <summary>Webhooks are made, changed and taken away; their secrets are told once.</summary>
public sealed class ManagementTests(WebhookServer crm) : IClassFixture<WebhookServer>
{
    private HttpClient Http => crm.Http;

    [Fact]
    public async Task A_secret_is_told_once_and_stands_nowhere()
    {
        var made = (await Http.Write("webhooks", new { url = crm.Receiver.Url }, ("Idempotency-Key", "told-once"))).Ok();
        var again = (await Http.Write("webhooks", new { url = crm.Receiver.Url }, ("Idempotency-Key", "told-once"))).Ok();
        var secret = made["secret"]!;

        (made.Status, made.Location).ShouldBe((201, $"/api/v1/webhooks/{made.Id}"));
        secret.ShouldMatch("^whsec_[A-Za-z0-9+/]{43}=$");
        (again.Status, again.Id, again["secret"], again.Replayed).ShouldBe((201, made.Id, null, "true"));
        (await crm.TablesWith(secret["whsec_".Length..])).ShouldBeEmpty();
        (await crm.TablesWith(Convert.ToHexStringLower(Convert.FromBase64String(secret["whsec_".Length..])))).ShouldBeEmpty();
        foreach (var path in new[] { "webhooks", $"webhooks/{made.Id}", $"webhooks/{made.Id}/deliveries", $"webhooks/{made.Id}/health", "audit?subject=webhook" })
        {
            (await Http.Read(path)).Ok().Text.ShouldNotContain(secret["whsec_".Length..], customMessage: path);
        }
    }

    [Fact]
    public async Task What_is_left_out_is_leads_customers_and_opportunities_without_persons()
    {
        var made = (await Http.Write("webhooks", new { url = crm.Receiver.Url + "/plain" })).Ok();

        var told = (await Http.Read($"webhooks/{made.Id}")).Ok();

        told.ETag.ShouldBe(made.ETag);
        told.Text.ShouldBe($$"""{"id":"{{made.Id}}","url":"{{crm.Receiver.Url}}/plain","events":["customer","lead","opportunity"],"personal":false,"hiddenFields":[],"description":null,"status":"enabled","disabledBecause":null,"disabledReason":null,"oldSecretUntil":null}""");
        (await Http.Read($"webhooks/{made.Id}", ("If-None-Match", told.ETag))).Status.ShouldBe(304);
    }

    [Fact]
    public async Task It_is_changed_member_by_member_by_who_saw_its_newest_version()
    {
        var made = (await Http.Write("webhooks", new { url = crm.Receiver.Url, description = "first" })).Ok();

        var changed = (await Http.Patch($"webhooks/{made.Id}", new { events = new[] { "opportunity_won", "lead" }, description = (string?)null, personal = true }, ("If-Match", made.ETag))).Ok();
        var late = await (await Http.Patch($"webhooks/{made.Id}", new { description = "late" }, ("If-Match", made.ETag))).Refused();
        var told = (await Http.Read($"webhooks/{made.Id}")).Ok();

        (late.Status, told.ETag).ShouldBe((412, changed.ETag));
        (told["events"], told["description"], told["personal"], told["url"]).ShouldBe(("[\"lead\",\"opportunity_won\"]", null, "True", crm.Receiver.Url));
    }

    [Theory]
    [InlineData("""{"url":"http://10.0.0.1/"}""", 422, "webhook.url", "/url")]
    [InlineData("""{"url":"https://user@127.0.0.1/"}""", 422, "webhook.url", "/url")]
    [InlineData("""{"url":"https://127.0.0.1/","events":["lead_captrued"]}""", 400, "not-one-of", "/events")]
    [InlineData("""{"url":"https://127.0.0.1/","events":[]}""", 400, "missing", "/events")]
    [InlineData("""{"events":["lead"]}""", 400, "missing", "/url")]
    [InlineData("""{"url":"https://127.0.0.1/","secret":"whsec_mine"}""", 400, "unknown-member", "/secret")]
    public async Task What_is_wrong_is_named(string body, int status, string code, string where)
    {
        var refusal = await (await Http.Write("webhooks", body)).Refused();

        (refusal.Status, refusal.Errors.Single().Code, refusal.Errors.Single().Where).ShouldBe((status, code, where));
    }

    [Theory]
    [InlineData("""{}""", "/from")]
    [InlineData("""{"from":"2026-01-01","afterPosition":1}""", "/afterPosition")]
    [InlineData("""{"upToPosition":1}""", "/from")]
    [InlineData("""{"afterPosition":5,"upToPosition":5}""", "/upToPosition")]
    [InlineData("""{"afterPosition":99999999}""", "/afterPosition")]
    [InlineData("""{"from":"2026-02-01","to":"2026-01-01"}""", "/to")]
    public async Task A_span_that_cannot_be_replayed_is_named(string body, string where)
    {
        var (id, _) = await Http.Hook(crm.Receiver, "/spans");

        var refusal = await (await Http.Write($"webhooks/{id}/replay", body)).Refused();

        (refusal.Status, refusal.Errors.Single().Where).ShouldBe((400, where));
    }

    [Fact]
    public async Task A_trial_makes_nothing()
    {
        var before = await crm.Events();

        var tried = (await Http.Write("webhooks?dryRun=true", new { url = crm.Receiver.Url })).Ok();

        (tried.Status, tried["secret"]).ShouldBe((200, null));
        tried.Body.GetProperty("wouldRecord")[0].GetProperty("type").GetString().ShouldBe("webhook_registered");
        (await crm.Events()).ShouldBe(before);
        (await crm.TablesWith(tried.Id.ToString())).ShouldBeEmpty();
    }

    [Fact]
    public async Task One_that_was_removed_is_gone_with_its_secrets()
    {
        var (id, _) = await Http.Hook(crm.Receiver, "/removed");
        var etag = (await Http.Read($"webhooks/{id}")).Ok().ETag;

        using var late = await Http.SendAsync(Delete(id, "\"7\""));
        using var removed = await Http.SendAsync(Delete(id, etag!));

        ((int)late.StatusCode, (int)removed.StatusCode).ShouldBe((412, 200));
        (await Http.Read($"webhooks/{id}")).Status.ShouldBe(404);
        (await Http.Read("webhooks")).Ok().Text.ShouldNotContain(id.ToString());
        await Crm.Support.Patience.Until("its secret is deleted", async () => !(await crm.TablesWith(id.ToString())).Contains("crm.webhook_secret"));
    }

    [Fact]
    public async Task Who_sees_his_own_records_only_registers_nothing()
    {
        using var admin = await crm.Tenant("narrow");
        using var role = new HttpRequestMessage(HttpMethod.Put, "roles/narrow")
        { Content = new StringContent("""{"functions":["webhooks.manage","leads.read"],"scope":"own"}""", System.Text.Encoding.UTF8, "application/json") };
        (await admin.SendAsync(role)).EnsureSuccessStatusCode();
        (await admin.Write("members", new { id = "narrow", role = "narrow" })).Ok();
        using var narrow = crm.With((await admin.Write("api-keys", new { name = "n", member = "narrow" })).Ok()["key"]);

        var refusal = await (await narrow.Write("webhooks", new { url = crm.Receiver.Url, events = new[] { "lead" } })).Refused();

        (refusal.Status, refusal.Code).ShouldBe((422, "webhook.beyond-own"));
    }

    [Fact]
    public async Task A_tenant_has_fifty_at_most()
    {
        using var admin = await crm.Tenant("many");
        for (var i = 0; i < 50; i++)
        {
            (await admin.Write("webhooks", new { url = crm.Receiver.Url }, ("Idempotency-Key", $"{i}"))).Ok();
        }

        var refusal = await (await admin.Write("webhooks", new { url = crm.Receiver.Url })).Refused();
        var again = await admin.Write("webhooks", new { url = crm.Receiver.Url }, ("Idempotency-Key", "7"));

        (refusal.Code, again.Status, again.Replayed).ShouldBe(("webhook.too-many", 201, "true"));
    }

    private static HttpRequestMessage Delete(Guid id, string etag)
    {
        var message = new HttpRequestMessage(HttpMethod.Delete, $"webhooks/{id}");
        message.Headers.TryAddWithoutValidation("If-Match", etag);
        return message;
    }
}
