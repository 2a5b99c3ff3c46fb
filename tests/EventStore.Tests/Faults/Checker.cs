using Npgsql;

namespace Crm.EventStore.Tests.Faults;

/// <summary>What must be true of a store after any fault, asked in plain SQL. Shares no code with the store.</summary>
internal static class Checker
{
    private static readonly (string Claim, string Breaches)[] Events =
    [
        ("Versions of a stream run from 1 without a hole", """
            select stream_id from mt_events group by tenant_id, stream_id having min(version) <> 1 or max(version) <> count(*)
            """),
        ("A stream's row names its last version", """
            select coalesce(s.id, e.stream_id) from mt_streams s
            full join (select tenant_id, stream_id, max(version) as version from mt_events group by 1, 2) e
                on (e.tenant_id, e.stream_id) = (s.tenant_id, s.id)
            where s.version is distinct from e.version
            """),
        ("Recorded time rises with position", """
            select seq_id from (select seq_id, timestamp <= lag(timestamp) over (order by seq_id) as falls from mt_events) e where falls
            """),
        ("Positions rise with versions", """
            select seq_id from (
                select seq_id, version < lag(version) over (partition by tenant_id, stream_id order by seq_id) as falls from mt_events) e
            where falls
            """),
        ("The lane ends at the last event", "select position from crm.lane where position <> (select coalesce(max(seq_id), 0) from mt_events)"),
        ("No event is hidden", "select seq_id from mt_events where is_archived is distinct from false")
    ];

    private static readonly (string Claim, string Breaches)[] Cups =
    [
        ("A cup's row is what its events say", """
            with said as (
                select stream_id,
                       (array_agg(data ->> 'drink' order by seq_id) filter (where type = 'cup_ordered'))[1] as drink,
                       (array_agg((data ->> 'price')::numeric order by seq_id desc) filter (where data ? 'price'))[1] as price,
                       bool_or(type = 'cup_drunk') as drunk
                from mt_events group by tenant_id, stream_id)
            select coalesce(s.stream_id, r.cup_id) from said s full join crm.coffee_bar r on r.cup_id = s.stream_id
            where (r.drink, r.price, r.drunk) is distinct from (s.drink, s.price, s.drunk)
            """),
        ("Totals are what the rows add up to", """
            select coalesce(r.drink, t.drink)
            from (select drink, case when drunk then 'drunk' else 'open' end as state, count(*) as count, sum(price) as amount
                  from crm.coffee_bar group by 1, 2) r
            full join crm.coffee_sales t on t.drink is not distinct from r.drink and t.state = r.state
            where (t.count, t.amount) is distinct from (r.count, r.amount)
            """),
        ("Changes add up to the totals", """
            select coalesce(c.drink, t.drink)
            from (select drink, state, sum(count) as count, sum(amount) as amount from crm.coffee_sales_changes group by 1, 2
                  having sum(count) <> 0 or sum(amount) <> 0) c
            full join crm.coffee_sales t on t.drink is not distinct from c.drink and t.state = c.state
            where (t.count, t.amount) is distinct from (c.count, c.amount)
            """),
        ("An event leaves at most one state in the history", """
            select cup_id from crm.coffee_bar_history group by cup_id, from_position having count(*) > 1
            """),
        ("The last state in the history is the row", """
            select r.cup_id from crm.coffee_bar r
            left join lateral (select * from crm.coffee_bar_history h where h.cup_id = r.cup_id order by h.from_position desc limit 1) h on true
            where (h.drink, h.price, h.drunk) is distinct from (r.drink, r.price, r.drunk)
            """)
    ];

    /// <summary>Streams, stamps and positions.</summary>
    public static Task CheckEvents(NpgsqlDataSource database) => Check(database, Events);

    /// <summary>The cups' read model, once it has reached the head; events without a time of their own are folded as they were recorded.</summary>
    public static Task CheckCups(NpgsqlDataSource database) => Check(database, Cups);

    private static async Task Check(NpgsqlDataSource database, (string Claim, string Breaches)[] claims)
    {
        foreach (var (claim, breaches) in claims)
        {
            await using var command = database.CreateCommand($"select string_agg(b::text, ', ') from (select * from ({breaches}) x limit 5) b");
            (await command.ExecuteScalarAsync()).ShouldBe(DBNull.Value, claim);
        }
    }
}
