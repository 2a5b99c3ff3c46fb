using Npgsql;

namespace Crm.Faults.Tests;

/// <summary>Holds what clients were answered against what the tables hold, in plain SQL. Shares no code with the product.</summary>
internal static class Ledger
{
    private static readonly (string Claim, string Breaches)[] Claims =
    [
        ("a lead captured twice", "select data ->> 'company' from mt_events where type = 'lead_captured' group by 1 having count(*) > 1"),
        ("an opportunity opened twice", "select data ->> 'name' from mt_events where type = 'opportunity_opened' group by 1 having count(*) > 1"),
        ("a hole or a double in the versions", """
            select stream_id from mt_events group by tenant_id, stream_id
            having min(version) <> 1 or max(version) <> count(*) or count(distinct version) <> count(*)
            """),
        ("a stream's row that is wrong", """
            select coalesce(s.id, e.stream_id) from mt_streams s
            full join (select tenant_id, stream_id, max(version) as version from mt_events group by 1, 2) e
                on (e.tenant_id, e.stream_id) = (s.tenant_id, s.id)
            where s.version is distinct from e.version
            """),
        ("recorded time that falls", """
            select seq_id from (select seq_id, timestamp <= lag(timestamp) over (order by seq_id) as falls from mt_events) e where falls
            """),
        ("a version that comes before an older one", """
            select seq_id from (
                select seq_id, version < lag(version) over (partition by tenant_id, stream_id order by seq_id) as falls from mt_events) e
            where falls
            """),
        ("a lane that does not end at the last event", """
            select position from crm.lane where position <> (select coalesce(max(seq_id), 0) from mt_events)
            """),
        ("a read model that is ahead of the store and does not say so", """
            select p.name, p.last_seq_id from mt_event_progression p, crm.lane l
            where p.name like '%:All' and p.last_seq_id > l.position and not exists (select from crm.read_model_stop s where s.name = p.name)
            """)
    ];

    private static readonly (string Claim, string Breaches)[] ReadModels =
    [
        ("a lead that the list does not show as its events are", """
            with told as (
                select stream_id, count(*) as touches, bool_or(type = 'lead_captured') as captured
                from mt_events e where type in ('lead_captured', 'lead_touched')
                  and not exists (select from crm.read_model_skip s where s.name like 'lead\_list:%' and s.position = e.seq_id)
                group by 1)
            select coalesce(t.stream_id, l.lead_id) from told t full join crm.lead_list l on l.lead_id = t.stream_id
            where (t.touches, t.captured) is distinct from (l.touches::bigint, l.captured_at is not null)
            """),
        // A row that was missed may be made whole by the next event of its stream; an entry of the audit trail never is.
        ("an event that the audit trail does not show once", """
            select coalesce(e.seq_id, a.position) from mt_events e full join crm.audit_trail a on a.position = e.seq_id
            where (e.id is distinct from a.event_id or e.type is distinct from a.kind)
              and not exists (select from crm.read_model_skip s where s.name like 'audit\_trail:%' and s.position = e.seq_id)
            """),
        ("a lead whose last state in the history is not its row", """
            select l.lead_id from crm.lead_list l
            left join lateral (select * from crm.lead_list_history h where h.tenant_id = l.tenant_id and h.lead_id = l.lead_id and h.to_position is null
                               order by h.at desc, h.version desc limit 1) h on true
            where (h.touches, h.company) is distinct from (l.touches, l.company)
            """),
        ("a stage whose total is wrong", """
            with deals as (
                select o.stream_id, (o.data -> 'amount' ->> 'amount')::numeric as amount,
                       coalesce((select s.data ->> 'stage' from mt_events s
                                 where s.tenant_id = o.tenant_id and s.stream_id = o.stream_id and s.type = 'opportunity_stage_entered'
                                 order by s.version desc limit 1), o.data ->> 'stage') as stage
                from mt_events o where o.type = 'opportunity_opened'),
            folded as (select stage, count(*) as count, sum(amount) as amount from deals group by stage),
            shown as (select stage, sum(count) as count, sum(amount) as amount from crm.pipeline group by stage)
            select coalesce(f.stage, s.stage) from folded f full join shown s on s.stage = f.stage
            where (s.count, s.amount) is distinct from (f.count, f.amount)
            """),
        ("changes that do not add up to the totals", """
            select coalesce(c.stage, t.stage)
            from (select stage, sum(count) as count, sum(amount) as amount from crm.pipeline_changes group by 1) c
            full join (select stage, sum(count) as count, sum(amount) as amount from crm.pipeline group by 1) t on t.stage = c.stage
            where (coalesce(t.count, 0), coalesce(t.amount, 0)) is distinct from (c.count, c.amount)
            """)
    ];

