namespace Crm.EventModel;

/// <summary>
/// Folds the events of one stream, in the order in which they were recorded, into the row of a read model, the states that the row had,
/// and what it gives to totals. A fact that simply follows is folded onto the row; one that is back-dated or corrects another makes the
/// row anew from the whole stream, and only the difference goes out.
/// </summary>
public sealed class StreamFold(ReadModel model, RowShape shape, EventTypes types)
{
    // The stream so far and the states that it led to; null while facts have simply followed.
    private List<Recorded>? whole;
    private List<RowState> timeline = [];

    public object? Row { get; private set; }

    /// <summary>When the newest fact occurred; back-dated is what occurred before.</summary>
    public DateTimeOffset Newest { get; private set; } = DateTimeOffset.MinValue;

    public long Version { get; private set; }

    public long Position { get; private set; }

    /// <summary>Starts from a row that was kept.</summary>
    public void Resume(object row, DateTimeOffset newest, long version, long position) =>
        (Row, Newest, Version, Position) = (row, newest, version, position);

    /// <summary>Starts from the stream itself: all of its events before the next one taken.</summary>
    public void Resume(IReadOnlyList<Recorded> earlier)
    {
        whole = [.. earlier];
        timeline = Timeline(whole);
        Row = timeline.Count > 0 ? timeline[^1].Row : null;
        Settle();
    }

    /// <summary>Lets go of the stream when no more of its events will come.</summary>
    public void ForgetStream() => (whole, timeline) = (null, []);

    /// <summary>Takes the next event and says what it changes.</summary>
    public FoldedEvent Take(Recorded e)
    {
        (Version, Position) = (e.Version, e.Position);
        if (whole is null || FoldOrder.Follows(e, Newest, types))
        {
            // The caller has loaded the stream whenever an event does not follow.
            var (was, next) = (Row, model.Fold(Row, e));
            (Row, Newest) = (next, e.OccurredAt);
            whole?.Add(e);
            if (shape.Same(was, next))
            {
                return FoldedEvent.Nothing;
            }

            var opened = new RowState(e.OccurredAt, e.Version, next);
            if (whole is not null)
            {
                timeline.Add(opened);
            }

            return new FoldedEvent([], [opened], Changes(was, next, e));
        }

        var before = timeline;
        whole.Add(e);
        var after = timeline = Timeline(whole);
        Row = after.Count > 0 ? after[^1].Row : null;
        Settle();
        return new FoldedEvent(
            Closed: Missing(before, from: after),
            Opened: Missing(after, from: before),
            Net([.. Changes(null, before, sign: -1), .. Changes(null, after, sign: 1)], e.Position));
    }

    private void Settle()
    {
        var facts = FoldOrder.Of(whole!, types);
        Newest = facts.Count > 0 ? facts[^1].OccurredAt : DateTimeOffset.MinValue;
        (Version, Position) = whole is [.., var last] ? (last.Version, last.Position) : (0, 0);
    }

    private List<RowState> Timeline(IReadOnlyList<Recorded> events)
    {
        var states = new List<RowState>();
        object? row = null;
        foreach (var fact in FoldOrder.Of(events, types))
        {
            var next = model.Fold(row, fact);
            if (!shape.Same(row, next))
            {
                states.Add(new RowState(fact.OccurredAt, fact.Version, next));
            }

            row = next;
        }

        return states;
    }

    private List<RowState> Missing(List<RowState> states, List<RowState> from)
    {
        var others = from.ToDictionary(state => (state.At, state.Version), state => state.Row);
        return [.. states.Where(state => !others.TryGetValue((state.At, state.Version), out var row) || !shape.Same(row, state.Row))];
    }

    private List<TotalChange> Changes(object? row, IReadOnlyList<RowState> states, int sign)
    {
        var changes = new List<TotalChange>();
        foreach (var state in states)
        {
            foreach (var totals in model.Totals)
            {
                Give(totals, row, state.At, -sign);
                Give(totals, state.Row, state.At, sign);
            }

            row = state.Row;
        }

        return changes;

        void Give(Totals totals, object? from, DateTimeOffset at, int times)
        {
            if (from is not null && totals.Of(from) is var (group, amount))
            {
                changes.Add(new TotalChange(totals, group, at, 0, times, times * amount));
            }
        }
    }

    // The same for one state that simply follows on another, which is what nearly always happens.
    private List<TotalChange> Changes(object? was, object? next, Recorded e)
    {
        var changes = new List<TotalChange>(2);
        foreach (var totals in model.Totals)
        {
            var (gave, gives) = (was is null ? null : totals.Of(was), next is null ? null : totals.Of(next));
            if (gave is var (one, before) && gives is var (other, after) && one.Equals(other))
            {
                if (before != after)
                {
                    changes.Add(new TotalChange(totals, one, e.OccurredAt, e.Position, 0, after - before));
                }

                continue;
            }

            if (gave is var (left, amount))
            {
                changes.Add(new TotalChange(totals, left, e.OccurredAt, e.Position, -1, -amount));
            }

            if (gives is var (joined, worth))
            {
                changes.Add(new TotalChange(totals, joined, e.OccurredAt, e.Position, 1, worth));
            }
        }

        return changes;
    }

    private static IReadOnlyList<TotalChange> Net(IReadOnlyList<TotalChange> changes, long position) => changes.Count == 0 ? [] :
    [
        .. changes.GroupBy(c => (c.Totals, c.Group, c.At))
            .Select(g => new TotalChange(g.Key.Totals, g.Key.Group, g.Key.At, position, g.Sum(c => c.Count), g.Sum(c => c.Amount)))
            .Where(c => c.Count != 0 || c.Amount != 0)
    ];
}

/// <summary>A state that a row had from a moment on, and the fact that brought it about; no row means it was not there.</summary>
public sealed record RowState(DateTimeOffset At, long Version, object? Row);

/// <summary>What an event changed: states that are no longer held true, states that are from now on, and what that does to totals.</summary>
public sealed record FoldedEvent(IReadOnlyList<RowState> Closed, IReadOnlyList<RowState> Opened, IReadOnlyList<TotalChange> Changes)
{
    public static readonly FoldedEvent Nothing = new([], [], []);
}

/// <summary>From <paramref name="At"/> on a group holds so many more, as known from a position on.</summary>
public sealed record TotalChange(Totals Totals, object Group, DateTimeOffset At, long Position, long Count, decimal Amount);
