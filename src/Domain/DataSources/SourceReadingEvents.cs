namespace Crm.Domain.DataSources;

// Stored forever as JSON under these names: add, never rename. See docs/events.md.
public interface ISourceReadingEvent;

/// <summary>A data source said this. It is dated to the moment that its values are of.</summary>
/// <param name="SourceKey">By which rules name the source.</param>
/// <param name="Key">By which its sender calls the reading, or the moment that it was fetched for.</param>
/// <param name="Values">By customer.</param>
/// <param name="FreshMinutes">So long they hold, as was agreed then.</param>
/// <param name="Unknown">How many of its subjects are no customers here, and so are not among the values.</param>
/// <param name="Channel"><c>push</c>, <c>first</c> or <c>second</c>.</param>
public sealed record SourceReadingTaken(
    Guid Source, string SourceKey, string Key, ReadingSummary Summary, IReadOnlyDictionary<Guid, decimal> Values, ReadingOutcome Outcome,
    IReadOnlyList<ReadingMark> Marks, int FreshMinutes, int Unknown, string Channel) : ISourceReadingEvent;

/// <summary>It was held, and is used after all, from the moment on that its values are of.</summary>
public sealed record SourceReadingAccepted(string By, string Reason) : ISourceReadingEvent, IFromTheFirst;

/// <summary>It was held, and is not used.</summary>
public sealed record SourceReadingRejected(string By, string Reason) : ISourceReadingEvent, IFromTheFirst;
