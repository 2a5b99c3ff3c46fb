using Crm.Api.Outside;
using Npgsql;

namespace Crm.Api.Webhooks.Sending;

/// <summary>One attempt to deliver something, as it is noted.</summary>
/// <param name="Message">What the receiver knows it by.</param>
/// <param name="Outcome">A word of <see cref="Outcomes"/>.</param>
internal sealed record Attempt(
    string Tenant, Guid Webhook, string Message, Guid? Event, string Type, long? Position, int Number, DateTimeOffset At, Reply Reply, string Outcome, DateTimeOffset? Next);

/// <summary>What came of an attempt.</summary>
internal static class Outcomes
{
    public const string Delivered = "delivered";

    /// <summary>It will be tried again.</summary>
    public const string Failed = "failed";

    /// <summary>It was tried often enough.</summary>
    public const string GivenUp = "given-up";

    /// <summary>The receiver says that it is gone.</summary>
    public const string Gone = "gone";
}

/// <summary>The log of attempts.</summary>
internal static class Attempts
{
    /// <summary>How long they are kept.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    public static void Note(NpgsqlBatch batch, IReadOnlyList<Attempt> all)
    {
        if (all.Count > 0)
        {
            Outbox.Add(batch, """
                insert into crm.webhook_attempt (tenant_id, webhook_id, message, event_id, event_type, position, attempt, at, duration_ms, outcome, status, error, next_at)
                select * from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
                """,
                all.Select(a => a.Tenant).ToArray(), all.Select(a => a.Webhook).ToArray(), all.Select(a => a.Message).ToArray(), all.Select(a => a.Event).ToArray(),
                all.Select(a => a.Type).ToArray(), all.Select(a => a.Position).ToArray(), all.Select(a => a.Number).ToArray(), all.Select(a => a.At).ToArray(),
                all.Select(a => (int)a.Reply.Took.TotalMilliseconds).ToArray(), all.Select(a => a.Outcome).ToArray(), all.Select(a => a.Reply.Status).ToArray(),
                all.Select(a => a.Reply.Error).ToArray(), all.Select(a => a.Next).ToArray());
        }
    }

    /// <summary>The same by itself.</summary>
    public static async Task Note(NpgsqlDataSource senders, Attempt attempt, CancellationToken ct)
    {
        await using var connection = await senders.OpenConnectionAsync(ct);
        await using var batch = new NpgsqlBatch(connection);
        Note(batch, [attempt]);
        await batch.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Forgets attempts that are older than they are kept, and secrets that nothing came of.</summary>
    public static async Task Tidy(NpgsqlDataSource senders, DateTimeOffset now, CancellationToken ct)
    {
        await using var command = senders.CreateCommand("delete from crm.webhook_attempt where at < $1");
        command.Parameters.AddWithValue((now - Kept).ToUniversalTime());
        await command.ExecuteNonQueryAsync(ct);
        await using var orphans = senders.CreateCommand("""
            delete from crm.webhook_secret s where made_at < $1
              and not exists (select from public.mt_streams m where m.tenant_id = s.tenant_id and m.id = s.webhook_id)
            """);
        orphans.Parameters.AddWithValue((now - TimeSpan.FromDays(1)).ToUniversalTime());
        await orphans.ExecuteNonQueryAsync(ct);
    }
}
