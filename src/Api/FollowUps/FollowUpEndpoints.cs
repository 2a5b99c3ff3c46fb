using Crm.Api.Access;
using Crm.Api.Http;
using Crm.Api.Http.Document;
using Crm.Domain.Access;

namespace Crm.Api.FollowUps;

/// <summary>What there is to help with an open deal, over HTTP.</summary>
public static class FollowUpEndpoints
{
    public static void MapFollowUps(this IEndpointRouteBuilder app)
    {
        var deals = app.MapGroup("/opportunities").WithTags("Knowledge");

        deals.MapGet("/{id:guid}/follow-up-pack", async (
            Guid id, Query<OneQuestion> query, Caller by, Headers headers, IfNoneMatch held, FollowUpPacks packs, Queries queries,
                CancellationToken ct) =>
        {
            MustReadDeals(by);
            var answer = await packs.Of(by, id, await queries.Lens(query.Value.Times, by.Zone, ct), headers.MinPosition, ct);
            var position = queries.Token(answer.Position);
            return new Positioned(answer, position, WeakTag.Of(held.Request, by, position), held);
        })
        .Produces<FollowUpPackAnswer>().MayFail(StatusCodes.Status404NotFound).Needs(Functions.KnowledgeRead).Costs(5)
            .WithName("getFollowUpPack")
        .WithSummary("Talk tracks, competitor sheets and similar deals that were won, with their sources, now or as of any moment");

        deals.MapPost("/{id:guid}/suggestions", async (
            Guid id, Body<SuggestionRequest> body, Caller by, Headers headers, HttpRequest request, FollowUpPacks packs, Queries queries,
            CancellationToken ct) =>
        {
            MustReadDeals(by);
            var answer = await packs.Suggest(by, id, body.Value.Text, headers.MinPosition, ct);
            return new Positioned(answer, queries.Token(answer.Position), tag: null, IfNoneMatch.Nothing(request));
        })
        .WithMetadata(new OnlyReads()).Produces<SuggestionsAnswer>().MayFail(StatusCodes.Status404NotFound).Needs(Functions.KnowledgeRead)
            .Costs(5)
        .WithName("suggestAnswers").WithSummary("Up to three articles that may answer what a customer wrote");
    }

    private static void MustReadDeals(Caller by)
    {
        if (!by.Rights.Functions.Contains(Functions.OpportunitiesRead))
        {
            throw Refusal.NotPermitted(Functions.OpportunitiesRead);
        }
    }
}
