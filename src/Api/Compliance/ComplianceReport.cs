using Crm.Api.Access;
using Crm.Api.Customers.Cadences;
using Crm.Api.Http;
using Crm.Domain.Access;
using Crm.Domain.Compliance;
using Crm.Domain.Customers;
using Crm.Domain.Playbooks;
using Crm.EventModel;
using Crm.EventStore;
using Crm.EventStore.ReadModels;
using Crm.Projections;
using Crm.Projections.Activities;
using Crm.Projections.Commitments;
using Crm.Projections.Tasks;
using Npgsql;

namespace Crm.Api.Compliance;

/// <summary>Counts what was due in a span of time, and what of it was done by then: by whose it is.</summary>
public sealed class ComplianceReport(Queries queries, CurrentPlaybook playbooks, CaredCustomers cared, Store store)
{
    private const int UsualDays = 90;

    private static readonly IReadOnlyList<ReadModel> Models =
        [.. ((ReadModel[])[Catalog.Tasks, Catalog.Commitments, Catalog.GateActions]).Concat(CaredCustomers.Models)];

    private static readonly ModelReader<TaskList.Row> Tasks = new(Catalog.Tasks);
    private static readonly ModelReader<CommitmentList.Row> Promises = new(Catalog.Commitments);
    private static readonly string Gates = ModelTables.Of(Catalog.GateActions).History;

    internal async Task<ComplianceAnswer> Of(Caller by, ComplianceQuestion q, Lens lens, PositionToken? least, CancellationToken ct)
    {
        Queries.MustFollow("from", q.From, "to", q.To, by.Zone);

        // Nothing of the future is due, whichever moment is asked about.
        var moment = new[] { lens.AsOf, lens.KnownAt, playbooks.Clock.GetUtcNow() }.Min()!.Value;
        var to = q.To?.In(by.Zone) is { } end && end < moment ? end : moment;
        var from = q.From?.In(by.Zone)
            ?? (to > DateTimeOffset.MinValue.AddDays(UsualDays) ? to.AddDays(-UsualDays) : DateTimeOffset.MinValue);
        var playbook = await playbooks.AsKnown(by.Tenant, lens.Position, to, ct);
        var section = playbook.Document?.Compliance ?? new();
        var parts = section.Parts ?? Enum.GetValues<RequiredPart>();
        MustSee(by, parts);
        var (tiers, _) = await cared.Tiers(by.Tenant, lens, lens.AsOf ?? lens.KnownAt ?? playbooks.Clock.GetUtcNow(), ct);
        var ((lines, teams), position) = await queries.Read(by.Tenant, Models, lens, least, async (connection, known) =>
        {
            var due = await Lines(connection, by.Tenant, lens, known, from, to, ct);
            var customers = parts.Contains(RequiredPart.Cadence)
                ? await CaredCustomers.Read(connection, by, lens, known, tiers, (from, to), ct) : [];
            return (due.Concat(Kept(customers, from, to)).ToList(), await TeamsOfReps(by.Tenant, known, ct));
        }, ct);

        var reps = lines.Where(line => parts.Contains(line.Part)).GroupBy(line => line.Rep)
            .Where(rep => (q.Rep is null || rep.Key == q.Rep) && (q.Team is null || teams.GetValueOrDefault(rep.Key) == q.Team)
                && by.Sight.Owners?.Own(rep.Key, teams.GetValueOrDefault(rep.Key)) != false)
            .OrderBy(rep => rep.Key, StringComparer.Ordinal)
            .Select(rep => ComplianceOfRep.Of(rep.Key, teams.GetValueOrDefault(rep.Key), ComplianceScore.Of(
                [.. parts.Select(part => rep.Where(line => line.Part == part)
                    .Select(line => new RequiredActions(part, line.InTime, line.Required))
                    .FirstOrDefault() ?? new(part, 0, 0))], section.Weight)));
        return new(
            lens.AsOf, lens.KnownAt, position, Models.ToDictionary(model => model.Name, model => model.Version), playbook.Version, from, to,
                section.Weight,
            [.. reps]);
    }

    // What a part rests on must not be hidden; of parts that are not counted nothing is told.
    private static void MustSee(Caller by, IReadOnlyList<RequiredPart> parts)
    {
        FigureSight.MustSee(by, ["lead", "task", "commitment"], [], "rep", "team");
        if (parts.Contains(RequiredPart.Gates))
        {
            FigureSight.MustSee(by, ["opportunity"], [], "rep", "team");
        }

        if (parts.Contains(RequiredPart.Cadence))
        {
            CadenceEndpoints.MustSee(by);
        }
    }

