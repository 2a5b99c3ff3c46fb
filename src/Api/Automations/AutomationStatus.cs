using Crm.Api.Http.Shapes;
using Crm.EventStore.ReadModels;
using Crm.Projections;
using Npgsql;

namespace Crm.Api.Automations;

/// <summary>How the care of leads stands for a tenant.</summary>
public sealed class AutomationStatus(Engine engine, AutomationTable table, CurrentPlaybook playbooks)
{
    private static readonly string Sql = $"""
        select coalesce((select last_seq_id from public.mt_event_progression where name = $2), 0), (select position from crm.lane),
               (select count(*) from {Clocks} where tenant_id = $1 and due_at <= $3), (select min(due_at) from {Clocks} where tenant_id = $1 and due_at <= $3),
               (select count(*) from {Clocks} where tenant_id = $1 and due_at > $3), (select min(due_at) from {Clocks} where tenant_id = $1 and due_at > $3),
               (select max(recorded_at) from {Audit} where tenant_id = $1 and actor = 'automation')
        """;

    private static string Clocks => ModelTables.Of(Catalog.LeadClocks).Rows;

    private static string Audit => ModelTables.Of(Catalog.AuditTrail).Rows;

    public async Task<AutomationAnswer> Of(string tenant, CancellationToken ct)
    {
        var now = engine.Store.Clock.GetUtcNow();
        var mode = (await playbooks.History(tenant, ct)).ModeOf(LeadCare.Automation);
        var failures = (await table.Failures(tenant, LeadCare.Automation, ct)).Count;
        var acts = await engine.Store.Reader.Read<IReadOnlyDictionary<string, long>>(
            tenant, $"select kind, count(*) from {Audit} where tenant_id = $1 and actor = 'automation' and recorded_at > $2 group by kind order by kind", [tenant, now.AddDays(-1)],
            async found =>
            {
                var counted = new Dictionary<string, long>();
                while (await found.ReadAsync(ct))
                {
                    counted.Add(found.GetString(0), found.GetInt64(1));
                }

                return counted;
            }, ct);
        return (await engine.Store.Reader.One(tenant, Sql, [tenant, LeadDuty.Progress, now], row => new AutomationAnswer(
            LeadCare.Automation, ChoiceShape.Spell(mode.ToString()), row.GetInt64(0), Math.Max(0, row.GetInt64(1) - row.GetInt64(0)), Time(row, 6), acts, row.GetInt64(2), Time(row, 3),
            row.GetInt64(4), Time(row, 5), failures), ct))!;
    }

    private static DateTimeOffset? Time(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
}
