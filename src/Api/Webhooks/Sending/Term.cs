using System.Collections.Concurrent;
using Crm.Api.Events;
using Crm.Api.Outside;
using Crm.Domain.Webhooks;
using Crm.EventModel;
using Crm.EventStore;
using Crm.EventStore.ReadModels;
using Crm.Projections;
using Npgsql;
using Polly.CircuitBreaker;

namespace Crm.Api.Webhooks.Sending;

/// <summary>
/// The time in which this process alone sends. One loop goes through the log, writes what came back and looks for what is due; only the requests
/// themselves run beside it. What is under way when the time ends is sent again by who comes after, under the same id.
/// </summary>
internal sealed class Term(
    NpgsqlConnection connection, EventTypes types, Messages messages, Courier courier, Closing closing, SendingTerms terms, Wakeup wakeup, CancellationToken ct)
{
    private const int Page = 500;
    private const int MostWaitingOfReplay = 2000;
    private const long Span = 100_000;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly IReadOnlyList<string> OfWebhooks = EventCatalog.Types.AliasesOf(typeof(IWebhookEvent));

    private readonly Outbox outbox = new(connection);
    private readonly Dictionary<(string Tenant, Guid Id), Receiver> receivers = [];
    private readonly List<Replay> replays = [];
    private readonly ConcurrentQueue<Settled> settled = new();
    private (long Written, long Seen, DateTimeOffset At) position;

    public async Task Run()
    {
        await Load();
        while (true)
        {
            var news = wakeup.Next;
            var hasWorked = await FanOut() | await Settle() | await Replay() | await SendDue();
            if (!hasWorked)
            {
                await Task.WhenAny(news, Task.Delay(terms.Poll, ct));
            }

            ct.ThrowIfCancellationRequested();
        }
    }

    private async Task Load()
    {
        var (webhooks, pending, from) = await outbox.Open(ct);
        position = (from, from, DateTimeOffset.MinValue);
        replays.AddRange(pending);
        foreach (var (tenant, id, since) in webhooks)
        {
            receivers[(tenant, id)] = new Receiver(tenant, id, terms.Clock) { FailingSince = since };
        }

        foreach (var e in await LogReader.Streams(connection, types, [.. receivers.Keys], from, ct))
        {
            if (e.Data is IWebhookEvent fact)
            {
                receivers[(e.Tenant, e.StreamId)].Evolve(fact);
            }
        }
    }

    // A page of the log: who is told what. It ends at a change of a webhook, after which others are told other things.
    private async Task<bool> FanOut()
    {
        var open = receivers.Values.Where(r => r.Stored.Count > 0).ToList();
        var span = new LogSpan(
            position.Seen, long.MaxValue, [.. open.SelectMany(r => r.Stored).Distinct()], [.. open.Select(r => r.Tenant).Distinct()], OfWebhooks);
        var (events, seen) = await LogReader.ReadOn(connection, types, span, Page, ct);
        var change = events.FirstOrDefault(e => e.Data is IWebhookEvent);
        if (change is not null)
        {
            (events, seen) = ([.. events.TakeWhile(e => e.Position <= change.Position)], change.Position);
        }

        var now = terms.Clock.GetUtcNow();
        var told = open.ToLookup(r => r.Tenant);
        var given = events.SelectMany(e => told[e.Tenant].Where(r => r.IsTold(e.TypeName)).Select(r => (Receiver: r, Event: e))).ToList();
        if (given.Count > 0 || change is not null || (seen > position.Written && now - position.At >= Pause))
        {
            await outbox.Advance(
                position.Written, seen, [.. given.Select(g => new Waiting(g.Event.Tenant, g.Receiver.Id, g.Event.Position, g.Event.StreamId))],
                change is null ? [] : Changes.Of(change, (IWebhookEvent)change.Data, Known(change)), now, ct);
            position = (seen, seen, now);
        }

        position = position with { Seen = seen };
        given.ForEach(g => g.Receiver.LookNoLaterThan(now));
        if (change is not null)
        {
            Take(change, (IWebhookEvent)change.Data, now);
        }

        return change is not null || events.Count == Page;
    }

    private Receiver Known(Recorded e) => receivers.TryGetValue((e.Tenant, e.StreamId), out var known) ? known
        : receivers[(e.Tenant, e.StreamId)] = new Receiver(e.Tenant, e.StreamId, terms.Clock);

    private void Take(Recorded e, IWebhookEvent fact, DateTimeOffset now)
    {
        var receiver = Known(e);
        receiver.Evolve(fact);
        receiver.LookNoLaterThan(now);
        if (fact is WebhookReplayAsked replay)
        {
            replays.Add(new Replay(e.Tenant, e.StreamId, replay.Replay, replay.After, replay.UpTo, replay.Event));
        }
        else if (fact is WebhookDisabled or WebhookRemoved)
        {
            replays.RemoveAll(r => r.Tenant == e.Tenant && r.Webhook == e.StreamId);
        }

        if (fact is WebhookRemoved)
        {
            receivers.Remove((e.Tenant, e.StreamId));
        }
    }

    private async Task<bool> Settle()
    {
        var all = new List<Settled>();
        while (all.Count < Page && settled.TryDequeue(out var one))
        {
            all.Add(one);
        }

        if (all.Count == 0)
        {
            return false;
        }

        var now = terms.Clock.GetUtcNow();
        var changed = all.Where(one => one.Attempt is not null && NoteOf(one)).Select(one => one.Receiver).ToHashSet();
        await outbox.Settle(all, changed, now, ct);
        foreach (var (receiver, due, attempt, next, hold) in all)
        {
            receiver.UnderWay.Remove(due.Position);
            receiver.LookNoLaterThan(next ?? now);
            if (hold is { } wanted)
            {
                receiver.Hold(wanted, now);
            }

            if (attempt is not null)
            {
                closing.Consider(receiver, attempt.Reply, now);
            }
        }

        return true;
    }

    // Since when it takes nothing. Whether that has changed.
    private static bool NoteOf(Settled one)
    {
        var (receiver, reply) = (one.Receiver, one.Attempt!.Reply);
        var hasChanged = reply.IsTaken == receiver.FailingSince is not null;
        receiver.FailingSince = reply.IsTaken ? null : receiver.FailingSince ?? one.Attempt.At;
        return hasChanged;
    }

    private async Task<bool> Replay()
    {
        var hasWorked = false;
        foreach (var replay in replays.ToList())
        {
            if (!receivers.TryGetValue((replay.Tenant, replay.Webhook), out var receiver) || !receiver.State.IsOpen
                || await outbox.Count(replay.Tenant, replay.Webhook, MostWaitingOfReplay, ct) >= MostWaitingOfReplay)
            {
                continue;
            }

            var upTo = Math.Min(replay.UpTo, replay.After + Span);
            var wanted = replay.Event is null ? receiver.Stored : EventCatalog.Types.AliasesOf(typeof(object));
            var (events, seen) = await LogReader.ReadOn(connection, types, new LogSpan(replay.After, upTo, wanted, [replay.Tenant], []), Page, ct);
            var given = events.Where(e => replay.Event is null || e.EventId == replay.Event)
                .Select(e => new Waiting(e.Tenant, replay.Webhook, e.Position, e.StreamId)).ToList();
            var now = terms.Clock.GetUtcNow();
            await outbox.Advance(replay, seen < replay.UpTo && seen > replay.After ? seen : null, given, now, ct);
            replays.Remove(replay);
            if (seen < replay.UpTo && seen > replay.After)
            {
                replays.Add(replay with { After = seen });
            }

            receiver.LookNoLaterThan(now);
            hasWorked = true;
        }

        return hasWorked;
    }

    private async Task<bool> SendDue()
    {
        var now = terms.Clock.GetUtcNow();
        var underWay = receivers.Values.ToLookup(r => r.Tenant, r => r.UnderWay.Count);
        var (left, ofTenants) = (terms.Most - underWay.Sum(tenant => tenant.Sum()), underWay.ToDictionary(t => t.Key, t => terms.MostOfTenant - t.Sum()));
        var asked = new List<(Receiver Receiver, int Room)>();
        foreach (var receiver in receivers.Values)
        {
            var room = Math.Min(receiver.Room(terms, now), Math.Min(left, ofTenants[receiver.Tenant]));
            if (room > 0)
            {
                asked.Add((receiver, room));
            }
        }

        if (asked.Count == 0)
        {
            return false;
        }

        // What is under way stands first among what is due, and one more tells when to look again.
        var first = (await outbox.First([.. asked.Select(a => (a.Receiver, a.Room + a.Receiver.UnderWay.Count + 1))], ct)).ToLookup(d => (d.Tenant, d.Webhook));
        var chosen = new List<(Receiver Receiver, Due Due)>();
        foreach (var (receiver, room) in asked)
        {
            var rest = first[(receiver.Tenant, receiver.Id)].Where(d => !receiver.UnderWay.Contains(d.Position)).ToList();
            var mine = rest.Where(d => d.At <= now).Take(Math.Min(room, Math.Min(left, ofTenants[receiver.Tenant]))).ToList();
            left -= mine.Count;
            ofTenants[receiver.Tenant] -= mine.Count;
            chosen.AddRange(mine.Select(d => (receiver, d)));
            receiver.LookNext(rest.Count > mine.Count ? rest[mine.Count].At : DateTimeOffset.MaxValue);
        }

        if (chosen.Count == 0)
        {
            return false;
        }

        var events = await LogReader.At(connection, types, [.. chosen.Select(c => c.Due.Position).Distinct()], ct);
        foreach (var (receiver, due) in chosen)
        {
            receiver.UnderWay.Add(due.Position);
            _ = Send(receiver, receiver.State, due, events.GetValueOrDefault(due.Position));
        }

        return true;
    }

    private async Task Send(Receiver receiver, Webhook webhook, Due due, Recorded? e)
    {
        await Task.Yield();
        try
        {
            settled.Enqueue(e is null || e.Tenant != due.Tenant
                ? new Settled(receiver, due, Attempt: null, Next: null)
                : await Try(receiver, webhook, due, e));
        }
        catch (OperationCanceledException)
        {
            // The time is over.
        }

        wakeup.Call();
    }

    private async Task<Settled> Try(Receiver receiver, Webhook webhook, Due due, Recorded e)
    {
        var at = terms.Clock.GetUtcNow();
        Reply reply;
        try
        {
            var parcel = await messages.Of(e, receiver.Id, webhook, ct);
            reply = await receiver.Try(async stop => await courier.Post(parcel, stop), ct);
        }
        catch (BrokenCircuitException broken)
        {
            // Nothing was sent, so nothing is counted.
            var pause = broken.RetryAfter ?? Pause;
            return new Settled(receiver, due with { Attempts = due.Attempts - 1 }, Attempt: null, at + pause, pause);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            closing.Tell(error, receiver);
            reply = new Reply(null, "internal", TimeSpan.Zero);
        }

        var number = due.Attempts + 1;
        var next = reply.IsTaken ? null : Schedule.Next(number, reply.RetryAfter, terms.Clock.GetUtcNow(), terms.Chance());
        var outcome = reply.IsTaken ? Outcomes.Delivered : reply.Status == Reply.Gone ? Outcomes.Gone : next is null ? Outcomes.GivenUp : Outcomes.Failed;
        return new Settled(receiver, due, new Attempt(
            receiver.Tenant, receiver.Id, Messages.IdOf(receiver.Tenant, receiver.Id, e.EventId), e.EventId, EventKinds.OfStored(e.TypeName)?.Type ?? e.TypeName, e.Position, number, at, reply, outcome, next), next,
            reply.IsTaken ? null : reply.RetryAfter);
    }
}
