using Crm.Api.Access;
using Crm.Api.Http;
using Crm.Api.Lists;
using Crm.Domain;
using Crm.Domain.Access;
using Crm.Domain.Commitments;
using Crm.Projections;
using Crm.Projections.Commitments;

namespace Crm.Api.Commitments;

/// <summary>Delivery plans over HTTP: how much of a product can be delivered in a span of time.</summary>
public static class DeliveryPlanEndpoints
{
    public static void MapDeliveryPlans(this IEndpointRouteBuilder app)
    {
        var plans = app.MapGroup("/delivery-plans").WithTags("Commitments");

        plans.MapPost("/", async (
            Body<PlanDeliveryRequest> body, Incoming incoming, Commands commands, Writes writes, CancellationToken ct) =>
        {
            var (r, by) = (body.Value, incoming.By);
            var (starts, ends) = (r.StartsAt.In(by.Zone), r.EndsAt.In(by.Zone));
            var written = await commands.Send(
                DeliveryPlanDecider.Instance, DeliveryPlans.IdOf(by.Tenant, r.Product, starts, ends),
                new PlanDelivery(r.Product, starts, ends, r.Quantity),
                incoming.Call(body, r.OccurredAt), ct,
                status: known => known.Planned is null ? StatusCodes.Status201Created : StatusCodes.Status200OK);
            return writes.Answer(written, written.Status == StatusCodes.Status201Created ? "/api/v1/delivery-plans" : null);
        }).Creates().Needs(Functions.DeliveryPlansWrite).WithName("planDelivery")
            .WithSummary("Say how much of a product can be delivered in a span of time");

        plans.MapPost("/{id:guid}/withdrawal", (
            Guid id, Body<DropDeliveryPlanRequest> body, Incoming incoming, Writes writes, CancellationToken ct) =>
            writes.Send(DeliveryPlanDecider.Instance, id, new DropDeliveryPlan(body.Value.Reason),
                incoming.Call(body, body.Value.OccurredAt), ct))
            .Changes().Needs(Functions.DeliveryPlansWrite).WithName("dropDeliveryPlan").WithSummary("Say nothing of a span any more");

        plans.MapGet("/{id:guid}", (
            Guid id, Query<RecordQuestion> query, Caller by, IfNoneMatch held, Records records, CancellationToken ct) =>
            records.One(DeliveryPlanAnswer.List, by, id, query.Value, held, DeliveryPlanDecider.Unknown(), ct))
            .Produces<DeliveryPlanAnswer>().Needs(Functions.CommitmentsRead).WithName("getDeliveryPlan")
            .WithSummary("One delivery plan, now or as of any moment");

        plans.MapGet("/", (
            Query<Paged<DeliveryPlanQuestion>> query, Caller by, Headers headers, IfNoneMatch held, ListReader lists,
            CancellationToken ct) =>
            lists.Page(DeliveryPlanAnswer.List, by, query.Value.Asked, headers.MinPosition, held, ct))
            .Produces<PageOf<DeliveryPlanAnswer>>().Needs(Functions.CommitmentsRead).WithName("listDeliveryPlans")
            .WithSummary("Delivery plans, newest first, now or as of any moment");
    }
}

/// <summary>A product has one plan for a span.</summary>
public static class DeliveryPlans
{
    public static Guid IdOf(string tenant, string product, DateTimeOffset starts, DateTimeOffset ends) =>
        StreamId.From(tenant, DeliveryPlanDecider.Instance.StreamType, $"{starts.UtcTicks} {ends.UtcTicks} {product}");
}

/// <param name="StartsAt">What is due then is in it.</param>
/// <param name="EndsAt">What is due then is not in it any more.</param>
/// <param name="Quantity">0 where nothing can be delivered.</param>
public sealed record PlanDeliveryRequest(string Product, Moment StartsAt, Moment EndsAt, decimal Quantity,
    DateTimeOffset? OccurredAt = null);

public sealed record DropDeliveryPlanRequest(string? Reason = null, DateTimeOffset? OccurredAt = null);

public sealed record DeliveryPlanQuestion(Times Times, ListWords Words, string? Product = null) : IListQuestion
{
    public Asked Asked => Asked.Of(Times, Words, ("product", Product));
}

/// <param name="StartsAt">What is due then is in it.</param>
/// <param name="EndsAt">What is due then is not in it any more.</param>
/// <param name="PlannedAt">When that quantity was said.</param>
[Sparse]
public sealed record DeliveryPlanAnswer(
    Guid Id, string Product, DateTimeOffset StartsAt, DateTimeOffset EndsAt, decimal Quantity, DateTimeOffset PlannedAt)
{
    public static readonly RecordList<DeliveryPlanList.Row, DeliveryPlanAnswer> List =
        new("delivery-plan", Catalog.DeliveryPlans, "plannedAt", (row, _, _, _) => Task.FromResult(Of(row)));

    private static DeliveryPlanAnswer Of(DeliveryPlanList.Row r) => new(r.PlanId, r.Product, r.StartsAt, r.EndsAt, r.Quantity, r.PlannedAt);
}
