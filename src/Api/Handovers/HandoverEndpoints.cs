using Crm.Api.Access;
using Crm.Api.Http;
using Crm.Api.Imports.Runs;
using Crm.Domain;
using Crm.Domain.Access;
using Microsoft.Net.Http.Headers;

namespace Crm.Api.Handovers;

/// <summary>Somebody leaves: all that he has goes to others, in one command.</summary>
public static class HandoverEndpoints
{
    public static void MapHandovers(this IEndpointRouteBuilder app)
    {
        var handovers = app.MapGroup("/handovers").WithTags("Handovers");

        handovers.MapPost("/", async (Body<HandoverRequest> body, HttpContext context, Caller by, HandoverDesk desk, CancellationToken ct) =>
            JobAnswer.Accepted(await desk.Ask(by, body.Value, ct), context, "/api/v1/handovers"))
            .Produces<JobAnswer>(StatusCodes.Status202Accepted).AnswersWith(HeaderNames.Location).Costs(20).Needs(Functions.MembersManage)
            .WithName("handOver").WithSummary("Give all that somebody has to others, and shut him out");

        handovers.MapGet("/{id:guid}", async (Guid id, Caller by, HandoverDesk desk, CancellationToken ct) => JobAnswer.Of(await desk.Find(by, id, ct)))
            .HasNoVersion().Needs(Functions.MembersManage).WithName("getHandover").WithSummary("How far a handover is, and who got what");
    }
}

/// <param name="Member">Who leaves.</param>
/// <param name="To">Members who take over, in turn.</param>
/// <param name="Suspend">Whether his access ends.</param>
/// <param name="Reason">For the audit trail.</param>
public sealed record HandoverRequest([Text(60)] string Member, [Text(60), Items(100)] IReadOnlyList<string> To, bool Suspend = true, string? Reason = null);

/// <summary>What came of a handover.</summary>
/// <param name="Leads">How many went over, as opportunities, tasks, promises that are open, approvals that waited for him, and
/// tickets.</param>
/// <param name="By">Who got how much, by member.</param>
/// <param name="Stayed">What did not go over, and why; at most a thousand.</param>
public sealed record HandoverResult(int Leads, int Opportunities, int Tasks, IReadOnlyDictionary<string, HandedOver> By, IReadOnlyList<StayedBehind> Stayed,
    int Commitments, int Approvals, int Tickets);

public sealed record HandedOver(int Leads, int Opportunities, int Tasks, int Commitments, int Approvals, int Tickets);

/// <param name="Record"><c>lead</c>, <c>opportunity</c>, <c>task</c>, <c>commitment</c>, <c>approval</c> or <c>ticket</c>.</param>
/// <param name="Why">The code that refused it.</param>
public sealed record StayedBehind(string Record, Guid Id, string Why);
