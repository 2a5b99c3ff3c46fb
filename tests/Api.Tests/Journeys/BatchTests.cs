using System.Text.Json;

namespace Crm.Api.Tests.Journeys;

/// <summary>Many writes in one request: each as if it had come by itself.</summary>
public sealed class BatchTests(CrmServer crm) : IClassFixture<CrmServer>
{
    [Fact]
    public async Task Each_item_has_its_own_result()
    {
        var deal = await crm.Http.Open();

        var answer = await Send(
            new { method = "post", path = "leads", body = new { source = "fair", company = "Acme" } },
            new { method = "post", path = "leads", body = new { company = "No source" } },
            new { method = "post", path = $"opportunities/{deal.Id}/stage", body = new { stage = "Proposal" }, ifMatch = deal.ETag },
            new { method = "post", path = $"opportunities/{deal.Id}/amount", body = new { amount = Talk.Money(5m) }, ifMatch = deal.ETag },
            new { method = "patch", path = $"opportunities/{Guid.NewGuid()}", body = new { product = "GTX" } },
            new { method = "post", path = "nothing/of/the/kind", body = new { } });

        answer.Select(item => item.GetProperty("status").GetInt32()).ShouldBe([201, 400, 200, 412, 404, 404]);
        answer[0].GetProperty("location").GetString().ShouldBe($"/api/v1/leads/{answer[0].GetProperty("body").GetProperty("id").GetGuid()}");
        answer[1].GetProperty("body").GetProperty("errors")[0].GetProperty("pointer").GetString().ShouldBe("/source");
        answer[2].GetProperty("eTag").GetString().ShouldBe("\"2\"");
        answer[3].GetProperty("body").GetProperty("code").GetString().ShouldBe("precondition-failed");
        (await crm.Http.Read($"opportunities/{deal.Id}")).Ok()["stage"].ShouldBe("Proposal");
    }

    [Fact]
    public async Task A_batch_that_is_sent_again_does_its_work_once_also_item_by_item()
    {
        var item = new { method = "post", path = "leads", body = new { source = "fair", company = "Once" }, idempotencyKey = $"{Guid.NewGuid():N}" };
        var before = await crm.Events();

        var first = (await Send(item))[0];
        var again = (await Send(item))[0];
        var single = await crm.Http.Write("leads", item.body, ("Idempotency-Key", item.idempotencyKey));

        (await crm.Events()).ShouldBe(before + 1);
        (first.GetProperty("replayed").GetBoolean(), again.GetProperty("replayed").GetBoolean(), single.Replayed).ShouldBe((false, true, "true"));
        again.GetProperty("body").ToString().ShouldBe(first.GetProperty("body").ToString());
    }

    [Fact]
    public async Task Items_are_held_to_the_rights_of_whoever_sends_them()
    {
        using var admin = await crm.Tenant("batch-rights");
        using var role = new HttpRequestMessage(HttpMethod.Put, "roles/reader") { Content = new StringContent("""{"functions":["leads.write"],"scope":"all"}""", System.Text.Encoding.UTF8, "application/json") };
        (await admin.SendAsync(role)).EnsureSuccessStatusCode();
        (await admin.Write("members", new { id = "reader", role = "reader" })).Ok();
        using var reader = crm.With((await admin.Write("api-keys", new { name = "r", member = "reader" })).Ok()["key"]);

        var items = (await reader.Write("batch", new
        {
            items = new object[]
            {
                new { method = "post", path = "leads", body = new { source = "fair" } }, new { method = "post", path = "customers", body = new { name = "x" } },
                new { method = "post", path = "batch", body = new { items = Array.Empty<object>() } }, new { method = "post", path = "%62atch", body = new { items = Array.Empty<object>() } }
            }
        })).Ok().Body.GetProperty("items");

        items.EnumerateArray().Select(item => item.GetProperty("status").GetInt32()).ShouldBe([201, 403, 400, 400]);
    }

    [Fact]
    public async Task What_is_wrong_with_the_batch_itself_is_said_before_any_item_is_carried_out()
    {
        var before = await crm.Events();
        var many = await crm.Http.Write("batch", new { items = Enumerable.Repeat(new { method = "post", path = "leads", body = new { source = "x" } }, 101) });
        var wrong = await crm.Http.Write("batch", new { items = new object[] { new { method = "post", path = "leads", body = new { source = "x" } }, new { method = "get", path = "/leads" } } });

        (await many.Refused()).Errors[0].Code.ShouldBe("too-many");
        (await wrong.Refused()).Errors.Select(e => e.Where).ShouldBe(["/items/1/method"]);
        (await crm.Events()).ShouldBe(before);
    }

    private async Task<IReadOnlyList<JsonElement>> Send(params object[] items) =>
        [.. (await crm.Http.Write("batch", new { items })).Ok().Body.GetProperty("items").EnumerateArray()];
}
