using System.Globalization;
using Crm.Api.Http.Document;
using Microsoft.OpenApi;

namespace Crm.Api.Http;

/// <summary>A problem as it is sent.</summary>
internal sealed record ProblemDocument(
    string Type, string Title, int Status, string Detail, string Instance, string Code, string RequestId, bool Retryable,
    long? CurrentVersion, IReadOnlyList<Fault> Errors)
{
    public static ProblemDocument Of(Problem problem, string path, string requestId) =>
        new($"/problems/{problem.Code}", problem.Title, problem.Status, problem.Message, path, problem.Code, requestId, problem.Retryable,
            problem.CurrentVersion, problem.Errors);

    /// <summary>One component, reused by every failure of every operation.</summary>
    public static IOpenApiSchema Describe(OpenApiDocument document)
    {
        document.Components ??= new OpenApiComponents();
        document.Components.Schemas ??= new Dictionary<string, IOpenApiSchema>();
        document.Components.Schemas.TryAdd(nameof(Problem), Schema);
        return new OpenApiSchemaReference(nameof(Problem), document);
    }

    // Open to further members, as RFC 9457 asks of its readers.
    private static OpenApiSchema Schema => Object(
        required: ["type", "title", "status", "detail", "instance", "code", "requestId", "retryable", "errors"],
        ("type", Text("uri-reference")), ("title", Text()), ("status", Number("int32", 400, 599)), ("detail", Text()),
        ("instance", Text("uri-reference")), ("code", Text()), ("requestId", Text()),
        ("retryable", Truth), ("currentVersion", Number("int64", 0, Answers.Greatest)),
        ("errors", new OpenApiSchema { Type = JsonSchemaType.Array, Items = Error }));

    private static OpenApiSchema Error => Object(
        required: ["code", "message"],
        ("pointer", Text("json-pointer")), ("parameter", Text()), ("header", Text()), ("code", Text()), ("message", Text()),
        ("need", Need));

    // As the gates of an opportunity tell it; what does not apply is left out.
    private static OpenApiSchema Need => Object(
        required: ["stage", "gate", "key", "what", "inStage", "wanted", "there"],
        ("stage", Text()), ("gate", Text()), ("key", Text()), ("what", Text()), ("label", Text()), ("field", Text()), ("kind", Text()),
        ("direction", Text()), ("outcome", Text()), ("near", Truth), ("flow", Text()),
        ("condition", new OpenApiSchema { Type = JsonSchemaType.Object }), ("inStage", Truth), ("orFlow", Text()),
        ("wanted", Number("int32", 1, int.MaxValue)), ("there", Number("int32", 0, int.MaxValue)));

    private static OpenApiSchema Truth => new() { Type = JsonSchemaType.Boolean };

    private static OpenApiSchema Object(string[] required, params (string Name, OpenApiSchema Schema)[] members) => new()
    {
        Type = JsonSchemaType.Object,
        Required = required.ToHashSet(),
        Properties = members.ToDictionary(m => m.Name, IOpenApiSchema (m) => m.Schema)
    };

    private static OpenApiSchema Number(string format, long least, long greatest) => new()
    {
        Type = JsonSchemaType.Integer,
        Format = format,
        Minimum = least.ToString(CultureInfo.InvariantCulture),
        Maximum = greatest.ToString(CultureInfo.InvariantCulture)
    };

    private static OpenApiSchema Text(string? format = null) => new() { Type = JsonSchemaType.String, Format = format };
}
