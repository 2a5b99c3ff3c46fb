using System.Text.Json.Nodes;
using Crm.Api.Http;
using Crm.Api.Lists;
using Crm.Domain;
using Crm.EventModel;

namespace Crm.Api;

public sealed record OneQuestion(Times Times);

/// <param name="Fields">The members wanted, comma-separated; left out, all.</param>
public sealed record RecordQuestion(Times Times, [Text(2000)] string? Fields = null)
{
    public Asked Asked => Asked.Of(Times, new ListWords(Fields: Fields));
}

/// <summary>What happened to one record.</summary>
public sealed record EventList(IReadOnlyList<EventAnswer> Items);

/// <param name="Id">Names the event in a correction.</param>
/// <param name="Type">As stored: <c>opportunity_won</c>.</param>
/// <param name="Data">The fact, in clear text. What was known of a person who has been forgotten is null.</param>
/// <param name="Undated">The source gave no time; it counts as having happened when it was recorded.</param>
public sealed record EventAnswer(
    Guid Id, long Version, long Position, string Type, DateTimeOffset RecordedAt, DateTimeOffset OccurredAt, string? Actor, string? Source,
    bool Undated, JsonNode? Data);

/// <summary>One record, or what happened to it, as an answer; of one that is out of the caller's sight there is none.</summary>
public sealed class Records(Queries queries, Unsealer unsealer)
{
    public async Task<IResult> One<TRow, TAnswer>(
        RecordList<TRow, TAnswer> list, Caller by, Guid id, RecordQuestion question, IfNoneMatch held, Rejection missing, CancellationToken ct)
        where TRow : class where TAnswer : notnull
    {
        var lens = await queries.Lens(question.Times, by.Zone, ct);
        var asked = new QuestionReader(list, by, question.Asked, await queries.OwnFields(list, by.Tenant, ct));
        var trimming = new Trimming(list, by.Sight, asked.Read(day => Moment.OfDay(day).In(by.Zone)).Fields);
        if (await queries.One(list.Rows.Model, by.Tenant, id, lens, ct) is not var (row, version) || !list.Holds(by.Sight, row))
        {
            throw lens.Missing(missing);
        }

        return new Found(trimming.Of(await list.Answer(row, unsealer, by.Tenant, ct)), version, held);
    }

    public async Task<IResult> Events<TEvent>(
        RecordList list, Caller by, Guid id, Times times, IfNoneMatch held, Rejection missing, CancellationToken ct)
    {
        var (lens, events) = await Stream<TEvent>(list, by, id, times, missing, ct);
        var items = new List<EventAnswer>();
        foreach (var e in events.Where(e => e.OccurredAt < lens.Until))
        {
            items.Add(new EventAnswer(
                e.EventId, e.Version, e.Position, e.TypeName, e.RecordedAt, e.OccurredAt, e.Metadata.Actor, e.Metadata.Source, e.Metadata.Undated,
                Hiding.From(await unsealer.Open(by.Tenant, e.Data, ct), list.Name, by.Sight, e.Data)));
        }

        return new Found(new EventList(items), events[^1].Version, held);
    }

    /// <summary>All events of a record that were known, and what was asked.</summary>
    /// <exception cref="Rejection">There is no such record, or it is out of sight.</exception>
    public async Task<(Lens Lens, IReadOnlyList<Recorded> Events)> Stream<TEvent>(
        RecordList list, Caller by, Guid id, Times times, Rejection missing, CancellationToken ct)
    {
        var lens = await queries.Lens(times, by.Zone, ct);
        var events = await queries.Events(by.Tenant, id, lens, ct);
        var isThere = events.Any(e => e.Data is TEvent)
            && (by.Sight.Owners is null || !list.HasOwners || (queries.Fold(list.Model, events, lens) is { } row && list.Holds(by.Sight, row)));
        return isThere ? (lens, events) : throw lens.Missing(missing);
    }
}
