namespace Crm.Domain.ProductRequests;

// Stored forever as JSON under these names: add, never rename. See docs/events.md.
public interface IProductRequestEvent;

public enum ProductRequestState { Open, Planned, Done, Declined }

/// <summary>A customer wants something that a product does not do yet.</summary>
/// <param name="Title">What is wanted, in a line; nothing of a person.</param>
/// <param name="Text">What was said.</param>
/// <param name="Rep">Who brings it.</param>
/// <param name="TouchId">The touch or the note that it was made from, by its event.</param>
public sealed record ProductRequestRaised(
    string Product, string Title, Guid CustomerId, Personal? Text = null, string? Rep = null, Guid? TouchId = null)
    : IProductRequestEvent;

/// <summary>Another customer wants the same.</summary>
/// <inheritdoc cref="ProductRequestRaised" path="/param"/>
public sealed record ProductRequestJoined(Guid CustomerId, Personal? Text = null, string? Rep = null, Guid? TouchId = null)
    : IProductRequestEvent;

/// <summary>Those who make the product said what becomes of it.</summary>
public sealed record ProductRequestStateSet(ProductRequestState State, string? Reason = null) : IProductRequestEvent;
