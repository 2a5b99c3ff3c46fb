using Crm.Api.Http;
using Crm.Domain.Activities;
using Crm.Domain.Customers;
using Crm.Domain.Playbooks;
using Crm.EventModel;
using Crm.EventStore;
using Crm.EventStore.ReadModels;
using Crm.Projections;
using Npgsql;

namespace Crm.Api.Visits;

/// <summary>Reads visits that phones told of, and where customers seem to be by them.</summary>
public sealed class VisitReader(Queries queries, CurrentPlaybook playbooks, Unsealer unsealer)
{
    private const int Most = 1000;
    private const int MostForGuess = 50;

    private static readonly string Rows = ModelTables.Of(Catalog.Visits).Rows;

    /// <summary>Visits, the latest first; of those whose records the caller sees.</summary>
    public async Task<VisitsAnswer> Of(Caller by, VisitsQuestion question, PositionToken? least, CancellationToken ct)
    {
        Queries.MustFollow("from", question.From, "to", question.To, by.Zone);
        var lens = await queries.Lens(question.Times, by.Zone, ct);
        var (found, position) = await queries.Read(by.Tenant, Catalog.Visits, lens, least, async (connection, known) =>
        {
            await using var command = new NpgsqlCommand { Connection = connection };
            var where = string.Join(" and ", Conditions(command, by, question, lens, known));
            command.CommandText = $"""
                select record_id, record, visit_id, customer_id, rep, at, told_at, kind, is_near, distance_metres, accuracy_metres, doubts,
                       ticks, photos, count(*) over ()
                from {Rows} where {where} order by at desc, visit_id limit {command.Parameter(Most)}
                """;
            var (items, total) = (new List<VisitAnswer>(), 0);
            await using var reader = await command.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
            {
                items.Add(One(reader));
                total = (int)reader.GetInt64(14);
            }

            return (Items: items, Total: total);
        }, ct);
        return new(lens.AsOf, lens.KnownAt, position, Catalog.Visits.Version, found.Total, found.Items);
    }

    /// <summary>Where a customer seems to be, by the last visits to it whose position was known well enough; null by too few.</summary>
    public async Task<(AddressGuess? Guess, long Position)> Guess(
        Caller by, Guid customer, Lens lens, PositionToken? least, CancellationToken ct)
    {
        var playbook = await playbooks.AsKnown(by.Tenant, lens.Position, lens.AsOf ?? lens.KnownAt ?? playbooks.Clock.GetUtcNow(), ct);
        var accuracy = (playbook.Document?.Visits ?? VisitsSection.Usual).MaximumAccuracyMetres;
        var (sealedPlaces, position) = await queries.Read(by.Tenant, Catalog.Visits, lens, least, async (connection, known) =>
        {
            await using var command = new NpgsqlCommand { Connection = connection };
            command.CommandText = $"""
                select place from {Rows}
                where tenant_id = {command.Parameter(by.Tenant)} and customer_id = {command.Parameter(customer)} and place is not null
                  and accuracy_metres <= {command.Parameter(accuracy)} and at < {command.Parameter(lens.Until.ToUniversalTime())}
                  and position <= {command.Parameter(known)}
                order by at desc limit {command.Parameter(MostForGuess)}
                """;
            var places = new List<string>();
            await using var reader = await command.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
            {
                places.Add(reader.GetString(0));
            }

            return places;
        }, ct);

        await unsealer.Fetch(by.Tenant, sealedPlaces, ct);
        var points = new List<GeoPoint>();
        foreach (var place in sealedPlaces)
        {
            points.AddRange(GeoPoint.Read(await unsealer.Open(by.Tenant, place, ct)) is { } point ? [point] : []);
        }

        return (AddressGuess.Of(points), position);
    }

    private static IEnumerable<string> Conditions(NpgsqlCommand command, Caller by, VisitsQuestion q, Lens lens, long known)
    {
        yield return $"tenant_id = {command.Parameter(by.Tenant)}";
        yield return $"position <= {command.Parameter(known)}";
        yield return $"at < {command.Parameter(lens.Until.ToUniversalTime())}";
        if (by.Sight.Owners is { } owners)
        {
            yield return $"rep = any({command.Parameter(owners.Reps.ToArray())})";
        }

        (string Test, object? Value)[] tests =
        [
            ("rep =", q.Rep), ("customer_id =", q.CustomerId), ("record_id =", q.RecordId), ("is_doubtful =", q.Doubtful),
            ("is_near =", q.Near),
            ("at >=", q.From?.In(by.Zone).ToUniversalTime()), ("at <", q.To?.In(by.Zone).ToUniversalTime())
        ];
        foreach (var (test, value) in tests.Where(one => one.Value is not null))
        {
            yield return $"{test} {command.Parameter(value!)}";
        }
    }

