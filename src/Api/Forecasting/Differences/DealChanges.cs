using Crm.Domain.Forecasting;
using Crm.Domain.Opportunities;
using Crm.EventModel;
using Crm.EventStore;
using Crm.EventStore.ReadModels;
using Crm.Projections;
using Npgsql;

namespace Crm.Api.Forecasting;

/// <summary>What happened to opportunities, and what became known of them, between two forecasts; never all of their events.</summary>
public sealed class DealChanges(Queries queries, Store store)
{
    /// <summary>So many states between two moments are looked at for what came back; of more it is said that there are.</summary>
    public const int MostStates = 200_000;

    private static readonly ModelReader<ForecastDeal> Deals = new(Catalog.ForecastDeals);

    private readonly string[] types = [.. DealReader.TypesOf(store.Types)];

    private readonly string[] right =
    [
        .. store.Types.AliasesOf(typeof(OpportunityCorrected)), .. store.Types.AliasesOf(typeof(OpportunityImportUndone)),
        .. store.Types.AliasesOf(typeof(OpportunityFlagged)), .. store.Types.AliasesOf(typeof(OpportunityFlagWithdrawn))
    ];

    /// <summary>Streams of which only one of two forecasts knew something of the moment of the earlier, up to what either knew.</summary>
    public async Task<IReadOnlyDictionary<Guid, IReadOnlyList<Recorded>>> Learned(string tenant, ForecastGap gap, CancellationToken ct) =>
        gap.KnewAlike ? new Dictionary<Guid, IReadOnlyList<Recorded>>()
        : (await StreamChoice.Learned(store, tenant, gap.From, gap.Low, gap.High, types, right, ct)).ToDictionary(stream => stream[0].StreamId);

    /// <summary>Events of some opportunities, up to what either of two forecasts knew.</summary>
    public async Task<IReadOnlyDictionary<Guid, IReadOnlyList<Recorded>>> Events(
        string tenant, IReadOnlyCollection<Guid> opportunities, ForecastGap gap, CancellationToken ct) =>
        (await StreamChoice.Named(store, tenant, opportunities, types, gap.High, ct)).ToDictionary(stream => stream[0].StreamId);

    /// <summary>The states that opportunities came to between the two moments, of each that came to several.</summary>
    public async Task<IReadOnlyList<ForecastDeal>> States(string tenant, ForecastGap gap, CancellationToken ct)
    {
        var (states, _) = await queries.Read(tenant, Catalog.ForecastDeals, new Lens(null, null, gap.Known), least: null, async (connection, known) =>
        {
            await using var command = new NpgsqlCommand($"select {Deals.Columns} from {Deals.Moves} r limit {MostStates}", connection);
            foreach (var value in (object[])[tenant, gap.From.ToUniversalTime(), gap.To.ToUniversalTime(), known])
            {
                command.Parameters.AddWithValue(value);
            }

            await using var reader = await command.ExecuteReaderAsync(ct);
            return await Deals.Read(reader, ct);
        }, ct);
        return states;
    }
}
