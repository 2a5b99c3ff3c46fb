using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
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
    public static EventHeaders? Read(byte[] json)
    {
        try
        {
            return JsonSerializer.Deserialize<EventHeaders>(json, EventTypes.Json);
        }
        catch (JsonException)
        {
            return JsonNode.Parse(json) is JsonObject theirs
                ? new EventHeaders(
                    DateTimeOffset.TryParse(Text(theirs["occurredAt"]), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null,
                    Text(theirs["source"]),
                    Text(theirs["request"]),
                    theirs["playbook"] is JsonValue playbook && playbook.TryGetValue<long>(out var number) ? number : null,
                    theirs["undated"] is JsonValue undated && undated.TryGetValue<bool>(out var yes) ? yes : null)
                : null;
        }
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
