namespace Crm.Domain.DataSources;

/// <summary>What a data source said once, and whether it is used.</summary>
public sealed record SourceReadingState(SourceReadingTaken? Taken, ReadingOutcome? Outcome)
{
    public static readonly SourceReadingState None = new(null, null);

    /// <summary>What somebody says of it counts for more than what it was when it came, and the last word for most.</summary>
    public static SourceReadingState Evolve(SourceReadingState state, ISourceReadingEvent @event) => @event switch
    {
        SourceReadingTaken e => new(e, state.Outcome ?? e.Outcome),
        SourceReadingAccepted => state with { Outcome = ReadingOutcome.Accepted },
        SourceReadingRejected => state with { Outcome = ReadingOutcome.Rejected },
        _ => state
    };
}

public interface ISourceReadingCommand;

public sealed record TakeReading(SourceReadingTaken Reading) : ISourceReadingCommand;
public sealed record AcceptReading(string By, string Reason) : ISourceReadingCommand;
public sealed record RejectReading(string By, string Reason) : ISourceReadingCommand;

public static class SourceReadingDecider
{
    public static readonly Decider<SourceReadingState, ISourceReadingCommand, ISourceReadingEvent> Instance =
        new("source_reading", SourceReadingState.None, Decide, SourceReadingState.Evolve);

    public static IReadOnlyList<ISourceReadingEvent> Decide(
        SourceReadingState state, ISourceReadingCommand command) => (state, command) switch
        {
            ({ Taken: null }, TakeReading c) => [c.Reading],
            ({ Taken: var known }, TakeReading c) when known.Summary == c.Reading.Summary => [],
            (_, TakeReading) => throw Rejection.WrongState(
                "source-reading.key-taken", "A reading of this key has come, with other values; send a correction under a key of its own."),

            ({ Taken: null }, _) => throw Unknown(),
            ({ Outcome: ReadingOutcome.Accepted }, AcceptReading) => [],
            ({ Outcome: ReadingOutcome.Rejected }, RejectReading) => [],
            ({ Outcome: not ReadingOutcome.Held }, _) => throw Rejection.WrongState(
                "source-reading.not-held", "This reading is not held; nobody has to decide whether it is used."),
            (_, AcceptReading c) => [new SourceReadingAccepted(c.By, c.Reason)],
            (_, RejectReading c) => [new SourceReadingRejected(c.By, c.Reason)],
            _ => []
        };

    public static Rejection Unknown() => Rejection.Unknown("source-reading.unknown", "There is no such reading.");
}
