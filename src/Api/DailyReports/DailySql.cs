using Crm.EventModel;
using Crm.EventStore.ReadModels;
using Crm.Projections;
using Crm.Projections.Activities;
using Crm.Projections.Commitments;
using Crm.Projections.Customers;
using Crm.Projections.HelpRequests;
using Crm.Projections.Leads;
using Crm.Projections.Opportunities;
using Crm.Projections.Tasks;

namespace Crm.Api.DailyReports;

/// <summary>
/// What the log holds of somebody's day, always read from histories, so that a position gives the same for ever. Parameters: 1 tenant,
/// 2 facts before, 3 known at, 4 and 5 the day, 6 the end of the next, 7 the member, 8 what records call him.
/// </summary>
internal static class DailySql
{
    private const int MostOfPart = 1000;

    private static readonly string Activity = ModelTables.Of(Catalog.Activity).History;
    private static readonly string Deals = ModelTables.Of(Catalog.Opportunities).History;
    private static readonly string Leads = ModelTables.Of(Catalog.Leads).History;
    private static readonly string TaskStates = ModelTables.Of(Catalog.Tasks).History;
    private static readonly string Tasks = new ModelReader<TaskList.Row>(Catalog.Tasks).Rows(rewound: true);

    /// <summary>Rows of: part, id, when, record, its id, what, photos. What he told by the API, or does in a sample, he did himself, and
    /// not what he imported or handed over; what others told of a record was done by whoever had it, and a task that a rule saw to be done was
    /// done by whoever it is of. Said counts what still stands: of
    /// deals and leads the fact itself, of promises, help and tasks what they had become.</summary>
    public static readonly string Items = $"""
        with deed as (
            select h.fact_id, h.at, h.record, h.record_id, h.deed, h.kind, h.is_ours, h.rep, h.actor from {Activity} h
            where h.tenant_id = $1 and h.at >= $4 and h.at < least($5, $2) and {Known("h")} and h.is_there and not h.is_flagged
              and h.deed is not null),
        said as (
            select a.event_id, a.occurred_at as at, a.subject, a.subject_id, a.version, a.kind
            from {ModelTables.Of(Catalog.AuditTrail).Rows} a
            where a.tenant_id = $1 and a.actor = $7 and a.source in ('api', 'sample') and a.occurred_at >= $4
              and a.occurred_at < least($5, $2) and a.position <= $3),
        task as (
            select t.task_id, t.due_at from {TaskStates} t
            where t.tenant_id = $1 and t.rep = $8 and t.due_at < $6 and t.state = '{TaskList.Open}' and t.opened_at is not null
              and t.is_there and t.at < $2 and {Known("t")} and not exists (
                  select from {TaskStates} x where x.tenant_id = $1 and x.task_id = t.task_id and x.at < $2 and {Known("x")}
                    and (x.at, x.version) > (t.at, t.version))),
        item as (
            select {Of(DailyPart.Touches)} as part, fact_id as id, at, record, record_id, kind as what, null::text[] as photos from deed
                where deed = '{ActivityBoard.Touch}' and is_ours and (actor = $7 or (actor is null and rep = $8))
            union all
            select {Of(DailyPart.Visits)}, v.visit_id, v.at, v.record, v.record_id, v.kind, v.photos
                from {ModelTables.Of(Catalog.Visits).Rows} v
                where v.tenant_id = $1 and v.rep = $8 and v.at >= $4 and v.at < least($5, $2) and v.position <= $3
            union all
            select {Of(DailyPart.StageMoves)}, event_id, o.at, subject, subject_id,
                   case kind when 'opportunity_stage_entered' then o.stage else substr(kind, 13) end, null
                from said join {Deals} o on {Told("o", "opportunity_id")} where {Became("flag", Catalog.Opportunities)} is null
                    and kind in ('opportunity_stage_entered', 'opportunity_won', 'opportunity_lost', 'opportunity_reopened')
            union all
            select {Of(DailyPart.NewLeads)}, fact_id, at, record, record_id, null, null from deed
                where deed = '{ActivityBoard.Taken}' and rep = $8
            union all
            select {Of(DailyPart.NewLeads)}, event_id, l.at, subject, subject_id, null, null
                from said join {Leads} l on {Told("l", "lead_id")}
                where kind = 'lead_captured' and {Became("flag", Catalog.Leads)} is null
            union all
            select {Of(DailyPart.NewOpportunities)}, event_id, o.at, subject, subject_id, null, null
                from said join {Deals} o on {Told("o", "opportunity_id")}
                where kind = 'opportunity_opened' and {Became("flag", Catalog.Opportunities)} is null
            union all
            select {Of(DailyPart.Promises)}, event_id, at, subject, subject_id, null, null
                from said where kind = 'commitment_made' and {Became("state", Catalog.Commitments)} <> 'withdrawn'
            union all
            select {Of(DailyPart.HelpAsked)}, event_id, at, subject, subject_id, null, null
                from said where kind = 'help_asked' and {Became("state", Catalog.HelpRequests)} <> 'withdrawn'
            union all
            select {Of(DailyPart.TasksDone)}, event_id, at, subject, subject_id, null, null
                from said where kind = 'task_done' and {Became("state", Catalog.Tasks)} = '{TaskList.Done}'
            union all
            select {Of(DailyPart.TasksDone)}, a.event_id, a.occurred_at, a.subject, a.subject_id, null, null
                from {ModelTables.Of(Catalog.AuditTrail).Rows} a join {Tasks} t on t.task_id = a.subject_id
                where a.tenant_id = $1 and a.kind = 'task_done' and a.source = 'automation' and a.occurred_at >= $4
                  and a.occurred_at < least($5, $2) and a.position <= $3 and t.rep = $8
            union all
            select case when due_at < $5 then {Of(DailyPart.TasksOverdue)} else {Of(DailyPart.TasksTomorrow)} end, task_id, due_at, 'task',
                   task_id, null, null from task)
        select part, id, at, record, record_id, what, coalesce(photos, array[]::text[])
        from (select *, row_number() over (partition by part order by at, id) as place from item) one
        where place <= {MostOfPart} order by part, at, id
        """;

