using Crm.Domain.Opportunities;
using Crm.EventStore.ReadModels;
using Crm.Projections;

namespace Crm.Api.Conversion;

/// <summary>
/// The funnel as one query over the histories of leads and opportunities. Parameters: 1 tenant, 2 as of, 3 known at, 4 pipeline, 5 its stages in
/// order, 6 from, 7 to, then a filter each for team, rep, region and product (null is any), then the reps and the teams whose records the caller sees (null is all).
/// </summary>
internal static class ConversionSql
{
    private static readonly string Opportunities = ModelTables.Of(Catalog.Opportunities).History;
    private static readonly string Leads = ModelTables.Of(Catalog.Leads).History;

    /// <summary>
    /// Rows of: step, stage, reason, entered, converted, back, lost, open, won, mean, median, p90, whether it is of all, and the dimensions where it is not.
    /// </summary>
    public static string Of(ConversionMode mode, IReadOnlyList<string> by, WonState win)
    {
        var dimensions = string.Concat(by.Select(d => $", {d}"));
        var ofAll = by.Count == 0 ? "true" : $"grouping({by[0]}) = 1";
        return $"""
            with stage_order as (select stage, place from unnest($5::text[]) with ordinality as s (stage, place)),
            opportunity_fact as (
                select opportunity_id as id, at, version, pipeline, stage, status, loss_reason, opened_at, closed_at, paid_at,
                    delivered_at, lead_id, team, rep,
                       region, product, flag
                from {Opportunities}
                where tenant_id = $1 and at < $2 and from_position <= $3 and (to_position is null or to_position > $3) and is_there and opened_at is not null),
            -- A record that is flagged was so from its first day: as of any moment it is none of the funnel's.
            opportunity as (
                select * from (select distinct on (id) * from opportunity_fact order by id, at desc, version desc) o where flag is null),
            mine as (select * from opportunity where pipeline = $4 and {Filter}),
            -- A change of stage or of status begins something new; what does not change either goes on.
            change as (
                select * from (
                    select f.id, f.at, f.version, f.stage, f.status, f.loss_reason, lag(f.stage) over w as old_stage, lag(f.status) over w as old_status
                    from opportunity_fact f join mine using (id) window w as (partition by f.id order by f.at, f.version)) f
                where old_status is distinct from status or old_stage is distinct from stage),
            visit as (
                select * from (
                    select id, stage, status, at as begun, version, lead(at) over w as ended, lead(stage) over w as next_stage, lead(status) over w as next_status,
                           lead(loss_reason) over w as loss_reason
                    from change window w as (partition by id order by at, version)) v
                where status = 'open'),
            outcome as (
                select v.*, extract(epoch from ended - begun) / 86400 as stay,
                       case when ended is null then 'open' when next_status = 'won' then 'converted' when next_status = 'lost' then 'lost'
                            when coalesce(n.place, 0) > coalesce(o.place, 0) then 'converted' else 'back' end as outcome
                from visit v left join stage_order o on o.stage = v.stage left join stage_order n on n.stage = v.next_stage),
            -- While it is part of another, a lead has no time of capture and is none of the funnel's; what it was before goes on when it is one again.
            lead_fact as (
                select lead_id as id, at, version, status, captured_at, disqualified_because, opportunity_id, team, rep, region, product,
                       flag, lag(status) over (partition by lead_id, captured_at is null order by at, version) as old_status,
                       min(at) filter (where status = 'qualified') over (partition by lead_id) as qualified_at
                from {Leads}
                where tenant_id = $1 and at < $2 and from_position <= $3 and (to_position is null or to_position > $3) and is_there),
            lead_now as (select * from (select distinct on (id) * from lead_fact order by id, at desc, version desc) l
                where captured_at is not null and flag is null and {Filter}),
            {(mode == ConversionMode.Cohort ? Cohort(win) : Flow(win))}
            select step, stage, null::text as reason, count(*) filter (where entered), count(*) filter (where outcome = 'converted'),
                   count(*) filter (where outcome = 'back'), count(*) filter (where outcome = 'lost'), count(*) filter (where outcome = 'open'),
                   count(*) filter (where entered and won), round(avg(stay), 4)::float8,
                   round(percentile_cont(0.5) within group (order by stay)::numeric, 4)::float8,
                   round(percentile_cont(0.9) within group (order by stay)::numeric, 4)::float8, {ofAll}{dimensions}
            from line group by {Sets("step, stage")}
            union all
            select step, stage, coalesce(reason, ''), 0, 0, 0, count(*), 0, 0, null, null, null, {ofAll}{dimensions}
            from line where outcome = 'lost' group by {Sets("step, stage, reason")}
            """;

        string Sets(string own) => by.Count == 0 ? own : $"grouping sets (({own}), ({own}{dimensions}))";
    }

