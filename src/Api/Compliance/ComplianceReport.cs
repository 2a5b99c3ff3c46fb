using Crm.Api.Access;
using Crm.Api.Http;
using Crm.Domain.Access;
using Crm.Domain.Compliance;
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
public sealed class ComplianceReport(Queries queries, CurrentPlaybook playbooks, Store store)
{
    private const int UsualDays = 90;

    private static readonly IReadOnlyList<ReadModel> Models = [Catalog.Activity, Catalog.Tasks, Catalog.Commitments];
    private static readonly ModelReader<TaskList.Row> Tasks = new(Catalog.Tasks);
    private static readonly ModelReader<CommitmentList.Row> Promises = new(Catalog.Commitments);

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
        var ((lines, teams), position) = await queries.Read(by.Tenant, Models, lens, least, async (connection, known) =>
            (await Lines(connection, by.Tenant, lens, known, from, to, ct), await TeamsOfReps(by.Tenant, known, ct)), ct);

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

    // What was cancelled or withdrawn is required no more. A lead's clock rang, or was answered before it did, for whoever had it then.
    private static async Task<IReadOnlyList<(RequiredPart Part, string Rep, long InTime, long Required)>> Lines(
        NpgsqlConnection connection, string tenant, Lens lens, long known, DateTimeOffset from, DateTimeOffset to, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand($"""
            select 0, rep, count(*) filter (where h.is_in_time), count(*) from {ModelTables.Of(Catalog.Activity).History} h
            where h.tenant_id = $1 and h.at >= $4 and h.at < $5 and h.at < $2 and h.from_position <= $3
                and (h.to_position is null or h.to_position > $3)
              and h.is_there and not h.is_flagged and h.rep is not null and (h.is_in_time or h.deed = '{ActivityBoard.Missed}')
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

    private async Task<IReadOnlyDictionary<string, string>> TeamsOfReps(string tenant, long known, CancellationToken ct) =>
        FoldOrder.Of(await store.ReadStream(tenant, Organisations.StreamOf(tenant), new ReadBound(Position: known), ct), store.Types)
            .Select(fact => fact.Data).OfType<IAccessEvent>().Aggregate(Organisation.None, Organisation.Evolve).Members
            .Where(member => member.Value.Team is not null).OrderBy(member => member.Key, StringComparer.Ordinal)
            .DistinctBy(member => member.Value.Rep ?? member.Key)
            .ToDictionary(member => member.Value.Rep ?? member.Key, member => member.Value.Team!);
}
