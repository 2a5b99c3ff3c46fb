using System.Text.Json;
using Microsoft.OpenApi;

namespace Crm.Api.Http.Shapes;

/// <summary>An item of a list that may be wrong without making the whole request wrong: what was read, or what is wrong with it.</summary>
/// <param name="Value">Null where anything is wrong.</param>
/// <param name="Said">As it was sent.</param>
public sealed record Tried<T>(T? Value, IReadOnlyList<Fault> Faults, AnyJson Said) where T : class;

/// <summary>Notes what is wrong with an item beside the item, and not with the request.</summary>
internal sealed class TriedShape(Type type) : Shape
{
    private readonly RecordShape record = OfRecord(type.GenericTypeArguments[0]);

    public override object? Read(JsonElement json, Place at)
    {
        var findings = new Findings();
        var value = record.Read(json, at.Into(findings));
        return Activator.CreateInstance(type, findings.Count == 0 ? value : null, findings.All, new AnyJson(json.Clone()));
    }

    public override IOpenApiSchema Describe(OpenApiDocument document) => record.Describe(document);

    public override OpenApiSchema Inline(OpenApiDocument document) => record.Inline(document);
}
