using System.Text.Json;
using Crm.Api.Outside;
using Crm.Api.Tests.Journeys;
using Crm.Support;
using Microsoft.AspNetCore.Http;

namespace Crm.Api.Tests.Webhooks;

/// <summary>What happens is told, signed, in order, and again where somebody asks for it.</summary>
public sealed class DeliveryTests(WebhookServer crm) : IClassFixture<WebhookServer>
{
    private HttpClient Http => crm.Http;

    private Receiver Receiver => crm.Receiver;

    [Fact]
    public async Task An_event_arrives_signed_as_a_CloudEvent_and_is_noted()
    {
        var (id, secret) = await Http.Hook(Receiver, "/arrives");

        var lead = await Http.Lead("Arrival");

        var got = (await Receiver.At("/arrives", 1)).Single();
        (got.Type, got.Subject, got.ContentType).ShouldBe(("lead_captured", lead.ToString(), "application/cloudevents+json; charset=utf-8"));
        got.Event.GetProperty("data").GetProperty("company").GetString().ShouldBe("Arrival");
        got.Id.ShouldMatch("^msg_[0-9a-f]{32}$");
        got.IsSignedWith(secret).ShouldBeTrue();
        DateTimeOffset.FromUnixTimeSeconds(got.Timestamp).ShouldBe(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(1));
        var attempt = (await Http.Attempts(id, 1)).Single();
        attempt.GetProperty("deliveryId").GetString().ShouldBe(got.Id);
        attempt.GetProperty("eventId").GetString().ShouldBe(got.Event.GetProperty("id").GetString());
        (attempt.GetProperty("outcome").GetString(), attempt.GetProperty("status").GetInt32(), attempt.GetProperty("attempt").GetInt32()).ShouldBe(("delivered", 200, 1));
        (await Http.Read($"webhooks/{id}/health")).Ok()["waiting"].ShouldBe("0");
    }

    [Fact]
    public async Task Only_what_is_asked_for_arrives()
    {
        await Http.Hook(Receiver, "/asked", new { events = new[] { "customer", "lead_noted" } });

        var lead = await Http.Lead();
        (await Http.Write($"leads/{lead}/notes", new { text = "called" })).Ok();
        (await Http.Write("customers", new { name = "Hengce" })).Ok();

        (await Receiver.At("/asked", 2)).Select(g => g.Type).ShouldBe(["lead_noted", "customer_registered"], ignoreOrder: true);
    }

    [Fact]
    public async Task Nothing_of_persons_arrives_but_where_it_was_asked_for()
    {
        await Http.Hook(Receiver, "/faceless", new { events = new[] { "lead" } });
        await Http.Hook(Receiver, "/faces", new { events = new[] { "lead" }, personal = true });

        (await Http.Write("leads", new { source = "web", contact = "王伟", email = "wang@example.cn", company = "Faceless" })).Ok();

        var faceless = (await Receiver.At("/faceless", 1)).Single().Event.GetProperty("data");
        var faces = (await Receiver.At("/faces", 1)).Single().Event.GetProperty("data");
        (faceless.TryGetProperty("contact", out _), faceless.TryGetProperty("email", out _), faceless.GetProperty("company").GetString()).ShouldBe((false, false, "Faceless"));
        (faces.GetProperty("contact").GetString(), faces.GetProperty("email").GetString()).ShouldBe(("王伟", "wang@example.cn"));
    }

    [Fact]
    public async Task Where_somebody_was_on_a_visit_arrives_nowhere()
    {
        using var admin = await crm.Tenant("places");
        await admin.Hook(Receiver, "/places", new { events = new[] { "customer_touched" }, personal = true });
        var customer = (await admin.Write("customers", new { name = "Hengce" })).Ok().Id;
        var visit = new
        {
            clientId = Guid.NewGuid(), occurredAt = "2026-03-02T02:00:00Z", customerId = customer, note = "Mr Wang was in.",
            position = new { latitude = 31.2313, longitude = 121.4737 }
        };
        (await admin.Write("visits/sync", new { deviceId = "phone-1", batch = new[] { visit } })).Ok();

        var told = (await Receiver.At("/places", 1)).Single().Event.GetProperty("data");
        (told.GetProperty("summary").GetString(), told.GetProperty("place").ValueKind).ShouldBe(("Mr Wang was in.", JsonValueKind.Null));
    }

