using System.Collections.Immutable;

namespace Crm.Domain.ProductRequests;

/// <summary>What customers want of a product, and what becomes of it.</summary>
public sealed record ProductRequest
{
    public static readonly ProductRequest None = new();

    public ProductRequestRaised? Raised { get; private init; }

    public ProductRequestState State { get; private init; }

    /// <summary>Why it is so; null where nobody said.</summary>
    public string? Reason { get; private init; }

    /// <summary>Who wants it.</summary>
    public ImmutableHashSet<Guid> Customers { get; private init; } = [];

    public static ProductRequest Evolve(ProductRequest state, IProductRequestEvent @event) => @event switch
    {
        ProductRequestRaised e => state with { Raised = e, Customers = state.Customers.Add(e.CustomerId) },
        ProductRequestJoined e => state with { Customers = state.Customers.Add(e.CustomerId) },
        ProductRequestStateSet e => state with { State = e.State, Reason = e.Reason },
        _ => state
    };
}
