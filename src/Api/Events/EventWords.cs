using Crm.Api.Http;
using Crm.Api.Http.Document;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace Crm.Api.Events;

/// <summary>What the document says of endpoints that answer with events.</summary>
internal static class EventWords
{
    public const string SchemaMediaType = "application/schema+json";

    public static RouteHandlerBuilder GoesOn(this RouteHandlerBuilder endpoint) => endpoint.WithMetadata(new HasNext());

    /// <summary>The same as CloudEvents: one, or a batch.</summary>
    public static RouteHandlerBuilder AlsoAs(this RouteHandlerBuilder endpoint, string mediaType) => endpoint.WithMetadata(new AlsoSpelt(mediaType));

    public static RouteHandlerBuilder Streams(this RouteHandlerBuilder endpoint) =>
        endpoint.Produces<string>(StatusCodes.Status200OK, EventStream.MediaType).WithMetadata(new TakesLastEventId());

    public static RouteHandlerBuilder IsSchema(this RouteHandlerBuilder endpoint) => endpoint.WithMetadata(new AlsoSpelt(SchemaMediaType));

    public static async Task Describe(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken ct)
    {
        var (metadata, document) = (context.Description.ActionDescriptor.EndpointMetadata, context.Document!);
        if (operation.Responses?.GetValueOrDefault("200") is not OpenApiResponse success)
        {
            return;
        }

        if (metadata.OfType<HasNext>().Any())
        {
            success.Headers![HeaderNames.Link] = AnswerHeaders.Refer(document, "FeedLink");
        }

        if (metadata.OfType<TakesLastEventId>().Any())
        {
            var last = Parameters.Header(EventEndpoints.LastEventId, "The `id` of the last block that was read; it counts for more than `after`.", 40, Parameters.Token);
            Parameters.Explain(last, operation.OperationId);
            operation.Parameters!.Add(last);
        }

        if (metadata.OfType<AlsoSpelt>().LastOrDefault() is { MediaType: var mediaType })
        {
            success.Content ??= new Dictionary<string, OpenApiMediaType>();
            success.Content[mediaType] = new OpenApiMediaType { Schema = await Schema(mediaType, context, document, ct) };
        }
    }

    private static async Task<IOpenApiSchema> Schema(string mediaType, OpenApiOperationTransformerContext context, OpenApiDocument document, CancellationToken ct)
    {
        if (mediaType == SchemaMediaType)
        {
            return new OpenApiSchema { Type = JsonSchemaType.Object };
        }

        if (document.Components?.Schemas?.ContainsKey(nameof(CloudEvent)) != true)
        {
            document.AddComponent(nameof(CloudEvent), await context.GetOrCreateSchemaAsync(typeof(CloudEvent), cancellationToken: ct));
        }

        var one = new OpenApiSchemaReference(nameof(CloudEvent), document);
        return mediaType == CloudEvent.MediaType ? one : new OpenApiSchema { Type = JsonSchemaType.Array, Items = one };
    }

    private sealed record HasNext;

    private sealed record TakesLastEventId;

    private sealed record AlsoSpelt(string MediaType);
}
