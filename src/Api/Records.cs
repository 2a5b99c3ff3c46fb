using System.Collections.Concurrent;
using System.Reflection;
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
/// <param name="Data">The fact, in clear text. What was known of a person who has been forgotten is null.</param>
/// <param name="Undated">The source gave no time; it counts as having happened when it was recorded.</param>
public sealed record EventAnswer(
    Guid Id, long Version, long Position, string Type, DateTimeOffset RecordedAt, DateTimeOffset OccurredAt, string? Actor, string? Source,
    bool Undated, JsonNode? Data);

/// <summary>One record, or what happened to it, as an answer.</summary>
public sealed class Records(Queries queries, Unsealer unsealer)
{
    private static readonly ConcurrentDictionary<Type, IReadOnlyList<PropertyInfo>> Personals = new();

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

        var items = new List<EventAnswer>();
        foreach (var e in events.Where(e => e.OccurredAt < lens.Until))
        {
            items.Add(new EventAnswer(
                e.EventId, e.Version, e.Position, e.TypeName, e.RecordedAt, e.OccurredAt, e.Metadata.Actor, e.Metadata.Source, e.Metadata.Undated,
                await Open(by.Tenant, e.Data, ct)));
        }

        return new Found<EventList>(new EventList(items), events[^1].Version);
    }

    private async Task<JsonNode?> Open(string tenant, object data, CancellationToken ct)
    {
        if (data is UnknownEvent)
        {
            return null;
        }

        var node = JsonSerializer.SerializeToNode(data, data.GetType(), AnswerJson.Options)!;
        foreach (var property in Personals.GetOrAdd(data.GetType(), type => [.. type.GetProperties().Where(p => p.PropertyType == typeof(Personal))]))
        {
            node[JsonNamingPolicy.CamelCase.ConvertName(property.Name)] = await unsealer.Open(tenant, ((Personal?)property.GetValue(data))?.Sealed, ct);
        }

        return node;
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
