using Crm.Api.Access;
using Crm.Api.Http;
using Crm.Api.Http.Document;
using Crm.Api.Imports.Profiles;
using Crm.Api.Jobs;
using Crm.Domain.Access;
using Crm.EventStore;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace Crm.Api.Imports.Runs;

/// <summary>Imports over HTTP: files and a mapping are given, tried, taken in, and taken back.</summary>
public static class ImportRunEndpoints
{
    public static void MapImportRuns(this IEndpointRouteBuilder app)
    {
        var imports = app.MapGroup("/imports").WithTags("Imports");
        imports.MapImportsThemselves();
        imports.MapFiles();
        imports.MapJobs();
    }

    private static void MapImportsThemselves(this IEndpointRouteBuilder imports)
    {
        imports.MapPost("/", async (Body<MakeImportRequest> body, Caller by, ImportDesk desk, HttpContext context, CancellationToken ct) =>
        {
            var made = await desk.Make(by, body.Value, ct);
            context.Response.Headers.Location = $"/api/v1/imports/{made.Id}";
            return TypedResults.Json(made, AnswerJson.Options, statusCode: StatusCodes.Status201Created);
        }).Produces<ImportAnswer>(StatusCodes.Status201Created).Needs(Functions.ImportsManage).WithName("makeImport").WithSummary("Set an import up; files and a mapping follow");

        imports.MapGet("/", (Query<ImportQuestion> query, Caller by, ImportDesk desk, CancellationToken ct) => desk.Page(by, query.Value.Page, ct))
            .HasNoVersion().Needs(Functions.ImportsRead).WithName("listImports").WithSummary("Imports, newest first");

        imports.MapGet("/{id:guid}", (Guid id, Caller by, ImportDesk desk, CancellationToken ct) => desk.Answer(by, id, ct))
            .HasNoVersion().MayFail(404).Needs(Functions.ImportsRead).WithName("getImport").WithSummary("One import: its files, what became of their rows, and its jobs");

        imports.MapPut("/{id:guid}/mapping", (Guid id, HttpContext context, Caller by, ImportDesk desk, CancellationToken ct) => desk.Map(by, id, context, ct))
            .Produces<ImportAnswer>().TakesBytes("application/json", JsonSchemaType.Object).MayFail(404).MayFail(409).MayFail(422)
            .Needs(Functions.ImportsManage).WithName("mapImport").WithSummary("Say what the files' columns mean here");

        imports.MapGet("/{id:guid}/results", (Guid id, Query<ResultQuestion> query, Caller by, ResultFiles results, CancellationToken ct) =>
            results.Of(by, id, query.Value.State, query.Value.Kind, ct))
            .Produces<string>(contentType: "text/csv").AnswersWith(HeaderNames.ContentDisposition).HasNoVersion().MayFail(404).MayFail(422).Costs(20).Needs(Functions.ImportsManage).WithName("getImportResults")
            .WithSummary("Rows that were taken, that failed, or that are not done, as a file");
    }

    private static void MapFiles(this IEndpointRouteBuilder imports)
    {
        const string File = "/{id:guid}/files/{file}";

        imports.MapPost("/{id:guid}/files", async (Guid id, HttpContext context, Caller by, ImportDesk desk, Uploads uploads, CancellationToken ct) =>
        {
            await desk.MustBeOpen(by, id, ct);
            await uploads.Form(context, by.Tenant, id, () => desk.MustBeOpen(by, id, ct), ct);
            return await desk.Answer(by, id, ct);
        }).TakesBytes("multipart/form-data", JsonSchemaType.Object).MayFail(404).MayFail(409).MayFail(422).Costs(20)
            .Needs(Functions.ImportsManage).WithName("uploadImportFiles").WithSummary("Send files as a form");

        imports.MapPut(File, async (Guid id, string file, HttpContext context, Caller by, ImportDesk desk, Uploads uploads, CancellationToken ct) =>
        {
            await desk.MustBeOpen(by, id, ct);
            return Took(context, await uploads.Put(context, by.Tenant, id, file, ct));
        }).Produces<ImportFileAnswer>().AnswersWith(Uploads.OffsetName, Uploads.CompleteName).TakesBytes("application/octet-stream").MayFail(404).MayFail(409).MayFail(422).Costs(20)
            .Needs(Functions.ImportsManage).WithName("uploadImportFile").WithSummary("Send a file, or its beginning");

        imports.MapPatch(File, async (Guid id, string file, HttpContext context, Caller by, ImportDesk desk, Uploads uploads, CancellationToken ct) =>
        {
            await desk.MustBeOpen(by, id, ct);
            return Took(context, await uploads.Append(context, by.Tenant, id, file, ct));
        }).Produces<ImportFileAnswer>().AnswersWith(Uploads.OffsetName, Uploads.CompleteName).TakesBytes(Uploads.PartialType).MayFail(404).MayFail(409).MayFail(422).Costs(20)
            .Needs(Functions.ImportsManage).WithName("appendImportFile").WithSummary("Send the next part of a file");

        imports.MapGet(File, async (Guid id, string file, HttpContext context, Caller by, ImportDesk desk, Uploads uploads, CancellationToken ct) =>
        {
            await desk.FindForWork(by, id, ct);
            return Took(context, await uploads.Find(by.Tenant, id, file, ct));
        }).Produces<ImportFileAnswer>().AnswersWith(Uploads.OffsetName, Uploads.CompleteName).HasNoVersion().MayFail(404).Needs(Functions.ImportsManage).WithName("getImportFile").WithSummary("How much of a file is here");

        imports.MapDelete(File, async (Guid id, string file, Caller by, ImportDesk desk, Engine engine, CancellationToken ct) =>
        {
            await desk.MustBeOpen(by, id, ct);
            await engine.Files.Remove(by.Tenant, id, file, ct);
            return TypedResults.NoContent();
        }).MayFail(404).MayFail(409).Needs(Functions.ImportsManage).WithName("removeImportFile").WithSummary("Remove a file");
    }

