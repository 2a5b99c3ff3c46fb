using Crm.Api.Http;
using Crm.Domain;
using Crm.EventModel;
using Crm.EventStore;

namespace Crm.Api;

/// <summary>Everything about a command but the command: who sends it, when it happened, on what condition, and how to know it again.</summary>
/// <param name="OccurredAt">When it happened; null for now.</param>
/// <param name="Status">The HTTP status of success, remembered with the idempotency key.</param>
public sealed record Call(
    Caller By, DateTimeOffset? OccurredAt, IfMatch? IfMatch, IdempotencyKey? Key, string? RequestId, string Source, short Status = 200)
{
    /// <summary>How far ahead of the clock a fact may be dated; clocks differ, the future does not happen yet.</summary>
    public static readonly TimeSpan MostAhead = TimeSpan.FromMinutes(5);

    /// <summary>Keys of persons made for this command, stored with what they seal.</summary>
    public IReadOnlyList<PersonKey> PersonKeys { get; init; } = [];

    public bool Undated { get; init; }

    /// <summary>Decide, and write nothing.</summary>
    public bool IsDryRun { get; init; }

    /// <summary>An id for something said in this request: the same whenever the same request is sent again.</summary>
    public Guid NewId(string kind) => Key is null ? Guid.CreateVersion7() : StreamId.From(By.Tenant, kind, $"{Key.Scope} {Key.Key}");

    public Metadata Metadata(long? playbookVersion) =>
        new(Actor: By.Id, CorrelationId: RequestId, RequestId: RequestId, Source: Source, PlaybookVersion: playbookVersion, Undated: Undated);
}

/// <summary>What became of a call.</summary>
/// <param name="Events">How many facts it led to; none when everything was so already.</param>
public sealed record Written(IReadOnlyList<(Guid Stream, long Version)> Streams, long Position, short Status, bool Replayed, int Events)
{
    /// <summary>Of a dry run, what would have been written; null where something may have been.</summary>
    public IReadOnlyList<RehearsedFact>? Rehearsed { get; init; }

    public static Written Of(Appended appended, int events) =>
        new(appended.Streams, appended.Position, appended.Status, appended.Replayed, appended.Replayed ? 0 : events);

    public Guid Id => Streams[0].Stream;

    public long Version => Streams[0].Version;
}