    private const string Filter =
        "($8::text is null or team = $8) and ($9::text is null or rep = $9) and ($10::text is null or region = $10) and ($11::text is null or product = $11) "
        + "and ($12::text[] is null or rep = any($12) or team = any($13))";

    // Those who came in during the time asked for, and what had become of them: one line a record and step.
    private static string Cohort(WonState win) => $"""
        cohort as (select * from mine where opened_at >= $6 and opened_at < $7),
        captured as (
            select p.*, coalesce({WinRateReport.Reached(win, "d")}, false) as is_won
            from lead_now p left join opportunity d on d.id = p.opportunity_id where p.captured_at >= $6 and p.captured_at < $7),
        line as materialized (
            select 'stage' as step, s.stage, s.outcome, true as entered, {WinRateReport.Reached(win, "c")} as won, s.stay,
                s.loss_reason as reason, c.team, c.rep, c.region, c.product
            from (select id, stage, (array_agg(outcome order by begun desc, version desc))[1] as outcome,
                         (array_agg(loss_reason order by begun desc, version desc))[1] as loss_reason,
                         case when bool_and(ended is not null) then sum(stay) end as stay
                  from outcome group by id, stage) s join cohort c using (id)
            union all
            select 'opportunities', null, case status when 'won' then 'converted' else status end, true,
                {WinRateReport.Reached(win, "cohort")},
                   case status when 'won' then extract(epoch from closed_at - opened_at) / 86400 end, loss_reason, team, rep, region, product
            from cohort
            union all
            select 'leads', null, case status when 'qualified' then 'converted' when 'disqualified' then 'lost' else 'open' end, true,
                is_won,
                   case status when 'qualified' then extract(epoch from qualified_at - captured_at) / 86400 end, disqualified_because, team, rep, region, product
            from captured)
        """;

    // What happened in the time asked for: one line an entry, one a leaving.
    private static string Flow(WonState win) => $"""
        line as materialized (
            select 'stage' as step, o.stage, null as outcome, true as entered, false as won, null::numeric as stay, null as reason, m.team, m.rep, m.region, m.product
            from outcome o join mine m using (id) where o.begun >= $6 and o.begun < $7
            union all
            select 'stage', o.stage, o.outcome, false, false, o.stay, o.loss_reason, m.team, m.rep, m.region, m.product
            from outcome o join mine m using (id) where o.ended >= $6 and o.ended < $7
            union all
            select 'opportunities', null, null, true, false, null, null, team, rep, region, product from mine where opened_at >= $6 and opened_at < $7
            union all
            select 'opportunities', null, case c.status when 'won' then 'converted' else c.status end, false, false,
                   case c.status when 'won' then extract(epoch from c.at - m.opened_at) / 86400 end, c.loss_reason, m.team, m.rep, m.region, m.product
            from change c join mine m using (id)
            where c.status <> 'open' and c.status is distinct from c.old_status and c.at >= $6 and c.at < $7
            union all
            select 'leads', null, null, true, false, null, null, team, rep, region, product from lead_now where captured_at >= $6 and captured_at < $7
            union all
            select 'leads', null, case f.status when 'qualified' then 'converted' else 'lost' end, false, false,
                   case f.status when 'qualified' then extract(epoch from f.at - f.captured_at) / 86400 end, f.disqualified_because, p.team, p.rep, p.region, p.product
            from lead_fact f join lead_now p using (id)
            where f.captured_at is not null and f.status in ('qualified', 'disqualified') and f.status is distinct from f.old_status and f.at >= $6 and f.at < $7
            union all
            select 'leads-won', null, 'converted', false, false, null, null, p.team, p.rep, p.region, p.product
            from (select f.id, f.at, f.status, lag(f.status) over (partition by f.id order by f.at, f.version) as old_status
                  from opportunity_fact f join opportunity using (id)) w
            join opportunity o on o.id = w.id and {(win == WonState.Signed ? "true" : WinRateReport.Reached(win, "o"))}
            join lead_now p on p.opportunity_id = w.id
            where w.status = 'won' and w.old_status is distinct from 'won' and w.at >= $6 and w.at < $7)
        """;
}