    /// <summary>The read models that there must be, as <c>n</c>.</summary>
    public const string Names = "unnest(array['pipeline:V2', 'opportunity_list:V4', 'forecast_deals:V2', 'forecast_traits', 'forecast_list:V2', 'gate_actions:V2', 'lead_list:V5', 'lead_clocks:V3', 'lead_assignments', 'activity:V2', 'visits', 'customer_list:V3', 'customer_tiers', 'contact_list', 'buying_role_list', 'commitment_list', 'delivery_plan_list', 'ticket_list', 'product_request_list', 'campaign_list', 'order_list:V2', 'task_list', 'alert_inbox', 'approval_list', 'review_list', 'article_list', 'help_list:V2', 'daily_report_list', 'spot_check_list', 'form_list:V2', 'import_log', 'data_source_list', 'source_reading_list', 'audit_trail', 'search_grams']) n";

    /// <summary>Read models that are not at the newest event, or not there at all.</summary>
    public static Task<long> Behind(NpgsqlDataSource database, string models = "%") => Number(database, $"""
        select count(*) from {Names} cross join crm.lane l left join mt_event_progression p on p.name = n || ':All'
        where n like '{models}' and p.last_seq_id is distinct from l.position
        """);

    /// <summary>What is not as it should be among events, answers and readings; nothing when all is well. Nobody writes meanwhile.</summary>
    public static async Task<IReadOnlyList<string>> Breaches(
        NpgsqlDataSource database, IReadOnlyCollection<Request> answered, IReadOnlyCollection<Reading> readings)
    {
        var breaches = await Ask(database, Claims);
        var kept = await Kept(database);
        foreach (var request in answered)
        {
            if (!kept.Remove((request.Id, request.Version), out var e))
            {
                breaches.Add($"an answer without its event: {request.Key}");
            }
            else if (e != (request.Kind, request.Position))
            {
                breaches.Add($"an answer with another event: {request.Key} at {request.Position}, {e}");
            }
        }

        breaches.AddRange(kept.Select(phantom => $"an event that nobody was answered for: {phantom}"));
        breaches.AddRange(readings.Where(r => r.Touches < r.Acknowledged).Select(r => $"a reading without what was acknowledged: {r}"));
        return breaches;
    }

    /// <summary>Where read models that stand at the newest event differ from the events.</summary>
    public static async Task<IReadOnlyList<string>> Misfolded(NpgsqlDataSource database) => await Ask(database, ReadModels);

    public static async Task<long> Number(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private static async Task<List<string>> Ask(NpgsqlDataSource database, IEnumerable<(string Claim, string Breaches)> claims)
    {
        var breaches = new List<string>();
        foreach (var (claim, sql) in claims)
        {
            await using var ask = database.CreateCommand($"set enable_nestloop = off; select string_agg(b::text, ', ') from (select * from ({sql}) x limit 5) b");
            ask.CommandTimeout = 300;
            if (await ask.ExecuteScalarAsync() is string found)
            {
                breaches.Add($"{claim}: {found}");
            }
        }

        return breaches;
    }

    // Only what the clients write: what a test writes by hand is not theirs to know.
    private static async Task<Dictionary<(Guid, long), (string, long)>> Kept(NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand("""
            select stream_id, version, type, seq_id from mt_events
            where type in ('lead_captured', 'lead_touched', 'opportunity_opened', 'opportunity_stage_entered')
              and coalesce(user_name, '') <> 'by hand'
            """);
        var kept = new Dictionary<(Guid, long), (string, long)>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            // A double is a breach of its own, told above.
            kept[(reader.GetGuid(0), reader.GetInt64(1))] = (reader.GetString(2), reader.GetInt64(3));
        }

        return kept;
    }
}
