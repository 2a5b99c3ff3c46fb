using Crm.EventStore;
using Npgsql;

namespace Crm.Api.Notifications.Sending;

/// <summary>A message that is to go out.</summary>
/// <param name="Recipient">A member, or the lead that it is for.</param>
/// <param name="Position">The event that it tells of; a digest tells of several.</param>
internal sealed record NewMessage(string Tenant, Guid Id, Guid Channel, string Kind, string Recipient, DateTimeOffset MadeAt,
    DateTimeOffset DueAt, long Position);

/// <summary>One that is due.</summary>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="Positions">Of the events that it tells of.</param>
internal sealed record DueMessage(string Tenant, Guid Id, Guid Channel, string Kind, string Recipient, DateTimeOffset MadeAt,
    DateTimeOffset DueAt, int Attempts, IReadOnlyList<long> Positions);

/// <summary>What a message is.</summary>
internal static class MessageKinds
{
    public const string Alert = "alert";

    /// <summary>Several alerts in one.</summary>
    public const string Digest = "digest";

    /// <summary>A mail to a lead.</summary>
    public const string Nurture = "nurture";

    /// <summary>A mail that a stage asked for, about an opportunity.</summary>
    public const string Entry = "entry";
}

/// <summary>How a message stands.</summary>
internal static class MessageStates
{
    public const string Waiting = "waiting";
    public const string Sent = "sent";

    /// <summary>It was refused for good, or tried often enough.</summary>
    public const string Failed = "failed";

    /// <summary>It was not sent, since nobody is to hear of it any more.</summary>
    public const string Dropped = "dropped";
}

/// <summary>What is to go out by channels and what came of it, in the database, over all tenants.</summary>
internal sealed class MessageTable(NpgsqlDataSource senders)
{
    private const string Columns = "m.tenant_id, m.message_id, m.channel_id, m.kind, m.recipient, m.made_at, m.due_at, m.attempts";

    /// <summary>Puts messages in. One that is there already only gets to tell of one event more.</summary>
    public static IEnumerable<NpgsqlBatchCommand> Put(IReadOnlyList<NewMessage> messages)
    {
        if (messages.Count == 0)
        {
            yield break;
        }

        var (tenants, ids) = (messages.Select(m => m.Tenant).ToArray(), messages.Select(m => m.Id).ToArray());
        yield return Command("""
            insert into crm.message (tenant_id, message_id, channel_id, kind, recipient, made_at, due_at, next_at)
            select *, due_at from unnest($1, $2, $3, $4, $5, $6, $7)
            as m (tenant_id, message_id, channel_id, kind, recipient, made_at, due_at)
            on conflict do nothing
            """,
            tenants, ids, messages.Select(m => m.Channel).ToArray(), messages.Select(m => m.Kind).ToArray(),
            messages.Select(m => m.Recipient).ToArray(),
            messages.Select(m => m.MadeAt.ToUniversalTime()).ToArray(), messages.Select(m => m.DueAt.ToUniversalTime()).ToArray());
        yield return Command(
            "insert into crm.message_item (tenant_id, message_id, position) select * from unnest($1, $2, $3) on conflict do nothing",
            tenants, ids, messages.Select(m => m.Position).ToArray());
    }

    public static async Task Put(NpgsqlConnection connection, IReadOnlyList<NewMessage> messages, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var command in Put(messages))
        {
            batch.BatchCommands.Add(command);
        }

