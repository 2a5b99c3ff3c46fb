using System.Security.Cryptography;
using Crm.Api.Access;
using Crm.Api.Http;
using Crm.Api.Webhooks.Sending;
using Crm.Domain.Access;
using Crm.Domain.Webhooks;

namespace Crm.Api.Webhooks;

/// <summary>Webhooks over HTTP: what is told to whom outside, how that goes, and what is sent again.</summary>
public static class WebhookEndpoints
{
    public static void MapWebhooks(this IEndpointRouteBuilder app)
    {
        var webhooks = app.MapGroup("/webhooks").WithTags("Webhooks");
        webhooks.MapWhatThereIs();
        webhooks.MapWhatIsSent();
    }

    private static void MapWhatThereIs(this IEndpointRouteBuilder webhooks)
    {
        webhooks.MapGet("/", async (Caller by, WebhookStreams streams, CancellationToken ct) =>
            new ListOf<WebhookAnswer>([.. (await streams.All(by.Tenant, ct)).Select(w => WebhookAnswer.Of(w.Id, w.Webhook))]))
            .Needs(Functions.WebhooksRead).WithName("listWebhooks").WithSummary("The webhooks there are; never their secrets");

        webhooks.MapGet("/{id:guid}", async (Guid id, Caller by, IfNoneMatch held, WebhookWrites writes, CancellationToken ct) =>
        {
            var (webhook, version) = await writes.Found(by, id, ct);
            return new Found(WebhookAnswer.Of(id, webhook), version, held);
        }).Produces<WebhookAnswer>().HasVersion().Needs(Functions.WebhooksRead).WithName("getWebhook").WithSummary("One webhook; never its secret");

        webhooks.MapPost("/", (Body<RegisterWebhookRequest> body, Incoming incoming, WebhookWrites writes, CancellationToken ct) =>
            writes.Register(body.Value, incoming.Call(body, null, 201), ct))
            .Needs(Functions.WebhooksManage).Creates<WebhookSecretAnswer>().WithName("registerWebhook").WithSummary("Have what happens told to an address; its secret is told this once");

        webhooks.MapPatch("/{id:guid}", (Guid id, Patch<ChangeWebhookRequest> patch, Incoming incoming, WebhookWrites writes, CancellationToken ct) =>
            writes.Change(id, patch, incoming.Call(patch.Body, null), ct))
            .Needs(Functions.WebhooksManage).Changes().WithName("changeWebhook").WithSummary("Change a webhook, member by member");

        webhooks.MapDelete("/{id:guid}", (Guid id, Incoming incoming, WebhookWrites writes, CancellationToken ct) =>
            writes.Send(id, new RemoveWebhook(), incoming.Call(Nothing, null), ct))
            .Needs(Functions.WebhooksManage).Changes().MayFail(409).MayFail(412).MayFail(422).WithName("removeWebhook").WithSummary("Remove a webhook and its secrets, at once");

        webhooks.MapPost("/{id:guid}/secret-rotation", (Guid id, Body<RotateWebhookSecretRequest> body, Incoming incoming, WebhookWrites writes, CancellationToken ct) =>
            writes.Rotate(id, body.Value, incoming.Call(body, null, 201), ct))
            .Needs(Functions.WebhooksManage).Creates<WebhookSecretAnswer>().WithName("rotateWebhookSecret").WithSummary("Put a new secret in place of one, which still signs for a while");

        webhooks.MapPost("/{id:guid}/disablement", (Guid id, Body<DisableWebhookRequest> body, Incoming incoming, WebhookWrites writes, CancellationToken ct) =>
            writes.Send(id, new DisableWebhook(DisabledBecause.Asked, body.Value.Reason), incoming.Call(body, null), ct))
            .Needs(Functions.WebhooksManage).Changes().WithName("disableWebhook").WithSummary("Send a webhook nothing more");

        webhooks.MapPost("/{id:guid}/enablement", (Guid id, Body<EnableWebhookRequest> body, Incoming incoming, WebhookWrites writes, CancellationToken ct) =>
            writes.Send(id, new EnableWebhook(incoming.By.Rights), incoming.Call(body, null), ct))
            .Needs(Functions.WebhooksManage).Changes().WithName("enableWebhook").WithSummary("Tell a disabled webhook again what happens from now on");
    }

    private static void MapWhatIsSent(this IEndpointRouteBuilder webhooks)
    {
        webhooks.MapGet("/{id:guid}/health", async (Guid id, Caller by, WebhookWrites writes, Deliveries deliveries, CancellationToken ct) =>
        {
            await writes.Found(by, id, ct);
            return await deliveries.Health(by.Tenant, id, ct);
        }).Needs(Functions.WebhooksRead).WithName("getWebhookHealth").WithSummary("What a webhook has still to be sent, and since when it fails");

        webhooks.MapGet("/{id:guid}/deliveries", async (Guid id, Query<DeliveryQuestion> query, Caller by, WebhookWrites writes, Deliveries deliveries, CancellationToken ct) =>
        {
            await writes.Found(by, id, ct);
            return await deliveries.Page(by, id, query.Value, ct);
        }).HasNoVersion().Needs(Functions.WebhooksRead).WithName("listWebhookDeliveries").WithSummary("What was sent to a webhook and what came back, newest first");

        webhooks.MapPost("/{id:guid}/deliveries/{delivery}/redelivery", (
            Guid id, string delivery, Body<RedeliverRequest> body, Incoming incoming, WebhookWrites writes, CancellationToken ct) =>
            writes.Redeliver(id, delivery, incoming.Call(body, null), ct))
            .Needs(Functions.WebhooksManage).Changes().WithName("redeliverToWebhook").WithSummary("Send an event to a webhook again");

        webhooks.MapPost("/{id:guid}/replay", (Guid id, Body<ReplayWebhookRequest> body, Incoming incoming, WebhookWrites writes, CancellationToken ct) =>
            writes.Replay(id, body.Value, incoming.Call(body, null), ct))
            .Needs(Functions.WebhooksManage).Changes().WithName("replayToWebhook").WithSummary("Send a webhook again what was recorded in a span");

        webhooks.MapPost("/{id:guid}/test", async (Guid id, Body<TestWebhookRequest> _, Caller by, Trial trial, WebhookWrites writes, CancellationToken ct) =>
            await trial.Of(by, id, (await writes.Found(by, id, ct)).Webhook, ct))
            .Needs(Functions.WebhooksManage).Costs(20).WithName("testWebhook").WithSummary("Send a webhook something now, and tell what comes back");
    }

    // A DELETE has no body to tell one request from another by.
    private static Body<RemoveWebhook> Nothing => new(new RemoveWebhook(), Convert.ToHexStringLower(SHA256.HashData([])));
}