    // As the report on cadence counts it: periods of customers, by who has them at the moment that is asked about.
    private static IEnumerable<(RequiredPart Part, string Rep, long InTime, long Required)> Kept(
        IReadOnlyList<CaredCustomer> customers, DateTimeOffset from, DateTimeOffset to) => customers.Where(one => one.Rep is not null)
        .Select(one => (one.Rep, Periods: Cadence.Within(from, to, one.TierSince, one.Tier.VisitEveryDays, one.Seen)))
        .GroupBy(one => one.Rep!, one => one.Periods)
        .Select(rep => (RequiredPart.Cadence, rep.Key, rep.Sum(one => (long)one.Met), rep.Sum(one => (long)one.Periods)))
        .Where(line => line.Item4 > 0);

    // What was cancelled or withdrawn is required no more. A first response is required of whoever had the lead when he gave it or his time
    // was up; where the lead was taken from him before, of nobody.
    private static async Task<IReadOnlyList<(RequiredPart Part, string Rep, long InTime, long Required)>> Lines(
        NpgsqlConnection connection, string tenant, Lens lens, long known, DateTimeOffset from, DateTimeOffset to, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand($"""
            select 0, rep, count(*) filter (where h.is_in_time), count(*) from {ModelTables.Of(Catalog.Activity).History} h
            where h.tenant_id = $1 and h.due_at >= $4 and h.due_at < $5 and {Held("h")} and h.is_there
              and not h.is_flagged and h.rep is not null
            group by rep
            union all
            select 1, t.rep, count(*) filter (where t.done_at <= t.due_at), count(*) from {Tasks.Rows(lens.Rewound)} t
            where t.opened_at is not null and t.state <> '{TaskList.Cancelled}' and t.due_at >= $4 and t.due_at < $5 and t.rep is not null
            group by t.rep
            union all
            select 2, c.rep, count(*) filter (where c.state = '{CommitmentList.Kept}' and not c.kept_late), count(*)
                from {Promises.Rows(lens.Rewound)} c
            where c.made_at is not null and c.state <> 'withdrawn' and c.due_at >= $4 and c.due_at < $5 and c.rep is not null
            group by c.rep
            union all
            select 3, g.rep, sum(g.in_time)::bigint, sum(g.required)::bigint from {Gates} g
            where g.tenant_id = $1 and g.due_at >= $4 and g.due_at < $5 and {Held("g")} and g.is_there and g.rep is not null
              -- A record that is flagged was so from its first day, and what was due at its very first moment too.
              and not case when g.at > g.first_at then g.is_flagged else (
                  select f.is_flagged from {Gates} f where f.tenant_id = $1 and f.opportunity_id = g.opportunity_id and {Held("f")}
                  order by f.at desc, f.version desc limit 1) end
            group by g.rep
            """, connection);
        foreach (var value in (object[])[tenant, lens.Until.ToUniversalTime(), known, from.ToUniversalTime(), to.ToUniversalTime()])
        {
            command.Parameters.AddWithValue(value);
        }

        var lines = new List<(RequiredPart, string, long, long)>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            lines.Add(((RequiredPart)reader.GetInt32(0), reader.GetString(1), reader.GetInt64(2), reader.GetInt64(3)));
        }

        return lines;
    }

    // States that the record was in, as known at the position, by facts that had occurred.
    private static string Held(string states) =>
        $"{states}.at < $2 and {states}.from_position <= $3 and ({states}.to_position is null or {states}.to_position > $3)";

    private async Task<IReadOnlyDictionary<string, string>> TeamsOfReps(string tenant, long known, CancellationToken ct) =>
        FoldOrder.Of(await store.ReadStream(tenant, Organisations.StreamOf(tenant), new ReadBound(Position: known), ct), store.Types)
            .Select(fact => fact.Data).OfType<IAccessEvent>().Aggregate(Organisation.None, Organisation.Evolve).Members
            .Where(member => member.Value.Team is not null).OrderBy(member => member.Key, StringComparer.Ordinal)
            .DistinctBy(member => member.Value.Rep ?? member.Key)
            .ToDictionary(member => member.Value.Rep ?? member.Key, member => member.Value.Team!);
}
