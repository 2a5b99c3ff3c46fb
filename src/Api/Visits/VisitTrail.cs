using Crm.Domain.Activities;
using Crm.EventStore;
using Crm.EventStore.ReadModels;
using Crm.Projections;
using Npgsql;

namespace Crm.Api.Visits;

/// <summary>Where somebody was, by the visits that his phones told of, opened for the moment of a comparison.</summary>
public sealed class VisitTrail(Queries queries, Store store, Unsealer unsealer)
{
    private const int Most = 1000;

    private static readonly string Rows = ModelTables.Of(Catalog.Visits).Rows;

    // Nobody who is so far apart in time is too fast anywhere on earth.
    private static readonly TimeSpan Around = TimeSpan.FromDays(1);

    /// <summary>Visits of a person in and around a span of time, all that is recorded by now; and which of all his was told last.</summary>
    public async Task<(IReadOnlyList<VisitStop> Stops, Guid? Last)> Of(
        string tenant, string rep, DateTimeOffset from, DateTimeOffset to, CancellationToken ct)
    {
        var head = queries.Token((await store.Head(ct)).Position);
        var ((rows, last), _) = await queries.Read(tenant, Catalog.Visits, new Lens(null, null, null), head, async (connection, known) =>
        {
            await using var command = new NpgsqlCommand { Connection = connection };
            command.CommandText = $"""
                select visit_id, at, accuracy_metres, place from {Rows}
                where tenant_id = {command.Parameter(tenant)} and rep = {command.Parameter(rep)} and place is not null
                  and at >= {command.Parameter(Earlier(from))} and at <= {command.Parameter(Later(to))}
                  and position <= {command.Parameter(known)}
                order by at desc limit {command.Parameter(Most)}
                """;
            var found = new List<(Guid Id, DateTimeOffset At, int? Accuracy, string Place)>();
            await using var reader = await command.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
            {
                found.Add((reader.GetGuid(0), reader.GetFieldValue<DateTimeOffset>(1), reader.IsDBNull(2) ? null : reader.GetInt32(2),
                    reader.GetString(3)));
            }

            await reader.CloseAsync();
            return (found, await Last(connection, tenant, rep, known, ct));
        }, ct);

        await unsealer.Fetch(tenant, rows.Select(row => row.Place), ct);
        var stops = new List<VisitStop>();
        foreach (var row in rows)
        {
            // Of a record that was forgotten nobody knows any more where it was.
            if (GeoPoint.Read(await unsealer.Open(tenant, row.Place, ct)) is { } place)
            {
                stops.Add(new(row.Id, row.At, place, row.Accuracy));
            }
        }

        return (stops, last);
    }

    // Only of those whose place is known: with no others anybody could be too fast.
    private static async Task<Guid?> Last(NpgsqlConnection connection, string tenant, string rep, long known, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand { Connection = connection };
        command.CommandText = $"""
            select visit_id from {Rows} where tenant_id = {command.Parameter(tenant)} and rep = {command.Parameter(rep)}
              and place is not null and position <= {command.Parameter(known)} order by position desc limit 1
            """;
        return (Guid?)await command.ExecuteScalarAsync(ct);
    }

    private static DateTimeOffset Earlier(DateTimeOffset from) =>
        from - DateTimeOffset.MinValue > Around ? (from - Around).ToUniversalTime() : DateTimeOffset.MinValue;

    private static DateTimeOffset Later(DateTimeOffset to) =>
        DateTimeOffset.MaxValue - to > Around ? (to + Around).ToUniversalTime() : DateTimeOffset.MaxValue;
}
