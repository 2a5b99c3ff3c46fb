using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace Crm.Api.Http.Document;

/// <summary>Puts an example beside each body and each answer: the one that an area keeps under the name of its schema, or of the operation and its media type.</summary>
internal static class Examples
{
    private static readonly Dictionary<string, OpenApiMediaType> NoContent = [];

    public static void Write(OpenApiDocument document)
    {
        foreach (var operation in document.Paths.Values.SelectMany(path => path.Operations!.Values))
        {
            var answers = operation.Responses!.Values.OfType<OpenApiResponse>().SelectMany(response => response.Content ?? NoContent);
            // Files of one kind differ from operation to operation.
            foreach (var (type, media) in answers.Concat(operation.RequestBody?.Content ?? NoContent).Select(content => (content.Key, content.Value)))
            {
                media.Example ??= Of($"{operation.OperationId} {type}") ?? Of(media.Schema is OpenApiSchemaReference { Reference.Id: { } name } ? name : type);
            }
        }
    }

    private static JsonNode? Of(string name) => Said.All.Examples.GetValueOrDefault(name)?.DeepClone();
}
