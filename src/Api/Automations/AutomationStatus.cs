using Crm.Api.Approvals;
using Crm.Api.Commitments;
using Crm.Api.Customers.Care;
using Crm.Api.DailyReports;
using Crm.Api.DataSources;
using Crm.Api.FollowUps;
using Crm.Api.Forecasting;
using Crm.Api.HelpRequests;
using Crm.Api.Http.Shapes;
using Crm.Api.MetricAlerts;
using Crm.Api.Notifications.Sending;
using Crm.Api.Opportunities.Care;
using Crm.Api.Reviews;
using Crm.Api.Warnings;
using Crm.Domain.DataSources;
using Crm.Domain.Opportunities;
using Crm.Domain.Playbooks;
using Crm.Domain.Warnings;
using Crm.EventModel;
using Crm.EventStore.ReadModels;
using Crm.Projections;
using Npgsql;

namespace Crm.Api.Automations;

/// <summary>How what goes on by itself stands for a tenant.</summary>
public sealed class AutomationStatus(Engine engine, AutomationTable table, CurrentPlaybook playbooks)
{
    private static readonly string Audit = ModelTables.Of(Catalog.AuditTrail).Rows;

    private const string Messages = """
        select coalesce((select last_seq_id from public.mt_event_progression where name = $2), 0), (select position from crm.lane),
               count(*) filter (where next_at <= $3), min(next_at) filter (where next_at <= $3),
               count(*) filter (where next_at > $3), min(next_at) filter (where next_at > $3),
               (select max(settled_at) from crm.message where tenant_id = $1 and made_at > $4)
        from crm.message where tenant_id = $1 and next_at is not null
        """;

    public Task<AutomationAnswer> OfLeads(string tenant, CancellationToken ct) =>
        Of(tenant, LeadCare.Automation, LeadDuty.Progress, LeadCare.Actor, Due(Catalog.LeadClocks), ct);

    /// <summary>The same of opportunities that are over a limit.</summary>
    public Task<AutomationAnswer> OfOpportunities(string tenant, CancellationToken ct) =>
        Of(tenant, OpportunityCare.Automation, OpportunityCare.Progress, OpportunityCare.Actor, (OpportunityCare.Due, "at"), ct);

    /// <summary>The same of opportunities that may be lost.</summary>
    public Task<AutomationAnswer> OfWarnings(string tenant, CancellationToken ct) =>
        Of(tenant, TellOfWarning.Automation, WarningCare.Progress, WarningCare.Actor, (WarningCare.Due, "at"), ct);

    /// <summary>The same of approvals that nobody decides.</summary>
    public Task<AutomationAnswer> OfApprovals(string tenant, CancellationToken ct) =>
        Of(tenant, ApprovalDesk.Automation, ApprovalDuty.Progress, ApprovalDuty.Actor, Due(Catalog.Approvals), ct);

    /// <summary>The same of requests for help that nobody answers.</summary>
    public Task<AutomationAnswer> OfHelp(string tenant, CancellationToken ct) =>
        Of(tenant, HelpDesk.Automation, HelpDuty.Progress, HelpDuty.Actor, Due(Catalog.HelpRequests), ct);

    /// <summary>The same of figures, which are asked at one time of the day: nothing is due between.</summary>
    public async Task<AutomationAnswer> OfMetrics(string tenant, CancellationToken ct) =>
        await Of(tenant, MetricDuty.Automation, MetricDuty.Progress, MetricDuty.Actor, Due(Catalog.LeadClocks), ct) with
        { Due = 0, LatestDueAt = null, Waiting = 0, NextDueAt = null };

    /// <summary>The same of promises, which are looked at as they are made.</summary>
    public async Task<AutomationAnswer> OfCommitments(string tenant, CancellationToken ct) =>
        await Of(tenant, ClashDuty.Automation, ClashDuty.Progress, ClashDuty.Actor, Due(Catalog.LeadClocks), ct) with
        { Due = 0, LatestDueAt = null, Waiting = 0, NextDueAt = null };

    /// <summary>The same of deals that are decided, which are looked at as they are.</summary>
    public async Task<AutomationAnswer> OfReviews(string tenant, CancellationToken ct) =>
        await Of(tenant, AskForReview.Automation, ReviewDuty.Progress, ReviewDuty.Actor, Due(Catalog.LeadClocks), ct) with
        { Due = 0, LatestDueAt = null, Waiting = 0, NextDueAt = null };

    /// <summary>The same of deals that lie still, which are looked for by the clock: no place in the log is kept.</summary>
    public async Task<AutomationAnswer> OfFollowUps(string tenant, CancellationToken ct) =>
        await Of(tenant, OfferFollowUp.Automation, Catalog.Opportunities.Progress, FollowUpDuty.Actor, Due(Catalog.LeadClocks), ct) with
        { Due = 0, LatestDueAt = null, Waiting = 0, NextDueAt = null };