    private static VisitAnswer One(NpgsqlDataReader reader) => new(
        reader.GetGuid(2), reader.GetString(1), reader.GetGuid(0), reader.IsDBNull(3) ? null : reader.GetGuid(3), reader.GetString(4),
        reader.GetFieldValue<DateTimeOffset>(5), reader.GetFieldValue<DateTimeOffset>(6), reader.GetString(7), reader.GetBoolean(8),
        Whole(reader, 9), Whole(reader, 10), [.. Texts(reader, 11).Select(Doubt)], Texts(reader, 12), Texts(reader, 13));

    private static VisitDoubtAnswer Doubt(string written) =>
        written.Split(':') is [var of, var other] ? new(of, Guid.Parse(other)) : new(written, VisitId: null);

    private static int? Whole(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetInt32(column);

    private static string[] Texts(NpgsqlDataReader reader, int column) => reader.GetFieldValue<string[]>(column);
}

/// <param name="From">Made at this moment or later.</param>
/// <param name="To">Made before this moment.</param>
/// <param name="Rep">Only those of this rep.</param>
/// <param name="CustomerId">Only those to this customer, in whatever opportunity.</param>
/// <param name="RecordId">Only those to this lead, in this opportunity, or to this customer beside its opportunities.</param>
/// <param name="Doubtful">Only those against which something speaks; with <c>false</c>, the others.</param>
/// <param name="Near">Only those that were made at the customer's address; with <c>false</c>, the others.</param>
public sealed record VisitsQuestion(
    Times Times, Moment? From = null, Moment? To = null, string? Rep = null, Guid? CustomerId = null, Guid? RecordId = null,
    bool? Doubtful = null, bool? Near = null);

/// <param name="AsOf">Visits that were made before this; null for all.</param>
/// <param name="KnownAt">As was known then; null for all that is known.</param>
/// <param name="Position">The position that the answer shows.</param>
/// <param name="ReadModelVersion">The same moments, position and version give the same answer for ever.</param>
/// <param name="Total">How many there are; at most the first thousand are given.</param>
/// <param name="Items">The latest first.</param>
public sealed record VisitsAnswer(
    DateTimeOffset? AsOf, DateTimeOffset? KnownAt, long Position, int ReadModelVersion, int Total, IReadOnlyList<VisitAnswer> Items);

/// <param name="Id">The touch that it is.</param>
/// <param name="Record"><c>lead</c>, <c>opportunity</c> or <c>customer</c>.</param>
/// <param name="RecordId">The lead, the opportunity, or the customer.</param>
/// <param name="CustomerId">At whose address it is to have been.</param>
/// <param name="At">When it began.</param>
/// <param name="ToldAt">When the phone told of it.</param>
/// <param name="Kind">Of the touch.</param>
/// <param name="IsNear">Whether it was made at the customer's address, as far as that can be told.</param>
/// <param name="DistanceMetres">From that address; null where it, or the position, is not known.</param>
/// <param name="AccuracyMetres">Within how many metres the phone was sure of its position.</param>
/// <param name="Doubts">What speaks against it.</param>
/// <param name="Ticks">Keys of what was ticked off.</param>
/// <param name="Photos">SHA-256 of its photos.</param>
public sealed record VisitAnswer(
    Guid Id, string Record, Guid RecordId, Guid? CustomerId, string Rep, DateTimeOffset At, DateTimeOffset ToldAt, string Kind, bool IsNear,
    int? DistanceMetres, int? AccuracyMetres, IReadOnlyList<VisitDoubtAnswer> Doubts, IReadOnlyList<string> Ticks,
    IReadOnlyList<string> Photos);

/// <param name="Of"><c>too-far</c>, <c>poor-accuracy</c>, <c>no-position</c>, <c>no-address</c>, <c>too-fast</c>, <c>told-late</c>,
/// <c>photo-known</c> or <c>photos-missing</c>.</param>
/// <param name="VisitId">The other visit that it does not go with; null where there is none.</param>
public sealed record VisitDoubtAnswer(string Of, Guid? VisitId);
