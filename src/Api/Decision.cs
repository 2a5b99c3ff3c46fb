using Crm.Domain;
using Crm.EventModel;
using Crm.EventStore;

namespace Crm.Api;

/// <summary>What is to be written, stream by stream, and the version of the one that the caller named.</summary>
public sealed record Decision(long Version, IReadOnlyList<Part> Parts)
{
    /// <summary>The HTTP status of success where it depends on what was decided; otherwise it is the call's.</summary>
    public short? Status { get; init; }

    /// <summary>
    /// What the streams take or give up. Where another was faster the command is decided again, and then on who holds it.
    /// </summary>
    public IReadOnlyList<Claim> Claims { get; init; } = [];
}

/// <summary>New facts for one stream, decided on what it had come to.</summary>
public sealed class Part(Guid stream, string streamType, Known latest, IEnumerable<object> events, Func<object, object, object> evolve)
{
    public Guid Stream => stream;

    public string StreamType => streamType;

    public Known Latest => latest;

    public IReadOnlyList<object> Events { get; } = [.. events];

    public IReadOnlyList<Guid> EventIds { get => field ??= [.. Events.Select(_ => Guid.CreateVersion7())]; init; }

    public Func<object, object, object> Evolve => evolve;

    /// <summary>When each fact happened, where they have times of their own; otherwise all happened when the call says.</summary>
    public IReadOnlyList<DateTimeOffset?> Times { get; init; } = [];

    /// <summary>When each fact is to have been recorded, where a made-up past is played; otherwise they are recorded now.</summary>
    public IReadOnlyList<DateTimeOffset> Recorded { get; init; } = [];

    /// <summary>Who did each, where that was another than the caller.</summary>
    public IReadOnlyList<string?> Actors { get; init; } = [];

    /// <summary>What led to each, an event's id, where something did.</summary>
    public IReadOnlyList<string?> Causes { get; init; } = [];

    /// <summary>Nobody knows when these happened, those apart that have times of their own; only when we heard of them.</summary>
    public bool Undated { get; init; }

    /// <param name="call">When the call says that it happened; null for now.</param>
    public DateTimeOffset? OccurredAt(int fact, DateTimeOffset? call) =>
        Events[fact] is IFromTheFirst && latest.Oldest is { } oldest ? oldest : Times.Count > 0 ? Times[fact] : call;

    /// <summary>
    /// When something said now has to be dated: null for now, or the time of the newest fact where a fast clock has put that ahead. What was
    /// decided on all facts has to be folded after all of them.
    /// </summary>
    public DateTimeOffset? AfterTheNewest(DateTimeOffset now) => latest.Newest > now ? latest.Newest : null;

    public StreamAppend Append(DateTimeOffset? occurredAt, Metadata metadata) => new(
        stream, streamType, latest.Version,
        [.. Events.Select((e, i) => new NewEvent(
            EventIds[i], e, OccurredAt(i, occurredAt), MetadataOf(i, metadata))
            { RecordedAt = Recorded.Count > 0 ? Recorded[i] : null })],
        latest.LastEvent);

    private Metadata MetadataOf(int fact, Metadata call)
    {
        var said = Undated && (Times.Count == 0 || Times[fact] is null) ? call with { Undated = true } : call;
        said = fact < Causes.Count && Causes[fact] is { } cause ? said with { CausationId = cause } : said;
        return fact < Actors.Count && Actors[fact] is { } actor ? said with { Actor = actor } : said;
    }
}
