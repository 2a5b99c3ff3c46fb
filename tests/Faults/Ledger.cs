using Npgsql;

namespace Crm.Api.Tests.Faults;

/// <summary>Holds what clients were answered against what the tables hold, in plain SQL. Shares no code with the product.</summary>
internal static class Ledger
{
    private static readonly (string Claim, string Breaches)[] Claims =
    [
        ("a lead captured twice", "select data ->> 'company' from mt_events where type = 'lead_captured' group by 1 having count(*) > 1"),
        ("an opportunity opened twice", "select data ->> 'name' from mt_events where type = 'opportunity_opened' group by 1 having count(*) > 1"),
        ("a hole in the versions", "select stream_id from mt_events group by tenant_id, stream_id having min(version) <> 1 or max(version) <> count(*)"),
        ("a stream's row that is wrong", """
            select s.id from mt_streams s
            where s.version is distinct from (select max(version) from mt_events e where (e.tenant_id, e.stream_id) = (s.tenant_id, s.id))
            """),
        ("recorded time that falls", """
            select seq_id from (select seq_id, timestamp <= lag(timestamp) over (order by seq_id) as falls from mt_events) e where falls
            """),
        ("a touch that the list of leads does not count", """
            select l.lead_id from crm.lead_list l
            where l.touches <> (select count(*) from mt_events e where e.stream_id = l.lead_id and e.type = 'lead_touched')
            """),
        ("a stage whose total is wrong", """
            with deals as (
                select o.stream_id, (o.data -> 'amount' ->> 'amount')::numeric as amount,
                       coalesce((select s.data ->> 'stage' from mt_events s
                                 where s.stream_id = o.stream_id and s.type = 'opportunity_stage_entered'
                                 order by s.version desc limit 1), o.data ->> 'stage') as stage
                from mt_events o where o.type = 'opportunity_opened'),
            folded as (select stage, count(*) as count, sum(amount) as amount from deals group by stage),
            shown as (select stage, sum(count) as count, sum(amount) as amount from crm.pipeline group by stage)
            select coalesce(f.stage, s.stage) from folded f full join shown s on s.stage = f.stage
            where (s.count, s.amount) is distinct from (f.count, f.amount)
            """)
    ];

    /// <summary>Whether every read model has reached the head.</summary>
    public static async Task<bool> AtHead(NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand("""
            select not exists (select from mt_event_progression p, crm.lane l where p.name like '%:All' and p.last_seq_id <> l.position)
            """);
        return (bool)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>What is not as it should be; nothing when all is well.</summary>
    public static async Task<IReadOnlyList<string>> Breaches(NpgsqlDataSource database, IReadOnlyCollection<Request> answered)
    {
        var breaches = new List<string>();
        foreach (var (claim, sql) in Claims)
        {
            await using var ask = database.CreateCommand($"select string_agg(b::text, ', ') from (select * from ({sql}) x limit 5) b");
            if (await ask.ExecuteScalarAsync() is string found)
            {
                breaches.Add($"{claim}: {found}");
            }
        }

        var kept = await Kept(database);
        foreach (var request in answered)
        {
            if (!kept.Remove((request.Id, request.Version), out var e))
            {
                breaches.Add($"an answer without its event: {request.Key}");
            }
            else if (e != (request.Kind, request.Position))
            {
                breaches.Add($"an answer with another event: {request.Key}, {e}");
            }
        }

        breaches.AddRange(kept.Select(phantom => $"an event that nobody was answered for: {phantom}"));
        return breaches;
    }

    private static async Task<Dictionary<(Guid, long), (string, long)>> Kept(NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand("""
            select stream_id, version, type, seq_id from mt_events
            where type in ('lead_captured', 'lead_touched', 'opportunity_opened', 'opportunity_stage_entered')
            """);
        var kept = new Dictionary<(Guid, long), (string, long)>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            kept.Add((reader.GetGuid(0), reader.GetInt64(1)), (reader.GetString(2), reader.GetInt64(3)));
        }

        return kept;
    }
}
