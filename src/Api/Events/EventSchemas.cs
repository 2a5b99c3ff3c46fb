using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using Crm.Api.Access;
using Crm.Api.Http;
using Crm.Api.Http.Shapes;
using Crm.Api.Lists;
using Crm.Domain;
using Crm.Domain.Conditions;
using Crm.Domain.CustomFields;

namespace Crm.Api.Events;

/// <summary>
/// JSON Schemas (2020-12) of what events hold as they are sent, made of the very records that are stored. They are open: new members and new words
/// may come.
/// </summary>
public static class EventSchemas
{
    /// <summary>Of a member that holds one of a few words: those that there are so far.</summary>
    public const string WordsSoFar = "x-extensible-enum";

    /// <summary>Of a member that holds what is known of a person.</summary>
    public const string OfPerson = "x-personal";

    private static readonly JsonSerializerOptions Json = new(AnswerJson.Options) { TypeInfoResolver = new DefaultJsonTypeInfoResolver() };
    private static readonly JsonSchemaExporterOptions Spelling = new() { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Spell };

    /// <param name="version">One of those that the kind has had.</param>
    public static JsonObject Of(EventKind kind, int version)
    {
        var schema = Json.GetJsonSchemaAsNode(kind.Shapes[version], Spelling).AsObject();
        var members = new JsonObject();
        foreach (var property in Json.GetTypeInfo(kind.Shapes[version]).Properties.Where(property => !kind.Kept.Contains(property.Name)))
        {
            // Of what has a converter of ours and may be left out in making it, the exporter forgets what it was told.
            members[property.Name] = Spelt(property.PropertyType, property) ?? WithoutReferences(schema["properties"]![property.Name]!, schema);
        }

        foreach (var (name, member) in members)
        {
            // What is missing is not known; that is no default.
            member?.AsObject().Remove("default");
            if (member is JsonObject said && !said.ContainsKey(WordsSoFar) && kind.Meaning.Members.TryGetValue(name, out var meaning))
            {
                said["description"] = meaning;
            }
        }

        return new JsonObject
        {
            ["title"] = kind.Type,
            ["description"] = kind.Meaning.Text,
            ["type"] = "object",
            ["properties"] = members,
            ["required"] = new JsonArray([.. members.Select(member => member.Key).Where(name => IsAlwaysThere(kind, name)).Select(name => (JsonNode)name)])
        };
    }

    // The exporter says what it has said before by where that stands: a schema that others take a part of must not.
    private static JsonNode WithoutReferences(JsonNode part, JsonObject whole) => part switch
    {
        JsonObject said when said["$ref"]?.GetValue<string>() is { } place =>
            WithoutReferences(place.Split('/').Skip(1).Aggregate((JsonNode)whole, (here, name) => here[name]!), whole),
        JsonObject said => new JsonObject(said.Select(member => KeyValuePair.Create(member.Key, member.Value is { } value ? WithoutReferences(value, whole) : null))),
        JsonArray list => new JsonArray([.. list.Select(item => item is null ? null : WithoutReferences(item, whole))]),
        _ => part.DeepClone()
    };

    // What a reader may not see is left out of what he is sent, and whoever asks for nothing personal is sent nothing of the kind.
    private static bool IsAlwaysThere(EventKind kind, string member) => !kind.Personal.Contains(member) && !Hiding.Hides(HidesAllItCan, kind.Subject, member);

    private static Sight HidesAllItCan { get; } = new(Owners: null, HideableFields.All.ToHashSet());

    private static JsonNode Spell(JsonSchemaExporterContext context, JsonNode schema) =>
        Spelt(context.TypeInfo.Type, context.PropertyInfo)
        ?? WithItems(context.TypeInfo, context.PropertyInfo?.IsGetNullable == false ? NeverNull(schema) : schema);

    // What our own converters write, the exporter cannot know; null where it can.
    private static JsonObject? Spelt(Type type, JsonPropertyInfo? property)
    {
        var value = Nullable.GetUnderlyingType(type) ?? type;
        var isNull = value != type || property?.IsGetNullable == true;
        if (value == typeof(Personal))
        {
            var text = Typed("string", orNull: true);
            text[OfPerson] = true;
            return text;
        }

        if (value == typeof(Money))
        {
            var money = Typed("object", isNull);
            money["properties"] = new JsonObject { ["amount"] = Amount(), ["currency"] = Text("pattern", "^[A-Z]{3}$") };
            money["required"] = new JsonArray("amount", "currency");
            return money;
        }

        if (value == typeof(CustomValues))
        {
            var custom = Typed("object", isNull);
            custom["additionalProperties"] = Typed("string", orNull: false);
            return custom;
        }

        return value == typeof(UnreadCondition) ? Typed("object", isNull)
            : value == typeof(decimal) ? OrNull(Amount(), isNull)
            : value == typeof(DateTimeOffset) ? OrNull(Text("format", "date-time"), isNull)
            : value.IsEnum ? OrNull(Choice(value), isNull)
            : null;
    }

    // Of a list or a map of what our own converters write, the exporter says nothing of its items.
    private static JsonNode WithItems(JsonTypeInfo type, JsonNode schema)
    {
        var member = type.Kind == JsonTypeInfoKind.Dictionary ? "additionalProperties" : "items";
        if (schema is JsonObject list && type.ElementType is { } element && !list.ContainsKey(member) && Spelt(element, property: null) is { } item)
        {
            list[member] = item;
        }

        return schema;
    }

    // A member may be left out when an event is made, and yet always be there when it is told.
    private static JsonNode NeverNull(JsonNode schema)
    {
        if (schema is JsonObject said && said["type"] is JsonArray kinds)
        {
            said["type"] = kinds.Select(kind => kind!.GetValue<string>()).Single(kind => kind != "null");
        }

        return schema;
    }

    private static JsonObject Choice(Type type)
    {
        var words = Enum.GetNames(type).Select(ChoiceShape.Spell).ToList();
        var text = Text("description", $"Open: new words may come. So far: {string.Join(", ", words.Select(word => $"`{word}`"))}.");
        text[WordsSoFar] = new JsonArray([.. words.Select(word => (JsonNode)word)]);
        return text;
    }

    private static JsonObject Amount() => Text("pattern", @"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$");

    private static JsonObject Text(string keyword, string says)
    {
        var text = Typed("string", orNull: false);
        text[keyword] = says;
        return text;
    }

    private static JsonObject OrNull(JsonObject schema, bool isNull)
    {
        if (isNull)
        {
            schema["type"] = Kinds(schema["type"]!.GetValue<string>(), orNull: true);
        }

        return schema;
    }

    private static JsonObject Typed(string kind, bool orNull) => new() { ["type"] = Kinds(kind, orNull) };

    private static JsonNode Kinds(string kind, bool orNull) => orNull ? new JsonArray(kind, "null") : kind;
}
