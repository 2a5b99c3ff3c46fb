using Crm.Api.Access;
using Crm.Api.Http;
using Crm.Api.Http.Document;
using Crm.Api.Warnings.Learning;
using Crm.Domain.Access;

namespace Crm.Api.Warnings;

/// <summary>Early warnings over HTTP: which opportunities may be lost, and why; and what is learned from those that were.</summary>
public static class WarningEndpoints
{
    public static void MapWarnings(this IEndpointRouteBuilder app)
    {
        var deals = app.MapGroup("/opportunities").WithTags("Warnings");

        deals.MapGet("/at-risk", (
            Query<AtRiskQuestion> query, Caller by, Headers headers, IfNoneMatch held, WarningReader warnings, CancellationToken ct) =>
            warnings.AtRisk(query.Value, by, headers.MinPosition, held, ct))
            .Produces<AtRiskAnswer>().Needs(Functions.OpportunitiesRead).Costs(5).WithName("listOpportunitiesAtRisk")
            .WithSummary("Open opportunities with signs that they may be lost, now or as of any moment");

        deals.MapGet("/{id:guid}/warnings", (
            Guid id, Query<OneQuestion> query, Caller by, Headers headers, IfNoneMatch held, WarningReader warnings,
            CancellationToken ct) =>
            warnings.Of(id, by, query.Value.Times, headers.MinPosition, held, ct))
            .Produces<DealWarningsAnswer>().HasNoVersion().MayFail(StatusCodes.Status404NotFound).Needs(Functions.OpportunitiesRead)
            .WithName("getOpportunityWarnings").WithSummary("The signs that an opportunity may be lost, and the events behind each");

        app.MapLearning();
    }
}
