using Crm.Api.Http;
using Crm.Api.Http.Shapes;
using Crm.Domain.Playbooks;
using Crm.EventModel;
using Crm.EventStore.ReadModels;
using Crm.Projections;
using Crm.Projections.Activities;
using Npgsql;

namespace Crm.Api.Customers.Cadences;

/// <summary>A customer that is in a tier, and when it was seen.</summary>
/// <param name="Rep">Who has the opportunity with it that was opened last.</param>
/// <param name="Last">When it was seen last; null for never.</param>
/// <param name="Seen">When it was seen in the span that is asked about, in order.</param>
internal sealed record CaredCustomer(
    Guid Id, string? Name, TierSection Tier, DateTimeOffset TierSince, string? Rep, string? Team, DateTimeOffset? Last,
        IReadOnlyList<DateTimeOffset> Seen);

/// <summary>Reads the customers of tiers, as of any moment. Seen is a customer when somebody of ours follows up on one of its
/// opportunities, or with it beside them.</summary>
public sealed class CaredCustomers(Queries queries, CurrentPlaybook playbooks)
{
    /// <summary>What they are read from.</summary>
    internal static IReadOnlyList<ReadModel> Models { get; } =
        [Catalog.CustomerTiers, Catalog.Customers, Catalog.Opportunities, Catalog.Activity];

    /// <returns>Those that the caller may know of, the position that they are shown at, the moment, and the playbook's version.</returns>
    internal async Task<(IReadOnlyList<CaredCustomer> Customers, long Position, DateTimeOffset Moment, long Playbook)> Of(
        Caller by, Lens lens, PositionToken? least, (DateTimeOffset From, DateTimeOffset To)? span, CancellationToken ct)
    {
        var moment = lens.AsOf ?? lens.KnownAt ?? playbooks.Clock.GetUtcNow();
        var (tiers, version) = await Tiers(by.Tenant, lens, moment, ct);
        var (customers, position) = await queries.Read(
            by.Tenant, Models, lens, least, (connection, known) => Read(connection, by, lens, known, tiers, span, ct), ct);
        return (customers, position, moment, version);
    }

    /// <summary>The tiers that say how often at a moment, and the version of the playbook that does.</summary>
    internal async Task<(IReadOnlyDictionary<string, TierSection> Tiers, long Playbook)> Tiers(
        string tenant, Lens lens, DateTimeOffset moment, CancellationToken ct)
    {
        var history = lens.Position is { } upTo ? await playbooks.AsKnown(tenant, upTo, ct) : await playbooks.History(tenant, ct);

        // What was dated back to before there were tiers is measured by those that came last.
        var then = history.At(moment);
        var playbook = then.Document?.Tiers is null ? history.At(DateTimeOffset.MaxValue) : then;
        return ((playbook.Document?.Tiers ?? []).ToDictionary(tier => tier.Key), playbook.Version);
    }

    /// <summary>Those that the caller may know of, in a snapshot that is open already.</summary>
    internal static async Task<IReadOnlyList<CaredCustomer>> Read(
        NpgsqlConnection connection, Caller by, Lens lens, long known, IReadOnlyDictionary<string, TierSection> tiers,
        (DateTimeOffset From, DateTimeOffset To)? span, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(Sql(lens.Rewound), connection);
        object[] values =
        [
            by.Tenant, lens.Until.ToUniversalTime(), known, tiers.Keys.ToArray(), tiers.Values.Select(Kinds).ToArray(),
            (span?.From ?? DateTimeOffset.MaxValue).ToUniversalTime(), (span?.To ?? DateTimeOffset.MaxValue).ToUniversalTime()
        ];
        foreach (var value in values)
        {
            command.Parameters.AddWithValue(value);
        }

        var found = new List<CaredCustomer>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            found.Add(new(
                reader.GetGuid(0), Text(1), tiers[reader.GetString(2)], reader.GetFieldValue<DateTimeOffset>(3), Text(4), Text(5),
                reader.IsDBNull(6) ? null : reader.GetFieldValue<DateTimeOffset>(6),
                reader.IsDBNull(7) ? [] : [.. reader.GetFieldValue<DateTime[]>(7).Select(at => new DateTimeOffset(at))]));
        }

        return [.. found.Where(one => by.Sight.Owners?.Own(one.Rep, one.Team) != false)];

        string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
    }

    private static string Kinds(TierSection tier) =>
        string.Join(',', (tier.Kinds ?? []).Select(kind => ChoiceShape.Spell(kind.ToString())));

    // Parameters: 1 tenant, 2 as of, 3 known at, 4 tiers, 5 what counts for each, 6 and 7 the span.
    private static string Sql(bool rewound) => $"""
        with own as materialized (select * from {Rows(Catalog.CustomerTiers, rewound)} t where t.tier = any($4)),
        deal as materialized (
            select d.customer_id, d.opportunity_id, d.rep, d.team, d.opened_at from {Rows(Catalog.Opportunities, rewound)} d
            where d.opened_at is not null and d.customer_id in (select o.customer_id from own o)),
        touched as (
            select d.customer_id, d.opportunity_id as record_id from deal d union all select o.customer_id, o.customer_id from own o),
        seen as (
            select d.customer_id, max(h.at) as last, array_agg(h.at order by h.at) filter (where h.at >= $6 and h.at < $7) as times
            from touched d join own o using (customer_id) join unnest($4, $5) as tier (key, kinds) on tier.key = o.tier
            join {ModelTables.Of(Catalog.Activity).History} h on h.tenant_id = $1 and h.record_id = d.record_id
            where h.at < $2 and h.from_position <= $3 and (h.to_position is null or h.to_position > $3) and h.is_there
              and h.deed = '{ActivityBoard.Touch}' and h.is_ours and (tier.kinds = '' or h.kind = any(string_to_array(tier.kinds, ',')))
            group by d.customer_id)
        select o.customer_id, c.name, o.tier, o.tier_since, owner.rep, owner.team, s.last, s.times
        from own o left join {Rows(Catalog.Customers, rewound)} c using (customer_id)
        left join seen s using (customer_id)
        left join lateral (
            select d.rep, d.team from deal d where d.customer_id = o.customer_id
            order by d.opened_at desc, d.opportunity_id desc limit 1) owner on true
        """;

    private static string Rows<TRow>(ReadModel<TRow> model, bool rewound) where TRow : class => new ModelReader<TRow>(model).Rows(rewound);
}
