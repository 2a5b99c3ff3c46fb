using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Api.Access;
using Crm.Api.Events;
using Crm.Api.Outside;
using Crm.Domain;
using Crm.Domain.Webhooks;
using Crm.EventModel;
using Crm.EventStore.Sealing;

namespace Crm.Api.Webhooks.Sending;

/// <summary>Puts what happened as a receiver gets it: a CloudEvent, under an id of its own, signed.</summary>
public sealed class Messages(EventWriter writer, PublicAddress address, SealedSecrets secrets, SendingTerms terms)
{
    /// <summary>The type of what is sent to try a webhook out; no event is called so.</summary>
    public const string TestType = "webhook_test";

    private const string ContentType = $"{CloudEvent.MediaType}; charset=utf-8";
    private const int MostSecrets = 10_000;

    // Opened secrets, by their ids. Bounded by clearing: they are cheap to read again.
    private readonly ConcurrentDictionary<(string Tenant, Guid Secret), byte[]> opened = new();

    /// <summary>What a receiver knows an event by, at every attempt and in every replay.</summary>
    public static string IdOf(string tenant, Guid webhook, Guid @event) => $"msg_{StreamId.From(tenant, "webhook-message", $"{webhook:N} {@event:N}"):N}";

    public async Task<Parcel> Of(Recorded e, Guid id, Webhook webhook, CancellationToken ct)
    {
        // Where colleagues were on their visits is for those who may read visits, one by one; no webhook speaks for them.
        var sight = new Sight(Owners: null, webhook.Carries.HiddenFields, HidesFiles: !webhook.Personal, HidesVisits: true);
        var envelope = await writer.Write(e, sight, ct, webhook.Personal);
        var body = CloudEvent.Of(envelope, e.Tenant, address.WithoutRequest);
        return await Signed(e.Tenant, IdOf(e.Tenant, id, e.EventId), webhook, body, ct);
    }

    /// <summary>Something that did not happen, to see whether the receiver takes it.</summary>
    public Task<Parcel> Test(string tenant, Guid id, Webhook webhook, CancellationToken ct)
    {
        var (message, now) = (Guid.CreateVersion7(), terms.Clock.GetUtcNow());
        return Signed(tenant, $"msg_{message:N}", webhook, new
        {
            specversion = "1.0",
            id = message,
            source = $"urn:crm:tenant:{tenant}",
            type = TestType,
            subject = $"webhook/{id}",
            time = now,
            datacontenttype = "application/json",
            data = new JsonObject { ["webhookId"] = id.ToString() }
        }, ct);
    }

    private async Task<Parcel> Signed(string tenant, string message, Webhook webhook, object content, CancellationToken ct)
    {
        var (body, now) = (JsonSerializer.SerializeToUtf8Bytes(content, CloudEvent.Json), terms.Clock.GetUtcNow());
        var keys = new List<byte[]>();
        foreach (var secret in SecretsOf(webhook, now))
        {
            if (await Open(tenant, secret, ct) is { } key)
            {
                keys.Add(key);
            }
        }

        return keys.Count > 0
            ? new Parcel(new Uri(webhook.Url!), message, now, body, ContentType, Signature.Of(message, now, body, keys))
            : throw new InvalidOperationException($"The webhook's secret {webhook.Secret} is gone.");
    }

    // The new one first: most receivers stop at the first that fits.
    private static IEnumerable<Guid> SecretsOf(Webhook webhook, DateTimeOffset now) =>
        webhook.Retiring is { } old && now < old.Until ? [webhook.Secret!.Value, old.Secret] : [webhook.Secret!.Value];

    private async Task<byte[]?> Open(string tenant, Guid secret, CancellationToken ct)
    {
        if (opened.TryGetValue((tenant, secret), out var known))
        {
            return known;
        }

        if (opened.Count > MostSecrets)
        {
            opened.Clear();
        }

        return await secrets.Open(tenant, secret, ct) is { } key ? opened.GetOrAdd((tenant, secret), key) : null;
    }
}
