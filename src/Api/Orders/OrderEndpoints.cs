using Crm.Api.Access;
using Crm.Api.Customers;
using Crm.Api.Exports;
using Crm.Api.Http;
using Crm.Api.Lists;
using Crm.Domain;
using Crm.Domain.Access;
using Crm.Domain.Opportunities;
using Crm.Domain.Orders;

namespace Crm.Api.Orders;

/// <summary>Orders over HTTP: signed, delivered and paid, in one go or in parts.</summary>
public static class OrderEndpoints
{
    public static void MapOrders(this IEndpointRouteBuilder app)
    {
        var orders = app.MapGroup("/orders").WithTags("Orders").ChangedByThoseWhoSee("order");

        orders.MapPost("/", async (Body<SignOrderRequest> body, Incoming incoming, KnownCustomers customers, Commands commands, Writes writes, CancellationToken ct) =>
        {
            var r = body.Value;
            await customers.MustExist(incoming.By.Tenant, r.CustomerId, ct);
            await MustSeeOpportunity(commands, incoming.By, r.OpportunityId, ct);
            return await writes.Send(OrderDecider.Instance, Guid.CreateVersion7(), new SignOrder(r.CustomerId, r.Number, r.Amount, r.OpportunityId),
                incoming.Call(body, r.OccurredAt, StatusCodes.Status201Created), ct, createdUnder: "/api/v1/orders");
        }).Creates().Needs(Functions.OrdersWrite).WithName("signOrder").WithSummary("Record that a customer signed an order");

        orders.MapPost("/{id:guid}/deliveries", (Guid id, Body<DeliveryRequest> body, Incoming incoming, Writes writes, CancellationToken ct) =>
        {
            var (r, call) = (body.Value, incoming.Call(body, body.Value.OccurredAt));
            MustSeeAmount(incoming.By);
            return writes.Send(OrderDecider.Instance, id, new DeliverOrder(r.Id ?? call.NewId("delivery"), r.Amount, r.Reference), call, ct);
        }).Changes().Needs(Functions.OrdersSettle).WithName("deliverOrder").WithSummary("Record that an order was delivered, all of it or a part");

        orders.MapPost("/{id:guid}/payments", (Guid id, Body<PaymentRequest> body, Incoming incoming, Writes writes, CancellationToken ct) =>
        {
            var (r, call) = (body.Value, incoming.Call(body, body.Value.OccurredAt));
            MustSeeAmount(incoming.By);
            return writes.Send(OrderDecider.Instance, id, new PayOrder(r.Id ?? call.NewId("payment"), r.Amount, r.Reference), call, ct);
        }).Changes().Needs(Functions.OrdersSettle).WithName("payOrder").WithSummary("Record that an order was paid, all of it or a part");

        orders.MapPost("/{id:guid}/flag", (Guid id, Body<FlagRecordRequest> body, Incoming incoming, Writes writes, CancellationToken ct) =>
            writes.Send(OrderDecider.Instance, id, new FlagOrder(body.Value.Flag, body.Value.Reason),
                incoming.Call(body, occurredAt: null), ct))
            .Changes().Needs(Functions.RecordsFlag).WithName("flagOrder")
            .WithSummary("Say that an order is a test or junk, and always was");

        orders.MapPost("/{id:guid}/flag/withdrawal", (
            Guid id, Body<WithdrawFlagRequest> body, Incoming incoming, Writes writes, CancellationToken ct) =>
            writes.Send(OrderDecider.Instance, id, new WithdrawOrderFlag(body.Value.Reason), incoming.Call(body, occurredAt: null), ct))
            .Changes().Needs(Functions.RecordsFlag).WithName("withdrawOrderFlag")
            .WithSummary("Say that an order is business after all");

        orders.MapGet("/{id:guid}", (Guid id, Query<RecordQuestion> query, Caller by, IfNoneMatch held, Records records, CancellationToken ct) =>
            records.One(OrderAnswer.List, by, id, query.Value, held, Missing(), ct))
            .Produces<OrderAnswer>().Needs(Functions.OrdersRead).WithName("getOrder").WithSummary("One order, now or as of any moment");

        orders.MapGet("/{id:guid}/events", (Guid id, Query<OneQuestion> query, Caller by, IfNoneMatch held, Records records, CancellationToken ct) =>
            records.Events<IOrderEvent>(OrderAnswer.List, by, id, query.Value.Times, held, Missing(), ct))
            .Produces<EventList>().Needs(Functions.OrdersRead).WithName("getOrderEvents").WithSummary("What happened to an order, in the order of recording");

        orders.MapGet("/", (Query<Paged<OrderQuestion>> query, Caller by, Headers headers, IfNoneMatch held, ListReader lists, CancellationToken ct) =>
            lists.Page(OrderAnswer.List, by, query.Value.Asked, headers.MinPosition, held, ct))
            .Produces<PageOf<OrderAnswer>>().Needs(Functions.OrdersRead).WithName("listOrders").WithSummary("Orders, newest first, now or as of any moment");

        orders.MapSearch(OrderAnswer.List, Functions.OrdersRead).WithName("searchOrders").WithSummary("Orders that a filter describes, now or as of any moment");

        orders.MapExport("orders", OrderAnswer.List, Functions.OrdersRead, (OrderQuestion q) => q.Asked)
            .WithName("exportOrders").WithSummary("All orders that are asked for, as a file, now or as of any moment");
    }

    public static Rejection Missing() => Rejection.Unknown("order.unknown", "There is no such order.");

    // One that is out of the caller's sight is none to him.
    internal static async Task MustSeeOpportunity(Commands commands, Caller by, Guid? opportunity, CancellationToken ct)
    {
        if (opportunity is not null && !by.Rights.Functions.Contains(Functions.OpportunitiesRead))
        {
            throw Refusal.NotPermitted(Functions.OpportunitiesRead);
        }

        if (opportunity is { } id && (await commands.Latest(OpportunityDecider.Instance, by.Tenant, id, ct)).State is var deal
            && (deal.Opened is null || by.Sight.Owners?.Own(deal.Rep, deal.Team) == false))
        {
            throw Rejection.BrokenRule("opportunity.unknown", "There is no such opportunity.", "opportunityId");
        }
    }

    // By what is refused as too much he could find out how much it is.
    private static void MustSeeAmount(Caller by)
    {
        if (by.Sight.Hides("order", "amount"))
        {
            throw new Problem(403, Code.Forbidden, "The amounts of orders are hidden from you, so you cannot say how much of one was delivered or paid.");
        }
    }
}
