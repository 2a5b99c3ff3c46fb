using System.Text.Json.Nodes;
using Crm.Api.Http.Shapes;
using Crm.Domain.Playbooks;
using Microsoft.OpenApi;

namespace Crm.Api.Playbooks;

/// <summary>The JSON Schema (2020-12) of a playbook's document, made of the very shape that reads it.</summary>
public static class PlaybookSchema
{
    private const string Components = "#/components/schemas/";

    public static JsonObject Json { get; } = Make();

    private static JsonObject Make()
    {
        var document = new OpenApiDocument();
        Shape.OfRecord(typeof(PlaybookDocument)).Describe(document);
        var definitions = new JsonObject([.. document.Components!.Schemas!
            .OrderBy(part => part.Key, StringComparer.Ordinal).Select(part => KeyValuePair.Create(NameOf(part.Key), Written(part.Value)))]);
        var root = (JsonObject)definitions["PlaybookDocument"]!.DeepClone();
        definitions.Remove("PlaybookDocument");
        root.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        root.Insert(1, "title", "Playbook");
        root["$defs"] = definitions;
        return root;
    }

    private static JsonNode? Written(IOpenApiSchema schema)
    {
        using var text = new StringWriter();
        schema.SerializeAsV31(new OpenApiJsonWriter(text));
        return Local(JsonNode.Parse(text.ToString()));
    }

    private static JsonNode? Local(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject part:
                foreach (var (name, value) in part.ToList())
                {
                    part[name] = name == "$ref" && value?.GetValue<string>() is { } place && place.StartsWith(Components, StringComparison.Ordinal)
                        ? $"#/$defs/{NameOf(place[Components.Length..])}" : Local(value?.DeepClone());
                }

                return part;
            case JsonArray list:
                return new JsonArray([.. list.Select(item => Local(item?.DeepClone()))]);
            default:
                return node;
        }
    }

    // Here is nothing but the request.
    private static string NameOf(string component) => component.EndsWith("Request", StringComparison.Ordinal) ? component[..^"Request".Length] : component;
}
