using System.Globalization;
using System.Text.Json;
using Crm.Api.Http;
using Crm.Api.Http.Shapes;
using Crm.Api.Lists;
using Crm.EventStore;
using Npgsql;

namespace Crm.Api.Webhooks;

/// <summary>What was sent to a webhook, and how it does.</summary>
public sealed class Deliveries(Store store, Cursors cursors)
{
    private const int MostCounted = 10_000;

    public async Task<DeliveryPage> Page(Caller by, Guid webhook, DeliveryQuestion question, CancellationToken ct)
    {
        var bound = JsonSerializer.Serialize((object?[])["deliveries", by.Tenant, webhook, question.Outcome, question.DeliveryId]);
        var before = question.Page.Cursor is { } cursor
            ? long.Parse(cursors.Read(cursor, bound, (code, message) => Fault.InQuery("cursor", code, message)).Keys[0]!, CultureInfo.InvariantCulture)
            : long.MaxValue;
        const string Sql = """
            select attempt_id, message, event_id, event_type, position, attempt, at, duration_ms, outcome, status, error, next_at from crm.webhook_attempt
            where tenant_id = $1 and webhook_id = $2 and attempt_id < $3 and (outcome = $4 or $4 = '') and (message = $5 or $5 = '')
            order by attempt_id desc limit $6
            """;
        var outcome = question.Outcome is { } asked ? ChoiceShape.Spell(asked.ToString()) : "";
        var found = await store.Reader.Read(by.Tenant, Sql, [by.Tenant, webhook, before, outcome, question.DeliveryId ?? "", question.Page.Limit + 1], async reader =>
        {
            var rows = new List<(long Id, DeliveryAnswer Answer)>();
            while (await reader.ReadAsync(ct))
            {
                rows.Add((reader.GetInt64(0), Read(reader)));
            }

            return rows;
        }, ct);
        var shown = found.Take(question.Page.Limit).ToList();
        var next = found.Count > shown.Count ? cursors.Write(new Cursor(0, [shown[^1].Id.ToString(CultureInfo.InvariantCulture)]), bound) : null;
        return new DeliveryPage([.. shown.Select(row => row.Answer)], next);
    }

    public async Task<WebhookHealthAnswer> Health(string tenant, Guid webhook, CancellationToken ct)
    {
        const string Sql = """
            select (select failing_since from crm.webhook where tenant_id = $1 and webhook_id = $2),
                   (select undelivered_from from crm.webhook where tenant_id = $1 and webhook_id = $2),
                   (select count(*) from (select from crm.webhook_outbox where tenant_id = $1 and webhook_id = $2 limit $3) o),
                   (select min(position) from crm.webhook_outbox where tenant_id = $1 and webhook_id = $2)
            """;
        return (await store.Reader.One(tenant, Sql, [tenant, webhook, MostCounted], row => new WebhookHealthAnswer(
            row.IsDBNull(0) ? null : row.GetFieldValue<DateTimeOffset>(0), row.GetInt64(2), Number(row, 3), Number(row, 1)), ct))!;
    }

    /// <summary>The event behind a delivery; null where there is none, as of a test.</summary>
    public Task<(Guid Event, long Position, string Type)?> EventOf(string tenant, Guid webhook, string message, CancellationToken ct) => store.Reader.One<(Guid, long, string)?>(
        tenant, "select event_id, position, event_type from crm.webhook_attempt where tenant_id = $1 and webhook_id = $2 and message = $3 and event_id is not null limit 1",
        [tenant, webhook, message], row => (row.GetGuid(0), row.GetInt64(1), row.GetString(2)), ct);

    private static DeliveryAnswer Read(NpgsqlDataReader row) => new(
        row.GetString(1), row.IsDBNull(2) ? null : row.GetGuid(2), row.GetString(3), Number(row, 4), row.GetInt32(5), row.GetFieldValue<DateTimeOffset>(6), row.GetInt32(7),
        row.GetString(8), row.IsDBNull(9) ? null : row.GetInt32(9), row.IsDBNull(10) ? null : row.GetString(10),
        row.IsDBNull(11) ? null : row.GetFieldValue<DateTimeOffset>(11));

    private static long? Number(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);
}