    /// <summary>The same of daily reports, which are looked at when they are due: no place in the log is kept.</summary>
    public async Task<AutomationAnswer> OfDailyReports(string tenant, CancellationToken ct) =>
        await Of(tenant, DailyReportDuty.Automation, Catalog.DailyReports.Progress, DailyReportDuty.Actor, Due(Catalog.LeadClocks), ct) with
        { Due = 0, LatestDueAt = null, Waiting = 0, NextDueAt = null };

    /// <summary>The same of data sources, which are fetched, or looked at when they have been silent.</summary>
    public Task<AutomationAnswer> OfSources(string tenant, CancellationToken ct) =>
        Of(tenant, TellOfSource.Automation, Catalog.DataSources.Progress, SourceDuty.Actor, Due(Catalog.DataSources), ct);

    /// <summary>The same of forecasts, which are run when they are due: no place in the log is kept.</summary>
    public async Task<AutomationAnswer> OfForecasts(string tenant, CancellationToken ct) =>
        await Of(tenant, ForecastDuty.Automation, Catalog.Forecasts.Progress, ForecastDuty.Actor, Due(Catalog.LeadClocks), ct) with
        { Due = 0, LatestDueAt = null, Waiting = 0, NextDueAt = null };

    /// <summary>The same of customers, who are looked at after what happened, and all of them once a day.</summary>
    public async Task<AutomationAnswer> OfCustomers(string tenant, CancellationToken ct) =>
        await Of(tenant, CustomerCare.Automation, CustomerDuty.Progress, CustomerCare.Actor, Due(Catalog.LeadClocks), ct) with
        { Due = 0, LatestDueAt = null, Waiting = 0, NextDueAt = null };

    /// <summary>The same of messages that go out by channels; what it did is counted by what became of them.</summary>
    public async Task<AutomationAnswer> OfMessages(string tenant, CancellationToken ct)
    {
        var now = engine.Store.Clock.GetUtcNow();
        var failures = (await table.Failures(tenant, PostRound.Automation, ct)).Count;

        // Whatever is settled was made at most as long before as it is tried, and waits for the end of quiet hours.
        var acts = await Counted(tenant, """
            select state, count(*) from crm.message where tenant_id = $1 and made_at > $2 and settled_at > $3 group by state order by state
            """, [tenant, now.AddDays(-14), now.AddDays(-1)], ct);
        return (await engine.Store.Reader.One(tenant, Messages, [tenant, PostRound.Progress, now, now.AddDays(-14)], row =>
            new AutomationAnswer(
            PostRound.Automation, ChoiceShape.Spell(nameof(AutomationMode.On)), row.GetInt64(0),
                Math.Max(0, row.GetInt64(1) - row.GetInt64(0)), Time(row, 6), acts, row.GetInt64(2),
            Time(row, 3), row.GetInt64(4), Time(row, 5), failures), ct))!;
    }

    private static (string Table, string At) Due(ReadModel clocks) => (ModelTables.Of(clocks).Rows, "due_at");

    private static string Sql(string clocks, string at) => $"""
        select coalesce((select last_seq_id from public.mt_event_progression where name = $2), 0), (select position from crm.lane),
               (select count(*) from {clocks} where tenant_id = $1 and {at} <= $3), (select min({at}) from {clocks} where tenant_id = $1 and {at} <= $3),
               (select count(*) from {clocks} where tenant_id = $1 and {at} > $3), (select min({at}) from {clocks} where tenant_id = $1 and {at} > $3),
               (select recorded_at from {Audit} where tenant_id = $1 and actor = $4 order by position desc limit 1)
        """;

    private async Task<AutomationAnswer> Of(string tenant, string automation, string progress, string actor, (string Table, string At) due,
        CancellationToken ct)
    {
        var now = engine.Store.Clock.GetUtcNow();
        var mode = (await playbooks.History(tenant, ct)).ModeOf(automation);
        var failures = (await table.Failures(tenant, automation, ct)).Count;
        // By position, as the trail is indexed: what was done in years is not read for what was done in a day.
        var yesterday = await engine.Store.PositionAt(now.AddDays(-1), ct);
        var acts = await Counted(
            tenant, $"select kind, count(*) from {Audit} where tenant_id = $1 and actor = $3 and position > $2 group by kind order by kind",
                [tenant, yesterday, actor], ct);
        var sql = Sql(due.Table, due.At);
        return (await engine.Store.Reader.One(tenant, sql, [tenant, progress, now, actor], row => new AutomationAnswer(
            automation, ChoiceShape.Spell(mode.ToString()), row.GetInt64(0), Math.Max(0, row.GetInt64(1) - row.GetInt64(0)), Time(row, 6), acts, row.GetInt64(2), Time(row, 3),
            row.GetInt64(4), Time(row, 5), failures), ct))!;
    }

    private Task<IReadOnlyDictionary<string, long>> Counted(string tenant, string sql, IReadOnlyList<object> with, CancellationToken ct) =>
        engine.Store.Reader.Read<IReadOnlyDictionary<string, long>>(tenant, sql, with, async found =>
        {
            var counted = new Dictionary<string, long>();
            while (await found.ReadAsync(ct))
            {
                counted.Add(found.GetString(0), found.GetInt64(1));
            }

            return counted;
        }, ct);

    private static DateTimeOffset? Time(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
}
