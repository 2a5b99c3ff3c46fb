using System.Text.Json;
using Crm.Api.Http;
using Crm.Api.Notifications.Sending;
using Crm.Domain.Notifications;
using Crm.EventModel;
using Crm.EventStore;
using Crm.EventStore.Sealing;

namespace Crm.Api.Notifications;

/// <summary>A stream for each channel; and, sealed beside it, what it takes to send by it.</summary>
public sealed class ChannelStreams(Store store, Engine engine)
{
    private SealedSecrets Secrets => engine.ChannelSecrets;

    /// <summary>One that is there; null for none. And its version.</summary>
    public async Task<(Channel Channel, long Version)?> Find(string tenant, Guid id, CancellationToken ct)
    {
        var events = await store.ReadStream(tenant, id, bound: null, ct);
        return Fold(events) is { IsThere: true } channel ? (channel, events[^1].Version) : null;
    }

    /// <summary>All that are there, oldest first.</summary>
    public async Task<IReadOnlyList<(Guid Id, Channel Channel)>> All(string tenant, CancellationToken ct)
    {
        var ids = await store.Streams(tenant, ChannelDecider.Instance.StreamType, ct);
        var streams = await store.ReadStreams(tenant, [.. ids], upTo: long.MaxValue, ct);
        return [.. streams.OrderBy(s => s.Value[0].Position).Select(s => (s.Key, Fold(s.Value))).Where(s => s.Item2.IsThere)];
    }

    internal Task Keep(string tenant, Guid channel, Guid secret, ChannelCredentials credentials, CancellationToken ct) =>
        Secrets.Keep(tenant, channel, secret, JsonSerializer.SerializeToUtf8Bytes(credentials, AnswerJson.Options), ct);

    /// <summary>Null when it is gone.</summary>
    internal async Task<ChannelCredentials?> Credentials(string tenant, Guid secret, CancellationToken ct) =>
        await Secrets.Open(tenant, secret, ct) is { } open ? JsonSerializer.Deserialize<ChannelCredentials>(open, AnswerJson.Options)
            : null;

    private static Channel Fold(IReadOnlyList<Recorded> events) =>
        events.Select(e => e.Data).OfType<IChannelEvent>().Aggregate(Channel.None, Channel.Evolve);
}