        if (messages.Count > 0)
        {
            await batch.ExecuteNonQueryAsync(ct);
        }
    }

    /// <summary>What was to go out by a channel that is gone goes out no more, and what it took to send by it is forgotten; or all but the
    /// newest.</summary>
    public static IEnumerable<NpgsqlBatchCommand> Forget(string tenant, Guid channel, Guid? secret)
    {
        if (secret is null)
        {
            yield return Command(
                $"update crm.message set state = '{MessageStates.Dropped}', next_at = null, settled_at = crm.clock(), "
                + "answer = 'channel-removed' where tenant_id = $1 and channel_id = $2 and next_at is not null",
                tenant, channel);
        }

        yield return Command("delete from crm.channel_secret where tenant_id = $1 and channel_id = $2 and secret_id is distinct from $3",
            tenant, channel, (object?)secret ?? DBNull.Value);
    }

    /// <summary>What is due, the longest due first: of each channel so many, so that none is waited for by others, nor read past again
    /// and again.</summary>
    /// <param name="busy">Channels by which nothing more can go just now.</param>
    /// <param name="full">Tenants of which nothing more can go just now.</param>
    /// <param name="digests">Up to when all is known that goes into digests.</param>
    public static async Task<IReadOnlyList<DueMessage>> Due(NpgsqlConnection connection, DateTimeOffset now, DateTimeOffset digests,
        IReadOnlyList<(string Tenant, Guid Channel)> busy, IReadOnlyList<string> full, (int OfChannel, int InAll) most,
        CancellationToken ct)
    {
        await using var command = new NpgsqlCommand($"""
            with recursive ways as (
                (select tenant_id, channel_id from crm.message where next_at is not null order by tenant_id, channel_id limit 1)
                union all
                select n.tenant_id, n.channel_id from ways w cross join lateral (
                    select x.tenant_id, x.channel_id from crm.message x
                    where x.next_at is not null and (x.tenant_id, x.channel_id) > (w.tenant_id, w.channel_id)
                    order by x.tenant_id, x.channel_id limit 1) n)
            select {Columns}, (select array_agg(i.position order by i.position) from crm.message_item i
                where i.tenant_id = m.tenant_id and i.message_id = m.message_id)
            from ways w cross join lateral (
                select * from crm.message x
                where x.tenant_id = w.tenant_id and x.channel_id = w.channel_id and x.next_at <= $1
                  and (x.kind <> '{MessageKinds.Digest}' or x.next_at <= $2)
                order by x.next_at, x.message_id limit $3) m
            where (w.tenant_id, w.channel_id) not in (select * from unnest($4, $5)) and w.tenant_id <> all ($6)
              and exists (select from crm.message where next_at <= $1)
            order by m.next_at, m.message_id limit $7
            """, connection);
        command.Parameters.AddWithValue(now.ToUniversalTime());
        command.Parameters.AddWithValue(digests.ToUniversalTime());
        command.Parameters.AddWithValue(most.OfChannel);
        command.Parameters.AddWithValue(busy.Select(one => one.Tenant).ToArray());
        command.Parameters.AddWithValue(busy.Select(one => one.Channel).ToArray());
        command.Parameters.AddWithValue(full.ToArray());
        command.Parameters.AddWithValue(most.InAll);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var due = new List<DueMessage>();
        while (await reader.ReadAsync(ct))
        {
            due.Add(new DueMessage(
                reader.GetString(0), reader.GetGuid(1), reader.GetGuid(2), reader.GetString(3), reader.GetString(4),
                reader.GetFieldValue<DateTimeOffset>(5),
                reader.GetFieldValue<DateTimeOffset>(6), reader.GetInt32(7), reader.IsDBNull(8) ? [] : reader.GetFieldValue<long[]>(8)));
        }

        return due;
    }

    /// <summary>Whether a digest is due that was not yet at a moment.</summary>
    public static async Task<bool> IsDigestDue(NpgsqlConnection connection, DateTimeOffset after, DateTimeOffset now, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            $"select exists (select from crm.message where next_at > $1 and next_at <= $2 and kind = '{MessageKinds.Digest}')", connection);
        command.Parameters.AddWithValue(after.ToUniversalTime());
        command.Parameters.AddWithValue(now.ToUniversalTime());
        return (bool)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>Whether nobody has tried it, or settled it, since it was looked for.</summary>
    public async Task<bool> Waits(DueMessage message, CancellationToken ct)
    {
        await using var command =
            senders.CreateCommand(
                "select from crm.message where tenant_id = $1 and message_id = $2 and next_at is not null and attempts = $3");
        command.Parameters.AddWithValue(message.Tenant);
        command.Parameters.AddWithValue(message.Id);
        command.Parameters.AddWithValue(message.Attempts);
        await using var found = await command.ExecuteReaderAsync(ct);
        return found.HasRows;
    }

    /// <summary>It was not tried: it is over, or waits for another moment.</summary>
    public Task Set(DueMessage message, string state, DateTimeOffset? next, string? answer, DateTimeOffset now, CancellationToken ct) => Do(
        [Settle(message, state, message.Attempts, next, answer, now)], ct);

    /// <summary>Until when a mail has to wait that goes out by itself, and why; null where it has not.</summary>
    public async Task<(DateTimeOffset Until, string Why)?> Held(
        string tenant, MailLimit limit, TimeSpan day, DateTimeOffset now, CancellationToken ct)
    {
        await using var command = senders.CreateCommand("""
            select max(settled_at) filter (where address = $2), count(*), min(settled_at) from crm.message
            where tenant_id = $1 and settled_at > $3 and address is not null
            """);
        command.Parameters.AddWithValue(tenant);
        command.Parameters.AddWithValue(limit.Address);
        command.Parameters.AddWithValue((now - day).ToUniversalTime());
        await using var reader = await command.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        return !reader.IsDBNull(0) ? (reader.GetFieldValue<DateTimeOffset>(0) + day, "one-a-day")
            : reader.GetInt64(1) >= limit.MostADay ? (reader.GetFieldValue<DateTimeOffset>(2) + day, "enough-a-day")
            : null;
    }

    /// <summary>It goes by another channel, at once.</summary>
    public Task Move(DueMessage message, Guid channel, DateTimeOffset now, CancellationToken ct) => Do([Command(
        "update crm.message set channel_id = $3, next_at = $4 where tenant_id = $1 and message_id = $2 and next_at is not null",
        message.Tenant, message.Id, channel, now.ToUniversalTime())], ct);

    /// <summary>It was tried.</summary>
    /// <param name="address">To be counted for, where it was taken; null where nothing is counted.</param>
    public Task Tried(DueMessage message, Posted posted, DateTimeOffset at, TimeSpan took, DateTimeOffset? next, DateTimeOffset now,
        CancellationToken ct, string? address = null)
    {
        var (number, state) = (message.Attempts + 1, posted.IsTaken ? MessageStates.Sent : next is null ? MessageStates.Failed
            : MessageStates.Waiting);
        return Do(
        [
            Settle(message, state, number, next, posted.Answer, now),
            .. posted.IsTaken && address is not null
                ? [Command("update crm.message set address = $3 where tenant_id = $1 and message_id = $2", message.Tenant, message.Id,
                    address)]
                : (IReadOnlyList<NpgsqlBatchCommand>)[],
            Command("""
                insert into crm.message_attempt (tenant_id, message_id, at, duration_ms, outcome, answer) values ($1, $2, $3, $4, $5, $6)
                """, message.Tenant, message.Id, at.ToUniversalTime(), (int)took.TotalMilliseconds,
                posted.IsTaken ? "taken" : posted.IsFinal ? "refused" : "failed",
                (object?)posted.Answer ?? DBNull.Value)
        ], ct);
    }

    /// <summary>Has one tried again that failed, or now what waits for another attempt.</summary>
    /// <returns>Whether there was one.</returns>
    public async Task<bool> TryAgain(string tenant, Guid message, CancellationToken ct)
    {
        await using var command = senders.CreateCommand($"""
            update crm.message set state = '{MessageStates.Waiting}', attempts = 0, next_at = crm.clock(), settled_at = null
            where tenant_id = $1 and message_id = $2
            and (state = '{MessageStates.Failed}' or state = '{MessageStates.Waiting}' and attempts > 0)
            """);
        command.Parameters.AddWithValue(tenant);
        command.Parameters.AddWithValue(message);
        return await command.ExecuteNonQueryAsync(ct) > 0;
    }

    /// <summary>Forgets what is over since long, and secrets of channels that never came to be.</summary>
    public static async Task Tidy(NpgsqlDataSource senders, DateTimeOffset before, CancellationToken ct)
    {
        await using var connection = await senders.OpenConnectionAsync(ct);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(Command("""
            with gone as (delete from crm.message where next_at is null and made_at < $1 returning tenant_id, message_id),
                 items as (delete from crm.message_item i using gone g where i.tenant_id = g.tenant_id and i.message_id = g.message_id)
            delete from crm.message_attempt a using gone g where a.tenant_id = g.tenant_id and a.message_id = g.message_id
            """, before.ToUniversalTime()));
        batch.BatchCommands.Add(Command("""
            delete from crm.channel_secret s where made_at < now() - interval '1 day'
              and not exists (select from public.mt_streams m where m.tenant_id = s.tenant_id and m.id = s.channel_id)
            """));
        await batch.ExecuteNonQueryAsync(ct);
    }

    // What is over stays over: whoever was held up in the middle and tells of it late does not have it sent again.
    private static NpgsqlBatchCommand Settle(
        DueMessage message, string state, int attempts, DateTimeOffset? next, string? answer, DateTimeOffset now) => Command("""
        update crm.message set state = $3, attempts = $4, next_at = $5, answer = $6,
        settled_at = case when $5::timestamptz is null then $7 end
        where tenant_id = $1 and message_id = $2 and (next_at is not null or $3 = 'sent')
        """, message.Tenant, message.Id, state, attempts,
        (object?)next?.ToUniversalTime() ?? DBNull.Value, (object?)answer ?? DBNull.Value, now.ToUniversalTime());

    private async Task Do(IReadOnlyList<NpgsqlBatchCommand> commands, CancellationToken ct)
    {
        await using var connection = await senders.OpenConnectionAsync(ct);
        await using var batch = new NpgsqlBatch(connection);
        foreach (var command in commands)
        {
            batch.BatchCommands.Add(command);
        }

        await batch.ExecuteNonQueryAsync(ct);
    }

    private static NpgsqlBatchCommand Command(string sql, params IReadOnlyList<object> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return command;
    }
}
