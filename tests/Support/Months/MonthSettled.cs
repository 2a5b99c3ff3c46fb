using System.Text.Json;
using System.Text.Json.Serialization;

namespace Crm.Support.Months;

/// <summary>How a host knows that a month's step is done, and how it writes what people say.</summary>
public static class MonthSettled
{
    /// <summary>Whether all that is due is done, and everybody has followed the log to its end.</summary>
    public const string Sql = """
        select not exists (select from crm.lead_clocks where due_at <= crm.clock())
           and (select count(*) from mt_event_progression p, crm.lane l
                where p.last_seq_id >= l.position
                  and p.name ~ '^(automations:leads|(lead_clocks|lead_assignments|lead_list|task_list|alert_inbox)(:V[0-9]+)?:All)$') = 6
        """;

    /// <summary>By lead, how it was given and by which version of the rules.</summary>
    public const string Versions = """
        select string_agg(rep || ' ' || means || ' ' || coalesce(rule, '-') || ' v' || coalesce(playbook_version::text, '-'), ', ' order by position)
        from crm.lead_assignments group by tenant_id, lead_id
        """;

    /// <summary>What is null is not said.</summary>
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };
}
