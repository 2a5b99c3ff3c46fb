using System.Text.Json;
using Crm.Api.Events;
using Crm.Api.Tests.Journeys;
using Crm.Support;

namespace Crm.Api.Tests.Webhooks;

/// <summary>What is sent is what the document says of each type of event.</summary>
public sealed class PayloadTests(WebhookServer crm) : IClassFixture<WebhookServer>
{
    [Fact]
    public async Task The_document_has_an_entry_for_every_type_of_event()
    {
        var document = await Document();

        document.Root.GetProperty("webhooks").EnumerateObject().Select(w => w.Name).Order().ShouldBe(EventKinds.Names.Order());
        Schemas(document, "lead_captured").Data.GetProperty("properties").TryGetProperty("company", out _).ShouldBeTrue();
    }

    [Fact]
    public async Task What_is_sent_is_as_the_document_says()
    {
        using var admin = await crm.Tenant("payload");
        await admin.Hook(crm.Receiver, "/payload", new { events = new[] { "lead", "customer", "opportunity", "playbook", "access", "webhook" }, personal = true });
        await admin.Hook(crm.Receiver, "/faceless", new { events = new[] { "lead", "customer", "opportunity" } });
        var lead = (await admin.Write("leads", new { source = "web", company = "恒测", contact = "王伟", email = "wang@example.cn", phone = "1" })).Ok().Id;
        (await admin.Write($"leads/{lead}/touches", new { kind = "call", direction = "outbound" })).Ok();
        var sale = (await admin.Write($"leads/{lead}/qualification", new { opportunityName = "Lathe", amount = Talk.Money(1000m) })).Ok();
        (await admin.Write($"opportunities/{sale["opportunityId"]}/stage", new { stage = "Engaging" })).Ok();
        (await admin.Write($"opportunities/{sale["opportunityId"]}/win", new { reference = "PO-7" })).Ok();
        (await admin.Write("teams", new { id = "east", name = "East" })).Ok();
        (await admin.Write("members", new { id = "li.na", role = "rep", name = "Li Na" })).Ok();
        (await admin.Write("api-keys", new { name = "x", member = "li.na" })).Ok();
        var (other, _) = await admin.Hook(crm.Receiver, "/removed");
        (await admin.Patch($"webhooks/{other}", new { description = "x" })).Ok();
        (await admin.Write($"webhooks/{other}/secret-rotation", new { })).Ok();
        (await admin.Write($"webhooks/{other}/disablement", new { })).Ok();
        (await admin.Write($"webhooks/{other}/enablement", new { })).Ok();
        (await admin.Write("customers", new { name = "The last" })).Ok();

        await Patience.Until("all of it came", () => crm.Receiver.At("/payload").Any(Last) && crm.Receiver.At("/faceless").Any(Last) && crm.Receiver.At("/payload").Any(g => g.Type == "webhook_enabled"));
        var document = await Document();
        var got = crm.Receiver.At("/payload").Concat(crm.Receiver.At("/faceless")).ToList();
        foreach (var one in got)
        {
            var (around, data) = Schemas(document, one.Type);
            document.Surprise(around, one.Event).ShouldBeNull(one.Event.ToString());
            document.Surprise(data, one.Event.GetProperty("data")).ShouldBeNull(one.Event.ToString());
        }

        got.Select(g => g.Type).Distinct().Count().ShouldBeGreaterThan(14);
        got.ShouldAllBe(g => !System.Text.Encoding.UTF8.GetString(g.Body).Contains("\"hash\""));
    }

    private static bool Last(Got got) => got.Type == "customer_registered" && got.Event.GetProperty("data").GetProperty("name").GetString() == "The last";

    // What stands around the data is said once for all types.
    private static (JsonElement Around, JsonElement Data) Schemas(ApiDocument document, string type)
    {
        var parts = document.Root.GetProperty("webhooks").GetProperty(type).GetProperty("post")
            .GetProperty("requestBody").GetProperty("content").GetProperty("application/cloudevents+json").GetProperty("schema").GetProperty("allOf");
        var own = parts[1].GetProperty("properties");
        own.GetProperty("type").GetProperty("const").GetString().ShouldBe(type);
        return (parts[0], own.GetProperty("data"));
    }

    private async Task<ApiDocument> Document() => new((await crm.Http.Read("/openapi/v1.json")).Ok().Body);
}
