using Microsoft.OpenApi;

namespace Crm.Api;

/// <summary>What an endpoint answers, for the document.</summary>
public static class EndpointWords
{
    public static RouteHandlerBuilder Creates(this RouteHandlerBuilder endpoint) => endpoint.Creates<WriteAnswer>();

    /// <summary>Something new; a dry run makes nothing, and is answered with 200.</summary>
    public static RouteHandlerBuilder Creates<T>(this RouteHandlerBuilder endpoint) =>
        endpoint.Produces<T>(StatusCodes.Status201Created).Produces<T>();

    /// <summary>The answer may be a file for spreadsheets instead.</summary>
    public static RouteHandlerBuilder AlsoCsv(this RouteHandlerBuilder endpoint) => endpoint.Also("text/csv");

    /// <summary>The answer may be a page for people instead.</summary>
    public static RouteHandlerBuilder AlsoPage(this RouteHandlerBuilder endpoint) => endpoint.Also("text/html");

    private static RouteHandlerBuilder Also(this RouteHandlerBuilder endpoint, string mediaType) => endpoint.AddOpenApiOperationTransformer((operation, _, _) =>
    {
        operation.Responses!["200"].Content![mediaType] = new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String } };
        return Task.CompletedTask;
    });

    public static RouteHandlerBuilder Changes(this RouteHandlerBuilder endpoint) => endpoint.Changes<WriteAnswer>();

    public static RouteHandlerBuilder Changes<T>(this RouteHandlerBuilder endpoint) => endpoint.Produces<T>();
}
