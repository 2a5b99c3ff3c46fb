using Crm.Api.Http;
using Crm.Domain.DailyReports;
using Crm.EventModel;
using Crm.Projections;
using Npgsql;

namespace Crm.Api.DailyReports;

/// <summary>Puts together what the log holds of somebody's day.</summary>
public sealed class DailyReader(Queries queries)
{
    public static readonly IReadOnlyList<ReadModel> Models =
    [
        Catalog.Activity, Catalog.Visits, Catalog.AuditTrail, Catalog.Leads, Catalog.Opportunities, Catalog.Customers, Catalog.Commitments,
        Catalog.HelpRequests, Catalog.Tasks, Catalog.DailyReports
    ];

    /// <summary>As it is now known, and as it was shown when it was told; all in one snapshot.</summary>
    /// <param name="shown">The position up to which it was shown; null where nothing was told.</param>
    internal Task<((DailyContents Now, DailyContents? Shown) Contents, long Position)> Of(
        string tenant, DailyReporter who, DailyTerms day, Lens lens, long? shown, PositionToken? least, CancellationToken ct) =>
        queries.Read(tenant, Models, lens, least, async (connection, known) =>
        {
            var now = await Of(connection, tenant, who, day, lens.AsOf < day.To ? lens.AsOf.Value : day.To, known, ct);
            return (now, shown is { } position ? await Of(connection, tenant, who, day, day.To, position, ct) : null);
        }, ct);

    private static async Task<DailyContents> Of(
        NpgsqlConnection connection, string tenant, DailyReporter who, DailyTerms day, DateTimeOffset until, long known,
        CancellationToken ct)
    {
        var items = await Items(connection, tenant, who, day, until, known, ct);
        var records = await Records(connection, tenant, until, known, [.. items.Select(item => item.RecordId).Distinct()], ct);
        var customers = records.Values.Select(record => record.CustomerId).OfType<Guid>().Except(items.Select(item => item.RecordId));
        foreach (var (key, customer) in await Records(connection, tenant, until, known, [.. customers], ct))
        {
            records[key] = customer;
        }

        return new(items, records);
    }

    private static async Task<IReadOnlyList<DailyItem>> Items(
        NpgsqlConnection connection, string tenant, DailyReporter who, DailyTerms day, DateTimeOffset until, long known,
        CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(DailySql.Items, connection);
        object[] values =
        [
            tenant, until.ToUniversalTime(), known, day.From.ToUniversalTime(), day.To.ToUniversalTime(), day.Next.ToUniversalTime(),
            who.Member, who.Rep
        ];
        foreach (var value in values)
        {
            command.Parameters.AddWithValue(value);
        }

        var items = new List<DailyItem>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            items.Add(new(
                (DailyPart)reader.GetInt32(0), reader.GetGuid(1), reader.GetFieldValue<DateTimeOffset>(2), reader.GetString(3),
                reader.GetGuid(4), reader.IsDBNull(5) ? null : reader.GetString(5), reader.GetFieldValue<string[]>(6)));
        }

        // Who captures a lead and gets it has one new lead, and who does a task twice has done one.
        return [.. items.DistinctBy(item => item.Part is DailyPart.NewLeads or DailyPart.TasksDone
            ? (item.Part, item.RecordId) : (item.Part, item.Id))];
    }

    private static async Task<Dictionary<(string, Guid), DailyRecord>> Records(
        NpgsqlConnection connection, string tenant, DateTimeOffset until, long known, Guid[] ids, CancellationToken ct)
    {
        var records = new Dictionary<(string, Guid), DailyRecord>();
        if (ids.Length == 0)
        {
            return records;
        }

        await using var command = new NpgsqlCommand(DailySql.Records, connection);
        foreach (var value in (object[])[tenant, until.ToUniversalTime(), known, ids])
        {
            command.Parameters.AddWithValue(value);
        }

        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            records[(reader.GetString(0), reader.GetGuid(1))] = new(
                Text(2), reader.IsDBNull(3) ? null : reader.GetGuid(3), Text(4), Text(5));
        }

        return records;

        string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
    }
}
