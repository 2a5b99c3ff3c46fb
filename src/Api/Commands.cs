using Crm.Api.Http;
using Crm.Api.Leads;
using Crm.Domain;
using Crm.EventModel;
using Crm.EventStore;

namespace Crm.Api;

/// <summary>
/// The road of every command, typed by a person or sent by a program: take the state, decide, append at the version decided on. When
/// somebody else was faster the command is decided again on what they left.
/// </summary>
public sealed class Commands(Store store, StateCache cache)
{
    private const int MostTries = 50;

    // Who was overtaken waits here for his turn, so that many writers of one stream do not overtake each other for ever.
    private readonly SemaphoreSlim[] turns = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1))];

    /// <param name="status">The HTTP status of success, by what there was; null for the call's own.</param>
    public Task<Written> Send<TState, TCommand, TEvent>(
        Decider<TState, TCommand, TEvent> decider, Guid stream, TCommand command, Call call, CancellationToken ct, long? playbookVersion = null,
        Func<TState, int>? status = null)
        where TState : class where TCommand : notnull where TEvent : notnull =>
        Send(call, async fresh =>
        {
            var (asAt, latest) = SeenBy(call.By, decider, await State(decider, call.By.Tenant, stream, command, call.OccurredAt, ct, fresh));
            return new Decision(latest.Version, [new Part(stream, decider.StreamType, latest, Decide(decider, asAt, latest, command).Cast<object>(),
                (state, e) => decider.Evolve((TState)state, (TEvent)e))])
            {
                Status = (short?)status?.Invoke((TState)latest.State)
            };
        }, playbookVersion, ct);

    /// <summary>The state of a stream in the light of all its facts.</summary>
    public async Task<(TState State, long Version)> Latest<TState, TCommand, TEvent>(
        Decider<TState, TCommand, TEvent> decider, string tenant, Guid stream, CancellationToken ct)
        where TState : class where TCommand : notnull where TEvent : notnull
    {
        var known = await Latest(decider, tenant, stream, null, ct);
        return ((TState)known.State, known.Version);
    }

    /// <summary>The same for those who always read what they decide on.</summary>
    public Task<Written> Send(Call call, Func<Task<Decision>> decide, long? playbookVersion, CancellationToken ct) =>
        Send(call, _ => decide(), playbookVersion, ct);

    /// <summary>Decides and appends, again and again while others are faster.</summary>
    /// <param name="decide">Told whether it must read rather than trust a state in memory.</param>
    /// <exception cref="Problem">503: others were faster all the time; nothing was written.</exception>
    public async Task<Written> Send(Call call, Func<bool, Task<Decision>> decide, long? playbookVersion, CancellationToken ct)
    {
        SemaphoreSlim? turn = null;
        try
        {
            for (var tries = 1; tries <= MostTries; tries++)
            {
                try
                {
                    return await Try(call, decide, playbookVersion, ct);
                }
                catch (VersionConflict conflict) when (turn is null)
                {
                    var mine = turns[(uint)conflict.Stream.GetHashCode() % turns.Length];
                    await mine.WaitAsync(ct);
                    turn = mine;
                }
                catch (Exception overtaken) when (overtaken is VersionConflict or ClaimOvertaken)
                {
                    // Once more, on what they left.
                }
            }
        }
        finally
        {
            turn?.Release();
        }

        throw new Problem(503, Code.Unavailable, "Too many are changing this at once. Nothing was written; repeat the request.")
        { RetryAfter = TimeSpan.FromSeconds(1) };
    }

    private async Task<Written> Try(Call call, Func<bool, Task<Decision>> decide, long? playbookVersion, CancellationToken ct)
    {
        Decision decision;
        try
        {
            decision = await Decide(call, decide);
        }
        catch (Exception refusal) when (refusal is Rejection or Problem)
        {
            // What was done under this key has changed the state: the repeated request gets its first answer, not a refusal.
            if (call.Key is not null && await store.Answered(call.By.Tenant, call.Key, ct) is { } answered)
            {
                return Written.Of(answered, 0) with { Rehearsed = call.IsDryRun ? [] : null };
            }

            throw;
        }

        var metadata = call.Metadata(playbookVersion);
        var now = store.Clock.GetUtcNow();
        var request = new AppendRequest(call.By.Tenant, [.. decision.Parts.Select(part => part.Append(At(part), metadata))], call.Key, decision.Status ?? call.Status)
        {
            Claims = [.. decision.Parts.SelectMany(part => part.Events.SelectMany(e => FactClaims.Of(e, part.Stream))), .. decision.Parts.SelectMany(LeadClaims.GivenBack), .. decision.Claims],
            PersonKeys = call.PersonKeys
        };
        if (call.IsDryRun)
        {
            return await RehearsedFact.Rehearse(store, request, now, ct);
        }

        var events = request.Streams.Sum(s => s.Events.Count);
        if (events == 0 && call.Key is null)
        {
            return new Written([.. request.Streams.Select(s => (s.Stream, s.Version))], (await store.Head(ct)).Position, request.Status, false, 0);
        }

        try
        {
            var appended = await store.Append(request, ct);
            if (!appended.Replayed)
            {
                Remember(call.By.Tenant, decision, At, appended.RecordedAt);
            }

            return Written.Of(appended, events);
        }
        catch (ClaimTaken taken) when (decision.Claims.Any(claim => claim.Kind == taken.Kind))
        {
            throw new ClaimOvertaken(taken);
        }
        catch (VersionConflict conflict)
        {
            foreach (var part in decision.Parts)
            {
                if (part.Stream != conflict.Stream || cache.Get(call.By.Tenant, part.Stream)?.Version != conflict.Actual)
                {
                    cache.Evict(call.By.Tenant, part.Stream);
                }
            }

            throw;
        }

        DateTimeOffset? At(Part part) => call.OccurredAt ?? part.AfterTheNewest(now);
    }

    // An append proves the state that it was decided on. A refusal, or nothing to do, is proven by nothing: it must not rest on a state
    // in memory that another process may have moved on from.
    private static async Task<Decision> Decide(Call call, Func<bool, Task<Decision>> decide)
    {
        try
        {
            // Nor does an append prove a dry run.
            var decision = await decide(call.IsDryRun);
            if (Allowed(decision) && decision.Parts.Any(part => part.Events.Count > 0))
            {
                return decision;
            }
        }
        catch (Rejection)
        {
            // Perhaps not, on what there is now.
        }

        var sure = await decide(true);
        return Allowed(sure) ? sure : throw PreconditionFailed(sure.Version);

        bool Allowed(Decision decision) => call.IfMatch is null || call.IfMatch.Allows(decision.Version);
    }

    /// <summary>The state at the command's own time, and the state in the light of all facts.</summary>
    /// <param name="fresh">Read it, whatever is in memory.</param>
    public async Task<(Known AsAt, Known Latest)> State<TState, TCommand, TEvent>(
        Decider<TState, TCommand, TEvent> decider, string tenant, Guid stream, TCommand command, DateTimeOffset? occurredAt, CancellationToken ct,
        bool fresh = false)
        where TState : class where TCommand : notnull where TEvent : notnull
    {
        if (fresh)
        {
            cache.Evict(tenant, stream);
        }

        var latest = await Latest(decider, tenant, stream, occurredAt, ct);
        if (latest.Version == 0 || occurredAt is not { } at || at >= latest.Newest)
        {
            return (latest, latest);
        }

        var events = await store.ReadStream(tenant, stream, null, ct);
        var facts = FoldOrder.Of(events, store.Types);
        latest = Known.Of(events, facts, Fold(decider, facts));
        var earlier = facts.Where(fact => fact.OccurredAt <= at).ToList();
        if (facts.MinBy(fact => fact.Version) is { } first && first.OccurredAt > at)
        {
            // How it began is the ground that other facts lie upon, even those dated before it.
            earlier = command is IMayPredate
                ? [first, .. earlier]
                : throw BeforeFirst(decider.StreamType, first.OccurredAt);
        }

        return (latest with { State = Fold(decider, earlier) }, latest);
    }

    /// <summary>A record that the caller may not see is none to him: what he says of it is decided as if it had never been.</summary>
    public static (Known AsAt, Known Latest) SeenBy<TState, TCommand, TEvent>(
        Caller by, Decider<TState, TCommand, TEvent> decider, (Known AsAt, Known Latest) record)
        where TState : class where TCommand : notnull where TEvent : notnull
    {
        if (by.Sight.Owners is not { } owners || record.Latest.State is not IOwned state || owners.Own(state.Rep, state.Team))
        {
            return record;
        }

        var nothing = new Known(decider.Initial, 0, LastEvent: null, DateTimeOffset.MinValue);
        return (nothing, nothing);
    }

    public static IReadOnlyList<TEvent> Decide<TState, TCommand, TEvent>(
        Decider<TState, TCommand, TEvent> decider, Known asAt, Known latest, TCommand command)
        where TState : class where TCommand : notnull where TEvent : notnull
    {
        var events = decider.Decide((TState)asAt.State, command);
        if (events.Count > 0 && !ReferenceEquals(asAt, latest))
        {
            decider.Precede?.Invoke((TState)latest.State, command);
        }

        return events;
    }

    public static Rejection BeforeFirst(string streamType, DateTimeOffset first) => Rejection.BrokenRule($"{streamType}.before-first",
        $"This {streamType} is known since {first:yyyy-MM-ddTHH:mm:ssZ}; only touches, notes, files and sums of money can be dated earlier.", "occurredAt");

    public static Problem PreconditionFailed(long current) => new(412, "precondition-failed",
        $"The resource is at version {current} now; read it again and decide anew.",
        [Fault.InHeader("If-Match", "precondition-failed", $"The current entity tag is {ETag.Of(current)}.")])
    { CurrentVersion = current };

    private async Task<Known> Latest<TState, TCommand, TEvent>(
        Decider<TState, TCommand, TEvent> decider, string tenant, Guid stream, DateTimeOffset? occurredAt, CancellationToken ct)
        where TState : class where TCommand : notnull where TEvent : notnull
    {
        if (cache.Get(tenant, stream) is { State: TState } known && (occurredAt is null || occurredAt >= known.Newest))
        {
            return known;
        }

        var events = await store.ReadStream(tenant, stream, null, ct);
        var facts = FoldOrder.Of(events, store.Types);
        var latest = Known.Of(events, facts, Fold(decider, facts));
        if (latest.Version > 0)
        {
            cache.Set(tenant, stream, latest);
        }

        return latest;
    }

    private static TState Fold<TState, TCommand, TEvent>(Decider<TState, TCommand, TEvent> decider, IEnumerable<Recorded> facts)
        where TState : class where TCommand : notnull where TEvent : notnull =>
        facts.Select(fact => fact.Data).OfType<TEvent>().Aggregate(decider.Initial, decider.Evolve);

    private void Remember(string tenant, Decision decision, Func<Part, DateTimeOffset?> occurredAt, DateTimeOffset recordedAt)
    {
        foreach (var part in decision.Parts.Where(part => part.Events.Count > 0))
        {
            var times = part.Events.Select((_, i) => part.OccurredAt(i, occurredAt(part)) ?? recordedAt).Prepend(part.Latest.Newest).ToList();
            var follows = times.SequenceEqual(times.Order())
                && !part.Events.Any(e => store.Types.IsCorrection(e) || store.Types.HoldsFromTheFirst(e));
            if (follows)
            {
                cache.Set(tenant, part.Stream, new Known(
                    part.Events.Aggregate(part.Latest.State, part.Evolve), part.Latest.Version + part.Events.Count, part.EventIds[^1],
                    times[^1])
                { Oldest = part.Latest.Oldest ?? times[1] });
            }
            else
            {
                cache.Evict(tenant, part.Stream);
            }
        }
    }
}
