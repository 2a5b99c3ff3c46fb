using Crm.Api.Automations;
using Crm.Api.Playbooks;
using Crm.Domain.Leads;
using Crm.Domain.Notifications;
using Crm.Domain.Opportunities;
using Crm.Domain.Tasks;
using Crm.EventModel;
using Crm.EventStore;
using Crm.EventStore.ReadModels;
using Npgsql;

namespace Crm.Api.Notifications.Sending;

/// <summary>
/// The time in which this process alone sends messages. It goes through the log from where the last one stood, puts in what is to go out,
/// and hands to the lanes what is due.
/// What is under way when the time ends is sent again by who comes after, under the same id.
/// </summary>
internal sealed class PostRound(
    Engine engine, Letters letters, Lanes lanes, MessageTerms terms, AutomationTable failures, NpgsqlConnection connection, Wakeup wakeup)
{
    public const string Automation = "send-messages";
    public const string Progress = "messages";

    private const int PageSize = 500;
    private const int MostDue = 500;
    private const int MostKnown = 50_000;

    private readonly LogPlace place = new(connection, Progress);
    private readonly string[] types =
        [.. ((Type[])[typeof(AlertRaised), typeof(NotificationsChosen), typeof(ChannelAdded), typeof(ChannelChanged),
            typeof(ChannelRemoved), typeof(LeadNurtureMailed), typeof(OpportunityEntryActed)]).SelectMany(engine.Store.Types.AliasesOf)];

    // What each member wants, up to where the log was gone through.
    private readonly Dictionary<(string Tenant, string Member), NotificationsChosen?> wishes = [];
    private long position;

    // Up to when all is in that goes into digests.
    private DateTimeOffset gatheredUntil = DateTimeOffset.MinValue;

    public async Task Begin(CancellationToken ct) => position = await place.Open(ct);

    /// <summary>Does what there is to do now.</summary>
    /// <returns>Whether there may be more.</returns>
    public async Task<bool> Step(CancellationToken ct)
    {
        var now = await Now(ct);
        await TryAgain(ct);
        return await Follow(ct) || await HandOut(now, ct);
    }

    // What failed with one event, and somebody wants tried again: what comes of it is put in now, by what was known when he wanted it.
    private async Task TryAgain(CancellationToken ct)
    {
        var wanted = await failures.Wanted(Automation, ct);
        while (wanted.Count > 0 && await Follow(ct))
        {
        }

        foreach (var failure in wanted)
        {
            var stream = await LogReader.Streams(connection, engine.Store.Types, [(failure.Tenant, failure.Subject)], position, ct);
            if (stream.FirstOrDefault(e => e.EventId == failure.Cause) is { } e)
            {
                await Learn([e], ct);
                if (await Tried(e, ct) is not { } messages)
                {
                    continue;
                }

                await MessageTable.Put(connection, [.. messages.Select(message => Alone(message, e))], ct);
            }

            await failures.Done(failure, ct);
        }
    }

    // The digest that it would have been in may have gone out without it.
    private static NewMessage Alone(NewMessage message, Recorded e) => message.Kind != MessageKinds.Digest ? message
        : message with { Id = MessageIds.OfAlert(e.Tenant, message.Channel, e.EventId), Kind = MessageKinds.Alert };

    private async Task<bool> Follow(CancellationToken ct)
    {
        var (events, seen) = await LogReader.ReadOn(connection, engine.Store.Types, new LogSpan(position, long.MaxValue, [], [], types),
            PageSize, ct);
        await Learn(events, ct);
        var (messages, with) = (new List<NewMessage>(), new List<NpgsqlBatchCommand>());
        foreach (var e in events)
        {
            switch (e.Data)
            {
                case NotificationsChosen chosen:
                    wishes[(e.Tenant, chosen.Member)] = chosen;
                    break;
                case AlertRaised or LeadNurtureMailed or OpportunityEntryActed { Mail: not null }:
                    messages.AddRange(await Tried(e, ct) ?? []);
                    break;
                case ChannelAdded:
                    letters.Forget(e.Tenant);
                    break;
                case ChannelChanged changed:
                    with.AddRange(MessageTable.Forget(e.Tenant, e.StreamId, changed.Secret));
                    letters.Forget(e.Tenant);
                    lanes.Forget(e.Tenant, e.StreamId);
                    break;
                case ChannelRemoved:
                    // Of those on the same page too.
                    with.AddRange([.. MessageTable.Put(messages), .. MessageTable.Forget(e.Tenant, e.StreamId, secret: null)]);
                    messages.Clear();
                    letters.Forget(e.Tenant);
                    lanes.Forget(e.Tenant, e.StreamId);
                    break;
            }
        }

        if (seen > position)
        {
            await place.Advance(position, seen, [.. with, .. MessageTable.Put(messages)], ct);
            position = seen;
        }

        return events.Count == PageSize;
    }

    // One event of which nothing can be made keeps nothing back but itself: it is shown among the failures, and can be tried again.
    private async Task<IReadOnlyList<NewMessage>?> Tried(Recorded e, CancellationToken ct)
    {
        try
        {
            return e.Data switch
            {
                AlertRaised alert => [.. await Of(e, alert, ct)],
                LeadNurtureMailed mailed => [new NewMessage(
                    e.Tenant, MessageIds.OfNurture(e.Tenant, e.EventId), await letters.ChannelOf(e.Tenant, mailed.Playbook, ct),
                    MessageKinds.Nurture,
                    e.StreamId.ToString(), e.RecordedAt, e.RecordedAt, e.Position)],
                OpportunityEntryActed { Mail: not null } acted => Of(e, acted, await letters.ChannelOf(e.Tenant, acted.Playbook, ct)),
                _ => []
            };
        }
        catch (Exception error) when (!error.IsPassing())
        {
            await failures.Note(new AutomationFailure(
                e.Tenant, Automation, e.StreamId, e.EventId, e.RecordedAt, default, 0,
                $"{error.GetType().Name}: {error.Message.Split('\n')[0]}", Again: false), ct);
            return null;
        }
    }

    private static IReadOnlyList<NewMessage> Of(Recorded e, OpportunityEntryActed acted, Guid channel)
    {
        return acted.Contacts is { } contacts
            ? [.. contacts.Distinct().Select(contact => Mail(MessageIds.OfEntry(e.Tenant, e.EventId, contact)))]
            : [Mail(MessageIds.OfEntry(e.Tenant, e.EventId))];

        NewMessage Mail(Guid id) =>
            new(e.Tenant, id, channel, MessageKinds.Entry, e.StreamId.ToString(), e.RecordedAt, e.RecordedAt, e.Position);
    }

    // What those want of whom nothing is known yet, as it was before this page.
    private async Task Learn(IReadOnlyList<Recorded> events, CancellationToken ct)
    {
        if (wishes.Count > MostKnown)
        {
            wishes.Clear();
        }

        var strangers = events.Where(e => e.Data is AlertRaised).Select(e => (e.Tenant, Member: ((AlertRaised)e.Data).To)).Distinct()
            .Where(one => !wishes.ContainsKey(one)).ToList();
        if (strangers.Count == 0)
        {
            return;
        }

        var streams = strangers.ToDictionary(one => (one.Tenant, NotificationWishes.StreamOf(one.Tenant, one.Member)));
        foreach (var stranger in strangers)
        {
            wishes[stranger] = null;
        }

        foreach (var e in await LogReader.Streams(connection, engine.Store.Types, [.. streams.Keys], position, ct))
        {
            if (e.Data is NotificationsChosen chosen)
            {
                wishes[streams[(e.Tenant, e.StreamId)]] = chosen;
            }
        }
    }

    private async Task<IEnumerable<NewMessage>> Of(Recorded e, AlertRaised alert, CancellationToken ct)
    {
        if (wishes[(e.Tenant, alert.To)] is not { } wanted)
        {
            return [];
        }

        var zone = Zones.Of(engine.Organisations.ZoneOf(await engine.Organisations.Of(e.Tenant, ct)));
        return NotifyMember.React(alert, e.RecordedAt, wanted, zone).Select(notice => new NewMessage(
            e.Tenant,
            notice.IsDigest ? MessageIds.OfDigest(e.Tenant, notice.Channel, alert.To, notice.DueAt)
                : MessageIds.OfAlert(e.Tenant, notice.Channel, e.EventId),
            notice.Channel, notice.IsDigest ? MessageKinds.Digest : MessageKinds.Alert, alert.To, e.RecordedAt, notice.DueAt, e.Position));
    }

    private async Task<bool> HandOut(DateTimeOffset now, CancellationToken ct)
    {
        await Gather(now, ct);
        var due = lanes.HasRoom
            ? await MessageTable.Due(connection, now, gatheredUntil, lanes.Busy, lanes.Full, (terms.MostAtOnce, MostDue), ct) : [];
        if (due.Count == 0)
        {
            return false;
        }

        var events = await LogReader.At(connection, engine.Store.Types, [.. due.SelectMany(message => message.Positions).Distinct()], ct);
        foreach (var channel in due.GroupBy(message => (message.Tenant, message.Channel)))
        {
            lanes.Send(channel.Key.Tenant, channel.Key.Channel, [.. channel.Select(message => (message, Events(message)))], letters,
                wakeup, ct);
        }

        return true;

        IReadOnlyList<Recorded> Events(DueMessage message) =>
            [.. message.Positions.Select(at => events.GetValueOrDefault(at)).OfType<Recorded>().Where(e => e.Tenant == message.Tenant)];
    }

    // What was stamped before the moment of a digest may still be on its way to the log when the moment has come. Whoever writes is
    // waited for, once, and what he wrote is gone through.
    private async Task Gather(DateTimeOffset now, CancellationToken ct)
    {
        if (now <= gatheredUntil || !await MessageTable.IsDigestDue(connection, gatheredUntil, now, ct))
        {
            return;
        }

        await using (var command = new NpgsqlCommand("select crm.position_at_after_lane($1)", connection))
        {
            command.Parameters.AddWithValue(now.ToUniversalTime());
            await command.ExecuteScalarAsync(ct);
        }

        while (await Follow(ct))
        {
        }

        gatheredUntil = now;
    }

    // The store's own: what is due by it, and was raised before it, has been gone through.
    private async Task<DateTimeOffset> Now(CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("select crm.clock()", connection);
        return new DateTimeOffset((DateTime)(await command.ExecuteScalarAsync(ct))!);
    }
}
