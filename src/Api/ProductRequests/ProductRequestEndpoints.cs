using Crm.Api.Access;
using Crm.Api.Customers;
using Crm.Api.Http;
using Crm.Api.Http.Shapes;
using Crm.Api.Lists;
using Crm.Domain;
using Crm.Domain.Access;
using Crm.Domain.ProductRequests;
using Crm.EventStore.Sealing;
using Crm.Projections;
using Crm.Projections.ProductRequests;

namespace Crm.Api.ProductRequests;

/// <summary>The pool of what customers want of products over HTTP: raised by sales, joined by others, decided by those who make the
/// product.</summary>
public static class ProductRequestEndpoints
{
    public static void MapProductRequests(this IEndpointRouteBuilder app)
    {
        var requests = app.MapGroup("/product-requests").WithTags("Product requests").ChangedByThoseWhoSee("product-request");

        requests.MapPost("/", async (
            Body<RaiseProductRequestRequest> body, Incoming incoming, KnownCustomers customers, KnownTouches touches, Sealer sealer,
            Writes writes, CancellationToken ct) =>
        {
            var (r, by) = (body.Value, incoming.By);
            await customers.MustExist(by.Tenant, r.CustomerId, ct);
            await touches.MustBeOf(by, r.CustomerId, r.TouchId, ct);
            var seal = new Seal(sealer, by.Tenant, person: r.CustomerId, isNew: false, ct);
            var command = new RaiseProductRequest(r.Product, r.Title, r.CustomerId, await seal.Of(r.Text), by.Rep, r.TouchId);
            var call = incoming.Call(body, r.OccurredAt, StatusCodes.Status201Created) with { PersonKeys = seal.Made };
            return await writes.Send(ProductRequestDecider.Instance, Guid.CreateVersion7(), command, call, ct,
                createdUnder: "/api/v1/product-requests");
        }).Creates().Needs(Functions.ProductRequestsWrite).WithName("raiseProductRequest")
            .WithSummary("Put what a customer wants of a product into the pool");

        requests.MapPost("/{id:guid}/customers", async (
            Guid id, Body<JoinProductRequestRequest> body, Incoming incoming, KnownCustomers customers, KnownTouches touches,
            Commands commands, Sealer sealer, Writes writes, CancellationToken ct) =>
        {
            var (r, by) = (body.Value, incoming.By);
            if ((await commands.Latest(ProductRequestDecider.Instance, by.Tenant, id, ct)).State.Raised is null)
            {
                throw ProductRequestDecider.Unknown();
            }

            await customers.MustExist(by.Tenant, r.CustomerId, ct);
            await touches.MustBeOf(by, r.CustomerId, r.TouchId, ct);
            var seal = new Seal(sealer, by.Tenant, person: r.CustomerId, isNew: false, ct);
            var command = new JoinProductRequest(r.CustomerId, await seal.Of(r.Text), by.Rep, r.TouchId);
            return await writes.Send(ProductRequestDecider.Instance, id, command,
                incoming.Call(body, r.OccurredAt) with { PersonKeys = seal.Made }, ct);
        }).Changes().Needs(Functions.ProductRequestsWrite).WithName("joinProductRequest")
            .WithSummary("Say that another customer wants the same");

        requests.MapPost("/{id:guid}/state", (
            Guid id, Body<SetProductRequestStateRequest> body, Incoming incoming, Writes writes, CancellationToken ct) =>
            writes.Send(ProductRequestDecider.Instance, id, new SetProductRequestState(body.Value.State, body.Value.Reason),
                incoming.Call(body, body.Value.OccurredAt), ct))
            .Changes().Needs(Functions.ProductRequestsDecide).WithName("setProductRequestState")
            .WithSummary("Say what becomes of a product request");

        requests.MapGet("/{id:guid}", (
            Guid id, Query<RecordQuestion> query, Caller by, IfNoneMatch held, Records records, CancellationToken ct) =>
            records.One(ProductRequestAnswer.List, by, id, query.Value, held, ProductRequestDecider.Unknown(), ct))
            .Produces<ProductRequestAnswer>().Needs(Functions.ProductRequestsRead).WithName("getProductRequest")
            .WithSummary("One product request, now or as of any moment");

        requests.MapGet("/{id:guid}/events", (
            Guid id, Query<OneQuestion> query, Caller by, IfNoneMatch held, Records records, CancellationToken ct) =>
            records.Events<IProductRequestEvent>(
                ProductRequestAnswer.List, by, id, query.Value.Times, held, ProductRequestDecider.Unknown(), ct))
            .Produces<EventList>().Needs(Functions.ProductRequestsRead).WithName("getProductRequestEvents")
            .WithSummary("What happened to a product request, in the order of recording");

        requests.MapGet("/", (
            Query<Paged<ProductRequestQuestion>> query, Caller by, Headers headers, IfNoneMatch held, ListReader lists,
            CancellationToken ct) =>
            lists.Page(ProductRequestAnswer.List, by, query.Value.Asked, headers.MinPosition, held, ct))
            .Produces<PageOf<ProductRequestAnswer>>().Needs(Functions.ProductRequestsRead).WithName("listProductRequests")
            .WithSummary("The pool of product requests, newest first, now or as of any moment");
    }
}

