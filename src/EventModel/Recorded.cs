namespace Crm.EventModel;

/// <summary>An event as it was read back: what happened, to which stream, where in the order, and on both time axes.</summary>
/// <param name="Position">Place in the one order of the whole database; later is higher, numbers may be missing.</param>
/// <param name="Version">Place in its stream, from 1, without a hole.</param>
/// <param name="TypeName">The stored name, <c>lead_captured</c>.</param>
/// <param name="Data">The fact itself, in its newest shape; <see cref="UnknownEvent"/> where this program does not know the name.</param>
/// <param name="RecordedAt">When the store took it; rises with <paramref name="Position"/>.</param>
/// <param name="OccurredAt">When it happened in the business; may lie long before.</param>
public sealed record Recorded(
    string Tenant,
    Guid StreamId,
    long Version,
    long Position,
    Guid EventId,
    string TypeName,
    object Data,
    DateTimeOffset RecordedAt,
    DateTimeOffset OccurredAt,
    Metadata Metadata);

/// <summary>Who and why; ids only, never a person's data.</summary>
/// <param name="Actor">Who said so, an id.</param>
/// <param name="Source">Which way in: <c>api</c>, <c>import</c>, <c>automation</c> …</param>
/// <param name="PlaybookVersion">The rules that were in force.</param>
public sealed record Metadata(
    string? Actor = null,
    string? CorrelationId = null,
    string? CausationId = null,
    string? RequestId = null,
    string? Source = null,
    long? PlaybookVersion = null,
    bool Undated = false);

/// <summary>An event whose stored name this program does not know: kept, shown, and folded by nobody.</summary>
public sealed record UnknownEvent(string TypeName, string Json);
