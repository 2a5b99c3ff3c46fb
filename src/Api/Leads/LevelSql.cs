using Crm.EventStore.ReadModels;
using Crm.Projections;

namespace Crm.Api.Leads;

/// <summary>
/// Levels as one query over the history of leads. Parameters: 1 tenant, 2 as of, 3 known at, 4 from, 5 to, then those of
/// <see cref="FigureParameters"/> with filters for rep, team, source, region and campaign.
/// </summary>
internal static class LevelSql
{
    private static readonly string Leads = ModelTables.Of(Catalog.Leads).History;

    private const string Filter =
        "($6::text is null or rep = $6) and ($7::text is null or team = $7) and ($8::text is null or source = $8) "
        + "and ($9::text is null or region = $9) and ($10::text is null or campaign = $10) "
        + "and ($11::text[] is null or rep = any($11) or team = any($12))";

    /// <summary>
    /// Rows of: what is counted (<c>at</c>, open leads at a level; <c>came</c>, those that came to it; <c>rose</c>, those of them that came
    /// to another one after it), the level, the other one, how many, mean, median, p90, whether it is of all, and the dimensions where it is not.
    /// </summary>
    public static string Of(IReadOnlyList<string> by)
    {
        var dimensions = string.Concat(by.Select(d => $", {d}"));
        var ofAll = by.Count == 0 ? "true" : $"grouping({by[0]}) = 1";
        var sets = by.Count == 0 ? "what, level, other" : $"grouping sets ((what, level, other), (what, level, other{dimensions}))";
        return $"""
            with fact as (
                select lead_id as id, at, version, status, captured_at, level, level_rank, rep, team, source, region, campaign, flag,
                       lag(level_rank) over (partition by lead_id order by at, version) as old_rank
                from {Leads}
                where tenant_id = $1 and at < $2 and from_position <= $3 and (to_position is null or to_position > $3) and is_there),
            -- A lead that is flagged was so from its first day, and one that is part of another is counted with that.
            lead_now as (select * from (select distinct on (id) * from fact order by id, at desc, version desc) l
                where captured_at is not null and flag is null and {Filter}),
            came as (
                select id, level, min(at) as at from fact
                where level is not null and level_rank > coalesce(old_rank, 0) group by id, level),
            line as materialized (
                select 'at' as what, level, null::text as other, null::numeric as days, rep, team, source, region, campaign
                from lead_now where status in ('new', 'assigned')
                union all
                select 'came', c.level, null, null, n.rep, n.team, n.source, n.region, n.campaign
                from came c join lead_now n using (id) where c.at >= $4 and c.at < $5
                union all
                select 'rose', c.level, o.level, extract(epoch from o.at - c.at) / 86400, n.rep, n.team, n.source, n.region, n.campaign
                from came c join came o using (id) join lead_now n using (id)
                where c.at >= $4 and c.at < $5 and o.at >= c.at and o.level <> c.level)
            select what, level, other, count(*), round(avg(days), 4)::float8,
                   round(percentile_cont(0.5) within group (order by days)::numeric, 4)::float8,
                   round(percentile_cont(0.9) within group (order by days)::numeric, 4)::float8, {ofAll}{dimensions}
            from line group by {sets}
            """;
    }
}