/// <param name="Title">What is wanted, in a line; nothing of a person.</param>
/// <param name="Text">What was said; kept sealed, as notes are.</param>
/// <param name="TouchId">The touch or the note of this customer that it is made from, by the id of its event.</param>
public sealed record RaiseProductRequestRequest(
    Guid CustomerId, string Product, string Title, [Text(4000)] string? Text = null, Guid? TouchId = null,
    DateTimeOffset? OccurredAt = null);

/// <param name="Text">What was said; kept sealed, as notes are.</param>
/// <param name="TouchId">The touch or the note of this customer that it is made from, by the id of its event.</param>
public sealed record JoinProductRequestRequest(
    [Field("customerIds")] Guid CustomerId, [Text(4000)] string? Text = null, Guid? TouchId = null, DateTimeOffset? OccurredAt = null);

/// <param name="Reason">Why; of one that is declined it is to be said.</param>
public sealed record SetProductRequestStateRequest(ProductRequestState State, string? Reason = null, DateTimeOffset? OccurredAt = null);

/// <param name="CustomerId">Only those that this customer wants.</param>
public sealed record ProductRequestQuestion(
    Times Times, ListWords Words, string? Product = null, ProductRequestState? State = null, Guid? CustomerId = null) : IListQuestion
{
    public Asked Asked => Asked.Of(
        Times, Words, ("product", Product), ("state", State is { } state ? ChoiceShape.Spell(state.ToString()) : null))
        .And("customerId", "customerIds", CustomerId?.ToString());
}

/// <param name="State"><c>open</c>, <c>planned</c>, <c>done</c> or <c>declined</c>.</param>
/// <param name="StateSince">Since when.</param>
/// <param name="Reason">Why; null where nobody said.</param>
/// <param name="CustomerIds">Who wants it, first who wanted it first.</param>
/// <param name="CustomerCount">How many that are.</param>
/// <param name="Rep">Who brought it first.</param>
/// <param name="Text">What the first of them said. Null where there is none, or where it was forgotten.</param>
[Sparse]
public sealed record ProductRequestAnswer(
    Guid Id, DateTimeOffset RaisedAt, string Product, string Title, string State, DateTimeOffset StateSince, string? Reason,
    IReadOnlyList<string> CustomerIds, int CustomerCount, string? Rep, string? Text)
{
    public static readonly RecordList<ProductRequestList.Row, ProductRequestAnswer> List =
        new("product-request", Catalog.ProductRequests, "raisedAt", Of, ProductRequestList.Sealed);

    private static async Task<ProductRequestAnswer> Of(
        ProductRequestList.Row r, Unsealer unsealer, string tenant, CancellationToken ct) => new(
        r.RequestId, r.RaisedAt!.Value, r.Product!, r.Title!, r.State, r.StateSince!.Value, r.Reason, r.CustomerIds, r.CustomerCount, r.Rep,
        await unsealer.Open(tenant, r.Text, ct));
}