    /// <summary>Rows of: record, id, name, customer, rep, team. Parameters: 1 to 3 as above, 4 ids.</summary>
    public static readonly string Records = $"""
        select 'lead', r.lead_id, r.company, r.customer_id, r.rep, r.team
            from {new ModelReader<LeadList.Row>(Catalog.Leads).Rows(rewound: true)} r where r.lead_id = any($4)
        union all
        select 'opportunity', r.opportunity_id, r.name, r.customer_id, r.rep, r.team
            from {new ModelReader<OpportunityList.Row>(Catalog.Opportunities).Rows(rewound: true)} r where r.opportunity_id = any($4)
        union all
        select 'customer', r.customer_id, r.name, r.customer_id, null, null
            from {new ModelReader<CustomerList.Row>(Catalog.Customers).Rows(rewound: true)} r where r.customer_id = any($4)
        union all
        select 'commitment', r.commitment_id, r.kind, r.customer_id, r.rep, null
            from {new ModelReader<CommitmentList.Row>(Catalog.Commitments).Rows(rewound: true)} r where r.commitment_id = any($4)
        union all
        select 'help-request', r.help_id, r.kind, case when r.subject_kind = 'customer' then r.subject_id end, r.rep, r.team
            from {new ModelReader<HelpList.Row>(Catalog.HelpRequests).Rows(rewound: true)} r where r.help_id = any($4)
        union all
        select 'task', r.task_id, r.title, case when r.about_kind = 'customer' then r.about_id end, r.rep, r.team
            from {Tasks} r where r.task_id = any($4)
        """;

    private static int Of(DailyPart part) => (int)part;

    // The state that a fact made, at the time that it is said to have been; what was taken back made none.
    private static string Told(string states, string id) => $"""
        {states}.tenant_id = $1 and {states}.{id} = said.subject_id and {states}.version = said.version and {Known(states)}
                  and {states}.at >= $4 and {states}.at < least($5, $2)
        """;

    // What became of the record that something was said of.
    private static string Became(string column, ReadModel model) => $"""
        (select x.{column} from {ModelTables.Of(model).History} x where x.tenant_id = $1
                   and x.{ModelTables.Of(model).Id} = said.subject_id and x.at < $2 and {Known("x")}
                 order by x.at desc, x.version desc limit 1)
        """;

    private static string Known(string states) =>
        $"{states}.from_position <= $3 and ({states}.to_position is null or {states}.to_position > $3)";
}
