using System.Text.Json.Nodes;
using Crm.Api.Http;
using Crm.Domain;
using Crm.EventModel;

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
    public async Task<IResult> One<TRow, TAnswer>(
        ReadModel<TRow> model, Caller by, Guid id, Times times, Func<TRow, bool> isThere, Func<TRow, Task<TAnswer>> answer, Rejection missing, CancellationToken ct)
        where TRow : class
    {
        var lens = await queries.Lens(times, ct);
        if (await queries.One(model, by.Tenant, id, lens, ct) is not var (row, version) || !isThere(row))
        {
            throw lens.Missing(missing);
        }

        return new Found<TAnswer>(await answer(row), version);
    }

    public async Task<IResult> Events<TEvent>(Caller by, Guid id, Times times, Rejection missing, CancellationToken ct)
    {
        var lens = await queries.Lens(times, ct);
        var events = await queries.Events(by.Tenant, id, lens, ct);
        if (!events.Any(e => e.Data is TEvent))
        {
            throw lens.Missing(missing);
        }

        var items = new List<EventAnswer>();
        foreach (var e in events.Where(e => e.OccurredAt < lens.Until))
        {
            items.Add(new EventAnswer(
                e.EventId, e.Version, e.Position, e.TypeName, e.RecordedAt, e.OccurredAt, e.Metadata.Actor, e.Metadata.Source, e.Metadata.Undated,
                await unsealer.Open(by.Tenant, e.Data, ct)));
        }

        return new Found<EventList>(new EventList(items), events[^1].Version);
    }

    internal sealed class Found<T>(T body, long version) : IResult
    {
        public Task ExecuteAsync(HttpContext context)
        {
            context.Response.Headers.ETag = ETag.Of(version);
            return context.Response.WriteAsJsonAsync(body, context.RequestAborted);
        }
    }
}
