namespace Crm.Api;

/// <summary>What an endpoint answers, for the document.</summary>
public static class EndpointWords
{
    public static RouteHandlerBuilder Creates(this RouteHandlerBuilder endpoint) => endpoint.Produces<WriteAnswer>(StatusCodes.Status201Created);

    public static RouteHandlerBuilder Changes(this RouteHandlerBuilder endpoint) => endpoint.Changes<WriteAnswer>();

    public static RouteHandlerBuilder Changes<T>(this RouteHandlerBuilder endpoint) => endpoint.Produces<T>();
}
