using Crm.Api.Approvals;
using Crm.Api.Http.Shapes;
using Crm.Api.MetricAlerts;
using Crm.EventModel;
using Crm.EventStore.ReadModels;
using Crm.Projections;
using Npgsql;

namespace Crm.Api.Automations;

/// <summary>How what goes on by itself stands for a tenant.</summary>
public sealed class AutomationStatus(Engine engine, AutomationTable table, CurrentPlaybook playbooks)
{
    private static readonly string Audit = ModelTables.Of(Catalog.AuditTrail).Rows;

    public Task<AutomationAnswer> OfLeads(string tenant, CancellationToken ct) =>
        Of(tenant, LeadCare.Automation, LeadDuty.Progress, LeadCare.Actor, Catalog.LeadClocks, ct);

    /// <summary>The same of approvals that nobody decides.</summary>
    public Task<AutomationAnswer> OfApprovals(string tenant, CancellationToken ct) =>
        Of(tenant, ApprovalDesk.Automation, ApprovalDuty.Progress, ApprovalDuty.Actor, Catalog.Approvals, ct);

    /// <summary>The same of figures, which are asked at one time of the day: nothing is due between.</summary>
    public async Task<AutomationAnswer> OfMetrics(string tenant, CancellationToken ct) =>
        await Of(tenant, MetricDuty.Automation, MetricDuty.Progress, MetricDuty.Actor, Catalog.LeadClocks, ct) with
        { Due = 0, LatestDueAt = null, Waiting = 0, NextDueAt = null };

    private static string Sql(string clocks) => $"""
        select coalesce((select last_seq_id from public.mt_event_progression where name = $2), 0), (select position from crm.lane),
               (select count(*) from {clocks} where tenant_id = $1 and due_at <= $3), (select min(due_at) from {clocks} where tenant_id = $1 and due_at <= $3),
               (select count(*) from {clocks} where tenant_id = $1 and due_at > $3), (select min(due_at) from {clocks} where tenant_id = $1 and due_at > $3),
               (select max(recorded_at) from {Audit} where tenant_id = $1 and actor = $4)
        """;

    private async Task<AutomationAnswer> Of(string tenant, string automation, string progress, string actor, ReadModel clocks,
        CancellationToken ct)
    {
        var now = engine.Store.Clock.GetUtcNow();
        var mode = (await playbooks.History(tenant, ct)).ModeOf(automation);
        var failures = (await table.Failures(tenant, automation, ct)).Count;
        var acts = await engine.Store.Reader.Read<IReadOnlyDictionary<string, long>>(
            tenant, $"select kind, count(*) from {Audit} where tenant_id = $1 and actor = $3 and recorded_at > $2 group by kind order by kind", [tenant, now.AddDays(-1), actor],
            async found =>
            {
                var counted = new Dictionary<string, long>();
                while (await found.ReadAsync(ct))
                {
                    counted.Add(found.GetString(0), found.GetInt64(1));
                }

                return counted;
            }, ct);
        var sql = Sql(ModelTables.Of(clocks).Rows);
        return (await engine.Store.Reader.One(tenant, sql, [tenant, progress, now, actor], row => new AutomationAnswer(
            automation, ChoiceShape.Spell(mode.ToString()), row.GetInt64(0), Math.Max(0, row.GetInt64(1) - row.GetInt64(0)), Time(row, 6), acts, row.GetInt64(2), Time(row, 3),
            row.GetInt64(4), Time(row, 5), failures), ct))!;
    }

    private static DateTimeOffset? Time(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
}
