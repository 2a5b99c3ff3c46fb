namespace Crm.Domain.ProductRequests;

public interface IProductRequestCommand;

public sealed record RaiseProductRequest(
    string Product, string Title, Guid CustomerId, Personal? Text = null, string? Rep = null, Guid? TouchId = null)
    : IProductRequestCommand;

public sealed record JoinProductRequest(Guid CustomerId, Personal? Text = null, string? Rep = null, Guid? TouchId = null)
    : IProductRequestCommand;

public sealed record SetProductRequestState(ProductRequestState State, string? Reason = null) : IProductRequestCommand;

public static class ProductRequestDecider
{
    public static readonly Decider<ProductRequest, IProductRequestCommand, IProductRequestEvent> Instance =
        new("product-request", ProductRequest.None, Decide, ProductRequest.Evolve, Precede);

    public static IReadOnlyList<IProductRequestEvent> Decide(
        ProductRequest state, IProductRequestCommand command) => (state, command) switch
        {
            ({ Raised: null }, RaiseProductRequest c) => [Raise(c)],
            (_, RaiseProductRequest c) when Same(state.Raised!, Raise(c)) => [],
            (_, RaiseProductRequest) => throw Raised(),

            ({ Raised: null }, _) => throw Unknown(),

            // A customer wants a thing once.
            (_, JoinProductRequest c) when state.Customers.Contains(c.CustomerId) => [],
            (_, JoinProductRequest c) => [new ProductRequestJoined(c.CustomerId, c.Text, c.Rep, c.TouchId)],

            (_, SetProductRequestState { State: ProductRequestState.Declined, Reason: null }) => throw Rejection.BrokenRule(
                "product-request.reason", "Say why it is declined: those who asked will be asked.", "reason"),
            (_, SetProductRequestState c) when c.State == state.State && c.Reason == state.Reason => [],
            (_, SetProductRequestState c) => [new ProductRequestStateSet(c.State, c.Reason)],
            _ => []
        };

    public static void Precede(ProductRequest latest, IProductRequestCommand command)
    {
        if (command is RaiseProductRequest && latest.Raised is not null)
            throw Raised();
        if (command is JoinProductRequest join && latest.Customers.Contains(join.CustomerId))
            throw Rejection.WrongState("product-request.joined", $"Customer {join.CustomerId} wants it already, since a later time.");
    }

    public static Rejection Unknown() => Rejection.Unknown("product-request.unknown", "There is no such product request.");

    private static ProductRequestRaised Raise(RaiseProductRequest c) => new(c.Product, c.Title, c.CustomerId, c.Text, c.Rep, c.TouchId);

    // What is sealed is sealed anew each time that it is sent, so it cannot tell whether the same was said.
    private static bool Same(ProductRequestRaised known, ProductRequestRaised said) => known == said with { Text = known.Text };

    private static Rejection Raised() => Rejection.WrongState(
        "product-request.raised", "This product request is raised already, with other values or at another time.");
}
