using Crm.Domain.Webhooks;
using Crm.EventModel;
using Crm.EventStore;

namespace Crm.Api.Webhooks;

/// <summary>A stream for each webhook. The program that sends writes to them too, so they are always read.</summary>
public sealed class WebhookStreams(Commands commands, Store store)
{
    public Task<Written> Send(Guid id, IWebhookCommand command, Call call, CancellationToken ct) =>
        commands.Send(WebhookDecider.Instance, id, command, call, ct);

    /// <summary>One that is there; null for none. And its version.</summary>
    public async Task<(Webhook Webhook, long Version)?> Find(string tenant, Guid id, CancellationToken ct)
    {
        var events = await store.ReadStream(tenant, id, bound: null, ct);
        return Fold(events) is { IsThere: true } webhook ? (webhook, events[^1].Version) : null;
    }

    /// <summary>All that are there, oldest first.</summary>
    public async Task<IReadOnlyList<(Guid Id, Webhook Webhook)>> All(string tenant, CancellationToken ct)
    {
        var ids = await store.Streams(tenant, WebhookDecider.Instance.StreamType, ct);
        var streams = await store.ReadStreams(tenant, [.. ids], upTo: long.MaxValue, ct);
        return [.. streams.OrderBy(s => s.Value[0].Position).Select(s => (s.Key, Fold(s.Value))).Where(s => s.Item2.IsThere)];
    }

    private static Webhook Fold(IReadOnlyList<Recorded> events) => events.Select(e => e.Data).OfType<IWebhookEvent>().Aggregate(Webhook.None, Webhook.Evolve);
}
