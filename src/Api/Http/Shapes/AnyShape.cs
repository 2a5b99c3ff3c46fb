using System.Text.Json;
using Microsoft.OpenApi;

namespace Crm.Api.Http.Shapes;

/// <summary>JSON that somebody else reads.</summary>
public sealed record AnyJson(JsonElement Json);

internal sealed class AnyShape : Shape
{
    // The document of a body is gone before anyone looks into it.
    public override object? Read(JsonElement json, Place at) => new AnyJson(json.Clone());

    public override OpenApiSchema Inline(OpenApiDocument document) => new() { Type = JsonSchemaType.Object };
}
