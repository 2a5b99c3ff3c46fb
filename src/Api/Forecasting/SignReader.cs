using Crm.Api.Http;
using Crm.Domain.Activities;
using Crm.Domain.Contacts;
using Crm.Domain.Customers;
using Crm.Domain.Forecasting;
using Crm.Domain.Forecasting.Factors;
using Crm.Domain.Opportunities;
using Crm.Domain.Playbooks;
using Crm.EventModel;
using Crm.EventStore;
using Crm.EventStore.ReadModels;
using Crm.Projections;
using Crm.Projections.Activities;
using Crm.Projections.Contacts;
using Crm.Projections.Customers;
using Npgsql;

namespace Crm.Api.Forecasting;

/// <summary>What factors are told of open opportunities, as of a moment and known at a position: from rows, or from the events
/// themselves.</summary>
public sealed class SignReader(Queries queries, Store store)
{
    private static readonly IReadOnlyList<ReadModel> Models =
        [Catalog.ForecastTraits, Catalog.BuyingRoles, Catalog.Customers, Catalog.Activity];

    private static readonly ModelReader<DealTraits> Traits = new(Catalog.ForecastTraits);
    private static readonly ModelReader<BuyingRoleList.Row> Roles = new(Catalog.BuyingRoles);
    private static readonly ModelReader<CustomerList.Row> Customers = new(Catalog.Customers);
    private static readonly string Deeds = ModelTables.Of(Catalog.Activity).History;

    private static readonly TouchKind[] Meetings = [TouchKind.Call, TouchKind.Visit, TouchKind.Meeting];

    /// <exception cref="Problem">503: the rows are still behind after a while.</exception>
    public async Task<IReadOnlyList<DealSigns>> Rows(
        string tenant, ForecastManifest manifest, IReadOnlyList<ForecastDeal> deals, CancellationToken ct)
    {
        var (told, _) = await queries.Read(
            tenant, Models, new Lens(manifest.AsOf, KnownAt: null, manifest.Position), least: null, async (connection, known) =>
        {
            object[] at = [tenant, manifest.AsOf.ToUniversalTime(), known];
            var traits = await Read(connection, $"select {Traits.Columns} from {Traits.Rows(rewound: true)} r", at,
                reader => Traits.Read(reader, ct), ct);
            var roles = await Read(connection, $"""
                select customer_id, buying_role from {Roles.Rows(rewound: true)} r where customer_id is not null and buying_role is not null
                """, at, reader => Pairs(reader, ct), ct);
            var industries = await Read(connection, $"""
                select customer_id, industry from {Customers.Rows(rewound: true)} r where industry is not null
                """, at, reader => Pairs(reader, ct), ct);
            var touches = new Dictionary<string, IReadOnlyDictionary<Guid, int>>();
            foreach (var factor in Counting(manifest))
            {
                touches.Add(factor.Key, await Read(connection, $"""
                    select h.record_id, count(*) from {Deeds} h
                    where h.tenant_id = $1 and h.at < $2 and h.at >= $4 and h.record = 'opportunity' and h.deed = '{ActivityBoard.Touch}'
                      and {(factor.From == FactorFrom.Activity ? "not h.is_ours" : "h.kind in ('call', 'visit', 'meeting')")}
                      and h.is_there and h.from_position <= $3 and (h.to_position is null or h.to_position > $3)
                    group by h.record_id
                    """, [.. at, Since(manifest, factor).ToUniversalTime()], reader => Counts(reader, ct), ct));
            }

            return new Told(
                traits.ToDictionary(one => one.OpportunityId), roles.ToLookup(one => one.Id, one => BuyingRoles.Of(one.Text)!.Value),
                industries.ToDictionary(one => one.Id, one => one.Text), touches);
        }, ct);
        return told.Of(manifest.Settings, deals);
    }

