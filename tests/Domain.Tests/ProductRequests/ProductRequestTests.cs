using Crm.Domain.ProductRequests;

namespace Crm.Domain.Tests.ProductRequests;

public sealed class ProductRequestTests()
    : Spec<ProductRequest, IProductRequestCommand, IProductRequestEvent>(ProductRequestDecider.Instance)
{
    private static readonly Guid Acme = Guid.Parse("01920000-0000-7000-8000-000000000001");
    private static readonly Guid Bolt = Guid.Parse("01920000-0000-7000-8000-000000000002");
    private static readonly Guid Touch = Guid.Parse("01920000-0000-7000-8000-000000000003");
    private static readonly ProductRequestRaised Raised = new("CK6140", "Reports in PDF", Acme, Rep: "ann", TouchId: Touch);

    [Fact]
    public void A_note_becomes_a_request() =>
        Given().When(new RaiseProductRequest("CK6140", "Reports in PDF", Acme, Rep: "ann", TouchId: Touch)).Then(Raised);

    [Fact]
    public void A_customer_wants_a_thing_once()
    {
        Given(Raised).When(new JoinProductRequest(Acme)).ThenNothing();
        Given(Raised).When(new JoinProductRequest(Bolt, Rep: "bob")).Then(new ProductRequestJoined(Bolt, Rep: "bob"));
        After(Raised, new ProductRequestJoined(Bolt)).Customers.ShouldBe([Acme, Bolt], ignoreOrder: true);
    }

    [Fact]
    public void Who_wants_it_does_not_begin_to_want_it_at_an_earlier_time() =>
        Given(Raised).AndSince(new ProductRequestJoined(Bolt)).When(new JoinProductRequest(Bolt)).ThenRejected("product-request.joined")
            .Kind.ShouldBe(RejectionKind.WrongState);

    [Fact]
    public void Nothing_is_declined_without_a_reason() =>
        Given(Raised).When(new SetProductRequestState(ProductRequestState.Declined)).ThenRejected("product-request.reason", "reason");

    [Fact]
    public void What_becomes_of_it_is_said_and_can_be_said_anew() =>
        Given(Raised, new ProductRequestStateSet(ProductRequestState.Declined, "too dear"))
            .When(new SetProductRequestState(ProductRequestState.Planned)).Then(new ProductRequestStateSet(ProductRequestState.Planned));

    [Fact]
    public void Nobody_decides_on_what_nobody_wants() =>
        Given().When(new SetProductRequestState(ProductRequestState.Done)).ThenRejected("product-request.unknown");
}
