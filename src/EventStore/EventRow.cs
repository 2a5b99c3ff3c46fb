using System.Text;
using Crm.EventModel;
using Npgsql;

namespace Crm.EventStore;

/// <summary>A row of mt_events as an event.</summary>
internal static class EventRow
{
    public const string Columns =
        "seq_id, id, stream_id, version, data, type, timestamp, tenant_id, correlation_id, causation_id, headers, user_name";

    /// <summary>The same of a table that has a short name.</summary>
    public static string ColumnsOf(string table) => string.Join(", ", Columns.Split(", ").Select(column => $"{table}.{column}"));

    /// <param name="lenient">What cannot be read is taken for an event of a kind that nobody knows, rather than failing.</param>
    public static Recorded Read(NpgsqlDataReader row, EventTypes types, bool lenient = false)
    {
        var recordedAt = row.GetFieldValue<DateTimeOffset>(6);
        var headers = row.IsDBNull(10) ? null : EventHeaders.Read(row.GetFieldValue<byte[]>(10));
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
            OccurredAt: headers?.OccurredAt ?? recordedAt,
            Metadata: new Metadata(
                Actor: Text(row, 11), CorrelationId: Text(row, 8), CausationId: Text(row, 9), RequestId: headers?.Request,
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
