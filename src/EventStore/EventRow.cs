using System.Text;
using Crm.EventModel;
using Npgsql;

namespace Crm.EventStore;

/// <summary>A row of mt_events as an event.</summary>
internal static class EventRow
{
    private const string Bare = "e.seq_id, e.id, e.stream_id, e.version, e.data, e.type, e.timestamp, e.tenant_id";

    private static readonly Metadata None = new();

    /// <summary>The columns of <c>mt_events e</c> from which an event is read.</summary>
    public const string Columns = $"{Bare}, e.headers, e.user_name, e.correlation_id, e.causation_id";

    /// <summary>The same without who said so and from where.</summary>
    public const string ColumnsWithoutMetadata =
        $"{Bare}, case when jsonb_typeof(e.headers -> 'occurredAt') = 'string' then e.headers ->> 'occurredAt' end";

    public static string ColumnsFor(ReadModel model) => model.ReadsMetadata ? Columns : ColumnsWithoutMetadata;

    /// <param name="lenient">What cannot be read is taken for an event of a kind that nobody knows, rather than failing.</param>
    public static Recorded Read(NpgsqlDataReader row, EventTypes types, bool lenient = false)
    {
        var isWhole = row.FieldCount > 9;
        var headers = isWhole && !row.IsDBNull(8) ? EventHeaders.Read(row.GetFieldValue<byte[]>(8)) : null;
        var occurredAt = isWhole ? headers?.OccurredAt : row.IsDBNull(8) ? null : EventHeaders.Time(row.GetString(8));
        var recordedAt = row.GetFieldValue<DateTimeOffset>(6);
        var alias = row.GetString(5);
        return new Recorded(
            Tenant: row.GetString(7),
            StreamId: row.GetGuid(2),
            Version: row.GetInt64(3),
            Position: row.GetInt64(0),
            EventId: row.GetGuid(1),
            TypeName: alias,
            Data: Data(types, alias, row.GetFieldValue<byte[]>(4), lenient),
            RecordedAt: recordedAt,
            OccurredAt: occurredAt ?? recordedAt,
            Metadata: !isWhole ? None : new Metadata(
                Actor: Text(row, 9), CorrelationId: Text(row, 10), CausationId: Text(row, 11), RequestId: headers?.Request,
                Source: headers?.Source, PlaybookVersion: headers?.Playbook, Undated: headers?.Undated ?? false));
    }

    private static object Data(EventTypes types, string alias, byte[] json, bool lenient)
    {
        try
        {
            return types.Read(alias, json);
        }
        catch (Exception) when (lenient)
        {
            return new UnknownEvent(alias, Encoding.UTF8.GetString(json));
        }
    }

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
