using Crm.Api.Http.Shapes;
using Crm.Domain.Activities;
using Crm.Domain.Customers;
using Crm.Domain.CustomFields;
using Crm.EventModel;
using Crm.EventStore.ReadModels;
using Crm.Projections;
using Crm.Projections.Activities;
using Crm.Projections.Customers;
using Npgsql;

namespace Crm.Api.Customers.Care;

/// <summary>Reads what rules decide on of customers, as it stands.</summary>
public sealed class CustomerFactsReader(Queries queries)
{
    private static readonly Lens Now = new(AsOf: null, KnownAt: null, Position: null);
    private static readonly IReadOnlyList<ReadModel> Models =
        [Catalog.Customers, Catalog.Opportunities, Catalog.Orders, Catalog.Activity];

    private static readonly ModelReader<CustomerList.Row> Customers = new(Catalog.Customers);
    private static readonly Dictionary<string, TouchKind> Kinds =
        Enum.GetValues<TouchKind>().ToDictionary(kind => ChoiceShape.Spell(kind.ToString()));

    private static readonly string Deals = ModelTables.Of(Catalog.Opportunities).Rows;
    private static readonly string Orders = ModelTables.Of(Catalog.Orders).Rows;

    // A customer's own deals are few; what was done on each, and with the customer beside them, is looked for by its index.
    private static readonly string Figures = $"""
        select c.id, o.many, o.first_at, o.last_at, d.open, owner.rep, owner.team, t.kinds, t.lasts
        from unnest($2) c (id)
        left join lateral (
            select count(*) as many, min(at) as first_at, max(at) as last_at from (
                select signed_at as at from {Orders}
                where tenant_id = $1 and customer_id = c.id and signed_at is not null and flag is null
                union all
                select d.signed_at from {Deals} d
                where d.tenant_id = $1 and d.customer_id = c.id and d.signed_at is not null and d.flag is null and not exists (
                    select 1 from {Orders} r
                    where r.tenant_id = $1 and r.customer_id = c.id and r.opportunity_id = d.opportunity_id)) bought) o on true
        left join lateral (
            select count(*) filter (where status = 'open') as open from {Deals}
            where tenant_id = $1 and customer_id = c.id and opened_at is not null and flag is null) d on true
        left join lateral (
            select rep, team from {Deals} where tenant_id = $1 and customer_id = c.id and opened_at is not null
            order by opened_at desc, opportunity_id desc limit 1) owner on true
        left join lateral (
            select array_agg(kind) as kinds, array_agg(last) as lasts from (
                select h.kind, max(h.at) as last from (
                    select opportunity_id as id from {Deals} where tenant_id = $1 and customer_id = c.id union all select c.id) x
                join {ModelTables.Of(Catalog.Activity).History} h on h.tenant_id = $1 and h.record_id = x.id
                where h.to_position is null and h.is_there and h.deed = '{ActivityBoard.Touch}' and h.is_ours
                group by h.kind) by_kind) t on true
        """;

    // Some that are named, with those that deals and orders among the named are of; or the next by id.
    private static readonly string Named = $"""
        select {Customers.Columns} from {Customers.Rows(rewound: false)} r where r.registered_at is not null and r.customer_id in (
            select unnest($2) union select customer_id from {Deals} where tenant_id = $1 and opportunity_id = any($2)
            union select customer_id from {Orders} where tenant_id = $1 and order_id = any($2)) order by r.customer_id
        """;

    private static readonly string Following = $"""
        select {Customers.Columns} from {Customers.Rows(rewound: false)} r
        where r.registered_at is not null and r.customer_id > $2 order by r.customer_id limit $3
        """;

    /// <summary>Of customers, and of those whom opportunities and orders are with.</summary>
    /// <param name="least">Up to where has to be read.</param>
    public async Task<IReadOnlyList<CustomerFacts>> Of(
        string tenant, IReadOnlyCollection<Guid> records, long least, CancellationToken ct) =>
        (await queries.Read(tenant, Models, Now, queries.Token(least),
            (connection, _) => Read(connection, tenant, Named, [records.ToArray()], ct), ct)).Answer;

    /// <summary>Of the next customers behind one, in the order of their ids.</summary>
    public async Task<IReadOnlyList<CustomerFacts>> Behind(string tenant, Guid last, int most, CancellationToken ct) =>
        (await queries.Read(tenant, Models, Now, least: null,
            (connection, _) => Read(connection, tenant, Following, [last, most], ct), ct)).Answer;

    private static async Task<IReadOnlyList<CustomerFacts>> Read(
        NpgsqlConnection connection, string tenant, string which, IReadOnlyList<object> with, CancellationToken ct)
    {
        IReadOnlyList<CustomerList.Row> rows;
        await using (var command = Command(connection, which, [tenant, .. with]))
        await using (var reader = await command.ExecuteReaderAsync(ct))
        {
            rows = await Customers.Read(reader, ct);
        }

        var facts = rows.ToDictionary(row => row.CustomerId, Of);
        await using var figures = Command(connection, Figures, [tenant, facts.Keys.ToArray()]);
        await using var found = await figures.ExecuteReaderAsync(ct);
        while (await found.ReadAsync(ct))
        {
            var id = found.GetGuid(0);
            facts[id] = facts[id] with
            {
                Orders = (int)found.GetInt64(1),
                FirstOrderAt = Time(2),
                LastOrderAt = Time(3),
                OpenOpportunities = (int)found.GetInt64(4),
                Rep = Text(5),
                Team = Text(6),
                FollowedUpAt = found.IsDBNull(7) ? null : found.GetFieldValue<string[]>(7).Zip(found.GetFieldValue<DateTime[]>(8))
                    .ToDictionary(one => Kinds[one.First], one => new DateTimeOffset(one.Second))
            };
        }

        return [.. facts.Values];

        DateTimeOffset? Time(int column) => found.IsDBNull(column) ? null : found.GetFieldValue<DateTimeOffset>(column);

        string? Text(int column) => found.IsDBNull(column) ? null : found.GetString(column);
    }

    private static CustomerFacts Of(CustomerList.Row row) => new(
        row.CustomerId, row.RegisteredAt!.Value, row.Industry, row.Region, row.Country, row.Employees, CustomValues.Of(row.Custom),
        row.Tags, row.Tier, row.TierSince, row.TierByRule == true, row.Lifecycle);

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, IReadOnlyList<object> with)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in with)
        {
            command.Parameters.AddWithValue(value);
        }

        return command;
    }
}
