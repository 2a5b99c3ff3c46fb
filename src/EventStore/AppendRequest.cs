using Crm.EventModel;

namespace Crm.EventStore;

/// <summary>What one caller wants to happen, wholly or not at all: facts on one or more streams, claims, keys, and how to know a repeat.</summary>
/// <param name="Streams">At most one entry a stream; none when there is only an answer to remember.</param>
/// <param name="Status">The status to remember and give again when the key is used again.</param>
public sealed record AppendRequest(
    string Tenant,
    IReadOnlyList<StreamAppend> Streams,
    IdempotencyKey? Key = null,
    short Status = 200)
{
    public IReadOnlyList<Claim> Claims { get; init; } = [];

    public IReadOnlyList<PersonKey> PersonKeys { get; init; } = [];
}

/// <summary>New facts for one stream, decided on the state that ended at a version.</summary>
/// <param name="Expected">The version decided on; 0 for a stream that must not exist.</param>
/// <param name="LastEvent">The id of the event at that version, where known: a restored store with other events at the same version is noticed.</param>
public sealed record StreamAppend(Guid Stream, string StreamType, long Expected, IReadOnlyList<NewEvent> Events, Guid? LastEvent = null)
{
    public long Version => Expected + Events.Count;
}

/// <param name="OccurredAt">When it happened; null for the moment of recording.</param>
public sealed record NewEvent(Guid Id, object Data, DateTimeOffset? OccurredAt, Metadata Metadata)
{
    /// <summary>When it is to have been recorded; null for now. Refused unless a made-up past is being played: see <see cref="Play"/>.</summary>
    public DateTimeOffset? RecordedAt { get; init; }
}

/// <summary>A caller's own name for a request, unique in its scope (who is calling, and which route).</summary>
/// <param name="Fingerprint">A hash of the request: the same key with another request is refused.</param>
public sealed record IdempotencyKey(string Scope, string Key, byte[] Fingerprint);

/// <summary>
/// Something that one stream of a tenant may hold at a time. Taking what it holds already changes nothing; a request may take what another stream
/// holds if it has that one give it up.
/// </summary>
public sealed record Claim(string Kind, string Key, Guid Stream, bool Take = true);

/// <summary>A wrapped key that seals what is known of a person, stored with the first facts that it sealed.</summary>
public sealed record PersonKey(Guid KeyId, Guid Person, byte[] Wrapped);

/// <summary>What an append came to.</summary>
/// <param name="Position">Of its last event; of the lane when it had none.</param>
/// <param name="RecordedAt">The stamp of its last event.</param>
/// <param name="Replayed">Nothing was written: the same request had been answered before, with just this.</param>
public sealed record Appended(
    long Position, DateTimeOffset RecordedAt, bool Replayed, short Status, IReadOnlyList<(Guid Stream, long Version)> Streams);