    [Fact]
    public async Task Events_of_one_record_arrive_in_their_order_while_those_of_others_go_on()
    {
        var refused = new HashSet<string>();
        Receiver.Answer = (context, got, _) =>
        {
            // The first of each record is taken at the second try only.
            lock (refused)
            {
                context.Response.StatusCode = got.Path == "/order" && got.Version == 1 && refused.Add(got.Subject) ? 500 : 204;
            }

            return Task.CompletedTask;
        };
        using var admin = await crm.Tenant("order");
        await admin.Hook(Receiver, "/order", new { events = new[] { "lead" } });
        for (var i = 0; i < 3; i++)
        {
            var lead = await admin.Lead();
            for (var n = 0; n < 4; n++)
            {
                (await admin.Write($"leads/{lead}/notes", new { text = $"{n}" })).Ok();
            }
        }

        await Receiver.At("/order", 18);
        await Patience.Until("all is taken", () => Receiver.At("/order").Select(g => g.Id).Distinct().Count() == 15);

        var records = Receiver.At("/order").GroupBy(g => g.Subject).ToList();
        records.Count.ShouldBe(3);
        foreach (var record in records)
        {
            record.Select(g => g.Version).ShouldBe([1, 1, 2, 3, 4, 5]);
            record.Take(2).Select(g => g.Id).Distinct().Count().ShouldBe(1, "a repeat has the same id");
        }

        Receiver.Answer = (_, _, _) => Task.CompletedTask;
    }

    [Fact]
    public async Task For_a_while_after_a_rotation_both_secrets_sign_and_then_only_the_new_one()
    {
        using var admin = await crm.Tenant("rotation");
        var (id, old) = await admin.Hook(Receiver, "/rotation");
        var rotated = (await admin.Write($"webhooks/{id}/secret-rotation", new { })).Ok();
        await admin.Lead();
        var during = (await Receiver.At("/rotation", 1)).Single();
        var last = (await admin.Write($"webhooks/{id}/secret-rotation", new { overlapHours = 0 })).Ok();
        await admin.Lead();
        var after = (await Receiver.At("/rotation", 2))[1];

        rotated.Status.ShouldBe(201);
        (during.IsSignedWith(old), during.IsSignedWith(rotated["secret"]!), during.Signature.Split(' ').Length).ShouldBe((true, true, 2));
        (after.IsSignedWith(rotated["secret"]!), after.IsSignedWith(last["secret"]!), after.Signature.Split(' ').Length).ShouldBe((false, true, 1));
    }

    [Fact]
    public async Task A_delivery_and_a_span_are_sent_again_under_the_same_ids()
    {
        using var admin = await crm.Tenant("again");
        var (id, _) = await admin.Hook(Receiver, "/again");
        var lead = await admin.Lead();
        (await admin.Write($"leads/{lead}/notes", new { text = "one" })).Ok();
        var first = await Receiver.At("/again", 2);
        await admin.Attempts(id, 2);

        (await admin.Write($"webhooks/{id}/deliveries/{first[1].Id}/redelivery", new { })).Ok();
        (await Receiver.At("/again", 3))[2].Id.ShouldBe(first[1].Id);
        (await admin.Write($"webhooks/{id}/replay", new { afterPosition = 0 }, ("Idempotency-Key", "again"))).Ok();
        (await admin.Write($"webhooks/{id}/replay", new { afterPosition = 0 }, ("Idempotency-Key", "again"))).Ok();
        (await Receiver.At("/again", 5)).Skip(3).Select(g => g.Id).ShouldBe(first.Select(g => g.Id));
        (await admin.Write($"webhooks/{id}/replay", new { from = DateTimeOffset.UtcNow.AddHours(-1).Text(), to = DateTimeOffset.UtcNow.AddDays(1).Text() })).Ok();
        (await Receiver.At("/again", 7)).Skip(5).Select(g => g.Id).ShouldBe(first.Select(g => g.Id));
    }

