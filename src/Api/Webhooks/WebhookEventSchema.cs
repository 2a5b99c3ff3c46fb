using System.Text.Json.Nodes;
using Crm.Api.Http.Document;

namespace Crm.Api.Webhooks;

/// <summary>What stands around what an event tells, as JSON Schema: the attributes of a CloudEvent.</summary>
internal static class WebhookEventSchema
{
    public static JsonObject Make()
    {
        var schema = new JsonObject
        {
            ["type"] = "object",
            ["description"] = "A CloudEvent in structured JSON.",
            ["properties"] = new JsonObject
            {
                ["specversion"] = Text("`1.0`."),
                ["id"] = Text("Of the event: one, to whomever and however often it is sent.", format: "uuid"),
                ["source"] = Text("Whose events these are."),
                ["type"] = Text("What happened: `lead_captured`."),
                ["subject"] = Text("The kind of record and its id."),
                ["time"] = Text("When it happened in the business.", format: "date-time"),
                ["recordedtime"] = Text("When the store took it.", format: "date-time"),
                ["partitionkey"] = Text("The record's id; events with the same come in their order.", format: "uuid"),
                ["streamversion"] = Of("integer", "Of the record after it."),
                ["sequence"] = Text("Its place in the one order of the store, as text of equal length."),
                ["token"] = Text("What to send to the feed as `after` to go on behind it."),
                ["datacontenttype"] = Text("`application/json`."),
                ["dataschema"] = Text("Where the schema of `data` is."),
                ["schemaversion"] = Of("integer", "Of the shape of `data`."),
                ["actor"] = Text("Who said so, an id."),
                ["via"] = Text("Which way in: `api`, `import` …"),
                ["requestid"] = Text("Of the request that led to it."),
                ["correlationid"] = Text("What belongs together has the same."),
                ["causationid"] = Text("What led to it."),
                ["undated"] = Of("boolean", "The source gave no time; it counts as having happened when it was recorded."),
                ["corrects"] = Text("The earlier event of the same record that this one puts right.", format: "uuid"),
                ["data"] = Of("object", "The fact, in clear text. Members that the webhook is not told are left out.")
            },
            ["required"] = new JsonArray("specversion", "id", "source", "type", "subject", "time", "partitionkey", "streamversion")
        };
        Limit(schema);
        return schema;
    }

    /// <summary>Says of whole numbers that every reader of JSON keeps them exact.</summary>
    public static void Limit(JsonNode? schema)
    {
        if (schema is not JsonObject members)
        {
            return;
        }

        foreach (var member in members.Select(m => m.Value).ToList())
        {
            Limit(member);
        }

        if (members["type"] is { } type && (type is JsonArray kinds ? kinds.Any(IsInteger) : IsInteger(type)))
        {
            (members["format"], members["minimum"], members["maximum"]) = ("int64", 0, Answers.Greatest);
        }

        static bool IsInteger(JsonNode? kind) => kind is JsonValue value && value.TryGetValue<string>(out var name) && name == "integer";
    }

    private static JsonObject Text(string description, string? format = null)
    {
        var text = Of("string", description);
        if (format is not null)
        {
            text["format"] = format;
        }

        return text;
    }

    private static JsonObject Of(string type, string description) => new() { ["type"] = type, ["description"] = description };
}
