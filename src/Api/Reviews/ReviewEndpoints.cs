using Crm.Api.Access;
using Crm.Api.Http;
using Crm.Api.Opportunities;
using Crm.Domain;
using Crm.Domain.Access;
using Crm.Domain.Customers;
using Crm.Domain.Opportunities;

namespace Crm.Api.Reviews;

/// <summary>What is asked of a deal that is won or lost, and what was answered, over HTTP.</summary>
public static class ReviewEndpoints
{
    public static void MapReviews(this IEndpointRouteBuilder app)
    {
        var deals = app.MapGroup("/opportunities").WithTags("Opportunities").ChangedByThoseWhoSee("opportunity");

        deals.MapPost("/{id:guid}/review", async (
            Guid id, Body<ReviewRequest> body, Incoming incoming, CurrentPlaybook playbooks, Commands commands, Writes writes,
                CancellationToken ct) =>
        {
            var tenant = incoming.By.Tenant;
            var playbook = await playbooks.Of(tenant, ct);
            var customer = (await commands.Latest(OpportunityDecider.Instance, tenant, id, ct)).State.Details?.CustomerId;
            var industry = customer is { } known
                ? (await commands.Latest(CustomerDecider.Instance, tenant, known, ct)).State.Details?.Industry : null;
            var answers = body.Value.Answers.Select(answer => new ReviewSaid(answer.Key, answer.Choices, answer.Text));
            return await writes.Send(OpportunityDecider.Instance, id, new ReviewOpportunity([.. answers], playbook, industry),
                incoming.Call(body, occurredAt: null), ct, playbook.Version);
        }).Changes().Needs(Functions.OpportunitiesWrite).WithName("reviewOpportunity")
            .WithSummary("Answer what is asked of an opportunity that was won or lost");

        deals.MapGet("/{id:guid}/review", (
            Guid id, Query<OneQuestion> query, Caller by, IfNoneMatch held, DealReviews reviews, CancellationToken ct) =>
            reviews.Of(by, id, query.Value.Times, held, ct))
            .Produces<ReviewAnswerBody>().HasVersion().Needs(Functions.OpportunitiesRead).WithName("getOpportunityReview")
            .WithSummary("What is asked of an opportunity that was won or lost, and what was answered, now or as of any moment");
    }

    internal static Rejection Missing() => OpportunityEndpoints.Missing();
}

/// <param name="Answers">To the questions that <c>GET</c> of the same address gives.</param>
public sealed record ReviewRequest([Items(20)] IReadOnlyList<ReviewReply> Answers);

/// <param name="Key">Of the question.</param>
/// <param name="Choices">Of those that the question gives, word for word.</param>
/// <param name="Text">Where the question gives no choices. Nothing of a person: everybody finds it.</param>
public sealed record ReviewReply([Text(40)] string Key, [Items(50), Text(80)] IReadOnlyList<string>? Choices = null,
    [Text(4000)] string? Text = null);
