using System.Globalization;
using System.Text.Json;
using Crm.Api.Access;
using Crm.Api.Http;
using Crm.Api.Http.Shapes;
using Crm.Api.Lists;
using Crm.Api.Notifications.Sending;
using Crm.Domain;
using Crm.Domain.Access;
using Crm.EventStore;
using Npgsql;

namespace Crm.Api.Notifications;

/// <summary>What went out by channels, and what is to.</summary>
public sealed class MessageLog(Store store, Cursors cursors)
{
    private const string Columns = "message_id, channel_id, kind, recipient, made_at, due_at, state, attempts, next_at, settled_at, answer";

    // Members are called whatever they are called.
    private const string Record = $"(case when kind in ('{MessageKinds.Nurture}', '{MessageKinds.Entry}') then recipient::uuid end)";

    /// <summary>The newest first.</summary>
    public async Task<MessagePage> Page(Caller by, MessageQuestion question, CancellationToken ct)
    {
        var state = question.State is { } asked ? ChoiceShape.Spell(asked.ToString()) : "";
        var bound = JsonSerializer.Serialize((object?[])["messages", by.Tenant, state, question.Channel, question.Kind,
            question.Recipient]);
        var (before, id) = (DateTimeOffset.MaxValue, Guid.AllBitsSet);
        if (question.Page.Cursor is { } cursor)
        {
            var keys = cursors.Read(cursor, bound, (code, message) => Fault.InQuery("cursor", code, message)).Keys;
            (before, id) = (DateTimeOffset.Parse(keys[0]!, CultureInfo.InvariantCulture), Guid.Parse(keys[1]!));
        }

        List<object> with = [by.Tenant, before.ToUniversalTime(), id, state, (object?)question.Channel ?? DBNull.Value, question.Kind ?? "",
            question.Recipient ?? "", question.Page.Limit + 1];
        var found = await store.Reader.Read(by.Tenant, $"""
            select {Columns} from crm.message
            where tenant_id = $1 and (made_at, message_id) < ($2, $3) and (state = $4 or $4 = '')
            and (channel_id = $5 or $5 is null) and (kind = $6 or $6 = '')
            and (recipient = $7 or $7 = '') and {Seen(by, with)}
            order by made_at desc, message_id desc limit $8
            """, with, rows => All(rows, Read, ct), ct);
        var shown = found.Take(question.Page.Limit).ToList();
        var next = found.Count > shown.Count
            ? cursors.Write(new Cursor(0, [shown[^1].MadeAt.ToString("O", CultureInfo.InvariantCulture), shown[^1].Id.ToString()]), bound)
            : null;
        return new MessagePage(shown, next);
    }

    /// <exception cref="Rejection">There is no such message.</exception>
    public async Task<MessageDetailAnswer> One(Caller by, Guid id, CancellationToken ct)
    {
        var tenant = by.Tenant;
        List<object> with = [tenant, id];
        var message = await store.Reader.One(
            tenant, $"select {Columns} from crm.message where tenant_id = $1 and message_id = $2 and {Seen(by, with)}", with, Read, ct)
            ?? throw Unknown();
        var tries = await store.Reader.Read(
            tenant,
            "select at, duration_ms, outcome, answer from crm.message_attempt where tenant_id = $1 and message_id = $2 order by attempt_id",
            [tenant, id],
            rows => All(rows, row => new MessageTry(row.GetFieldValue<DateTimeOffset>(0), row.GetInt32(1), row.GetString(2),
                row.IsDBNull(3) ? null : row.GetString(3)), ct), ct);
        var tells = await store.Reader.Read(
            tenant, "select position from crm.message_item where tenant_id = $1 and message_id = $2 order by position", [tenant, id],
            rows => All(rows, row => row.GetInt64(0), ct), ct);
        return new MessageDetailAnswer(message, tries, tells);
    }

    public static Rejection Unknown() =>
        Rejection.Unknown("message.unknown", "There is no such message, or it is longer ago than half a year.");

    // A mail about a record that is out of sight is, too.
    private static string Seen(Caller by, List<object> with)
    {
        return $"{Of(MessageKinds.Nurture, Functions.LeadsRead)} and {Of(MessageKinds.Entry, Functions.OpportunitiesRead)}";

        string Of(string kind, string function) => !by.Rights.Functions.Contains(function) ? $"kind <> '{kind}'"
            : by.Sight.Owners is { } owners ? $"(kind <> '{kind}' or {SubjectSight.IsOwn(owners, Record, Parameter)})" : "true";

        string Parameter(object value)
        {
            with.Add(value);
            return $"${with.Count}";
        }
    }

    private static async Task<IReadOnlyList<T>> All<T>(NpgsqlDataReader rows, Func<NpgsqlDataReader, T> read, CancellationToken ct)
    {
        var all = new List<T>();
        while (await rows.ReadAsync(ct))
        {
            all.Add(read(rows));
        }

        return all;
    }

    private static MessageAnswer Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetGuid(1), row.GetString(2), row.GetString(3), row.GetFieldValue<DateTimeOffset>(4),
        row.GetFieldValue<DateTimeOffset>(5), row.GetString(6), row.GetInt32(7),
        row.IsDBNull(8) ? null : row.GetFieldValue<DateTimeOffset>(8), row.IsDBNull(9) ? null : row.GetFieldValue<DateTimeOffset>(9),
        row.IsDBNull(10) ? null : row.GetString(10));
}
