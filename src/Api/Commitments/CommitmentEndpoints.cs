using Crm.Api.Access;
using Crm.Api.Customers;
using Crm.Api.Exports;
using Crm.Api.Http;
using Crm.Api.Lists;
using Crm.Api.Orders;
using Crm.Domain;
using Crm.Domain.Access;
using Crm.Domain.Commitments;
using Crm.EventStore.Sealing;

namespace Crm.Api.Commitments;

/// <summary>Promises to customers over HTTP: made, moved, kept, broken, withdrawn, and held against each other.</summary>
public static class CommitmentEndpoints
{
    public static void MapCommitments(this IEndpointRouteBuilder app)
    {
        var commitments = app.MapGroup("/commitments").WithTags("Commitments").ChangedByThoseWhoSee("commitment");

        commitments.MapPost("/", async (
            Body<MakeCommitmentRequest> body, Incoming incoming, KnownCustomers customers, KnownCommitments known, Commands commands,
            Sealer sealer,
            Writes writes, CancellationToken ct) =>
        {
            var (r, by) = (body.Value, incoming.By);
            await customers.MustExist(by.Tenant, r.CustomerId, ct);
            await OrderEndpoints.MustSeeOpportunity(commands, by, r.OpportunityId, ct);
            await known.MustBeOf(by.Tenant, r.CustomerId, r.Beside ?? [], "beside", ct);
            Ownership.MustBeWithin(by, r.Rep ?? by.Rep, team: null);
            var seal = new Seal(sealer, by.Tenant, person: r.CustomerId, isNew: false, ct);
            var command = new MakeCommitment(
                r.CustomerId, r.Kind, r.DueAt, r.Rep ?? by.Rep, r.OpportunityId, r.Product, r.Quantity, r.Terms, await seal.Of(r.Text),
                r.Beside);
            var call = incoming.Call(body, r.OccurredAt, StatusCodes.Status201Created) with { PersonKeys = seal.Made };
            return await writes.Send(CommitmentDecider.Instance, Guid.CreateVersion7(), command, call, ct,
                createdUnder: "/api/v1/commitments");
        }).Creates().Needs(Functions.CommitmentsWrite).WithName("makeCommitment")
            .WithSummary("Record what was promised to a customer by when");

        commitments.MapPost("/{id:guid}/due", async (
            Guid id, Body<MoveCommitmentRequest> body, Incoming incoming, KnownCommitments known, Writes writes, CancellationToken ct) =>
        {
            await known.MustBeWithin(incoming.By, id, ct);
            var command = new MoveCommitment(body.Value.DueAt, body.Value.Reason);
            return await writes.Send(CommitmentDecider.Instance, id, command, incoming.Call(body, body.Value.OccurredAt), ct);
        }).Changes().Needs(Functions.CommitmentsWrite).WithName("moveCommitment").WithSummary("Change by when a promise is to be kept");

        commitments.MapPost("/{id:guid}/reconciliation", async (
            Guid id, Body<ReconcileCommitmentRequest> body, Incoming incoming, KnownCommitments known, Writes writes,
            CancellationToken ct) =>
        {
            var made = await known.MustBeWithin(incoming.By, id, ct);
            await known.MustBeOf(incoming.By.Tenant, made.CustomerId, [body.Value.With], "with", ct);
            var command = new ReconcileCommitment(body.Value.With, body.Value.Reason);
            return await writes.Send(CommitmentDecider.Instance, id, command, incoming.Call(body, occurredAt: null), ct);
        }).Changes().Needs(Functions.CommitmentsWrite).WithName("reconcileCommitment")
            .WithSummary("Say that a promise stands beside another one, and why");

        commitments.MapPost("/{id:guid}/fulfilment", async (
            Guid id, Body<KeepCommitmentRequest> body, Incoming incoming, KnownCommitments known, Sealer sealer, Writes writes,
            CancellationToken ct) =>
        {
            var made = await known.MustBeWithin(incoming.By, id, ct);
            var seal = new Seal(sealer, incoming.By.Tenant, person: made.CustomerId, isNew: false, ct);
            var command = new KeepCommitment(await seal.Of(body.Value.Note));
            return await writes.Send(
                CommitmentDecider.Instance, id, command, incoming.Call(body, body.Value.OccurredAt) with { PersonKeys = seal.Made }, ct);
        }).Changes().Needs(Functions.CommitmentsWrite).WithName("keepCommitment").WithSummary("Record that a promise was kept");

        commitments.MapPost("/{id:guid}/breach", async (
            Guid id, Body<BreakCommitmentRequest> body, Incoming incoming, KnownCommitments known, Writes writes, CancellationToken ct) =>
        {
            await known.MustBeWithin(incoming.By, id, ct);
            var command = new BreakCommitment(body.Value.Reason);
            return await writes.Send(CommitmentDecider.Instance, id, command, incoming.Call(body, body.Value.OccurredAt), ct);
        }).Changes().Needs(Functions.CommitmentsWrite).WithName("breakCommitment")
            .WithSummary("Record that a promise was not kept, with the reason");

        commitments.MapPost("/{id:guid}/withdrawal", async (
            Guid id, Body<WithdrawCommitmentRequest> body, Incoming incoming, KnownCommitments known, Writes writes,
            CancellationToken ct) =>
        {
            await known.MustBeWithin(incoming.By, id, ct);
            var command = new WithdrawCommitment(body.Value.Reason);
            return await writes.Send(CommitmentDecider.Instance, id, command, incoming.Call(body, body.Value.OccurredAt), ct);
        }).Changes().Needs(Functions.CommitmentsWrite).WithName("withdrawCommitment").WithSummary("Take a promise back, with the reason");

        commitments.MapGet("/{id:guid}", (
            Guid id, Query<RecordQuestion> query, Caller by, IfNoneMatch held, Records records, CancellationToken ct) =>
            records.One(CommitmentAnswer.List, by, id, query.Value, held, CommitmentDecider.Unknown(), ct))
            .Produces<CommitmentAnswer>().Needs(Functions.CommitmentsRead).WithName("getCommitment")
            .WithSummary("One promise, now or as of any moment");

        commitments.MapGet("/{id:guid}/events", (
            Guid id, Query<OneQuestion> query, Caller by, IfNoneMatch held, Records records, CancellationToken ct) =>
            records.Events<ICommitmentEvent>(CommitmentAnswer.List, by, id, query.Value.Times, held, CommitmentDecider.Unknown(), ct))
            .Produces<EventList>().Needs(Functions.CommitmentsRead).WithName("getCommitmentEvents")
            .WithSummary("What happened to a promise, in the order of recording");

        commitments.MapGet("/", (
            Query<Paged<CommitmentQuestion>> query, Caller by, Headers headers, IfNoneMatch held, ListReader lists, CancellationToken ct) =>
            lists.Page(CommitmentAnswer.List, by, query.Value.Asked, headers.MinPosition, held, ct))
            .Produces<PageOf<CommitmentAnswer>>().Needs(Functions.CommitmentsRead).WithName("listCommitments")
            .WithSummary("Promises to customers, newest first, now or as of any moment");

        commitments.MapSearch(CommitmentAnswer.List, Functions.CommitmentsRead).WithName("searchCommitments")
            .WithSummary("Promises that a filter describes, now or as of any moment");

        commitments.MapExport("commitments", CommitmentAnswer.List, Functions.CommitmentsRead, (CommitmentQuestion q) => q.Asked)
            .WithName("exportCommitments").WithSummary("All promises that are asked for, as a file, now or as of any moment");

        commitments.MapClashes();
    }
}
