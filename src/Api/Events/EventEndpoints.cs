using Crm.Api.Access;
using Crm.Api.Http;
using Crm.Domain.Access;
using Crm.Domain.Leads;
using Crm.EventModel;
using Crm.EventStore;

namespace Crm.Api.Events;

/// <summary>What happens, over HTTP: in pages, as a stream that goes on, and as the records that have changed.</summary>
public static class EventEndpoints
{
    public const string LastEventId = "Last-Event-ID";

    private static readonly string Merged = EventTypes.AliasOf(nameof(LeadMerged));

    public static void MapEvents(this IEndpointRouteBuilder app)
    {
        var events = app.MapGroup("/events").WithTags("Events");

        events.MapGet("/", async (
            Query<FeedQuestion> query, Caller by, HttpRequest request, Feed feed, FeedPlaces places, Spelling spelling, OpenStreams streams, CancellationToken ct) =>
        {
            var q = query.Value;
            var after = await places.Of(q.After, (code, message) => Fault.InQuery("after", code, message), ct);
            using var place = q.Wait > 0 ? streams.Enter(by) : null;
            var look = await feed.Page(by, q.Filter, after, q.Limit, TimeSpan.FromSeconds(q.Wait), ct);
            return await spelling.Page(look, places.Token(look.Through), by, q.Format, request, ct);
        })
        .Produces<FeedPage>().MayFail(410).Needs(Functions.EventsRead).GoesOn().AlsoAs(CloudEvent.BatchMediaType)
        .WithName("listEvents").WithSummary("What happened, in the order in which it was recorded");

        events.MapGet("/stream", async (
            Query<StreamQuestion> query, Caller by, HttpRequest request, Feed feed, FeedPlaces places, Spelling spelling, OpenStreams streams, TimeProvider clock,
            CancellationToken ct) =>
        {
            var q = query.Value;
            var last = request.Headers[LastEventId];
            var after = last.Count > 0
                ? await places.Of(last.ToString(), (code, message) => Fault.InHeader(LastEventId, code, message), ct)
                : await places.Of(q.After, (code, message) => Fault.InQuery("after", code, message), ct);
            return new EventStream(feed, places, by, q.Filter, after, spelling.Each(by, q.Format, request), streams.Enter(by), clock);
        })
        .MayFail(410).Needs(Functions.EventsRead).Streams()
        .WithName("streamEvents").WithSummary("What happens, as server-sent events: what there is, and then what comes");

        events.MapGet("/{id:guid}", async (Guid id, Caller by, HttpRequest request, Feed feed, Spelling spelling, CancellationToken ct) =>
            await spelling.One(await feed.One(by, id, ct) ?? throw new Problem(404, "event-unknown", "There is no such event."), by, request, ct))
            .Produces<EventEnvelope>().Needs(Functions.EventsRead).AlsoAs(CloudEvent.MediaType).WithName("getEvent").WithSummary("One event");

        app.MapGet("/changes", async (Query<ChangesQuestion> query, Caller by, HttpRequest request, Feed feed, FeedPlaces places, OpenStreams streams, CancellationToken ct) =>
        {
            var q = query.Value;
            var since = await places.Of(q.Since, (code, message) => Fault.InQuery("since", code, message), ct);
            using var place = q.Wait > 0 ? streams.Enter(by) : null;
            var look = await feed.Changes(by, q.Subjects, since, q.Limit, TimeSpan.FromSeconds(q.Wait), ct);
            var next = places.Token(look.Through);
            return new GoingOn(new ChangesPage([.. look.Found.Select(stream => Change(stream, places))], next.ToString(), look.IsAtHead), next, "since", request);
        })
        .Produces<ChangesPage>().MayFail(410).WithTags("Events").Needs(Functions.EventsRead).GoesOn()
        .WithName("listChanges").WithSummary("Which records have changed, each once");

        app.MapEventTypes();
    }

    private static ChangeAnswer Change(ChangedStream stream, FeedPlaces places) => new(
        EventKinds.SubjectOf(stream.StreamType, stream.EventType), stream.Stream, KindOf(stream), stream.Version,
        stream.Position, places.Token(stream.Position).ToString(), EventKinds.OfStored(stream.EventType)?.Type ?? stream.EventType, stream.Event, stream.RecordedAt);

    private static ChangeKind KindOf(ChangedStream stream) => stream.IsArchived ? ChangeKind.Archived
        : stream.EventType == Merged ? ChangeKind.Merged
        : ChangeKind.Changed;
}

/// <param name="Next">What to send as <c>after</c> to go on, also where nothing matched.</param>
/// <param name="CaughtUp">There was nothing more when this was read.</param>
public sealed record FeedPage(IReadOnlyList<EventEnvelope> Items, string Next, bool CaughtUp);

/// <param name="Next">What to send as <c>since</c> to go on, also where nothing matched.</param>
/// <param name="CaughtUp">There was nothing more when this was read.</param>
public sealed record ChangesPage(IReadOnlyList<ChangeAnswer> Items, string Next, bool CaughtUp);

public enum ChangeKind { Changed, Merged, Archived }

/// <summary>A record that has changed, with its newest event.</summary>
/// <param name="Subject">The kind of record: <c>lead</c>, <c>customer</c> …</param>
/// <param name="Kind">What to do with it.</param>
/// <param name="Version">Of the record now.</param>
/// <param name="Position">Of its newest event.</param>
/// <param name="Token">The same place: what to send as <c>since</c> to go on behind it.</param>
/// <param name="Type">Of its newest event.</param>
/// <param name="EventId">Of its newest event.</param>
/// <param name="RecordedAt">When the store took that event.</param>
public sealed record ChangeAnswer(
    string Subject, Guid Id, ChangeKind Kind, long Version, long Position, string Token, string Type, Guid EventId, DateTimeOffset RecordedAt);
