namespace Crm.Domain.DataSources;

// Stored forever as JSON under these names: add, never rename. See docs/events.md.
public interface ISourceEvent;

/// <summary>Somebody told of a data source.</summary>
/// <param name="Key">By which rules name it; for ever.</param>
/// <param name="From">From when it is watched, and first fetched.</param>
public sealed record SourceRegistered(string Key, SourceTerms Terms, DateTimeOffset From) : ISourceEvent;

/// <inheritdoc cref="SourceRegistered"/>
public sealed record SourceChanged(SourceTerms Terms, DateTimeOffset From) : ISourceEvent;

/// <summary>Nothing is expected of it for a while.</summary>
public sealed record SourcePaused(string? Reason = null) : ISourceEvent;

/// <inheritdoc cref="SourceRegistered"/>
public sealed record SourceResumed(DateTimeOffset From) : ISourceEvent;

/// <summary>It is not used any more; its readings stay.</summary>
public sealed record SourceRetired(string? Reason = null) : ISourceEvent;

/// <summary>What became of a reading.</summary>
public enum ReadingOutcome
{
    Good,

    /// <summary>Somebody has to look at it before it is used.</summary>
    Held,

    /// <summary>The same again; it is not kept.</summary>
    Duplicate,

    /// <summary>It was held, and is used.</summary>
    Accepted,

    /// <summary>It was held, and is not used.</summary>
    Rejected
}

/// <summary>What is remembered of a reading to judge others by.</summary>
/// <param name="Median">Of its values; null where there are none.</param>
/// <param name="ZeroPercent">How many of a hundred values are zero; two places.</param>
/// <param name="Hash">SHA-256, in hexadecimal, over its values.</param>
public sealed record ReadingSummary(
    DateTimeOffset MeasuredAt, int Rows, decimal? Median, decimal ZeroPercent, string Hash, string? Unit = null);

/// <summary>Something about a reading that is not as it should be.</summary>
public enum ReadingFault
{
    /// <summary>It came after newer ones, or when its values held no more. It takes its place all the same.</summary>
    Late,

    /// <summary>Fewer customers than are expected.</summary>
    Partial,

    /// <summary>In another unit.</summary>
    Unit,

    /// <summary>Values that there cannot be.</summary>
    Range,

    /// <summary>Many times more or less than before.</summary>
    Distribution,

    /// <summary>Nearly nothing but zeros.</summary>
    Zeros,

    /// <summary>The same values for longer than they hold.</summary>
    Frozen
}

/// <param name="Found">What it is.</param>
/// <param name="Expected">What it should be.</param>
public sealed record ReadingMark(ReadingFault Fault, string Found, string Expected);

/// <summary>A data source had something to say, or what it had said was looked at.</summary>
/// <param name="Reading">Of a duplicate, that which it repeats.</param>
/// <param name="Due">For which moment it was fetched; null where it was sent.</param>
public sealed record SourceHeard(
    Guid Reading, ReadingSummary Summary, ReadingOutcome Outcome, IReadOnlyList<ReadingMark> Marks, DateTimeOffset? Due = null)
    : ISourceEvent;

public enum SourceTrouble
{
    /// <summary>Nothing that holds has come for longer than values hold.</summary>
    Silent,

    /// <summary>It cannot be fetched.</summary>
    Unreachable,

    /// <summary>What comes is held.</summary>
    Held
}

/// <summary>A data source gives nothing that can be used. Said once, until it does again.</summary>
/// <param name="LastGood">Of when its last good reading is; null where there is none.</param>
/// <param name="Detail">What came of the last attempt, such as <c>503</c> or <c>timeout</c>; or what the reading is held for.</param>
public sealed record SourceFailed(SourceTrouble Because, DateTimeOffset? LastGood = null, string? Detail = null) : ISourceEvent;

/// <summary>It gives what can be used again.</summary>
/// <param name="Reading">The first good one.</param>
public sealed record SourceRecovered(Guid Reading) : ISourceEvent;
