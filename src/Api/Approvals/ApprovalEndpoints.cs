using Crm.Api.Access;
using Crm.Api.Http;
using Crm.Api.Lists;
using Crm.Domain.Access;
using Crm.Domain.Approvals;

namespace Crm.Api.Approvals;

/// <summary>Approvals over HTTP: asked for, decided, handed on, withdrawn; and who stands in for whom.</summary>
public static class ApprovalEndpoints
{
    public static void MapApprovals(this IEndpointRouteBuilder app)
    {
        var approvals = app.MapGroup("/approvals").WithTags("Approvals");

        app.MapPost("/opportunities/{id:guid}/approvals", async (
            Guid id, Body<RequestApprovalRequest> body, Incoming incoming, ApprovalDesk desk, Writes writes, CancellationToken ct) =>
            writes.Answer(await desk.Ask(id, body.Value, incoming.Call(body, occurredAt: null, StatusCodes.Status201Created), ct),
                "/api/v1/approvals"))
            .WithTags("Approvals").Creates().Needs(Functions.ApprovalsRequest).WithName("requestApproval")
            .WithSummary("Ask for an approval about an opportunity");

        approvals.MapPost("/{id:guid}/decision", async (
            Guid id, Body<DecideApprovalRequest> body, Incoming incoming, ApprovalDesk desk, Writes writes, CancellationToken ct) =>
            writes.Answer(await desk.Send(id, terms => new DecideApproval(
                incoming.By.Id, body.Value.Decision == ApprovalDecision.Grant, terms, body.Value.Reason, body.Value.Step),
                incoming.Call(body, occurredAt: null), ct), createdUnder: null))
            .Changes().Needs(Functions.ApprovalsDecide).WithName("decideApproval")
            .WithSummary("Grant or refuse, where one is asked or stands in");

        approvals.MapPost("/{id:guid}/transfer", async (
            Guid id, Body<TransferApprovalRequest> body, Incoming incoming, ApprovalDesk desk, Writes writes, CancellationToken ct) =>
            writes.Answer(await desk.Send(id, terms =>
                new TransferApproval(incoming.By.Id, body.Value.To, terms, body.Value.Reason, body.Value.Step),
                incoming.Call(body, occurredAt: null), ct), createdUnder: null))
            .Changes().Needs(Functions.ApprovalsDecide).WithName("transferApproval").WithSummary("Have another decide instead");

        approvals.MapPost("/{id:guid}/withdrawal", async (
            Guid id, Body<WithdrawApprovalRequest> body, Incoming incoming, ApprovalDesk desk, Writes writes, CancellationToken ct) =>
            writes.Answer(await desk.Send(id, terms =>
                new WithdrawApproval(incoming.By.Id, terms, body.Value.Reason), incoming.Call(body, occurredAt: null), ct),
                createdUnder: null))
            .Changes().Needs(Functions.ApprovalsRequest).WithName("withdrawApproval").WithSummary("Not ask any more");

        approvals.MapGet("/{id:guid}",
            (Guid id, Query<OneQuestion> query, Caller by, IfNoneMatch held, ApprovalReader reader, CancellationToken ct) =>
            reader.One(by, id, query.Value.Times, held, ct))
            .Produces<ApprovalAnswer>().HasVersion().Needs(Functions.ApprovalsRead).WithName("getApproval")
            .WithSummary("One approval step by step, now or as of any moment");

        approvals.MapGet("/",
            (Query<ApprovalPage> query, Caller by, Headers headers, IfNoneMatch held, ListReader lists, CancellationToken ct) =>
            lists.Page(ApprovalItem.List, by, query.Value.Of(by.Id), headers.MinPosition, held, ct))
            .Produces<PageOf<ApprovalItem>>().Needs(Functions.ApprovalsRead).WithName("listApprovals")
            .WithSummary("Approvals, newest first: those that wait for you, or that you asked for, or all that you see");

        approvals.MapPut("/delegation", async (
            Body<DelegateApprovalsRequest> body, Incoming incoming, Organisations people, Writes writes, TimeProvider clock,
            CancellationToken ct) =>
        {
            var (r, by) = (body.Value, incoming.By);
            var isHere = r.To is { } to && (await people.Of(by.Tenant, ct)).Active(to) is not null;
            return await writes.Send(ApprovalDelegationDecider.Instance, ApprovalRules.DelegationsOf(by.Tenant),
                new DelegateApprovals(by.Id, r.To, r.From, r.Until, clock.GetUtcNow(), isHere), incoming.Call(body, occurredAt: null), ct);
        }).Changes().Needs(Functions.ApprovalsDecide).WithName("delegateApprovals")
            .WithSummary("Have another stand in for oneself, for a time");
    }

    /// <summary>Where messages lead: an address of its own, since nothing below <c>/api</c> is open to everybody.</summary>
    public static void MapLinkedDeciding(this IEndpointRouteBuilder app)
    {
        app.MapGet("/approve/{token}", (string token, HttpContext context, LinkedDeciding deciding, CancellationToken ct) =>
            deciding.Ask(token, context, ct))
            .AllowAnonymous().ExcludeFromDescription();
        app.MapPost("/approve/{token}", (string token, HttpContext context, LinkedDeciding deciding, CancellationToken ct) =>
            deciding.Take(token, context, ct))
            .AllowAnonymous().ExcludeFromDescription();
    }
}
