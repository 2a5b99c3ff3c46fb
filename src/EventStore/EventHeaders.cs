using System.Globalization;
using System.Text.Json;
using Crm.EventModel;

namespace Crm.EventStore;

/// <summary>What Marten's columns have no place for, as the event's headers.</summary>
internal sealed record EventHeaders(
    DateTimeOffset? OccurredAt, string? Source, string? Request, long? Playbook, bool? Undated)
{
    public static EventHeaders Of(NewEvent e) =>
        new(e.OccurredAt, e.Metadata.Source, e.Metadata.RequestId, e.Metadata.PlaybookVersion, e.Metadata.Undated ? true : null);

    /// <summary>
    /// The headers of a stored event. Another writer's may use our names for things of its own: what is not of the kind that we write
    /// is passed over, so that a header never keeps an event from being read.
    /// </summary>
    // By hand, since every event that is read passes here.
    public static EventHeaders? Read(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return null;
        }

        var (occurredAt, source, request, playbook, undated) = ((DateTimeOffset?)null, (string?)null, (string?)null, (long?)null, (bool?)null);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("occurredAt"u8))
            {
                occurredAt = Text(ref reader) is { } time ? Time(time) : null;
            }
            else if (reader.ValueTextEquals("source"u8))
            {
                source = Text(ref reader);
            }
            else if (reader.ValueTextEquals("request"u8))
            {
                request = Text(ref reader);
            }
            else if (reader.ValueTextEquals("playbook"u8))
            {
                playbook = reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number) ? number : null;
            }
            else if (reader.ValueTextEquals("undated"u8))
            {
                undated = reader.Read() && reader.TokenType is JsonTokenType.True or JsonTokenType.False ? reader.GetBoolean() : null;
            }

            reader.Skip();
        }

        return new EventHeaders(occurredAt, source, request, playbook, undated);
    }

    private static string? Text(ref Utf8JsonReader reader) => reader.Read() && reader.TokenType == JsonTokenType.String ? reader.GetString() : null;

    /// <summary>A time as we write it, or as another writer has spelt it in his own way; without an offset it is UTC. Null where it is none.</summary>
    public static DateTimeOffset? Time(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null;
}
