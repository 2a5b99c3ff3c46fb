using Npgsql;

namespace Crm.Api.Webhooks.Sending;

/// <summary>An event that a webhook is to be sent.</summary>
internal sealed record Waiting(string Tenant, Guid Webhook, long Position, Guid Stream);

/// <summary>One that is due, or will be.</summary>
/// <param name="Attempts">How often it was tried.</param>
internal sealed record Due(string Tenant, Guid Webhook, long Position, Guid Stream, int Attempts, DateTimeOffset At);

/// <summary>A span of events that a webhook is sent again.</summary>
/// <param name="Event">Only this one, whatever the webhook asks for now.</param>
internal sealed record Replay(string Tenant, Guid Webhook, Guid Id, long After, long UpTo, Guid? Event);

/// <summary>
/// What is to be sent, in the database, on the connection that holds the right to send. Where the right is lost so is the connection, and nothing more
/// is written.
/// </summary>
internal sealed class Outbox(NpgsqlConnection connection)
{
    /// <summary>How far the log has been gone through.</summary>
    public const string Progress = "webhooks:All";

    /// <summary>Webhooks that there are, each with when it began to fail, and how far the log was gone through.</summary>
    public async Task<(IReadOnlyList<(string Tenant, Guid Id, DateTimeOffset? FailingSince)> Webhooks, IReadOnlyList<Replay> Replays, long Position)> Open(CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection);

        // Before there was a webhook there was nothing to send.
        Add(batch, """
            insert into public.mt_event_progression (name, last_seq_id)
            select $1, coalesce((select min(e.seq_id) - 1 from public.mt_streams s join public.mt_events e on e.tenant_id = s.tenant_id and e.stream_id = s.id
                                 where s.type = 'webhook'), l.position)
            from crm.lane l on conflict do nothing
            """, Progress);
        Add(batch, "select last_seq_id from public.mt_event_progression where name = $1", Progress);
        Add(batch, "select tenant_id, webhook_id, failing_since from crm.webhook");
        Add(batch, "select tenant_id, webhook_id, replay_id, after, up_to, event_id from crm.webhook_replay");
        await using var reader = await batch.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        var position = reader.GetInt64(0);
        await reader.NextResultAsync(ct);
        var webhooks = new List<(string, Guid, DateTimeOffset?)>();
        while (await reader.ReadAsync(ct))
        {
            webhooks.Add((reader.GetString(0), reader.GetGuid(1), reader.IsDBNull(2) ? null : reader.GetFieldValue<DateTimeOffset>(2)));
        }

        await reader.NextResultAsync(ct);
        var replays = new List<Replay>();
        while (await reader.ReadAsync(ct))
        {
            replays.Add(new Replay(
                reader.GetString(0), reader.GetGuid(1), reader.GetGuid(2), reader.GetInt64(3), reader.GetInt64(4), reader.IsDBNull(5) ? null : reader.GetGuid(5)));
        }