    /// <summary>The same by folding every stream: slower, and what decides where the two should ever differ.</summary>
    public async Task<IReadOnlyList<DealSigns>> Events(
        string tenant, ForecastManifest manifest, IReadOnlyList<ForecastDeal> deals, CancellationToken ct)
    {
        var (traits, touches) = (new Dictionary<Guid, DealTraits>(), Counting(manifest).ToDictionary(
            factor => factor.Key, _ => new Dictionary<Guid, int>()));
        await Walk<IOpportunityEvent>(facts =>
        {
            if (facts.Aggregate((DealTraits?)null, Catalog.ForecastTraits.Fold) is { } known)
                traits.Add(known.OpportunityId, known);
            foreach (var factor in Counting(manifest))
            {
                touches[factor.Key][facts[0].StreamId] = facts.Count(fact => fact.OccurredAt >= Since(manifest, factor)
                    && fact.Data is OpportunityTouched touch && Counts(factor, touch));
            }
        });

        var (roles, industries) = (new List<BuyingRoleList.Row>(), new Dictionary<Guid, string>());
        await Walk<IContactEvent>(facts =>
        {
            if (facts.Aggregate((BuyingRoleList.Row?)null, Catalog.BuyingRoles.Fold) is { CustomerId: not null, BuyingRole: not null } row)
                roles.Add(row);
        });
        await Walk<ICustomerEvent>(facts =>
        {
            if (facts.Aggregate((CustomerList.Row?)null, Catalog.Customers.Fold) is { Industry: { } industry } row)
                industries.Add(row.CustomerId, industry);
        });
        return new Told(
            traits, roles.ToLookup(row => row.CustomerId!.Value, row => BuyingRoles.Of(row.BuyingRole)!.Value), industries,
            touches.ToDictionary(one => one.Key, IReadOnlyDictionary<Guid, int> (one) => one.Value)).Of(manifest.Settings, deals);

        Task Walk<T>(Action<IReadOnlyList<Recorded>> take) => StreamWalk.Read<object>(
            store, tenant, store.Types.AliasesOf(typeof(T)), manifest.Position, stream =>
            {
                if (FoldOrder.Of(stream, store.Types).Where(fact => fact.OccurredAt < manifest.AsOf).ToList() is { Count: > 0 } facts)
                    take(facts);
                return null;
            }, ct);
    }

    private static IEnumerable<FactorSection> Counting(ForecastManifest manifest) =>
        (manifest.Settings.Factors ?? []).Where(factor => factor.From is FactorFrom.Activity or FactorFrom.Engagement);

    private static DateTimeOffset Since(ForecastManifest manifest, FactorSection factor) => manifest.AsOf.AddDays(-factor.DaysBack);

    private static bool Counts(FactorSection factor, OpportunityTouched touch) => factor.From == FactorFrom.Activity
        ? !Touch.IsFollowUp(touch.Kind, touch.Direction) : Meetings.Contains(touch.Kind);

    private static async Task<T> Read<T>(
        NpgsqlConnection connection, string sql, object[] values, Func<NpgsqlDataReader, Task<T>> read, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            command.Parameters.AddWithValue(value);
        }

        await using var reader = await command.ExecuteReaderAsync(ct);
        return await read(reader);
    }

    private static async Task<IReadOnlyList<(Guid Id, string Text)>> Pairs(NpgsqlDataReader reader, CancellationToken ct)
    {
        var pairs = new List<(Guid, string)>();
        while (await reader.ReadAsync(ct))
        {
            pairs.Add((reader.GetGuid(0), reader.GetString(1)));
        }

        return pairs;
    }

    private static async Task<IReadOnlyDictionary<Guid, int>> Counts(NpgsqlDataReader reader, CancellationToken ct)
    {
        var counts = new Dictionary<Guid, int>();
        while (await reader.ReadAsync(ct))
        {
            counts.Add(reader.GetGuid(0), (int)reader.GetInt64(1));
        }

        return counts;
    }

    /// <summary>All that was read, whichever way.</summary>
    private sealed record Told(
        IReadOnlyDictionary<Guid, DealTraits> Traits, ILookup<Guid, BuyingRole> Roles, IReadOnlyDictionary<Guid, string> Industries,
        IReadOnlyDictionary<string, IReadOnlyDictionary<Guid, int>> Touches)
    {
        public IReadOnlyList<DealSigns> Of(ForecastSettings settings, IReadOnlyList<ForecastDeal> deals) =>
            [.. deals.Where(deal => deal.Status == ForecastDeal.Open).Select(deal => DealSigns.Of(settings, Facts(deal)))];

        private DealFacts Facts(ForecastDeal deal) => new(
            deal, Traits.GetValueOrDefault(deal.OpportunityId) ?? DealTraits.New(deal.OpportunityId),
            deal.CustomerId is { } customer ? [.. Roles[customer].Distinct()] : null,
            deal.CustomerId is { } of ? Industries.GetValueOrDefault(of) : null,
            Touches.ToDictionary(one => one.Key, one => one.Value.GetValueOrDefault(deal.OpportunityId)));
    }
}
