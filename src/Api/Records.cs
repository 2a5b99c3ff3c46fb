using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Api.Http;
using Crm.Domain;
using Crm.EventModel;
using Crm.EventStore.Sealing;

namespace Crm.Api;

public sealed record OneQuestion(Times Times);

/// <summary>What happened to one record.</summary>
public sealed record EventList(IReadOnlyList<EventAnswer> Items);

/// <param name="Id">Names the event in a correction.</param>
/// <param name="Type">As stored: <c>opportunity_won</c>.</param>
/// <param name="Data">The fact. What is known of a person is left out here.</param>
/// <param name="Undated">The source gave no time; it counts as having happened when it was recorded.</param>
public sealed record EventAnswer(
    Guid Id, long Version, long Position, string Type, DateTimeOffset RecordedAt, DateTimeOffset OccurredAt, string? Actor, string? Source,
    bool Undated, JsonNode? Data);

/// <summary>One record, or what happened to it, as an answer.</summary>
public sealed class Records(Queries queries)
{
    private static readonly JsonSerializerOptions Json = new(AnswerJson.Options) { Converters = { new LeftOut() } };

    public async Task<IResult> One<TRow, TAnswer>(
        ReadModel<TRow> model, Caller by, Guid id, Times times, Func<TRow, bool> isThere, Func<TRow, Task<TAnswer>> answer, Rejection missing, CancellationToken ct)
        where TRow : class
    {
        var lens = await queries.Lens(times, ct);
        if (await queries.One(model, by.Tenant, id, lens, ct) is not var (row, version) || !isThere(row))
        {
            throw missing;
        }

        return new Found<TAnswer>(await answer(row), version);
    }

    public async Task<IResult> Events<TEvent>(Caller by, Guid id, Times times, Rejection missing, CancellationToken ct)
    {
        var lens = await queries.Lens(times, ct);
        var events = await queries.Events(by.Tenant, id, lens, ct);
        if (events.Count == 0 || events[0].Data is not TEvent)
        {
            throw missing;
        }

        var items = events.Where(e => e.OccurredAt < lens.Until).Select(e => new EventAnswer(
            e.EventId, e.Version, e.Position, e.TypeName, e.RecordedAt, e.OccurredAt, e.Metadata.Actor, e.Metadata.Source, e.Metadata.Undated,
            e.Data is UnknownEvent ? null : JsonSerializer.SerializeToNode(e.Data, e.Data.GetType(), Json)));
        return new Found<EventList>(new EventList([.. items]), events[^1].Version);
    }

    private sealed class LeftOut : System.Text.Json.Serialization.JsonConverter<Personal>
    {
        public override Personal Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, Personal value, JsonSerializerOptions options) => writer.WriteNullValue();
    }

    private sealed class Found<T>(T body, long version) : IResult
    {
        public Task ExecuteAsync(HttpContext context)
        {
            context.Response.Headers.ETag = ETag.Of(version);
            return context.Response.WriteAsJsonAsync(body, context.RequestAborted);
        }
    }
}

/// <summary>Opens what is sealed, for those who may see it.</summary>
public sealed class Unsealer(Sealer sealer)
{
    public async Task<string?> Open(string tenant, string? text, CancellationToken ct) => text is null ? null : await sealer.Open(tenant, text, ct);
}
