using System.Text.Json.Nodes;
using Crm.Api.Http.Shapes;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace Crm.Api.Http.Document;

/// <summary>What a request says: its body, its query and its headers.</summary>
internal static class Parameters
{
    private const string Export = "export";

    public const string Token = "^[0-9a-f]{1,16}-(0|[1-9][0-9]{0,18})$";

    public static OpenApiParameter Version => Header(
        CrmVersion.HeaderName, "The version of the API that the caller was written against; left out, the oldest that is served.", 10, CrmVersion.Form);

    public static OpenApiRequestBody Body(TakesBody body, OpenApiDocument document)
    {
        var content = new OpenApiMediaType { Schema = Shape.OfRecord(body.Type).Describe(document) };
        var request = new OpenApiRequestBody
        {
            Required = true,
            Content = new Dictionary<string, OpenApiMediaType> { ["application/json"] = content }
        };
        if (body.AlsoAs is { } other)
        {
            request.Content[other] = new OpenApiMediaType { Schema = content.Schema };
        }

        return request;
    }

    public static OpenApiParameter OfQuery(Member member, OpenApiDocument document) => new()
    {
        Name = member.Name,
        In = ParameterLocation.Query,
        Description = member.Said,
        Required = member.Required,
        Schema = member.DescribeGiven(document)
    };

    public static IEnumerable<OpenApiParameter> Headers(bool reads) => reads
        ? [Header(Http.Headers.MinPositionName, "Waits until the answer holds everything up to this position.", 40, Token)]
        :
        [
            Header(Http.Headers.IdempotencyKeyName, "Makes a repeated request do its work once.", 255, "^[!-~]{1,255}$"),
            Header(HeaderNames.IfMatch, "The ETag of the version that the request is meant for.", 1000, "^(\\*|\"[!#-~]*\"(, *\"[!#-~]*\")*)$")
        ];

    /// <summary>Adds what people say of a parameter of this name, in this operation or anywhere.</summary>
    public static void Explain(OpenApiParameter parameter, string? operation)
    {
        if (parameter.In == ParameterLocation.Path && parameter.Schema is OpenApiSchema { Type: JsonSchemaType.String } text)
        {
            text.MaxLength ??= text.Format == "uuid" ? 36 : 200;
        }

        var said = Places(operation, parameter.Name!).Select(place => Said.All.Parameters.GetValueOrDefault(place)).OfType<JsonNode>().ToList();
        parameter.Description ??= (string?)said.Select(node => node["description"]).FirstOrDefault(text => text is not null);
        parameter.Example ??= said.Select(node => node["example"]).FirstOrDefault(example => example is not null)?.DeepClone();
    }

    // A list is asked for as a file by the same words as for its pages.
    private static IEnumerable<string> Places(string? operation, string name) =>
        operation?.StartsWith(Export, StringComparison.Ordinal) == true
            ? [$"{operation}.{name}", $"list{operation[Export.Length..]}.{name}", name]
            : [$"{operation}.{name}", name];

    public static OpenApiParameter Header(string name, string description, int longest, string pattern) => new()
    {
        Name = name,
        In = ParameterLocation.Header,
        Description = description,
        Schema = new OpenApiSchema
        {
            Type = JsonSchemaType.String,
            MaxLength = longest,
            Pattern = pattern
        }
    };
}
