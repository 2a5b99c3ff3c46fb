namespace Crm.EventModel;

/// <summary>
/// A flat table that people and analysts query, built from events alone: which events it reads, and how a row takes one.
/// One row a stream, what the rows add up to being declared as <see cref="Totals"/>; or rows that single events give
/// (<see cref="EventLog{TRow}"/>, <see cref="EventSet{TRow}"/>).
/// </summary>
public abstract class ReadModel
{
    /// <summary>The name people use, in snake_case: <c>opportunity_list</c>. A view of that name shows the version in force.</summary>
    public abstract string Name { get; }

    /// <summary>Raised whenever rows would come out differently; the tables carry it.</summary>
    public abstract int Version { get; }

    /// <summary>
    /// The marker interface of the events that are read; all of a stream's events of that kind make its row. <c>object</c> is every event there is.
    /// </summary>
    public abstract Type Reads { get; }

    /// <summary>Kinds of events among those that never make a difference to a row; they are not even read.</summary>
    public virtual IReadOnlyList<Type> Ignores => [];

    /// <summary>Whether rows tell who said so and from where. If not, events come without their <see cref="Recorded.Metadata"/>, which is quicker.</summary>
    public virtual bool ReadsMetadata => false;

    /// <summary>The record that is a row; its members are the columns, in snake_case.</summary>
    public abstract Type RowType { get; }

    /// <summary>The table of rows, without version.</summary>
    public virtual string Table => Name;

    /// <summary>Whether every state that a row had is kept, on both time axes, in <c>{Table}_history</c>.</summary>
    public virtual bool KeepsHistory => false;

    public virtual IReadOnlyList<Totals> Totals => [];

    /// <summary>Whether rows come of single events, and nothing alters them later.</summary>
    public virtual bool IsLog => false;

    /// <summary>Whether a row of a log that is given twice is there once; by itself that is an error.</summary>
    public virtual bool IsSet => false;

    /// <summary>Columns that no two rows of a log share, the first to be looked for first; empty where the stream is the key.</summary>
    public virtual IReadOnlyList<string> LogKey => [];

    /// <summary>Columns by which rows are looked for, alone or together: <c>rep, due_at</c>.</summary>
    public virtual IReadOnlyList<string> Indexes => [];

    /// <summary>Columns by which states of the history are looked for, <c>at</c> among them.</summary>
    public virtual IReadOnlyList<string> HistoryIndexes => [];

    /// <summary>The rows that an event gives to a log.</summary>
    public virtual IEnumerable<object> Give(Recorded e) => [];

    /// <summary>The row after a fact; null for no row. Total: facts come in fold order, whatever they are, and none throws.</summary>
    public abstract object? Fold(object? row, Recorded e);

    /// <summary>Name of the follower's progress, as Marten names it.</summary>
    public string Progress => Version == 1 ? $"{Name}:All" : $"{Name}:V{Version}:All";
}

/// <inheritdoc cref="ReadModel"/>
public abstract class ReadModel<TRow> : ReadModel where TRow : class
{
    public sealed override Type RowType => typeof(TRow);

    public sealed override object? Fold(object? row, Recorded e) => Fold((TRow?)row, e);

    /// <inheritdoc cref="ReadModel.Fold(object?, Recorded)"/>
    public abstract TRow? Fold(TRow? row, Recorded e);
}

/// <summary>
/// A read model of one row an event. The first member of a row is the id of its stream; another, <c>Position</c>, is the place of the event.
/// </summary>
public abstract class EventLog<TRow> : ReadModel where TRow : class
{
    public sealed override Type RowType => typeof(TRow);

    public sealed override bool IsLog => true;

    public sealed override IReadOnlyList<string> LogKey => ["position"];

    public sealed override object? Fold(object? row, Recorded e) => null;

    public sealed override IEnumerable<object> Give(Recorded e) => Say(e) is { } row ? [row] : [];

    /// <summary>What is said of an event; null for nothing.</summary>
    public abstract TRow? Say(Recorded e);
}

/// <summary>
/// A read model of rows that events add to, any number each; a row that is given twice is there once. The first member is the id of the stream,
/// and the key holds all of them.
/// </summary>
public abstract class EventSet<TRow> : ReadModel where TRow : class
{
    public sealed override Type RowType => typeof(TRow);

    public sealed override bool IsLog => true;

    public sealed override bool IsSet => true;

    public abstract override IReadOnlyList<string> LogKey { get; }

    public sealed override object? Fold(object? row, Recorded e) => null;

    public sealed override IEnumerable<object> Give(Recorded e) => Add(e);

    /// <summary>What an event adds.</summary>
    public abstract IEnumerable<TRow> Add(Recorded e);
}

/// <summary>
/// What rows add up to, by group: how many, and the exact sum of an amount. What a row gave before is taken away, what it gives now is
/// added. Every change is also kept with its two times, so that the totals of any past moment are a sum.
/// </summary>
/// <param name="Name">The table, without version; its changes stand in <c>{Name}_changes</c>.</param>
/// <param name="GroupType">A record of nullable texts: the columns that rows are grouped by.</param>
/// <param name="Of">The group of a row and what it gives; null when the row does not count.</param>
public sealed record Totals(string Name, Type GroupType, Func<object, (object Group, decimal Amount)?> Of)
{
    /// <summary>
    /// Sets of columns that are often asked for, narrowest first: a question about a past moment that needs no others is answered from sums
    /// kept for that set. Any other question is answered from the sums by all columns.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<string>> Rollups { get; init; } = [];

    public static Totals By<TRow, TGroup>(string name, Func<TRow, (TGroup Group, decimal Amount)?> of) where TGroup : class =>
        new(name, typeof(TGroup), row => of((TRow)row) is var (group, amount) ? (group, amount) : null);
}
