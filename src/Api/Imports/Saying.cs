using Crm.Api.Leads;
using Crm.Domain;
using Crm.EventModel;

namespace Crm.Api.Imports;

/// <summary>A command or a fact, and when it happened; null for now.</summary>
internal sealed record Dated<T>(T What, DateTimeOffset? OccurredAt);

/// <summary>What a row says of one stream.</summary>
internal interface ISaying
{
    /// <summary>Of a lead, what tells it from others; null for anything else.</summary>
    LeadSignature? Signature => null;

    /// <summary>What is new in it.</summary>
    /// <exception cref="Rejection">It contradicts itself, or what is known.</exception>
    Task<Part> Decide(Guid stream, IReadOnlyList<Recorded> known, EventTypes types, Seal seal);
}

/// <summary>
/// Several commands on one stream, each at its own time: decided one after the other, each on what was so at that time, and appended as one.
/// </summary>
internal sealed class Saying<TState, TCommand, TEvent>(
    Decider<TState, TCommand, TEvent> decider, IReadOnlyList<Dated<TCommand>> commands) : ISaying
    where TState : class where TCommand : notnull where TEvent : notnull
{
    public Task<Part> Decide(Guid stream, IReadOnlyList<Recorded> known, EventTypes types, Seal seal) =>
        Task.FromResult(Decide(stream, known, types));

    public Part Decide(Guid stream, IReadOnlyList<Recorded> known, EventTypes types)
    {
        var (standing, told) = (FoldOrder.Of(known, types), FoldOrder.Said(known, types));
        var facts = Facts(standing);
        IReadOnlyList<Dated<TEvent>> said = known.Count > 0 ? [.. New([], null).Where(fact => fact.OccurredAt is not null)] : [];
        if (said.FirstOrDefault(fact => !IsIn(facts, fact) && IsIn(Facts(told), fact)) is { } corrected)
        {
            throw Corrected(corrected);
        }

        var ground = standing.Where(e => e.Data is TEvent).MinBy(e => e.Version) is { } first ? new Dated<TEvent>((TEvent)first.Data, first.OccurredAt) : null;
        var added = New(facts, HeardAt(standing), ground);
        if (said.FirstOrDefault(fact => !IsIn(facts, fact) && !IsIn(added, fact)) is { } moved)
        {
            throw OtherTime(moved);
        }

        return new Part(
            stream, decider.StreamType, Known.Of(known, standing, Fold(facts)), added.Select(fact => (object)fact.What),
            (state, e) => decider.Evolve((TState)state, (TEvent)e))
        {
            Times = [.. added.Select(fact => fact.OccurredAt)],
            Undated = commands.Any(command => command.OccurredAt is null)
        };
    }

    private List<Dated<TEvent>> New(IReadOnlyList<Dated<TEvent>> facts, DateTimeOffset? heardAt, Dated<TEvent>? ground = null)
    {
        var (all, added) = (facts.ToList(), new List<Dated<TEvent>>());
        // The first makes the record; nothing can have happened to it before.
        foreach (var (command, at) in commands.Take(1).Concat(commands.Skip(1).OrderBy(command => command.OccurredAt ?? DateTimeOffset.MaxValue)))
        {
            List<Dated<TEvent>> events = [.. Decide(all, command, at, heardAt, ground ?? added.FirstOrDefault()).Select(e => new Dated<TEvent>(e, at))];
            all.InsertRange(Until(all, at), events);
            added.AddRange(events);
        }

        return added;
    }

    // What has no date was so when we first heard of it. Said again, it is held against that time: it takes back nothing that was done since.
    private IReadOnlyList<TEvent> Decide(List<Dated<TEvent>> facts, TCommand command, DateTimeOffset? at, DateTimeOffset? heardAt, Dated<TEvent>? ground) =>
        at is { } time ? DecideAt(facts, command, time, ground)
        : heardAt is { } heard && DecideAt(facts, command, heard, ground).Count == 0 ? []
        : decider.Decide(Fold(facts), command);

    /// <param name="ground">How the record began; what may be dated before it lies upon it all the same.</param>
    private IReadOnlyList<TEvent> DecideAt(List<Dated<TEvent>> facts, TCommand command, DateTimeOffset at, Dated<TEvent>? ground)
    {
        var earlier = facts[..Until(facts, at)];
        if (earlier.Count == 0 && facts.Count > 0 && command is not IMayPredate)
        {
            throw Commands.BeforeFirst(decider.StreamType, facts[0].OccurredAt!.Value);
        }

        var isBefore = ground is not null && command is IMayPredate && !earlier.Contains(ground);
        var events = decider.Decide(Fold(isBefore ? [ground!, .. earlier] : earlier), command);
        if (events.Count > 0 && earlier.Count < facts.Count)
        {
            decider.Precede?.Invoke(Fold(facts), command);
        }

        return events;
    }

    private TState Fold(IEnumerable<Dated<TEvent>> facts) => facts.Select(fact => fact.What).Aggregate(decider.Initial, decider.Evolve);

    private static int Until(List<Dated<TEvent>> facts, DateTimeOffset? at) =>
        facts.TakeWhile(fact => (fact.OccurredAt ?? DateTimeOffset.MaxValue) <= (at ?? DateTimeOffset.MaxValue)).Count();

    private static IReadOnlyList<Dated<TEvent>> Facts(IReadOnlyList<Recorded> events) =>
        [.. events.Where(e => e.Data is TEvent).Select(e => new Dated<TEvent>((TEvent)e.Data, e.OccurredAt))];

    private static DateTimeOffset? HeardAt(IReadOnlyList<Recorded> facts) =>
        facts.LastOrDefault(fact => fact.Metadata is { Undated: true, Source: Importer.Source })?.OccurredAt;

    private static bool IsIn(IEnumerable<Dated<TEvent>> facts, Dated<TEvent> fact) =>
        facts.Any(known => known.OccurredAt == fact.OccurredAt && known.What.GetType() == fact.What.GetType());

    private Rejection Corrected(Dated<TEvent> fact) => Rejection.WrongState($"{decider.StreamType}.corrected",
        $"What the row says of {fact.OccurredAt:yyyy-MM-dd} ({NameOf(fact)}) was corrected here since; the correction stands.");

    private Rejection OtherTime(Dated<TEvent> fact) => Rejection.WrongState($"{decider.StreamType}.other-time",
        $"The row says {fact.OccurredAt:yyyy-MM-ddTHH:mm:ssZ} ({NameOf(fact)}), and this is known of another time; correct it there, or in the file.");

    private static string NameOf(Dated<TEvent> fact) => EventTypes.AliasOf(fact.What.GetType().Name).Replace('_', ' ');
}
