using Crm.Api.Access;
using Crm.Api.Events;
using Crm.Api.Http;
using Crm.Api.Outside;
using Crm.Api.Webhooks.Sending;
using Crm.Domain;
using Crm.Domain.Webhooks;
using Crm.EventStore;
using Crm.EventStore.Sealing;

namespace Crm.Api.Webhooks;

/// <summary>The way of a change of a webhook from an endpoint to its stream.</summary>
public sealed class WebhookWrites(WebhookStreams webhooks, SealedSecrets secrets, Reach reach, Deliveries deliveries, Queries queries, Store store, TimeProvider clock)
{
    // Each event goes through all of a tenant's webhooks.
    private const int Most = 50;

    private const int DefaultOverlap = 24;

    public async Task<IResult> Register(RegisterWebhookRequest r, Call call, CancellationToken ct)
    {
        if (!await IsRepeated(call, ct))
        {
            await reach.MustBeReachable(r.Url, ct);
            if ((await webhooks.All(call.By.Tenant, ct)).Count >= Most)
            {
                throw Rejection.BrokenRule("webhook.too-many", $"A tenant has at most {Most} webhooks; remove one that is not needed.");
            }
        }

        var (id, name) = (call.NewId("webhook"), call.NewId("webhook-secret"));
        var secret = await NewSecret(id, name, call, ct);
        var written = await webhooks.Send(id, new RegisterWebhook(r.Url, Wants.Of(r.Events), r.Personal, r.Description, name, call.By.Rights), call, ct);
        return Told(written, secret, $"/api/v1/webhooks/{written.Id}");
    }

    public async Task<IResult> Change(Guid id, Patch<ChangeWebhookRequest> patch, Call call, CancellationToken ct)
    {
        if (patch.Cleared.FirstOrDefault(member => member is "url" or "personal") is { } fixedMember)
        {
            throw Problem.Invalid([Fault.InBody($"/{fixedMember}", Code.Missing, $"{fixedMember} cannot be taken away; leave it out to leave it as it is.")]);
        }

        var r = patch.Value;
        if (r.Url is not null && !await IsRepeated(call, ct))
        {
            _ = await Found(call.By, id, ct);
            await reach.MustBeReachable(r.Url, ct);
        }

        var wanted = r.Events is not null || patch.Cleared.Contains("events") ? Wants.Of(r.Events) : null;
        return Answer(await webhooks.Send(id, new ChangeWebhook(r.Url, wanted, r.Personal, r.Description, patch.Cleared, call.By.Rights), call, ct));
    }

    public async Task<IResult> Rotate(Guid id, RotateWebhookSecretRequest r, Call call, CancellationToken ct)
    {
        _ = await Found(call.By, id, ct);
        var name = call.NewId("webhook-secret");
        var secret = await NewSecret(id, name, call, ct);
        var until = clock.GetUtcNow().AddHours(r.OverlapHours ?? DefaultOverlap);
        return Told(await webhooks.Send(id, new RotateWebhookSecret(name, until, call.By.Rights), call, ct), secret, $"/api/v1/webhooks/{id}");
    }

    public async Task<IResult> Replay(Guid id, ReplayWebhookRequest r, Call call, CancellationToken ct)
    {
        var (webhook, _) = await Found(call.By, id, ct);
        var head = (await store.Head(ct)).Position;
        var after = r.AfterPosition ?? await queries.PositionBefore(r.From, call.By.Zone, ct) ?? (await deliveries.Health(call.By.Tenant, id, ct)).UndeliveredFrom - 1
            // From where one was disabled is written a moment later; until it is enabled there is nothing to send it.
            ?? (webhook.Disabled is not null ? head : default(long?))
            ?? throw Problem.Invalid([Fault.InBody("/from", Code.Missing, "The webhook has got everything: say from which time or position on it is to be sent again.")]);
        var upTo = r.UpToPosition ?? await queries.PositionBefore(r.To, call.By.Zone, ct) ?? head;
        if (r.AfterPosition > head || r.UpToPosition > head)
        {
            throw Problem.Invalid([Fault.InBody(r.AfterPosition > head ? "/afterPosition" : "/upToPosition", Code.OutOfRange, $"The newest position is {head}.")]);
        }

        if (r.UpToPosition <= r.AfterPosition || r.To?.In(call.By.Zone) <= r.From?.In(call.By.Zone))
        {
            throw Problem.Invalid([Fault.InBody(r.To is null ? "/upToPosition" : "/to", Code.EndsBefore, "The span ends before it begins.")]);
        }

        return await Replay(id, Math.Min(after, head), Math.Min(upTo, head), @event: null, call, ct);
    }

    public async Task<IResult> Redeliver(Guid id, string message, Call call, CancellationToken ct)
    {
        _ = await Found(call.By, id, ct);
        if (await deliveries.EventOf(call.By.Tenant, id, message, ct) is not var (@event, position, type))
        {
            throw Rejection.Unknown("webhook.delivery-unknown", "There is no such delivery of an event to this webhook, or it is longer ago than thirty days.");
        }

        // The webhook may have asked for more when it was sent.
        return EventKinds.Named(type)?.Subject is { } subject && SubjectSight.FunctionFor(subject) is { } function && !call.By.Rights.Functions.Contains(function)
            ? throw Rejection.BrokenRule("webhook.beyond-own", "The event is of a kind of record that you may not read.")
            : await Replay(id, position - 1, position, @event, call, ct);
    }

    public async Task<IResult> Send(Guid id, IWebhookCommand command, Call call, CancellationToken ct) => Answer(await webhooks.Send(id, command, call, ct));

    public async Task<(Webhook Webhook, long Version)> Found(Caller by, Guid id, CancellationToken ct) =>
        await webhooks.Find(by.Tenant, id, ct) ?? throw Rejection.Unknown("webhook.unknown", "There is no such webhook.");

    private async Task<IResult> Replay(Guid id, long after, long upTo, Guid? @event, Call call, CancellationToken ct) =>
        Answer(await webhooks.Send(id, new ReplayWebhook(call.NewId("webhook-replay"), after, upTo, @event, call.By.Rights), call, ct));

    // A request that was carried out is answered again, whatever stands against it by now.
    private async Task<bool> IsRepeated(Call call, CancellationToken ct) => call.Key is { } key && await store.Answered(call.By.Tenant, key, ct) is not null;

    private async Task<byte[]?> NewSecret(Guid webhook, Guid name, Call call, CancellationToken ct) =>
        call.IsDryRun ? null : await secrets.Keep(call.By.Tenant, webhook, name, ct);

    private WriteResult Told(Written written, byte[]? secret, string location) => new(written, store.Epoch, location, new WebhookSecretAnswer(
        written.Id, secret is null || written.Replayed ? null : Signature.Spell(secret), written.Version, written.Position));

    private WriteResult Answer(Written written) => new(written, store.Epoch, location: null, new WriteAnswer(written.Id, written.Version, written.Position));
}
