using System.Runtime.CompilerServices;
using Crm.Api.Access;
using Crm.Api.Http;
using Crm.Domain.Access;
using Crm.EventModel;
using Crm.EventStore;
using Crm.EventStore.ReadModels;
using Crm.Projections;

namespace Crm.Api.Events;

/// <summary>
/// What happens in a tenant, as far as a caller may know of it, in the order in which it was recorded: at one go, or as it comes. Whoever goes on from
/// where he was told to meets each event once.
/// </summary>
public sealed class Feed(EventFeed events, Store store, Tail tail, Arrivals arrivals, Door door, IHostApplicationLifetime life, TimeProvider clock)
{
    private const int Batch = 100;

    /// <summary>How long one answer is worked at where little of what it goes through matches.</summary>
    private static readonly TimeSpan MostWork = TimeSpan.FromMilliseconds(500);

    /// <summary>How long it is waited for read models to say whose the records are.</summary>
    private static readonly TimeSpan MostLag = TimeSpan.FromSeconds(5);

    /// <summary>How often whoever waits has to be let in again.</summary>
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    private bool IsStopping => life.ApplicationStopping.IsCancellationRequested;

    public Task<Look<Recorded>> Page(Caller by, FeedFilter filter, long after, int limit, TimeSpan wait, CancellationToken ct)
    {
        var wanted = Wanted(by, filter);
        return Collect(by, wanted, (from, most) => events.Events(by.Tenant, wanted, from, most, ct), after, limit, wait, ct);
    }

    public Task<Look<ChangedStream>> Changes(Caller by, IReadOnlyList<string> subjects, long after, int limit, TimeSpan wait, CancellationToken ct)
    {
        var readable = SubjectSight.Readable(by).Where(subject => subjects.Count == 0 || subjects.Contains(subject)).ToHashSet();
        var wanted = Wanted(by, new FeedFilter()) with { Without = [] };
        return Collect(by, wanted, async (from, most) =>
        {
            var look = await events.Streams(by.Tenant, wanted, from, most, ct);
            return look with { Found = [.. look.Found.Where(stream => readable.Contains(EventKinds.SubjectOf(stream.StreamType, stream.EventType)))] };
        }, after, limit, wait, ct);
    }

    /// <summary>One event; null when there is none that the caller may know of.</summary>
    public Task<Recorded?> One(Caller by, Guid id, CancellationToken ct) => events.Event(by.Tenant, id, Wanted(by, new FeedFilter()), ct);

    /// <summary>Goes on until the reader is gone, or may not read any more: what there is, and a few times a second how far it was looked.</summary>
    /// <exception cref="Problem">401, 403: what he came in with was revoked, or opens less than it did.</exception>
    public async IAsyncEnumerable<Look<Recorded>> Follow(Caller by, FeedFilter filter, long after, [EnumeratorCancellation] CancellationToken ct)
    {
        var (wanted, epoch, still) = (Wanted(by, filter), store.Epoch, 0);
        for (var through = after; store.Epoch == epoch;)
        {
            var news = tail.Next(by.Tenant);
            await door.MustStill(by, Functions.EventsRead, ct);
            var look = await events.Events(by.Tenant, wanted, through, Batch, ct);
            still = look.Through == through ? still + 1 : 0;
            through = look.Through;
            yield return look;
            if (!look.IsAtHead)
            {
                await BeShown(wanted, still, look.Head, ct);
                continue;
            }

            while (!news.IsCompleted)
            {
                await Rest(by, news, Glance, ct);
                yield return new Look<Recorded>([], through, through);
            }
        }
    }

    private async Task<Look<T>> Collect<T>(
        Caller by, FeedWanted wanted, Func<long, int, Task<Look<T>>> look, long after, int limit, TimeSpan wait, CancellationToken ct)
    {
        var (began, found, still) = (clock.GetTimestamp(), new List<T>(), 0);
        for (var through = after; ;)
        {
            var news = wait > TimeSpan.Zero ? tail.Next(by.Tenant) : Task.CompletedTask;
            var seen = await look(through, limit - found.Count);
            still = seen.Through == through ? still + 1 : 0;
            found.AddRange(seen.Found);
            through = seen.Through;
            var spent = clock.GetElapsedTime(began);
            if (found.Count >= limit || (seen.IsAtHead ? found.Count > 0 || spent >= wait || IsStopping : spent >= (through == after ? MostLag : MostWork)))
            {
                if (wait > TimeSpan.Zero)
                {
                    await door.MustStill(by, Functions.EventsRead, ct);
                }

                return seen.IsAtHead || through > after ? new Look<T>(found, through, seen.Head) : throw Behind(wanted, through, seen.Head);
            }

            if (!seen.IsAtHead)
            {
                await BeShown(wanted, still, seen.Head, ct);
                continue;
            }

            while (!news.IsCompleted && !IsStopping && (spent = clock.GetElapsedTime(began)) < wait)
            {
                await Rest(by, news, wait - spent < Glance ? wait - spent : Glance, ct);
            }
        }
    }

    // Who sees only some records has to wait until it is known whose they are: no longer than a follower of read models takes, unless it stands still.
    private async Task BeShown(FeedWanted wanted, int still, long head, CancellationToken ct)
    {
        if (still > 0)
        {
            var pause = Glance < still * Pause ? Glance : still * Pause;
            await Task.WhenAll(wanted.Models.Select(model => arrivals.Wait(model, head, pause, ct)));
            await Task.Delay(still < 20 ? Pause : pause, clock, ct);
        }
    }

    private static Problem Behind(FeedWanted wanted, long through, long head) => new(503, "read-model-behind",
        $"It is known up to position {through} whose the records are ({string.Join(", ", wanted.Models.Select(model => model.Name))}), and the store has come to {head}; try again.")
    { RetryAfter = TimeSpan.FromSeconds(1) };

    private async Task Rest(Caller by, Task news, TimeSpan most, CancellationToken ct)
    {
        await news.WaitAsync(most, clock, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ct.ThrowIfCancellationRequested();
        await door.MustStill(by, Functions.EventsRead, ct);
    }

    private static FeedWanted Wanted(Caller by, FeedFilter filter)
    {
        var (readable, types, subjects) = (SubjectSight.Readable(by), filter.Types, filter.Subjects);
        var kinds = EventKinds.All.Where(kind => readable.Contains(kind.Subject)
            && (types.Count == 0 || types.Contains(kind.Type)) && (subjects.Count == 0 || subjects.Contains(kind.Subject)));
        var stored = kinds.SelectMany(kind => kind.Stored).ToList();
        var isOtherWanted = types.Count == 0 && (subjects.Count == 0 || subjects.Contains(AuditTrail.Other));
        return new FeedWanted(
            Types: isOtherWanted ? null : stored,
            Without: isOtherWanted ? [.. EventKinds.All.SelectMany(kind => kind.Stored).Except(stored)] : [],
            filter.Stream, by.Sight.Owners is { } owners ? parameter => InSight(owners, parameter) : null,
            by.Sight.Owners is null ? [] : SubjectSight.Models);
    }

    private static string InSight(Owners owners, Func<object, string> parameter) =>
        $"(e.type = any({parameter(EventKinds.StoredOf(SubjectSight.Unowned).ToArray())}) or {SubjectSight.IsOwn(owners, "e.stream_id", parameter)})";
}