    private static void MapJobs(this IEndpointRouteBuilder imports)
    {
        Start("profile", ProfileWork.Profile, "profileImport", "Look through the files, and propose a mapping");
        Start("dry-run", ImportWork.DryRun, "tryImport", "Tell what would become of each row, and write nothing");
        Start("run", ImportWork.Real, "runImport", "Take the rows in");
        Start("undo", ImportUndo.Undo, "undoImport", "Take back what the import said");

        imports.MapGet("/{id:guid}/profile", async (Guid id, Caller by, ImportDesk desk, CancellationToken ct) =>
            TypedResults.Bytes(await desk.Profile(by, id, ct), "application/json; charset=utf-8"))
            .Produces<ImportProfile>().HasNoVersion().MayFail(404).Needs(Functions.ImportsManage).WithName("getImportProfile").WithSummary("What stands in the files, and a mapping to begin with");

        imports.MapGet("/{id:guid}/jobs/{job:guid}", async (Guid id, Guid job, HttpContext context, Caller by, ImportDesk desk, Store store, CancellationToken ct) =>
        {
            var found = await desk.Job(by, id, job, ct);
            context.Response.Headers[Headers.PositionName] = new PositionToken(store.Epoch, (await store.Head(ct)).Position).ToString();
            return TypedResults.Json(JobAnswer.Of(found), AnswerJson.Options);
        }).Produces<JobAnswer>().AnswersWith(Headers.PositionName).HasNoVersion().MayFail(404).Needs(Functions.ImportsRead).WithName("getImportJob").WithSummary("How far a job is, and what came of it");

        imports.MapPost("/{id:guid}/jobs/{job:guid}/cancellation", async (Guid id, Guid job, Body<StartRequest> _, Caller by, ImportDesk desk, CancellationToken ct) =>
            JobAnswer.Of(await desk.Cancel(by, id, job, ct)))
            .MayFail(404).Needs(Functions.ImportsManage).WithName("cancelImportJob").WithSummary("Have a job end where it is");

        void Start(string path, string kind, string name, string summary) =>
            imports.MapPost($"/{{id:guid}}/{path}", async (Guid id, Body<StartRequest> _, HttpContext context, Caller by, ImportDesk desk, CancellationToken ct) =>
                JobAnswer.Accepted(await desk.Ask(by, id, kind, ct), context, $"/api/v1/imports/{id}/jobs"))
                .Produces<JobAnswer>(StatusCodes.Status202Accepted).AnswersWith(HeaderNames.Location).MayFail(404).MayFail(409).MayFail(422)
                    .Needs(Functions.ImportsManage).WithName(name).WithSummary(summary);
    }

    private static IResult Took(HttpContext context, EventStore.Sealing.StoredFile file)
    {
        context.Response.Headers[Uploads.OffsetName] = file.Size.ToString(System.Globalization.CultureInfo.InvariantCulture);
        context.Response.Headers[Uploads.CompleteName] = file.IsComplete ? "?1" : "?0";
        return TypedResults.Json(ImportFileAnswer.Of(file), AnswerJson.Options);
    }

    // The body is no record of ours.
    private static RouteHandlerBuilder TakesBytes(this RouteHandlerBuilder endpoint, string mediaType, JsonSchemaType type = JsonSchemaType.String) =>
        endpoint.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            var schema = new OpenApiSchema { Type = type, Format = type == JsonSchemaType.String ? "binary" : null };
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = new Dictionary<string, OpenApiMediaType> { [mediaType] = new() { Schema = schema } }
            };
            return Task.CompletedTask;
        });
}

public sealed record ImportQuestion(Page Page);

/// <param name="State">Which rows: those that were taken, that failed, or that are not done. Left out, those that failed.</param>
/// <param name="Kind">Which kind of record; needed where the import has several.</param>
public sealed record ResultQuestion(ImportResultState State = ImportResultState.Failed, string? Kind = null);

public enum ImportResultState { Succeeded, Failed, Unprocessed }
