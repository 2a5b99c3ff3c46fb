using Crm.Domain.DataSources;
using Crm.Domain.Forecasting;
using Crm.EventModel;
using Crm.EventStore;
using Crm.EventStore.ReadModels;
using Crm.Projections;
using Crm.Projections.DataSources;
using Npgsql;

namespace Crm.Api.DataSources;

/// <summary>Which readings a forecast uses: of each source the newest good one measured before its moment, as known at its
/// position.</summary>
public sealed class ReadingReader(Queries queries, Store store)
{
    private static readonly ModelReader<SourceReadingList.Row> Readings = new(Catalog.SourceReadings);

    /// <param name="sources">Their keys. One that has no good reading yet is left out.</param>
    /// <exception cref="Http.Problem">503: the rows are still behind after a while.</exception>
    public async Task<IReadOnlyList<SourceReading>> InUse(
        string tenant, IReadOnlyCollection<string> sources, DateTimeOffset asOf, long position, CancellationToken ct)
    {
        var found = new List<SourceReading>();
        foreach (var source in sources.Distinct().Order(StringComparer.Ordinal))
        {
            if (await Newest(tenant, source, asOf, position, ct) is { } row
                && await Values(tenant, row.ReadingId, position, ct) is { } values)
            {
                // What is computed with is what is named, should anybody have changed what is stored.
                var freshFor = TimeSpan.FromMinutes(row.FreshMinutes);
                var hash = ReadingCheck.HashOf(values);
                found.Add(new(ReadingUse.Of(source, row.ReadingId, hash, row.MeasuredAt!.Value, asOf, freshFor), values));
            }
        }

        return found;
    }

    private async Task<SourceReadingList.Row?> Newest(
        string tenant, string source, DateTimeOffset asOf, long position, CancellationToken ct)
    {
        var lens = new Lens(asOf, KnownAt: null, position);
        var (rows, _) = await queries.Read(tenant, Catalog.SourceReadings, lens, least: null, async (connection, known) =>
        {
            // Of two of the same moment that which came last corrects the other.
            await using var command = new NpgsqlCommand($"""
                select {Readings.Columns} from {Readings.Rows(rewound: true)} r
                where r.source = $4 and r.outcome in ('good', 'accepted') and r.measured_at < $2
                order by r.measured_at desc, r.from_position desc limit 1
                """, connection);
            foreach (var value in (object[])[tenant, asOf.ToUniversalTime(), known, source])
            {
                command.Parameters.AddWithValue(value);
            }

            await using var reader = await command.ExecuteReaderAsync(ct);
            return await Readings.Read(reader, ct);
        }, ct);
        return rows.Count == 0 ? null : rows[0];
    }

    private async Task<IReadOnlyDictionary<Guid, decimal>?> Values(string tenant, Guid reading, long position, CancellationToken ct) =>
        FoldOrder.Of(await store.ReadStream(tenant, reading, new ReadBound(Position: position), ct), store.Types)
            .Select(fact => fact.Data).OfType<SourceReadingTaken>().FirstOrDefault()?.Values;
}
