using Crm.Domain.Webhooks;
using Crm.EventModel;
using Npgsql;

namespace Crm.Api.Webhooks.Sending;

/// <summary>What a change of a webhook makes of what it was to be sent.</summary>
internal static class Changes
{
    private const string Mine = "where tenant_id = $1 and webhook_id = $2";

    public static IEnumerable<NpgsqlBatchCommand> Of(Recorded e, IWebhookEvent fact, Receiver known)
    {
        return fact switch
        {
            WebhookRegistered => [Say("insert into crm.webhook (tenant_id, webhook_id) values ($1, $2) on conflict do nothing")],
            // One that was made just now may be that of a rotation that is still under way.
            WebhookSecretRotated rotated =>
            [
                Say($"delete from crm.webhook_secret {Mine} and secret_id <> all($3) and made_at < now() - interval '1 hour'",
                    known.State.Secret is { } old ? new[] { rotated.Secret, old } : new[] { rotated.Secret })
            ],
            WebhookDisabled =>
            [
                Say($"""
                    update crm.webhook set failing_since = null,
                           undelivered_from = least(undelivered_from, (select min(position) from crm.webhook_outbox {Mine}), $3) {Mine}
                    """, e.Position),
                Say($"delete from crm.webhook_outbox {Mine}"),
                Say($"delete from crm.webhook_replay {Mine}")
            ],
            WebhookReplayAsked replay =>
            [
                Say("""
                    insert into crm.webhook_replay (tenant_id, webhook_id, replay_id, after, up_to, event_id) values ($1, $2, $3, $4, $5, $6) on conflict do nothing
                    """, replay.Replay, replay.After, replay.UpTo, (object?)replay.Event ?? DBNull.Value),
                Say($"update crm.webhook set undelivered_from = null {Mine} and undelivered_from > $3 and undelivered_from <= $4", replay.After, replay.UpTo)
            ],
            WebhookRemoved => ((string[])["webhook", "webhook_outbox", "webhook_replay", "webhook_secret"]).Select(table => Say($"delete from crm.{table} {Mine}")),
            _ => []
        };

        NpgsqlBatchCommand Say(string sql, params object[] more) => Outbox.Command(sql, [e.Tenant, e.StreamId, .. more]);
    }
}
