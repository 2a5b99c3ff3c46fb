using System.Text.Json;
using Crm.Domain.Activities;
using Crm.EventStore.ReadModels;
using Crm.Projections;

namespace Crm.Api.Activities;

/// <summary>
/// What was done in a span of time, as one query over the history of what was done on each record. Parameters: 1 tenant, 2 from, 3 to, 4 known at, 5 people,
/// 6 the zone of days, 7 what records call those people, 8 their teams, 9 and 10 the reps and the teams whose doings the caller sees (null is all), then a filter each for rep, team, kind and
/// record (null is any).
/// </summary>
internal static class ActivitySql
{
    /// <summary>The column that figures by kind begin at, in the order of <see cref="Kinds"/>; the dimensions come behind them.</summary>
    public const int FirstKind = 8;

    private static readonly string History = ModelTables.Of(Catalog.Activity).History;

    public static IReadOnlyList<string> Kinds { get; } = [.. Enum.GetNames<TouchKind>().Select(JsonNamingPolicy.KebabCaseLower.ConvertName)];

    /// <summary>Rows of: whether it is of all, touches, inbound, seconds, records, leads taken, in time, missed, the kinds, and the dimensions where it is not of all.</summary>
    public static string Of(IReadOnlyList<string> by)
    {
        var dimensions = string.Concat(by.Select(d => $", {d}"));
        return $"""
            with deed as (
                select h.record_id, h.record, h.deed, h.kind, h.deed = 'touch' and h.is_ours as is_ours, h.is_in_time, h.seconds,
                       coalesce(p.rep, h.rep) as rep, coalesce(p.team, h.team) as team, h.at at time zone $6 as local
                from {History} h left join unnest($5::text[], $7::text[], $8::text[]) as p (member, rep, team) on p.member = h.actor
                where h.tenant_id = $1 and h.at >= $2 and h.at < $3 and {Known("h")} and h.is_there and h.deed is not null
                  -- A record that is flagged was so from its first day, and what was done at its very first moment too.
                  and not case when h.at > h.first_at then h.is_flagged else (
                      select f.is_flagged from {History} f where f.tenant_id = $1 and f.record_id = h.record_id and {Known("f")} order by f.at desc, f.version desc limit 1) end),
            line as (
                select *, to_char(local, 'YYYY-MM-DD') as day, to_char(date_trunc('week', local), 'YYYY-MM-DD') as week, to_char(local, 'YYYY-MM') as month from deed
                where ($9::text[] is null or rep = any($9) or team = any($10)) and ($11::text is null or rep = $11) and ($12::text is null or team = $12)
                  and ($13::text is null or kind = $13) and ($14::text is null or record = $14))
            select {(by.Count == 0 ? "true" : $"grouping({by[0]}) = 1")}, count(*) filter (where is_ours), count(*) filter (where deed = 'touch' and not is_ours), coalesce(sum(seconds), 0)::bigint,
                   count(distinct record_id) filter (where is_ours), count(*) filter (where deed = 'taken'), count(*) filter (where is_in_time), count(*) filter (where deed = 'missed')
                   {string.Concat(Kinds.Select(kind => $", count(*) filter (where is_ours and kind = '{kind}')"))}{dimensions}
            from line group by grouping sets ({(by.Count == 0 ? "()" : $"(), ({dimensions[2..]})")})
            """;
    }

    private static string Known(string states) => $"{states}.from_position <= $4 and ({states}.to_position is null or {states}.to_position > $4)";
}
