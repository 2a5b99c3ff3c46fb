using Crm.Api.Http;

namespace Crm.Api.Access;

/// <summary>What a caller must be permitted to use an endpoint. One that says nothing is open to nobody.</summary>
/// <param name="Function">Null where it is enough to be known.</param>
internal sealed record Needs(string? Function);

public static class Permitting
{
    public static TBuilder Needs<TBuilder>(this TBuilder endpoint, string function) where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new Needs(function), new MayFail(401), new MayFail(403), new MayFail(429));

    /// <summary>What it takes of its caller's share where that is more than others'.</summary>
    public static TBuilder Costs<TBuilder>(this TBuilder endpoint, int tokens) where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new Costs(tokens));

    /// <summary>For everybody who is known, whatever he may do.</summary>
    public static TBuilder NeedsIdentity<TBuilder>(this TBuilder endpoint) where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new Needs(Function: null), new MayFail(401), new MayFail(403), new MayFail(429));
}
