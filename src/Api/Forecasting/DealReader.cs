using Crm.Api.Http;
using Crm.Domain.Forecasting;
using Crm.Domain.Opportunities;
using Crm.EventModel;
using Crm.EventStore;
using Crm.EventStore.ReadModels;
using Crm.Projections;
using Npgsql;

namespace Crm.Api.Forecasting;

/// <summary>All opportunities of a tenant as they were at a moment, as known at a position: from rows, or from the events
/// themselves.</summary>
public sealed class DealReader(Queries queries, Store store)
{
    private static readonly ModelReader<ForecastDeal> Deals = new(Catalog.ForecastDeals);

    private readonly string[] types = [.. TypesOf(store.Types)];

    /// <summary>The stored names of events that tell a forecast anything.</summary>
    internal static IEnumerable<string> TypesOf(EventTypes types) => types.AliasesOf(typeof(IOpportunityEvent)).Where(alias =>
        !Catalog.ForecastDeals.Ignores.Contains(types.NewestOf(alias)));

    /// <exception cref="Problem">503: the rows are still behind after a while.</exception>
    public async Task<IReadOnlyList<ForecastDeal>> Rows(string tenant, DateTimeOffset asOf, long position, CancellationToken ct)
    {
        var lens = new Lens(asOf, KnownAt: null, position);
        var (deals, _) = await queries.Read(tenant, Catalog.ForecastDeals, lens, least: null, async (connection, known) =>
        {
            // What the query makes on its way has no statistics: it must not be gone through row by row.
            await using (var plan = new NpgsqlCommand("set local work_mem = '64MB'", connection))
            {
                await plan.ExecuteNonQueryAsync(ct);
            }

            await using var command = new NpgsqlCommand($"select {Deals.Columns} from {Deals.Rows(rewound: true)} r", connection);
            foreach (var value in (object[])[tenant, asOf.ToUniversalTime(), known])
            {
                command.Parameters.AddWithValue(value);
            }

            await using var reader = await command.ExecuteReaderAsync(ct);
            return await Deals.Read(reader, ct);
        }, ct);
        return deals;
    }

    /// <summary>The same by folding every stream: slower, and what decides where the two should ever differ.</summary>
    public Task<IReadOnlyList<ForecastDeal>> Events(string tenant, DateTimeOffset asOf, long position, CancellationToken ct) =>
        StreamWalk.Read(store, tenant, types, position, stream => Catalog.ForecastDeals.Of(stream, asOf, store.Types), ct);
}
