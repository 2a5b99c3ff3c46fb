using Crm.Api.Access;
using Crm.Api.Http;
using Crm.Api.Http.Document;
using Crm.Api.Imports.Runs;
using Crm.Domain.Access;
using Crm.Domain.Scoring;
using Crm.EventStore;
using Crm.Projections;
using Microsoft.Net.Http.Headers;

namespace Crm.Api.Scoring;

/// <summary>Scores over HTTP: models are trained, looked at, put into use, and asked about leads.</summary>
public static class ScoringEndpoints
{
    public static void MapScoring(this IEndpointRouteBuilder app)
    {
        var scoring = app.MapGroup("/scoring").WithTags("Scoring");
        scoring.MapTrainings();
        scoring.MapModels();

        app.MapGet("/leads/{id:guid}/score", (
                Guid id, Query<OneQuestion> query, Caller by, Headers headers, IfNoneMatch held, LeadScores scores, CancellationToken ct) =>
            scores.Of(id, by, query.Value.Times, headers.MinPosition, held, ct))
            .WithTags("Scoring").Produces<LeadScoreAnswer>().HasNoVersion().Needs(Functions.ScoringRead).WithName("getLeadScore")
            .WithSummary("How a lead is scored, and why, now or as of any moment");
    }

    private static void MapTrainings(this IEndpointRouteBuilder scoring)
    {
        scoring.MapPost("/trainings", async (
            Body<TrainScoreModelRequest> body, HttpContext context, Caller by, TrainingDesk desk, CancellationToken ct) =>
            JobAnswer.Accepted(await desk.Ask(by, body.Value, ct), context, "/api/v1/scoring/trainings"))
            .Produces<JobAnswer>(StatusCodes.Status202Accepted).AnswersWith(HeaderNames.Location).MayFail(409).Costs(20)
            .Needs(Functions.ScoringManage).WithName("trainScoreModel").WithSummary("Have a model learn from the tenant's own leads");

        scoring.MapGet("/trainings", async (Caller by, TrainingDesk desk, CancellationToken ct) =>
            new TrainingList([.. (await desk.All(by, ct)).Select(JobAnswer.Of)]))
            .HasNoVersion().Needs(Functions.ScoringManage).WithName("listScoreTrainings")
            .WithSummary("Trainings that were asked for, newest first");

        scoring.MapGet("/trainings/{id:guid}", async (Guid id, Caller by, TrainingDesk desk, CancellationToken ct) =>
            JobAnswer.Of(await desk.Find(by, id, ct)))
            .HasNoVersion().MayFail(404).Needs(Functions.ScoringManage).WithName("getScoreTraining")
            .WithSummary("How far a training is, and what came of it");

        scoring.MapPost("/trainings/{id:guid}/cancellation", async (
            Guid id, Body<StartRequest> _, Caller by, TrainingDesk desk, CancellationToken ct) =>
            JobAnswer.Of(await desk.Cancel(by, id, ct)))
            .MayFail(404).Needs(Functions.ScoringManage).WithName("cancelScoreTraining").WithSummary("Have a training end without a model");
    }

    private static void MapModels(this IEndpointRouteBuilder scoring)
    {
        scoring.MapGet("/models", async (
            Caller by, Headers headers, IfNoneMatch held, Queries queries, ScoreModels models, Store store, TimeProvider clock,
            CancellationToken ct) =>
        {
            await queries.MustHaveBeen(headers.MinPosition, [Catalog.Leads], ct);
            var (position, _) = await store.Head(ct);
            var used = await models.Used(by.Tenant, position, ct);
            var kept = await models.All(by.Tenant, position, ct);
            List<ScoreModelAnswer> items = [.. kept.Select(one => ScoreModelAnswer.Of(one, used, clock.GetUtcNow()))];
            var token = queries.Token(position);

            // One that was to come is active without anything being written.
            var tag = WeakTag.Of(held.Request, by, token, items.Select(item => item.State));
            return new Positioned(new ScoreModelList(items, position), token, tag, held);
        }).Produces<ScoreModelList>().Needs(Functions.ScoringRead).WithName("listScoreModels").WithSummary("Score models, newest first");

        scoring.MapGet("/models/{id:guid}", async (
            Guid id, Caller by, ScoreModels models, Store store, TimeProvider clock, CancellationToken ct) =>
        {
            var kept = await models.One(by.Tenant, id, ct);
            return ScoreModelCardAnswer.Of(kept, await models.Used(by.Tenant, (await store.Head(ct)).Position, ct), clock.GetUtcNow());
        }).HasNoVersion().MayFail(404).Needs(Functions.ScoringRead).WithName("getScoreModel").WithSummary("One model with its card");

        scoring.MapPost("/models/{id:guid}/activation", (
            Guid id, Body<ActivateScoreModelRequest> body, Incoming incoming, ModelUses uses, CancellationToken ct) =>
            uses.Send(
                id, new ActivateScoreModel(id, incoming.Now, body.Value.From, body.Value.Note), incoming.Call(body, occurredAt: null), ct))
            .Changes().Needs(Functions.ScoringManage).WithName("activateScoreModel")
            .WithSummary("Have leads scored by a model, now or from a moment on");

        scoring.MapPost("/models/{id:guid}/shadow", (
            Guid id, Body<ShadowScoreModelRequest> body, Incoming incoming, ModelUses uses, CancellationToken ct) =>
            uses.Send(id, new ShadowScoreModel(id, incoming.Now), incoming.Call(body, occurredAt: null), ct))
            .Changes().Needs(Functions.ScoringManage).WithName("shadowScoreModel").WithSummary("Have a model score beside the active one");

        scoring.MapPost("/models/{id:guid}/retirement", (
            Guid id, Body<RetireScoreModelRequest> body, Incoming incoming, ModelUses uses, CancellationToken ct) =>
            uses.Send(id, new RetireScoreModel(id, incoming.Now, body.Value.Reason), incoming.Call(body, occurredAt: null), ct))
            .Changes().Needs(Functions.ScoringManage).WithName("retireScoreModel").WithSummary("Take a model out of use");
    }
}