    [Fact]
    public async Task A_test_tells_the_status_and_nothing_of_what_the_receiver_wrote()
    {
        using var admin = await crm.Tenant("test");
        var (id, secret) = await admin.Hook(Receiver, "/test");
        Receiver.Answer = async (context, got, n) =>
        {
            context.Response.StatusCode = got.Path == "/test" && n == 2 ? 418 : 200;
            await context.Response.WriteAsync("<b>what the receiver wrote</b>");
        };

        var taken = (await admin.Write($"webhooks/{id}/test", new { })).Ok();
        var refused = (await admin.Write($"webhooks/{id}/test", new { })).Ok();

        (taken["delivered"], taken["status"], refused["delivered"], refused["status"]).ShouldBe(("True", "200", "False", "418"));
        (taken.Text + refused.Text).ShouldNotContain("receiver wrote");
        var got = Receiver.At("/test");
        (got.Count, got[0].Event.GetProperty("type").GetString(), got[0].IsSignedWith(secret)).ShouldBe((2, "webhook_test", true));
        (await admin.Attempts(id, 2)).Select(a => a.GetProperty("eventType").GetString()).ShouldBe(["webhook_test", "webhook_test"]);
        (await (await admin.Write($"webhooks/{id}/deliveries/{got[0].Id}/redelivery", new { })).Refused()).Code.ShouldBe("webhook.delivery-unknown");
        Receiver.Answer = (_, _, _) => Task.CompletedTask;
    }

    [Fact]
    public async Task A_disabled_webhook_gets_nothing_and_later_by_a_replay_what_it_missed()
    {
        using var admin = await crm.Tenant("missed");
        var (id, _) = await admin.Hook(Receiver, "/missed");
        await admin.Lead("before");
        await Receiver.At("/missed", 1);
        (await admin.Write($"webhooks/{id}/disablement", new { reason = "moves" })).Ok();
        await admin.Lead("meanwhile");
        (await (await admin.Write($"webhooks/{id}/replay", new { })).Refused()).Code.ShouldBe("webhook.disabled");
        (await admin.Write($"webhooks/{id}/enablement", new { })).Ok();
        await admin.Lead("after");
        (await Receiver.At("/missed", 2))[1].Event.GetProperty("data").GetProperty("company").GetString().ShouldBe("after");

        (await admin.Write($"webhooks/{id}/replay", new { })).Ok();

        var again = (await Receiver.At("/missed", 4)).Skip(2).ToList();
        again.Select(g => g.Event.GetProperty("data").GetProperty("company").GetString()).ShouldBe(["meanwhile", "after"], ignoreOrder: true);
        (await (await admin.Write($"webhooks/{id}/replay", new { })).Refused()).Errors.Single().Code.ShouldBe("missing");
    }

    [Fact]
    public async Task Rebuilding_read_models_sends_nothing()
    {
        using var admin = await crm.Tenant("rebuild");
        var (id, _) = await admin.Hook(Receiver, "/rebuild");
        await admin.Lead();
        await Receiver.At("/rebuild", 1);

        foreach (var model in Crm.Projections.Catalog.All)
        {
            await new Crm.EventStore.ReadModels.Rebuild(crm.Engine.Database, model, crm.Engine.Store.Types).Run(Crm.EventStore.ReadModels.Gear.FlatOut, null, default);
        }

        await admin.Lead();
        (await Receiver.At("/rebuild", 2)).Select(g => g.Id).ShouldBeUnique();
        (await admin.Attempts(id, 2)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task One_tenant_hears_nothing_of_another()
    {
        using var one = await crm.Tenant("hook-one");
        using var other = await crm.Tenant("hook-other");
        await one.Hook(Receiver, "/one");
        await other.Hook(Receiver, "/other");

        var (mine, theirs) = (await one.Lead(), await other.Lead());

        (await Receiver.At("/one", 1)).Select(g => g.Subject).ShouldBe([mine.ToString()]);
        (await Receiver.At("/other", 1)).Select(g => g.Subject).ShouldBe([theirs.ToString()]);
    }
}
