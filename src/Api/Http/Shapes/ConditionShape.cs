using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Domain.Conditions;
using Microsoft.OpenApi;

namespace Crm.Api.Http.Shapes;

internal sealed class ConditionShape : Shape
{
    private const string Name = "ConditionRequest";

    // The document of a body is gone before anyone looks into the condition.
    public override object? Read(JsonElement json, Place at) => new UnreadCondition(json.Clone());

    public override IOpenApiSchema Describe(OpenApiDocument document)
    {
        document.Components ??= new OpenApiComponents();
        document.Components.Schemas ??= new Dictionary<string, IOpenApiSchema>();
        document.Components.Schemas.TryAdd(Name, Inline(document));
        return new OpenApiSchemaReference(Name, document);
    }

    public override OpenApiSchema Inline(OpenApiDocument document) => new()
    {
        Description = "A group (all, any, not) or a comparison (field, operator, value). See docs/api/lists.md.",
        Type = JsonSchemaType.Object,
        AdditionalPropertiesAllowed = false,
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["all"] = Group(),
            ["any"] = Group(),
            ["not"] = Inner(),
            ["field"] = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = 60 },
            ["operator"] = new OpenApiSchema { Type = JsonSchemaType.String, Enum = [.. Spelling.All.Select(word => (JsonNode)word)] },
            ["value"] = new OpenApiSchema { Description = "Text, a number, true or false, as the field is; a list of them for in." }
        }
    };

    private static OpenApiSchema Group() => new()
    {
        Type = JsonSchemaType.Array,
        MaxItems = ConditionReading.MostConditions,
        Items = Inner()
    };

    // Not a reference: tools that write a schema out would go round in it.
    private static OpenApiSchema Inner() => new() { Type = JsonSchemaType.Object, Description = "A condition, as this one." };
}
