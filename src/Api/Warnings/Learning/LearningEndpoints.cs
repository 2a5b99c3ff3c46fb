using Crm.Api.Access;
using Crm.Api.Http;
using Crm.Api.Http.Document;
using Crm.Api.Imports.Runs;
using Crm.Domain.Access;
using Crm.Domain.Warnings.Learning;
using Microsoft.Net.Http.Headers;

namespace Crm.Api.Warnings.Learning;

/// <summary>What is learned from deals that are closed, over HTTP: have it learned, look at it, and be warned by it.</summary>
internal static class LearningEndpoints
{
    public static void MapLearning(this IEndpointRouteBuilder app)
    {
        var learned = app.MapGroup("/learned-warnings").WithTags("Warnings");

        learned.MapPost("/trainings", async (
            Body<LearnWarningsRequest> body, HttpContext context, Caller by, LearningDesk desk, CancellationToken ct) =>
            JobAnswer.Accepted(await desk.Ask(by, body.Value, ct), context, "/api/v1/learned-warnings/trainings"))
            .Produces<JobAnswer>(StatusCodes.Status202Accepted).AnswersWith(HeaderNames.Location).MayFail(409).Costs(20)
            .Needs(Functions.ScoringManage).WithName("learnWarnings")
            .WithSummary("Have it learned from the tenant's own closed deals what those that were lost had in common");

        learned.MapGet("/trainings", async (Caller by, LearningDesk desk, CancellationToken ct) =>
            new LearningJobs([.. (await desk.All(by, ct)).Select(JobAnswer.Of)]))
            .HasNoVersion().Needs(Functions.ScoringManage).WithName("listWarningTrainings")
            .WithSummary("Jobs that were asked for, newest first");

        learned.MapGet("/trainings/{id:guid}", async (Guid id, Caller by, LearningDesk desk, CancellationToken ct) =>
            JobAnswer.Of(await desk.Find(by, id, ct)))
            .HasNoVersion().MayFail(404).Needs(Functions.ScoringManage).WithName("getWarningTraining")
            .WithSummary("How far a job is, and what came of it");

        learned.MapGet("/models", async (
            Caller by, Headers headers, IfNoneMatch held, LearningDesk desk, Queries queries, CancellationToken ct) =>
        {
            var answer = await desk.Learned(by, headers.MinPosition, ct);
            var token = queries.Token(answer.Position);
            return new Positioned(answer, token, WeakTag.Of(held.Request, by, token), held);
        })
            .Produces<LearnedWarningsList>().Needs(Functions.ScoringManage).WithName("listLearnedWarnings")
            .WithSummary("What was learned, newest first, with its figures on deals that it was not learned from");

        learned.MapPost("/models/{id:guid}/acceptance", (
            Guid id, Body<AcceptLearnedWarningsRequest> body, Incoming incoming, Writes writes, CancellationToken ct) =>
            writes.Send(
                WarningLearningDecider.Instance, WarningReader.LearningOf(incoming.By.Tenant),
                new AcceptLearnedWarnings(id, body.Value.Note), incoming.Call(body, occurredAt: null), ct))
            .Changes().Needs(Functions.ScoringManage).WithName("acceptLearnedWarnings")
            .WithSummary("Have people warned by what was learned");

        learned.MapPost("/models/{id:guid}/retirement", (
            Guid id, Body<RetireLearnedWarningsRequest> body, Incoming incoming, Writes writes, CancellationToken ct) =>
            writes.Send(
                WarningLearningDecider.Instance, WarningReader.LearningOf(incoming.By.Tenant),
                new RetireLearnedWarnings(id, body.Value.Reason), incoming.Call(body, occurredAt: null), ct))
            .Changes().Needs(Functions.ScoringManage).WithName("retireLearnedWarnings").WithSummary("Have nobody warned by it any more");
    }
}