        return (webhooks, replays, position);
    }

    /// <summary>Puts in what a page of the log gives, does what follows from a change of a webhook, and moves on, all at once.</summary>
    /// <exception cref="InvalidOperationException">Somebody else has moved on.</exception>
    public async Task Advance(long from, long to, IReadOnlyList<Waiting> given, IEnumerable<NpgsqlBatchCommand> changes, DateTimeOffset now, CancellationToken ct)
    {
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using var batch = new NpgsqlBatch(connection, transaction);
        Add(batch, "update public.mt_event_progression set last_seq_id = $3, last_updated = transaction_timestamp() where name = $1 and last_seq_id = $2", Progress, from, to);
        Put(batch, given, now);
        foreach (var change in changes)
        {
            batch.BatchCommands.Add(change);
        }

        await batch.ExecuteNonQueryAsync(ct);
        if (batch.BatchCommands[0].RecordsAffected != 1)
        {
            throw new InvalidOperationException("Another process has moved the position of webhooks.");
        }

        await transaction.CommitAsync(ct);
    }

    /// <summary>Puts in what a part of a replay gives, and notes how far it has come; null where it is done.</summary>
    public async Task Advance(Replay replay, long? after, IReadOnlyList<Waiting> given, DateTimeOffset now, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection);
        Put(batch, given, now);
        const string Mine = "where tenant_id = $1 and webhook_id = $2 and replay_id = $3";
        batch.BatchCommands.Add(after is { } come
            ? Command($"update crm.webhook_replay set after = $4 {Mine}", replay.Tenant, replay.Webhook, replay.Id, come)
            : Command($"delete from crm.webhook_replay {Mine}", replay.Tenant, replay.Webhook, replay.Id));
        await batch.ExecuteNonQueryAsync(ct);
    }

    /// <summary>How much a webhook has still to be sent, counted up to a number.</summary>
    public async Task<long> Count(string tenant, Guid webhook, int most, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            "select count(*) from (select from crm.webhook_outbox where tenant_id = $1 and webhook_id = $2 limit $3) o", connection);
        command.Parameters.AddRange(Parameters(tenant, webhook, most).ToArray());
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>The first that are due of each webhook, or will be; of each at most so many.</summary>
    public async Task<IReadOnlyList<Due>> First(IReadOnlyList<(Receiver Receiver, int Most)> asked, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("""
            select w.tenant_id, w.webhook_id, o.position, o.stream_id, o.attempts, o.next_at
            from unnest($1, $2, $3) as w (tenant_id, webhook_id, most)
            cross join lateral (select x.position, x.stream_id, x.attempts, x.next_at from crm.webhook_outbox x
                                where x.tenant_id = w.tenant_id and x.webhook_id = w.webhook_id and x.next_at is not null
                                order by x.next_at, x.position limit w.most) o
            order by o.next_at, o.position
            """, connection);
        command.Parameters.AddRange(Parameters(
            asked.Select(a => a.Receiver.Tenant).ToArray(), asked.Select(a => a.Receiver.Id).ToArray(), asked.Select(a => a.Most).ToArray()).ToArray());
        var due = new List<Due>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            due.Add(new Due(reader.GetString(0), reader.GetGuid(1), reader.GetInt64(2), reader.GetGuid(3), reader.GetInt32(4), reader.GetFieldValue<DateTimeOffset>(5)));
        }

        return due;
    }

    /// <summary>Writes what came of attempts: what is done with leaves, and lets the next event of its stream go.</summary>
    /// <param name="changed">Those of whom it is to be noted since when they take nothing.</param>
    public async Task Settle(IReadOnlyList<Settled> all, IReadOnlyCollection<Receiver> changed, DateTimeOffset now, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection);
        Attempts.Note(batch, [.. all.Select(settled => settled.Attempt).OfType<Attempt>()]);
        var (done, again) = (all.Where(s => s.Next is null).Select(s => s.Due).ToList(), all.Where(s => s.Next is not null).ToList());
        Add(batch, """
            delete from crm.webhook_outbox o using unnest($1, $2, $3) as d (tenant_id, webhook_id, position)
            where o.tenant_id = d.tenant_id and o.webhook_id = d.webhook_id and o.position = d.position
            """, Tenants(done), Webhooks(done), Positions(done));
        Add(batch, """
            update crm.webhook_outbox o set next_at = $4 from (select distinct * from unnest($1, $2, $3) as u (tenant_id, webhook_id, stream_id)) d
            where o.tenant_id = d.tenant_id and o.webhook_id = d.webhook_id and o.stream_id = d.stream_id and o.next_at is null
              and o.position = (select min(x.position) from crm.webhook_outbox x
                                where x.tenant_id = d.tenant_id and x.webhook_id = d.webhook_id and x.stream_id = d.stream_id)
            """, Tenants(done), Webhooks(done), done.Select(d => d.Stream).ToArray(), now);
        Add(batch, """
            update crm.webhook_outbox o set attempts = d.attempts, next_at = d.next_at
            from unnest($1, $2, $3, $4, $5) as d (tenant_id, webhook_id, position, attempts, next_at)
            where o.tenant_id = d.tenant_id and o.webhook_id = d.webhook_id and o.position = d.position
            """, Tenants(again.Select(s => s.Due)), Webhooks(again.Select(s => s.Due)), Positions(again.Select(s => s.Due)),
            again.Select(s => s.Due.Attempts + 1).ToArray(), again.Select(s => s.Next!.Value).ToArray());
        Add(batch, """
            update crm.webhook w set failing_since = d.since from unnest($1, $2, $3) as d (tenant_id, webhook_id, since)
            where w.tenant_id = d.tenant_id and w.webhook_id = d.webhook_id
            """, changed.Select(r => r.Tenant).ToArray(), changed.Select(r => r.Id).ToArray(), changed.Select(r => r.FailingSince).ToArray());
        await batch.ExecuteNonQueryAsync(ct);
    }

    internal static void Add(NpgsqlBatch batch, string sql, params IReadOnlyList<object> values) => batch.BatchCommands.Add(Command(sql, values));

    internal static NpgsqlBatchCommand Command(string sql, params IReadOnlyList<object> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in Parameters(values))
        {
            command.Parameters.Add(parameter);
        }

        return command;
    }

    // Of a stream only the first is due. What waits for another attempt already is due at once where it is asked for again.
    private static void Put(NpgsqlBatch batch, IReadOnlyList<Waiting> given, DateTimeOffset now)
    {
        if (given.Count > 0)
        {
            Add(batch, """
                insert into crm.webhook_outbox (tenant_id, webhook_id, position, stream_id, next_at)
                select n.tenant_id, n.webhook_id, n.position, n.stream_id,
                       case when row_number() over (partition by n.tenant_id, n.webhook_id, n.stream_id order by n.position) = 1
                             and not exists (select from crm.webhook_outbox o
                                             where o.tenant_id = n.tenant_id and o.webhook_id = n.webhook_id and o.stream_id = n.stream_id) then $5 end
                from unnest($1, $2, $3, $4) as n (tenant_id, webhook_id, position, stream_id)
                on conflict on constraint webhook_outbox_pkey do update set next_at = least(webhook_outbox.next_at, $5)
                where webhook_outbox.next_at is not null
                """, given.Select(g => g.Tenant).ToArray(), given.Select(g => g.Webhook).ToArray(), given.Select(g => g.Position).ToArray(),
                given.Select(g => g.Stream).ToArray(), now);
        }
    }

    private static string[] Tenants(IEnumerable<Due> due) => [.. due.Select(d => d.Tenant)];

    private static Guid[] Webhooks(IEnumerable<Due> due) => [.. due.Select(d => d.Webhook)];

    private static long[] Positions(IEnumerable<Due> due) => [.. due.Select(d => d.Position)];

    private static IEnumerable<NpgsqlParameter> Parameters(params IReadOnlyList<object> values) => values.Select(value => new NpgsqlParameter { Value = value });
}

/// <summary>What became of something that was due.</summary>
/// <param name="Attempt">What is noted of it; null where nothing was sent, since there is no such event any more.</param>
/// <param name="Next">When it is tried again; null where it is done with.</param>
/// <param name="Hold">How long the webhook is left alone altogether.</param>
internal sealed record Settled(Receiver Receiver, Due Due, Attempt? Attempt, DateTimeOffset? Next, TimeSpan? Hold = null);
