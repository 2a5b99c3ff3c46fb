using System.Collections.Concurrent;
using Crm.Domain.Notifications;
using Crm.EventModel;
using Crm.EventStore.ReadModels;

namespace Crm.Api.Notifications.Sending;

/// <summary>The channels by which messages go out just now: by each one message after another, by many at a time.</summary>
internal sealed class Lanes(Engine engine, ChannelStreams channels, IEnumerable<IPort> ports, MessageTerms terms, ILogger<Lanes> log)
{
    private readonly ConcurrentDictionary<(string Tenant, Guid Channel), Lane> all = new();
    private readonly Dictionary<ChannelKind, IPort> ports = ports.ToDictionary(port => port.Kind);
    private readonly MessageTable table = new(engine.Senders);

    public bool HasRoom => all.Values.Count(lane => lane.IsUnderWay) < terms.MostChannels;

    /// <summary>Tenants that send by as many channels as one may at a time, so that others are not left without.</summary>
    public IReadOnlyList<string> Full =>
        [.. all.Where(lane => lane.Value.IsUnderWay).GroupBy(lane => lane.Key.Tenant).Where(own => own.Count() >= terms.MostOfTenant)
            .Select(own => own.Key)];

    /// <summary>Channels by which nothing more can go just now.</summary>
    public IReadOnlyList<(string Tenant, Guid Channel)> Busy =>
        [.. all.Where(lane => lane.Value.IsUnderWay || lane.Value.IsHeld).Select(lane => lane.Key)];

    /// <summary>What it takes to send by a channel has changed.</summary>
    public void Forget(string tenant, Guid channel) => all.GetValueOrDefault((tenant, channel))?.Forget();

    /// <summary>Sends by a channel that is not busy, without waiting for it.</summary>
    public void Send(string tenant, Guid channel, IReadOnlyList<(DueMessage Message, IReadOnlyList<Recorded> Events)> due, Letters letters,
        Wakeup wakeup, CancellationToken ct)
    {
        var lane = all.GetOrAdd((tenant, channel), one =>
            new Lane(one.Tenant, one.Channel, channels, ports, table, terms, engine.Store.Clock, log));
        if (!lane.IsUnderWay && HasRoom && !Full.Contains(tenant))
        {
            lane.Run(async () =>
            {
                try
                {
                    await lane.Send([.. due.Take(terms.MostAtOnce)], letters, ct);
                }
                catch (Exception error) when (!ct.IsCancellationRequested)
                {
                    log.LogWarning("Messages of channel {Channel} wait: {Reason}", channel, error.Message.Split('\n')[0]);
                    lane.Hold(TimeSpan.FromSeconds(5));
                }
                finally
                {
                    wakeup.Call();
                }
            });
        }
    }

    /// <summary>Waits until nothing is under way any more.</summary>
    public Task End() => Task.WhenAll(all.Values.Select(lane => lane.UnderWay)).ContinueWith(_ => { }, CancellationToken.None);
}
