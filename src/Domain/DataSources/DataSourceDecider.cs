namespace Crm.Domain.DataSources;

public interface ISourceCommand;

public sealed record RegisterSource(string Key, SourceTerms Terms, DateTimeOffset From) : ISourceCommand;
public sealed record ChangeSource(SourceTerms Terms, DateTimeOffset From) : ISourceCommand;
public sealed record PauseSource(string? Reason = null) : ISourceCommand;
public sealed record ResumeSource(DateTimeOffset From) : ISourceCommand;
public sealed record RetireSource(string? Reason = null) : ISourceCommand;

/// <param name="Outside">How many values there cannot be.</param>
/// <param name="Due">For which moment it was fetched.</param>
public sealed record HearReading(Guid Reading, ReadingSummary Summary, int Outside, DateTimeOffset Now, DateTimeOffset? Due = null)
    : ISourceCommand;

/// <summary>Somebody has looked at a reading that was held.</summary>
public sealed record SettleReading(Guid Reading, ReadingSummary Summary, bool IsAccepted, DateTimeOffset Now) : ISourceCommand;

/// <summary>It could not be fetched, however often that was tried.</summary>
public sealed record FailSource(string Detail) : ISourceCommand;

/// <summary>A moment may have come.</summary>
public sealed record RingSource(DateTimeOffset Now) : ISourceCommand;

/// <summary>What data sources there are, and how they do: each trouble is said once, and once that it is over.</summary>
public static class DataSourceDecider
{
    public static readonly Decider<DataSource, ISourceCommand, ISourceEvent> Instance =
        new("data_source", DataSource.None, Decide, DataSource.Evolve);

    public static IReadOnlyList<ISourceEvent> Decide(DataSource state, ISourceCommand command) => (state, command) switch
    {
        ({ Key: null }, RegisterSource c) => [new SourceRegistered(c.Key, Checked(c.Terms), c.From)],
        ({ IsRetired: false }, RegisterSource c) when c.Terms == state.Terms => [],
        (_, RegisterSource c) => throw Rejection.WrongState(
            "data-source.key-taken", $"There is a data source {c.Key} already; change that one, or take another key."),

        ({ Key: null }, RingSource) => [],
        ({ Key: null }, _) => throw Unknown(),
        ({ IsRetired: true }, RetireSource or RingSource or FailSource or SettleReading) => [],
        ({ IsRetired: true }, _) => throw Rejection.WrongState("data-source.retired", "This data source is not used any more."),

        (_, ChangeSource c) when c.Terms == state.Terms => [],
        (_, ChangeSource c) => [new SourceChanged(Checked(c.Terms), c.From)],
        ({ IsPaused: true }, PauseSource) => [],
        (_, PauseSource c) => [new SourcePaused(c.Reason)],
        ({ IsPaused: false }, ResumeSource) => [],
        (_, ResumeSource c) => [new SourceResumed(c.From)],
        (_, RetireSource c) => [new SourceRetired(c.Reason)],

        (_, HearReading c) => Hear(state, c),
        (_, SettleReading c) => Settle(state, c),
        ({ IsWatched: true, Outage: null }, FailSource c) => [Failed(state, SourceTrouble.Unreachable, c.Detail)],
        ({ IsWatched: true, Outage: null }, RingSource c) when c.Now > state.StaleAt => [Failed(state, SourceTrouble.Silent)],
        _ => []
    };

    public static Rejection Unknown() => Rejection.Unknown("data-source.unknown", "There is no such data source.");

    private static IReadOnlyList<ISourceEvent> Hear(DataSource state, HearReading c)
    {
        // Of what is fetched again for a later moment it has to be known that it was.
        var repeated = state.Good.LastOrDefault(one => one.Summary == c.Summary);
        if (repeated.Summary is not null)
            return c.Due is null || c.Due < state.NextPull ? []
                : [new SourceHeard(repeated.Id, c.Summary, ReadingOutcome.Duplicate, [], c.Due)];
        if (state.Heard.Any(one => one.Id == c.Reading))
            return [];

        var marks = ReadingCheck.Marks(state, c.Summary, c.Outside, c.Now);
        var heard = new SourceHeard(c.Reading, c.Summary, ReadingCheck.Outcome(marks), marks, c.Due);
        return heard.Outcome == ReadingOutcome.Good ? [heard, .. Recovery(state, heard, c.Now)]
            : state is { IsWatched: true, Outage: null }
                ? [heard, Failed(state, SourceTrouble.Held, string.Join(", ", marks.Select(mark => Word(mark.Fault))))]
                : [heard];
    }

    private static IReadOnlyList<ISourceEvent> Settle(DataSource state, SettleReading c)
    {
        var outcome = c.IsAccepted ? ReadingOutcome.Accepted : ReadingOutcome.Rejected;
        if (state.Heard.Contains((c.Reading, outcome)))
            return [];

        var heard = new SourceHeard(c.Reading, c.Summary, outcome, []);
        return c.IsAccepted ? [heard, .. Recovery(state, heard, c.Now)] : [heard];
    }

    // What was measured so long ago that it holds no more says nothing of today.
    private static IEnumerable<ISourceEvent> Recovery(DataSource state, SourceHeard heard, DateTimeOffset now) =>
        state.Outage is not null && now - heard.Summary.MeasuredAt <= state.Terms!.FreshFor() ? [new SourceRecovered(heard.Reading)] : [];

    private static SourceFailed Failed(DataSource state, SourceTrouble because, string? detail = null) =>
        new(because, state.Newest?.Summary.MeasuredAt, detail);

    private static SourceTerms Checked(SourceTerms terms)
    {
        if (terms.Kind == SourceKind.Pull != terms.Url is not null || terms.Kind == SourceKind.Pull != terms.EveryMinutes is not null)
            throw Rejection.BrokenRule(
                "data-source.pull", "What is fetched has url and everyMinutes; what is sent has neither.", "kind");
        if (terms.Url is null && terms.SecondUrl is not null)
            throw Rejection.BrokenRule("data-source.pull", "Only what is fetched has a second url.", "kind");
        if (terms.Most < terms.Least)
            throw Rejection.BrokenRule("data-source.range", "most must not be below least.", "most");
        return terms;
    }

    private static string Word(ReadingFault fault) => fault.ToString().ToLowerInvariant();
}
